use piecewise_core::network::Network;

/// Evaluates a network with one output at many points without asking for memory; the values are those of [`Network::output`], bit for bit.
pub(super) struct Sampler<'a> {
    network: &'a Network,
    h: Vec<f64>,
    f: Vec<f64>,
}

impl<'a> Sampler<'a> {
    pub(super) fn new(network: &'a Network) -> Self {
        Self { network, h: Vec::new(), f: Vec::new() }
    }

    /// The output at x.
    pub(super) fn value(&mut self, x: &[f64]) -> f64 {
        self.h.clear();
        self.h.extend_from_slice(x);
        let last = self.network.layers.len() - 1;
        for (k, layer) in self.network.layers.iter().enumerate() {
            self.f.clear();
            self.f.extend_from_slice(layer.beta.as_slice());
            for (column, h) in layer.omega.as_slice().chunks_exact(self.f.len()).zip(&self.h) {
                self.f.iter_mut().zip(column).for_each(|(f, omega)| *f += omega * h);
            }
            std::mem::swap(&mut self.f, &mut self.h);
            if k < last {
                self.h.iter_mut().for_each(|h| *h = self.network.activation.value(*h));
            }
        }
        self.h[0]
    }
}
