use nalgebra::DMatrix;

use super::curvature;

/// A scalar function L(φ) of a flat vector of parameters, to be made small: the loss of a model on its data, or just a surface to roll on.
///
/// Methods take `&mut self` because they may keep room for intermediate results; what they return depends on nothing but their arguments.
pub trait Objective {
    /// The length of φ.
    fn n_parameters(&self) -> usize;

    /// I, over how many examples the loss is a sum or mean; 0 when it is not about examples.
    fn n_examples(&self) -> usize {
        0
    }

    /// L(φ).
    fn loss(&mut self, phi: &[f64]) -> f64;

    /// Writes ∂L/∂φ into `gradient` and returns L(φ).
    fn gradient(&mut self, phi: &[f64], gradient: &mut [f64]) -> f64;

    /// [`Objective::gradient`] of the loss on a batch: the examples with these 0-based indices, in this order. Where the loss is a sum,
    /// it is the sum over the batch. A function that is not about examples ignores the batch.
    fn batch_gradient(&mut self, phi: &[f64], batch: &[u32], gradient: &mut [f64]) -> f64 {
        let _ = batch;
        self.gradient(phi, gradient)
    }

    /// ∂²L/∂φ∂φᵀ, by central differences of the gradient unless the function knows better.
    fn hessian(&mut self, phi: &[f64]) -> DMatrix<f64> {
        curvature::hessian_by_differences(|phi, gradient| self.gradient(phi, gradient), phi)
    }

    /// λ_max, the largest eigenvalue of the Hessian: gradient descent is stable where α·λ_max < 2. NaN when the Hessian is not finite.
    ///
    /// Up to 32 parameters all eigenvalues are computed; beyond, λ_max is approached from below by power iteration, to about three digits.
    fn lambda_max(&mut self, phi: &[f64]) -> f64 {
        if self.n_parameters() <= 32 {
            curvature::largest_eigenvalue(&self.hessian(phi))
        } else {
            curvature::power_iteration(|phi, gradient| self.gradient(phi, gradient), phi)
        }
    }

    /// The 0-based layer to which parameter `index` belongs, if there are layers.
    fn layer_of(&self, index: usize) -> Option<usize> {
        let _ = index;
        None
    }

    /// The 0-based layer at which numbers first stop being finite on the way forward at φ, if there are layers and they do.
    fn first_layer_not_finite(&mut self, phi: &[f64]) -> Option<usize> {
        let _ = phi;
        None
    }

    /// About how many multiplications the gradient of one example takes (of the whole, when it is not about examples). It decides how
    /// long a slice of work is, nothing else.
    fn work_per_example(&self) -> u64 {
        10 * self.n_parameters() as u64
    }
}

impl<T: Objective + ?Sized> Objective for Box<T> {
    fn n_parameters(&self) -> usize {
        (**self).n_parameters()
    }

    fn n_examples(&self) -> usize {
        (**self).n_examples()
    }

    fn loss(&mut self, phi: &[f64]) -> f64 {
        (**self).loss(phi)
    }

    fn gradient(&mut self, phi: &[f64], gradient: &mut [f64]) -> f64 {
        (**self).gradient(phi, gradient)
    }

    fn batch_gradient(&mut self, phi: &[f64], batch: &[u32], gradient: &mut [f64]) -> f64 {
        (**self).batch_gradient(phi, batch, gradient)
    }

    fn hessian(&mut self, phi: &[f64]) -> DMatrix<f64> {
        (**self).hessian(phi)
    }

    fn lambda_max(&mut self, phi: &[f64]) -> f64 {
        (**self).lambda_max(phi)
    }

    fn layer_of(&self, index: usize) -> Option<usize> {
        (**self).layer_of(index)
    }

    fn first_layer_not_finite(&mut self, phi: &[f64]) -> Option<usize> {
        (**self).first_layer_not_finite(phi)
    }

    fn work_per_example(&self) -> u64 {
        (**self).work_per_example()
    }
}
