use std::collections::BTreeMap;

use super::exact::{Dyadic, Form, Point, cofactors};
use super::frame::Frame;
use super::scaled::ScaledLayer;
use super::{Affine, Bounds, Slice, U, words_of};
use crate::network::{Activation, Network};

/// A hyperplane (a plane, a line, a point) in the coordinates of the box, where a function of u is 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane<const N: usize> {
    pub(super) function: Affine<N>,
    /// A bound on how far a value computed from these numbers is from the true one, at any point of the box.
    error: f64,
    /// A bound on the sum of the sizes of the slopes.
    slope: f64,
    pub(super) origin: Origin,
}

/// Where a plane comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A side of the box.
    Wall { axis: u8, upper: bool },
    /// The hinge of a hidden unit, counted through all layers, where the layers below have the pattern of a context.
    Hinge { unit: u32, context: u32 },
}

/// A point that is known by as many planes through it as there are dimensions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vertex<const N: usize> {
    pub(super) u: [f64; N],
    /// How far any coordinate may be off.
    radius: f32,
    pub(super) planes: [u32; N],
}

/// The pre-activations of a network as affine functions, one set for each pattern of the layers below, and their signs at vertices:
/// in floating point with an error bound, and exactly where that does not decide.
#[derive(Clone, Debug)]
pub(super) struct Hinges<const N: usize> {
    net: Network,
    slice: Option<Slice<N>>,
    bounds: Bounds<N>,
    pub(super) frame: Frame<N>,
    pub(super) layers: Vec<ScaledLayer>,
    /// The slope of the activation function where a gate is closed.
    pub(super) closed_slope: f64,
    pub(super) planes: Vec<Plane<N>>,
    /// The patterns of all contexts, one bit a unit, each layer in words of its own.
    patterns: Vec<u64>,
    /// Where the pattern of each context begins.
    contexts: Vec<u32>,
    /// The first context of the layer at hand.
    first_context: u32,
    /// For each context of the layer at hand: the units whose hinges cross it, and its first plane. Its planes are in the order of the
    /// units.
    crossing: Vec<u64>,
    first_planes: Vec<u32>,
    exact_planes: BTreeMap<u32, Form<N>>,
    exact_vertices: BTreeMap<u32, Point<N>>,
    /// Units of the layer at hand, by context and unit, that are not planes because they may not cross it.
    exact_units: BTreeMap<(u32, usize), Form<N>>,
    /// Two buffers for one number a unit.
    buffers: [Vec<f64>; 2],
}

impl<const N: usize> Hinges<N> {
    /// The sides of the box, lower and upper for each axis, are planes 0 to 2N − 1.
    pub(super) fn new(net: &Network, slice: Option<&Slice<N>>, bounds: &Bounds<N>) -> Self {
        let mut hinges = Self {
            net: net.clone(),
            slice: None,
            bounds: *bounds,
            frame: Frame::of(bounds),
            layers: vec![],
            closed_slope: 0.0,
            planes: vec![],
            patterns: vec![],
            contexts: vec![],
            first_context: 0,
            crossing: vec![],
            first_planes: vec![],
            exact_planes: BTreeMap::new(),
            exact_vertices: BTreeMap::new(),
            exact_units: BTreeMap::new(),
            buffers: [vec![], vec![]],
        };
        hinges.reset(net, slice, bounds);
        hinges
    }

    /// Forgets everything but its room, and starts with this network in this box.
    pub(super) fn reset(&mut self, net: &Network, slice: Option<&Slice<N>>, bounds: &Bounds<N>) {
        self.net.clone_from(net);
        self.slice = slice.cloned();
        self.bounds = *bounds;
        self.frame = Frame::of(bounds);
        self.closed_slope = match net.activation {
            Activation::LeakyRelu { slope } => slope,
            _ => 0.0,
        };
        self.layers.clear();
        let mut n_roundings = 8;
        for layer in &net.layers {
            let scaled = match self.layers.last() {
                None => ScaledLayer::first(layer, slice, &self.frame),
                Some(below) => {
                    n_roundings += layer.n_inputs() + 8;
                    ScaledLayer::next(layer, below, self.closed_slope.abs().max(1.0), n_roundings)
                }
            };
            self.layers.push(scaled);
        }
        self.planes.clear();
        for axis in 0..N {
            for upper in [false, true] {
                let mut slope = [0.0; N];
                slope[axis] = if upper { -1.0 } else { 1.0 };
                let intercept = if upper { self.frame.hi[axis] } else { -self.frame.lo[axis] };
                let function = Affine { intercept, slope };
                let origin = Origin::Wall { axis: axis as u8, upper };
                self.planes.push(Plane { function, error: 4.0 * U, slope: 1.0, origin });
            }
        }
        self.patterns.clear();
        self.contexts.clear();
        self.contexts.push(0);
        self.first_context = 0;
        self.exact_planes.clear();
        self.exact_vertices.clear();
    }

