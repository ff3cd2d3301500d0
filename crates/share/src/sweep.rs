/// One setting going from a value to another, picture by picture; everything else stays.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// The setting, as links write it.
    pub setting: String,
    /// Its first value.
    pub from: f64,
    /// Its last value.
    pub to: f64,
    /// Whether it takes whole numbers alone.
    pub is_whole: bool,
    /// How many pictures there are at most; whole numbers are not shown twice.
    pub n_frames: u32,
}

impl Sweep {
    /// The values in order, the last one included.
    ///
    /// ```
    /// # use piecewise_share::Sweep;
    /// let sweep = Sweep { setting: "steps".to_owned(), from: 0.0, to: 3.0, is_whole: true, n_frames: 40 };
    /// assert_eq!(sweep.values(), [0.0, 1.0, 2.0, 3.0]);
    /// ```
    pub fn values(&self) -> Vec<f64> {
        let last = f64::from(self.n_frames.max(2) - 1);
        let values = (0..self.n_frames).map(|i| self.from + (self.to - self.from) * f64::from(i) / last);
        // To a millionth of the way: digits beyond it are rounding, and only make links long.
        let unit = 10_f64.powf(((self.to - self.from).abs().max(1e-12) * 1e-6).log10().floor());
        let mut values: Vec<f64> = values
            .map(
                |value| {
                    if self.is_whole { value.round() } else { (value / unit).round() / (1.0 / unit).round().max(1.0) }
                },
            )
            .collect();
        values.dedup();
        values
    }

    /// What stands behind the `?` of each link.
    pub fn queries(&self, query: &str) -> Vec<String> {
        let is_it = |pair: &str| pair.split_once('=').map_or(pair, |(key, _)| key) == self.setting;
        let rest: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_it(pair)).collect();
        let with = |value: f64| {
            let own = format!("{}={value}", self.setting);
            rest.iter().copied().chain([own.as_str()]).collect::<Vec<_>>().join("&")
        };
        self.values().into_iter().map(with).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sweep(from: f64, to: f64, n_frames: u32) -> Sweep {
        Sweep { setting: "alpha".to_owned(), from, to, is_whole: false, n_frames }
    }

    #[test]
    fn a_sweep_changes_one_setting_and_ends_where_it_was_told() {
        assert_eq!(
            sweep(0.1, 0.4, 4).queries("start=gabor&alpha=7&ui=bare"),
            ["0.1", "0.2", "0.3", "0.4"].map(|value| format!("start=gabor&ui=bare&alpha={value}"))
        );
        assert_eq!(sweep(1.0, -1.0, 3).values(), [1.0, 0.0, -1.0]);
        assert_eq!(sweep(0.5, 0.5, 3).values(), [0.5]);
        assert_eq!(sweep(1e6, 3e6, 3).values(), [1e6, 2e6, 3e6]);
    }

    #[test]
    fn a_sweep_of_one_picture_is_its_beginning() {
        assert_eq!(sweep(2.0, 3.0, 1).values(), [2.0]);
    }
}
