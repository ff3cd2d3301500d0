use super::Kind;

/// One sub-step of the pass. Layers are counted from 0, as on the slide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// f_k = β_k + Ω_k h_k.
    Affine(usize),
    /// h_k = a\[f_{k−1}\], for k ≥ 1.
    Activate(usize),
    /// ℓ = Σ (f_K − y)².
    Loss,
    /// ∂ℓ/∂f_K = 2 (f_K − y).
    LossSlope,
    /// ∂ℓ/∂β_k = ∂ℓ/∂f_k and ∂ℓ/∂Ω_k = ∂ℓ/∂f_k h_kᵀ.
    Parameters(usize),
    /// ∂ℓ/∂h_k = Ω_kᵀ ∂ℓ/∂f_k, for k ≥ 1.
    Multiply(usize),
    /// ∂ℓ/∂f_{k−1} = I\[f_{k−1} > 0\] ⊙ ∂ℓ/∂h_k, for k ≥ 1.
    Mask(usize),
}

/// The sub-steps of a pass through K hidden layers, in the order in which they are taken: 5K + 4 of them.
///
/// ```
/// use piecewise_exhibits::backprop::{Step, steps};
/// assert_eq!(steps(1)[..4], [Step::Affine(0), Step::Activate(1), Step::Affine(1), Step::Loss]);
/// assert_eq!(steps(6).len(), 34);
/// ```
pub fn steps(n_hidden_layers: usize) -> Vec<Step> {
    let mut steps = Vec::with_capacity(5 * n_hidden_layers + 4);
    for k in 0..=n_hidden_layers {
        if k > 0 {
            steps.push(Step::Activate(k));
        }
        steps.push(Step::Affine(k));
    }
    steps.extend([Step::Loss, Step::LossSlope]);
    for k in (0..=n_hidden_layers).rev() {
        steps.push(Step::Parameters(k));
        if k > 0 {
            steps.extend([Step::Multiply(k), Step::Mask(k)]);
        }
    }
    steps
}

impl Step {
    /// The layer that it is about.
    pub fn layer(self, n_hidden_layers: usize) -> usize {
        match self {
            Self::Affine(k) | Self::Activate(k) | Self::Parameters(k) | Self::Multiply(k) | Self::Mask(k) => k,
            Self::Loss | Self::LossSlope => n_hidden_layers,
        }
    }

    /// Whether it goes back.
    pub fn is_backward(self) -> bool {
        !matches!(self, Self::Affine(_) | Self::Activate(_) | Self::Loss)
    }

    /// What it writes: blocks, each by its kind and its layer.
    pub fn writes(self, n_hidden_layers: usize) -> Vec<(Kind, usize)> {
        match self {
            Self::Affine(k) => vec![(Kind::F, k)],
            Self::Activate(k) => vec![(Kind::H, k)],
            Self::Loss => vec![(Kind::Loss, n_hidden_layers)],
            Self::LossSlope => vec![(Kind::DlDf, n_hidden_layers)],
            Self::Parameters(k) => vec![(Kind::DlDbeta, k), (Kind::DlDomega, k)],
            Self::Multiply(k) => vec![(Kind::DlDh, k)],
            Self::Mask(k) => vec![(Kind::DlDf, k - 1)],
        }
    }

    /// What it reads.
    pub fn reads(self, n_hidden_layers: usize) -> Vec<(Kind, usize)> {
        match self {
            Self::Affine(k) => vec![(Kind::Beta, k), (Kind::Omega, k), (Kind::H, k)],
            Self::Activate(k) => vec![(Kind::F, k - 1)],
            Self::Loss | Self::LossSlope => vec![(Kind::F, n_hidden_layers), (Kind::Wanted, n_hidden_layers)],
            Self::Parameters(k) => vec![(Kind::DlDf, k), (Kind::H, k)],
            Self::Multiply(k) => vec![(Kind::OmegaTransposed, k), (Kind::DlDf, k)],
            Self::Mask(k) => vec![(Kind::Slope, k - 1), (Kind::DlDh, k)],
        }
    }
}

/// How many steps must have been taken for a block to be known; 0 for what is given.
pub fn known_after(steps: &[Step], kind: Kind, layer: usize) -> usize {
    let n_hidden_layers = steps.len() / 5;
    // The mask can be read off as soon as its f is there.
    let written = if kind == Kind::Slope { (Kind::F, layer) } else { (kind, layer) };
    steps.iter().position(|step| step.writes(n_hidden_layers).contains(&written)).map_or(0, |index| index + 1)
}