    pub(super) fn n_hidden_layers(&self) -> usize {
        self.layers.len() - 1
    }

    /// The corner of the box whose coordinates are at the upper end where `upper` says so.
    pub(super) fn corner(&self, upper: [bool; N]) -> Vertex<N> {
        let u = core::array::from_fn(|axis| if upper[axis] { self.frame.hi[axis] } else { self.frame.lo[axis] });
        let planes = core::array::from_fn(|axis| 2 * axis as u32 + u32::from(upper[axis]));
        Vertex { u, radius: 4.0 * U as f32, planes }
    }

    /// How many 64-bit words the pattern of the layers before layer `k` has.
    pub(super) fn n_words_below(&self, k: usize) -> usize {
        self.layers[..k].iter().map(|layer| words_of(layer.n_units())).sum()
    }

    /// The words of the pattern of a context, which belongs to the layer `k`.
    pub(super) fn pattern(&self, context: u32, k: usize) -> &[u64] {
        let at = self.contexts[context as usize] as usize;
        &self.patterns[at..at + self.n_words_below(k)]
    }

    /// A new context: the pattern of another one of layer `k`, and these gates of layer `k` itself.
    pub(super) fn push_context(&mut self, below: u32, k: usize, gates: &[u64]) -> u32 {
        let at = self.contexts[below as usize] as usize;
        let context = self.contexts.len() as u32;
        self.contexts.push(self.patterns.len() as u32);
        self.patterns.extend_from_within(at..at + self.n_words_below(k));
        self.patterns.extend_from_slice(gates);
        context
    }

    /// From here on planes are those of the layer whose contexts begin with this one.
    pub(super) fn begin_layer(&mut self, first_context: u32) {
        self.first_context = first_context;
        self.crossing.clear();
        self.first_planes.clear();
        self.exact_units.clear();
    }

    /// Computes the planes of the next context of layer `k`, for the units of a mask.
    pub(super) fn push_planes(&mut self, context: u32, k: usize, crossing: &[u64]) {
        debug_assert_eq!((context - self.first_context) as usize, self.first_planes.len(), "contexts come in order");
        self.first_planes.push(self.planes.len() as u32);
        self.crossing.extend_from_slice(crossing);
        for d in units_of(crossing) {
            let plane = self.hinge(context, k, d);
            self.planes.push(plane);
        }
    }

    /// The units of the layer at hand whose hinges cross a context.
    pub(super) fn crossing(&self, context: u32, n_words: usize) -> &[u64] {
        let at = (context - self.first_context) as usize * n_words;
        &self.crossing[at..at + n_words]
    }

    /// The first plane of a context of the layer at hand.
    pub(super) fn first_plane(&self, context: u32) -> u32 {
        self.first_planes[(context - self.first_context) as usize]
    }

    /// The plane of unit `d` of the layer at hand in a context that its hinge crosses.
    pub(super) fn plane(&self, context: u32, n_words: usize, d: usize) -> u32 {
        let crossing = self.crossing(context, n_words);
        let before = (crossing[d / 64] & ((1 << (d % 64)) - 1)).count_ones();
        let before: u32 = crossing[..d / 64].iter().map(|word| word.count_ones()).sum::<u32>() + before;
        self.first_plane(context) + before
    }

    fn gate(&self, context: u32, k: usize, d: usize) -> bool {
        let at = self.contexts[context as usize] as usize + self.n_words_below(k);
        self.patterns[at + d / 64] >> (d % 64) & 1 == 1
    }

