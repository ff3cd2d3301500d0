/// The rectangle of a plot: which part of data space it shows, and where on the paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// The data at the lower left corner.
    pub data_lo: [f64; 2],
    /// The data at the upper right corner.
    pub data_hi: [f64; 2],
    /// The upper left corner, in CSS pixels.
    pub corner_px: [f64; 2],
    /// Width and height, in CSS pixels.
    pub size_px: [f64; 2],
}

impl Frame {
    /// Where a data point stands on the paper, in CSS pixels; data grows upwards, pixels downwards.
    ///
    /// ```
    /// use piecewise_plot::Frame;
    /// let frame = Frame { data_lo: [-1.0, -1.0], data_hi: [1.0, 1.0], corner_px: [10.0, 20.0], size_px: [100.0, 100.0] };
    /// assert_eq!(frame.screen_from_data([0.0, 1.0]), [60.0, 20.0]);
    /// assert_eq!(frame.data_from_screen([60.0, 20.0]), [0.0, 1.0]);
    /// ```
    pub fn screen_from_data(&self, data: [f64; 2]) -> [f64; 2] {
        let share = |axis: usize| (data[axis] - self.data_lo[axis]) / (self.data_hi[axis] - self.data_lo[axis]);
        [self.corner_px[0] + share(0) * self.size_px[0], self.corner_px[1] + (1.0 - share(1)) * self.size_px[1]]
    }

    /// The data at a point of the paper, in CSS pixels.
    pub fn data_from_screen(&self, screen: [f64; 2]) -> [f64; 2] {
        let share = |axis: usize| (screen[axis] - self.corner_px[axis]) / self.size_px[axis];
        [
            self.data_lo[0] + share(0) * (self.data_hi[0] - self.data_lo[0]),
            self.data_lo[1] + (1.0 - share(1)) * (self.data_hi[1] - self.data_lo[1]),
        ]
    }

    /// How much data one CSS pixel covers, along both axes.
    pub fn data_per_px(&self) -> [f64; 2] {
        [0, 1].map(|axis| (self.data_hi[axis] - self.data_lo[axis]) / self.size_px[axis])
    }

    /// The corner opposite to `corner_px`.
    pub fn far_corner_px(&self) -> [f64; 2] {
        [self.corner_px[0] + self.size_px[0], self.corner_px[1] + self.size_px[1]]
    }
}
