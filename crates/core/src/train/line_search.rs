use serde::{Deserialize, Serialize};

/// Line search by four points (UDL, section B.3.1 and notebook 6.1): a bracket [A, D] with B and C at its thirds shrinks around the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineSearch {
    /// Where D starts; A starts at 0.
    pub max_distance: f64,
    /// It ends when B and C are no further apart than this.
    pub tolerance: f64,
    /// Or after so many rounds.
    pub max_rounds: u32,
}

/// One round of a [`LineSearch`]: A, B, C, D and the loss at each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bracket {
    /// Distances along the line.
    pub at: [f64; 4],
    /// The losses there.
    pub loss: [f64; 4],
}

impl LineSearch {
    /// As in notebook 6.2, with the largest distance that suits the problem there: 0.1 for linear regression, 2.0 for the Gabor model.
    pub fn up_to(max_distance: f64) -> Self {
        Self { max_distance, tolerance: 1e-5, max_rounds: 15 }
    }

    /// The distance at which `loss` is about lowest. `seen` is shown every round.
    ///
    /// As in the book it is never 0. Where the rounds are used up before a point lies lower than A, it is `max_distance` / 2ⁿ⁺¹ after
    /// n rounds, and the loss there may be higher than at the start: choose the largest distance to suit the problem.
    ///
    /// ```
    /// use piecewise_core::train::LineSearch;
    /// let search = LineSearch { max_distance: 1.0, tolerance: 1e-6, max_rounds: 100 };
    /// let mut rounds = 0;
    /// let distance = search.minimize(|d| (d - 0.3) * (d - 0.3), |_| rounds += 1);
    /// assert!((distance - 0.3).abs() < 1e-6);
    /// assert!(rounds < 40);
    /// ```
    pub fn minimize(self, mut loss: impl FnMut(f64) -> f64, mut seen: impl FnMut(&Bracket)) -> f64 {
        let (mut a, mut d) = (0.0, self.max_distance);
        let (mut b, mut c) = (d / 3.0, 2.0 * d / 3.0);
        for _ in 0..self.max_rounds {
            if (c - b).abs() <= self.tolerance {
                break;
            }
            let at = [a, b, c, d];
            let bracket = Bracket { at, loss: at.map(&mut loss) };
            seen(&bracket);
            let [loss_a, loss_b, loss_c, loss_d] = bracket.loss;
            // A loss that is not finite is high: the search comes closer instead of following a NaN.
            if [loss_b, loss_c, loss_d].iter().all(|other| loss_a < *other || other.is_nan()) {
                (b, c, d) = (a + (b - a) / 2.0, a + (c - a) / 2.0, a + (d - a) / 2.0);
                continue;
            }
            if loss_b < loss_c || loss_c.is_nan() {
                d = c;
            } else {
                a = b;
            }
            (b, c) = (a + (d - a) / 3.0, a + 2.0 * (d - a) / 3.0);
        }
        0.5 * (b + c)
    }
}
