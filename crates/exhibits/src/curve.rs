use std::fmt::Write as _;

/// A curve of a picture, for those who want its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// What it shows, and against what where that is not an input: "loss against steps".
    pub name: String,
    /// Its corners or samples in order, in data space. Where it jumps, two points have one x.
    pub points: Vec<[f64; 2]>,
}

impl Curve {
    /// A curve through these points.
    pub fn new(name: impl Into<String>, points: &[[f64; 2]]) -> Self {
        Self { name: name.into(), points: points.to_vec() }
    }
}

/// Curves as a table for other programs: a line for each point, with the name of its curve. Numbers come back bit for bit.
///
/// ```
/// use piecewise_exhibits::{Curve, csv};
/// let line = Curve::new("a \"straight\" line", &[[0.0, 1.0], [0.5, 2.0]]);
/// assert_eq!(csv(&[line]), "curve,x,y\n\"a \"\"straight\"\" line\",0,1\n\"a \"\"straight\"\" line\",0.5,2\n");
/// ```
pub fn csv(curves: &[Curve]) -> String {
    let mut table = "curve,x,y\n".to_owned();
    for Curve { name, points } in curves {
        let name = name.replace('"', "\"\"");
        for [x, y] in points {
            // Writing to a text cannot fail.
            let _ = writeln!(table, "\"{name}\",{x},{y}");
        }
    }
    table
}
