//! Exact linear regions by the plainest means there is: rational numbers, one cell after the other, no filter, no sharing.
//!
//! What the engine in `piecewise_core::regions` computes fast, this computes slowly and by other means, in any number of
//! dimensions with the same few lines. A cell is a list of walls (affine functions that are ≥ 0 on it) and a list of vertices;
//! a hidden unit splits it when it is positive at one vertex and negative at another.

mod affine;
mod claim;
mod point;
mod polytope;

pub use affine::{Affine, Q, q};
pub use claim::{Claim, Comparison, check_family, is_generic, permuted, random_network};
pub use point::Point;
pub use polytope::Polytope;

use std::collections::BTreeSet;

use piecewise_core::network::{Activation, Network};

/// One activation region of a network, exact.
#[derive(Clone, Debug)]
pub struct Region {
    /// One entry per hidden unit, first layer first: whether its gate is open inside.
    pub pattern: Vec<bool>,
    /// The closed cell.
    pub cell: Polytope,
    /// The output of the network on it, one function of x per output.
    pub outputs: Vec<Affine>,
    /// The pre-activations of all hidden units on it, in the order of `pattern`.
    pub hinges: Vec<Affine>,
}

impl Region {
    /// The pattern as the book writes it: `101` when the first and the third gate are open.
    pub fn pattern_string(&self) -> String {
        self.pattern.iter().map(|&open| if open { '1' } else { '0' }).collect()
    }
}

/// Every activation region of a piecewise linear network in a closed box, in the order of their patterns.
#[derive(Clone, Debug)]
pub struct Regions {
    /// The regions, sorted by pattern.
    pub regions: Vec<Region>,
}

impl Regions {
    /// The regions of `net` in the box from `lo` to `hi`, for rectified units and leaky ones.
    ///
    /// # Panics
    /// When the activation is not piecewise linear, or the box does not have the dimension of the input.
    pub fn compute(net: &Network, lo: &[f64], hi: &[f64]) -> Self {
        assert_eq!((net.n_inputs(), net.n_inputs()), (lo.len(), hi.len()), "one interval for each input");
        let unit = |axis: usize| (0..lo.len()).map(|i| f64::from(u8::from(i == axis))).collect::<Vec<_>>();
        let inputs = (0..lo.len()).map(|axis| Affine::new(0.0, &unit(axis))).collect();
        Self::compute_from(net, inputs, lo, hi)
    }

    /// The regions of `net` on the affine slice `origin + Σ t_i directions_i`, with t in the box from `lo` to `hi`.
    ///
    /// # Panics
    /// When the activation is not piecewise linear, or the sizes do not agree.
    pub fn compute_on_slice(net: &Network, origin: &[f64], directions: &[&[f64]], lo: &[f64], hi: &[f64]) -> Self {
        let row = |row: usize| directions.iter().map(|direction| direction[row]).collect::<Vec<_>>();
        let inputs = origin.iter().enumerate().map(|(i, &o)| Affine::new(o, &row(i)));
        Self::compute_from(net, inputs.collect(), lo, hi)
    }

    /// The regions when the network reads these functions of the point.
    fn compute_from(net: &Network, inputs: Vec<Affine>, lo: &[f64], hi: &[f64]) -> Self {
        let closed_slope = match net.activation {
            Activation::Relu => 0.0,
            Activation::LeakyRelu { slope } => slope,
            other => panic!("{other:?} is not piecewise linear"),
        };
        // `outputs` holds what the layers so far write.
        let mut regions =
            vec![Region { pattern: vec![], cell: Polytope::cuboid(lo, hi), outputs: inputs, hinges: vec![] }];
        for (k, layer) in net.layers.iter().enumerate() {
            let mut finer = vec![];
            for region in regions {
                let f = Affine::layer(layer, &region.outputs);
                if k == net.n_hidden_layers() {
                    finer.push(Region { outputs: f, ..region });
                    continue;
                }
                let hinges: Vec<Affine> = region.hinges.iter().chain(&f).cloned().collect();
                for (cell, gates) in region.cell.split_by_all(&f) {
                    let h = f.iter().zip(&gates);
                    let h = h.map(|(f_d, &open)| if open { f_d.clone() } else { f_d.scaled(closed_slope) });
                    finer.push(Region {
                        outputs: h.collect(),
                        pattern: [region.pattern.as_slice(), &gates].concat(),
                        cell,
                        hinges: hinges.clone(),
                    });
                }
            }
            regions = finer;
        }
        regions.sort_by(|a, b| a.pattern.cmp(&b.pattern));
        Self { regions }
    }

    /// How many different affine functions the regions carry.
    pub fn n_affine_pieces(&self) -> usize {
        self.regions.iter().map(|region| &region.outputs).collect::<BTreeSet<_>>().len()
    }

    /// The pairs of regions, smaller index first, that share a side of positive length (in 3-D: of positive area).
    ///
    /// Hidden units are continuous, so a hinge that ends on a wall goes on behind it: cells meet side to side, and a shared side
    /// has the same corners seen from both.
    pub fn neighbours(&self) -> BTreeSet<(usize, usize)> {
        let corners: Vec<BTreeSet<&Point>> =
            self.regions.iter().map(|region| region.cell.vertices.iter().collect()).collect();
        let mut pairs = BTreeSet::new();
        for a in 0..corners.len() {
            for b in a + 1..corners.len() {
                let common = corners[a].intersection(&corners[b]).copied();
                if point::affine_dimension(common) + 1 == self.regions[a].cell.n_dimensions() as isize {
                    pairs.insert((a, b));
                }
            }
        }
        pairs
    }
}
