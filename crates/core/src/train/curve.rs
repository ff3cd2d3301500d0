/// A curve of bounded size, of losses or of anything else that is known at every step: the value at step 0, s, 2s, …, where the stride s
/// doubles whenever the curve is full.
///
/// ```
/// use piecewise_core::train::Curve;
/// let mut curve = Curve::new();
/// for step in 0..100_000 {
///     curve.record(step, 1.0 / (step + 1) as f64);
/// }
/// assert_eq!(curve.stride(), 32);
/// assert_eq!(curve.points()[1], (32, 1.0 / 33.0));
/// assert!(curve.points().len() <= Curve::CAPACITY);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Curve<T = f64> {
    stride: u64,
    points: Vec<(u64, T)>,
}

impl<T> Curve<T> {
    /// An empty curve, with a point for every step.
    pub fn new() -> Self {
        Self { stride: 1, points: Vec::with_capacity(Curve::CAPACITY) }
    }

    /// Takes the value at `step`, if that is a multiple of the stride and later than all before.
    pub fn record(&mut self, step: u64, value: T) {
        if !step.is_multiple_of(self.stride) || self.points.last().is_some_and(|(last, _)| step <= *last) {
            return;
        }
        if self.points.len() == Curve::CAPACITY {
            self.stride *= 2;
            self.points.retain(|(step, _)| step.is_multiple_of(self.stride));
            if !step.is_multiple_of(self.stride) {
                return;
            }
        }
        self.points.push((step, value));
    }

    /// Forgets `step` and what is later. The stride stays.
    pub fn cut_from(&mut self, step: u64) {
        let kept = self.points.partition_point(|(at, _)| *at < step);
        self.points.truncate(kept);
    }

    /// From how many steps there is one point.
    pub fn stride(&self) -> u64 {
        self.stride
    }

    /// Steps and values, in order.
    pub fn points(&self) -> &[(u64, T)] {
        &self.points
    }
}

impl Curve {
    /// The most points that are kept.
    pub const CAPACITY: usize = 4096;

    /// The step with the lowest loss among the points, the first of them.
    pub fn lowest(&self) -> Option<(u64, f64)> {
        self.points.iter().copied().reduce(|lowest, point| if point.1 < lowest.1 { point } else { lowest })
    }
}

impl<T> Default for Curve<T> {
    fn default() -> Self {
        Self::new()
    }
}
