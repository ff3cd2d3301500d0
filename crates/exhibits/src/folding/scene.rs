use piecewise_core::piecewise::{Piece, compose};
use serde::Serialize;

use super::Params;

/// Everything there is to see.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scene {
    /// Each function by itself.
    pub stages: Vec<Stage>,
    /// Their composition, piece by piece from left to right.
    pub pieces: Vec<PieceShape>,
    /// The copies of what follows the first function, one for each of its pieces, from left to right.
    pub folds: Vec<Fold>,
    /// The way of the probe: x, then what each function makes of it.
    pub way: Vec<f64>,
    /// How many pieces the composition would have if every fold reached every piece.
    pub most: usize,
}

/// One function.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stage {
    /// Its corners.
    pub corners: Vec<[f64; 2]>,
    /// The least and the greatest of the values that it is fed.
    pub fed: [f64; 2],
}

/// One straight piece of the composition.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PieceShape {
    /// Its left end.
    pub from: [f64; 2],
    /// Its right end.
    pub to: [f64; 2],
    /// Its slope.
    pub slope: f64,
    /// The fold of the first function that it comes from, counted from 0.
    pub fold: usize,
}

/// One copy of what follows the first function.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Fold {
    /// Between which inputs it lies.
    pub x: [f64; 2],
    /// Whether it is mirrored: the first function falls there.
    pub mirrored: bool,
}

impl From<Piece> for PieceShape {
    fn from(Piece { from, to, slope, fold }: Piece) -> Self {
        Self { from, to, slope, fold }
    }
}

/// Computes everything there is to see.
pub fn compute(params: &Params) -> Scene {
    let functions = params.stages();
    let mut fed = [-1.0, 1.0];
    let mut way = vec![params.probe];
    let mut stages = Vec::new();
    for (index, function) in functions.iter().enumerate() {
        stages.push(Stage { corners: function.corners().to_vec(), fed });
        way.push(function.value(way[index]));
        let upto: Vec<_> = functions[..=index].iter().collect();
        let values = compose(&upto).into_iter().flat_map(|piece| [piece.from[1], piece.to[1]]);
        fed = values.fold([f64::INFINITY, f64::NEG_INFINITY], |[lo, hi], y| [lo.min(y), hi.max(y)]);
    }
    let all: Vec<_> = functions.iter().collect();
    let folds = functions[0]
        .corners()
        .windows(2)
        .map(|pair| Fold { x: [pair[0][0], pair[1][0]], mirrored: pair[1][1] < pair[0][1] });
    Scene {
        folds: folds.collect(),
        stages,
        pieces: compose(&all).into_iter().map(PieceShape::from).collect(),
        way,
        most: functions.iter().map(piecewise_core::piecewise::PiecewiseLinear::n_pieces).product(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Params as _;

    #[test]
    fn every_preset_has_the_pieces_that_its_button_promises() {
        for (start, pieces) in
            [("fig-4.1", 9), ("n2-n1", 12), ("n1-n1", 9), ("n2-n1-n1", 36), ("tents", 8), ("half-reached", 3)]
        {
            let scene = compute(&Params::from_start(start).expect("a preset"));
            assert_eq!(scene.pieces.len(), pieces, "{start}");
        }
    }

    #[test]
    fn joints_and_slopes_of_two_tents_are_exact() {
        let params = Params { depth: 2, ..Params::from_start("tents").expect("a preset") };
        let scene = compute(&params);
        let joints: Vec<f64> = scene.pieces.iter().map(|piece| piece.from[0]).collect();
        assert_eq!(joints, [-1.0, -0.5, 0.0, 0.5]);
        // Slopes multiply: ±2 · ±2.
        let slopes: Vec<f64> = scene.pieces.iter().map(|piece| piece.slope).collect();
        assert_eq!(slopes, [4.0, -4.0, 4.0, -4.0]);
    }

    #[test]
    fn a_mirrored_copy_runs_through_the_second_network_from_right_to_left() {
        // UDL, figure 4.1: the second of three folds falls.
        let scene = compute(&Params::default());
        let mirrored: Vec<bool> = scene.folds.iter().map(|fold| fold.mirrored).collect();
        assert_eq!(mirrored, [false, true, false]);
        let copy = |fold: usize| -> Vec<[f64; 2]> {
            scene.pieces.iter().filter(|piece| piece.fold == fold).map(|piece| [piece.from[1], piece.to[1]]).collect()
        };
        let turned: Vec<[f64; 2]> = copy(1).iter().rev().map(|&[from, to]| [to, from]).collect();
        for (here, there) in copy(0).iter().flatten().zip(turned.iter().flatten()) {
            assert!((here - there).abs() < 1e-12, "the same heights in the other order");
        }
    }

    #[test]
    fn the_probe_ends_on_the_composition() {
        let params = Params::default();
        let scene = compute(&params);
        let piece = scene.pieces.iter().find(|piece| piece.to[0] >= params.probe).expect("in view");
        let y = piece.from[1] + piece.slope * (params.probe - piece.from[0]);
        assert!((scene.way[2] - y).abs() < 1e-12);
    }
}