    /// The pre-activation of unit `d` of layer `k` under the pattern of a context.
    fn hinge(&mut self, context: u32, k: usize, d: usize) -> Plane<N> {
        let [mut row, spare] = core::mem::take(&mut self.buffers);
        row.clear();
        row.extend_from_slice(self.layers[k].row(d));
        if k > 0 {
            self.close_gates(context, k - 1, &mut row);
        }
        let (mut function, buffers) = self.compose(context, k, row, spare);
        self.buffers = buffers;
        let layer = &self.layers[k];
        function.intercept += layer.biases[d];
        let slope = function.slope.iter().map(|w| w.abs()).sum::<f64>() * (1.0 + 8.0 * U);
        let unit = (self.layers[..k].iter().map(ScaledLayer::n_units).sum::<usize>() + d) as u32;
        // Twice the error: once for the coefficients, once for the slopes where the vertex itself is off.
        Plane { function, error: 2.0 * layer.errors[d], slope, origin: Origin::Hinge { unit, context } }
    }

    /// Multiplies a row, which reads the units of layer `k`, by the slopes of their gates.
    fn close_gates(&self, context: u32, k: usize, row: &mut [f64]) {
        let at = self.contexts[context as usize] as usize + self.n_words_below(k);
        for (gates, weights) in self.patterns[at..].iter().zip(row.chunks_mut(64)) {
            for (d, weight) in weights.iter_mut().enumerate() {
                if gates >> d & 1 == 0 {
                    *weight *= self.closed_slope;
                }
            }
        }
    }

    /// What a row that reads the pre-activations of layer `k − 1` (the input when `k` is 0) is as a function of u.
    /// Hands the two buffers back.
    fn compose(&self, context: u32, k: usize, mut row: Vec<f64>, mut spare: Vec<f64>) -> (Affine<N>, [Vec<f64>; 2]) {
        let mut intercept = 0.0;
        for l in (0..k).rev() {
            let layer = &self.layers[l];
            spare.clear();
            spare.resize(layer.n_inputs, 0.0);
            for (d, &g) in row.iter().enumerate().filter(|(_, g)| **g != 0.0) {
                intercept += g * layer.biases[d];
                spare.iter_mut().zip(layer.row(d)).for_each(|(sum, w)| *sum += g * w);
            }
            if l > 0 {
                self.close_gates(context, l - 1, &mut spare);
            }
            core::mem::swap(&mut row, &mut spare);
        }
        (Affine { intercept, slope: core::array::from_fn(|axis| row[axis]) }, [row, spare])
    }

    /// An output on a region, but for what the units of a mask of the last hidden layer add when they are open.
    pub(super) fn output_without(&self, context: u32, mask: &[u64], o: usize) -> Affine<N> {
        let k = self.n_hidden_layers();
        let mut row = self.layers[k].row(o).to_vec();
        if k > 0 {
            self.close_gates(context, k - 1, &mut row);
            for d in units_of(mask) {
                row[d] = self.layers[k].row(o)[d] * self.closed_slope;
            }
        }
        let (mut output, _) = self.compose(context, k, row, vec![]);
        output.intercept += self.layers[k].biases[o];
        output
    }

