use piecewise_plot::subscript;
use serde::Serialize;

use super::{Kind, Scene};

/// A product of two factors, written in some order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Product {
    /// The left factor: its name, its rows and its columns.
    pub left: (String, [usize; 2]),
    /// The right factor.
    pub right: (String, [usize; 2]),
    /// Whether it is what the slide says.
    pub is_meant: bool,
    /// The shape of the result, or nothing where the shapes refuse.
    pub result: Option<[usize; 2]>,
    /// Why it is right, refused or wrong.
    pub verdict: String,
}

impl Scene {
    /// The products of layer k in their right and in their wrong order.
    pub fn products(&self, k: usize) -> Vec<Product> {
        let (n_in, n_out) = (self.sizes[k], self.sizes[k + 1]);
        let index = subscript(k);
        let omega = (format!("Ω{index}"), [n_out, n_in]);
        let omega_transposed = (format!("Ω{index}ᵀ"), [n_in, n_out]);
        let dl_df = (super::name(Kind::DlDf, k, self.slope), [n_out, 1]);
        let h = super::name(Kind::H, k, self.slope);
        let h_transposed = (format!("{h}ᵀ"), [1, n_in]);
        let back = format!("∂ℓ/∂{h}");
        let gradient = format!("∂ℓ/∂Ω{index}");
        vec![
            product(omega_transposed.clone(), dl_df.clone(), &back, [n_in, 1], true),
            product(dl_df.clone(), omega_transposed, &back, [n_in, 1], false),
            product(omega, dl_df.clone(), &back, [n_in, 1], false),
            product(dl_df.clone(), h_transposed.clone(), &gradient, [n_out, n_in], true),
            product(h_transposed, dl_df, &gradient, [n_out, n_in], false),
        ]
    }
}

/// 3×1.
pub fn shape([n_rows, n_columns]: [usize; 2]) -> String {
    format!("{n_rows}×{n_columns}")
}

fn product(
    left: (String, [usize; 2]),
    right: (String, [usize; 2]),
    wanted: &str,
    wanted_shape: [usize; 2],
    is_meant: bool,
) -> Product {
    let (inner, result) = ([left.1[1], right.1[0]], [left.1[0], right.1[1]]);
    let fits = inner[0] == inner[1];
    let (a, b) = (shape(left.1), shape(right.1));
    let verdict = if !fits {
        format!("{a} times {b}: the inner numbers {} and {} differ. Refused", inner[0], inner[1])
    } else if is_meant {
        format!("{} meets {}: the result is {}, the shape of {wanted}", inner[0], inner[1], shape(result))
    } else if result == wanted_shape {
        "The shapes let it pass, and the numbers are wrong: only the check finds it".to_owned()
    } else {
        format!("The shapes let it pass, but the result is {} and {wanted} is {}", shape(result), shape(wanted_shape))
    };
    // With single numbers every order is right.
    let scalars = left.1 == [1, 1] && right.1 == [1, 1];
    let verdict = if scalars { "Plain numbers: any order will do".to_owned() } else { verdict };
    Product { left, right, is_meant: is_meant || scalars, result: fits.then_some(result), verdict }
}
