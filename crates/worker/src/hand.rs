use js_sys::Float32Array;
use piecewise_core::field::Tally;
use piecewise_exhibits::neural_field::{Order, Own, Painting};
use web_sys::MessagePort;

use crate::{
    hear,
    shards::{Answer, Ask},
};

/// A worker that computes parts of the steps of another one.
pub(crate) struct Hand {
    port: MessagePort,
    painting: Option<Painting>,
    parameters: Vec<f32>,
    gradients: Vec<f32>,
}

impl Hand {
    /// Works for whoever is behind this port.
    pub(crate) fn listen(port: &MessagePort) {
        let mut hand = Self { port: port.clone(), painting: None, parameters: Vec::new(), gradients: Vec::new() };
        hear(port, move |data| {
            if let Some(ask) = Ask::read(&data) {
                hand.take(ask);
            }
        });
    }

    fn take(&mut self, ask: Ask) {
        match ask {
            Ask::Begin(bytes) => {
                self.painting = Order::read(&bytes).map(|order| Painting::new(order.into_params(&Own::default())));
            }
            Ask::Part { ticket, step, from, to, parameters, gradients } => {
                let tallies = self.compute(step, from..to, &parameters, &gradients);
                Answer { ticket, tallies, parameters, gradients }.post(&self.port);
            }
        }
    }

    /// Nothing before the first order.
    fn compute(
        &mut self,
        step: u64,
        parts: std::ops::Range<usize>,
        parameters: &Float32Array,
        gradients: &Float32Array,
    ) -> Vec<Tally> {
        let Some(painting) = &mut self.painting else { return Vec::new() };
        let n = parameters.length() as usize;
        self.parameters.resize(n, 0.0);
        parameters.copy_to(&mut self.parameters);
        self.gradients.resize(n * parts.len(), 0.0);
        painting.set_parameters(step, &self.parameters);
        let into = self.gradients.chunks_exact_mut(n);
        let tallies = parts.zip(into).map(|(part, gradient)| painting.shard(part, gradient)).collect();
        gradients.copy_from(&self.gradients);
        tallies
    }
}