    /// The pre-activations of layer `k` at a point, off by no more than the bounds of the layer say.
    fn pre_activations<'a>(&self, u: [f64; N], k: usize, [f, h]: &'a mut [Vec<f64>; 2]) -> &'a [f64] {
        f.clear();
        f.extend(u);
        for (l, layer) in self.layers[..=k].iter().enumerate() {
            core::mem::swap(f, h);
            if l > 0 {
                h.iter_mut().filter(|z| **z < 0.0).for_each(|z| *z *= self.closed_slope);
            }
            f.clear();
            f.extend(layer.biases.iter().enumerate().map(|(d, bias)| bias + dot(layer.row(d), h)));
        }
        f
    }

    /// Calls `found(d, sign)` with the sign of every unit of layer `k` at a vertex that belongs to a context.
    pub(super) fn signs(
        &mut self,
        vertex: u32,
        at: &Vertex<N>,
        context: u32,
        k: usize,
        mut found: impl FnMut(usize, i8),
    ) {
        let mut buffers = core::mem::take(&mut self.buffers);
        let f = self.pre_activations(at.u, k, &mut buffers);
        for (d, &z) in f.iter().enumerate() {
            let layer = &self.layers[k];
            let sign = if z.abs() > layer.errors[d] + layer.slopes[d] * f64::from(at.radius) {
                if z > 0.0 { 1 } else { -1 }
            } else if layer.sizes[d] == 0.0 {
                0
            } else {
                let x = self.exact_vertex(vertex, at);
                let form = self.exact_units.remove(&(context, d)).unwrap_or_else(|| self.exact_hinge(context, k, d));
                let sign = form.sign_at(&x);
                self.exact_units.insert((context, d), form);
                sign
            };
            found(d, sign);
        }
        self.buffers = buffers;
    }

    /// The sign of the function of a plane at a vertex: −1, 0 or 1.
    pub(super) fn sign(&mut self, plane: u32, vertex: u32, at: &Vertex<N>) -> i8 {
        let f = &self.planes[plane as usize];
        let z = f.at(at.u);
        if z.abs() > f.error + f.slope * f64::from(at.radius) {
            return if z > 0.0 { 1 } else { -1 };
        }
        let x = self.exact_vertex(vertex, at);
        self.exact_plane(plane).sign_at(&x)
    }

    /// The vertex, number `vertex`, in which these planes meet.
    pub(super) fn meet(&mut self, vertex: u32, planes: [u32; N]) -> Vertex<N> {
        if let Some((mut u, radius)) = meet(planes.map(|plane| &self.planes[plane as usize])) {
            for plane in planes {
                // What is on a side of the box stays on it.
                if let Origin::Wall { axis, upper } = self.planes[plane as usize].origin {
                    let axis = usize::from(axis);
                    u[axis] = if upper { self.frame.hi[axis] } else { self.frame.lo[axis] };
                }
            }
            return Vertex { u, radius: (radius as f32).next_up(), planes };
        }
        let at = Vertex { u: [0.0; N], radius: 8.0 * U as f32, planes };
        let x = self.exact_vertex(vertex, &at);
        let u = |axis: usize| {
            let offset = x.coordinate_minus(axis, self.frame.center[axis]);
            libm::ldexp(offset, -self.frame.exponent[axis])
        };
        Vertex { u: core::array::from_fn(u), ..at }
    }

    fn exact_vertex(&mut self, vertex: u32, at: &Vertex<N>) -> Point<N> {
        if let Some(x) = self.exact_vertices.get(&vertex) {
            return x.clone();
        }
        let forms = at.planes.map(|plane| self.exact_plane(plane));
        let x = Point::where_zero(forms.each_ref());
        self.exact_vertices.insert(vertex, x.clone());
        x
    }

    fn exact_plane(&mut self, plane: u32) -> Form<N> {
        if let Some(form) = self.exact_planes.get(&plane) {
            return form.clone();
        }
        let form = match self.planes[plane as usize].origin {
            Origin::Wall { axis, upper } => {
                let axis = usize::from(axis);
                let slope = core::array::from_fn::<_, N, _>(|i| Dyadic::from(if i == axis { 1.0 } else { 0.0 }));
                let wall = if upper { self.bounds.hi[axis] } else { self.bounds.lo[axis] };
                Form::of(&slope, &Dyadic::from(-wall))
            }
            Origin::Hinge { unit, context } => {
                let (mut k, mut d) = (0, unit as usize);
                while d >= self.layers[k].n_units() {
                    d -= self.layers[k].n_units();
                    k += 1;
                }
                self.exact_hinge(context, k, d)
            }
        };
        self.exact_planes.insert(plane, form.clone());
        form
    }

    fn exact_hinge(&self, context: u32, k: usize, d: usize) -> Form<N> {
        let (slope, intercept) = self.exact_row(context, k, d);
        Form::of(&slope, &intercept)
    }

    /// Row `d` of layer `k` under the pattern of a context as a function of x, or of the coordinates of the slice: slopes and intercept.
    pub(super) fn exact_row(&self, context: u32, k: usize, d: usize) -> (Vec<Dyadic>, Dyadic) {
        let layer = &self.net.layers[k];
        let mut intercept = Dyadic::from(layer.beta[d]);
        let mut row: Vec<Dyadic> = layer.omega.row(d).iter().map(|&w| Dyadic::from(w)).collect();
        for l in (0..k).rev() {
            let layer = &self.net.layers[l];
            let mut below = vec![Dyadic::default(); layer.n_inputs()];
            for (d, weight) in row.iter().enumerate() {
                let g = weight.times(if self.gate(context, l, d) { 1.0 } else { self.closed_slope });
                if g.is_zero() {
                    continue;
                }
                intercept.add(&g.times(layer.beta[d]));
                below.iter_mut().zip(layer.omega.row(d).iter()).for_each(|(sum, &w)| sum.add(&g.times(w)));
            }
            row = below;
        }
        if let Some(slice) = &self.slice {
            let along = |direction: &Vec<f64>| {
                row.iter().zip(direction).fold(Dyadic::default(), |mut sum, (w, &x)| {
                    sum.add(&w.times(x));
                    sum
                })
            };
            intercept.add(&along(&slice.origin));
            row = slice.directions.iter().map(along).collect();
        }
        (row, intercept)
    }
}

impl<const N: usize> Plane<N> {
    /// The value at a point of the box, off by no more than the error.
    fn at(&self, u: [f64; N]) -> f64 {
        product(self.function.slope, u) + self.function.intercept
    }
}

/// The units of a mask, in their order.
pub(super) fn units_of(mask: &[u64]) -> impl Iterator<Item = usize> {
    mask.iter().enumerate().flat_map(|(w, &word)| {
        core::iter::successors(Some(word), |rest| Some(rest & rest.wrapping_sub(1)))
            .take_while(|&rest| rest != 0)
            .map(move |rest| 64 * w + rest.trailing_zeros() as usize)
    })
}

/// The point where planes meet and how far it may be off, or nothing when floating point leaves too much open.
fn meet<const N: usize>(planes: [&Plane<N>; N]) -> Option<([f64; N], f64)> {
    let cofactors = cofactors(planes.map(|plane| &plane.function.slope), &1.0);
    let inverse = -1.0 / product(planes[0].function.slope, cofactors[0]);
    let mut u = [0.0; N];
    for (plane, row) in planes.iter().zip(&cofactors) {
        for axis in 0..N {
            u[axis] += plane.function.intercept * row[axis];
        }
    }
    let u = u.map(|sum| sum * inverse);
    // How far the point is from each plane, times how far the point moves with that plane: columns of the inverse matrix.
    let (mut radius, mut reaches, mut error) = (0.0, 0.0, 0.0_f64);
    for (plane, row) in planes.iter().zip(&cofactors) {
        let reach = row.iter().fold(0.0, |most: f64, c| most.max(c.abs()));
        radius += reach * (plane.at(u).abs() + plane.error);
        reaches += reach;
        error = error.max(plane.error);
    }
    radius *= inverse.abs();
    // The inverse matrix itself comes from slopes that are off and a rounded determinant, whose terms are at most 1. As long as that
    // is a small part of it, the radius is right to the same part.
    let doubt = (error + 8.0 * U) * (3.0 + reaches) * inverse.abs();
    (doubt < 0.05 && radius < FARTHEST).then_some((u, 1.5 * radius + 4.0 * U))
}

/// The farthest that a vertex may be from where it is said to be, in half-widths of the box.
const FARTHEST: f64 = 3e-10;

/// Σ a_i b_i: eight sums side by side, so that no addition waits for the one before, added in a fixed order.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    let mut sums = [0.0; 8];
    for (a, b) in a.zip(b) {
        for i in 0..8 {
            sums[i] += a[i] * b[i];
        }
    }
    rest + ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
}

/// Σ a_i b_i in one, two or three dimensions.
pub(super) fn product<const N: usize>(a: [f64; N], b: [f64; N]) -> f64 {
    (1..N).fold(a[0] * b[0], |sum, i| sum + a[i] * b[i])
}
