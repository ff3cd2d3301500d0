//! How parts of steps travel between workers.

use js_sys::{Array, Float32Array, Float64Array, Uint8Array};
use piecewise_core::field::Tally;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessagePort;

/// How many numbers a tally is on its way.
const TALLY: usize = 9;

/// What a question and its answer have in common; answers to earlier ones are not waited for any more.
pub(crate) type Ticket = u32;

/// What the lead says to a hand.
pub(crate) enum Ask {
    /// Another order holds from here on: its bytes.
    Begin(Vec<u8>),
    /// The parts `from..to` of the step after `step` others, with these parameters; the answer is written into the second array.
    Part {
        /// To be told with the answer.
        ticket: Ticket,
        /// How many steps were taken.
        step: u64,
        /// The first part.
        from: usize,
        /// The part behind the last one.
        to: usize,
        /// The parameters.
        parameters: Float32Array,
        /// Room for the gradients, one after the other.
        gradients: Float32Array,
    },
}

impl Ask {
    pub(crate) fn post(&self, port: &MessagePort) {
        let (list, handed) = match self {
            Self::Begin(bytes) => {
                let bytes = Uint8Array::from(bytes.as_slice());
                (Array::of1(&bytes), Array::of1(&bytes.buffer()))
            }
            Self::Part { ticket, step, from, to, parameters, gradients } => {
                let list: Array = [f64::from(*ticket), *step as f64, *from as f64, *to as f64]
                    .into_iter()
                    .map(JsValue::from)
                    .collect();
                let handed = Array::of2(&parameters.buffer(), &gradients.buffer());
                list.push(parameters);
                list.push(gradients);
                (list, handed)
            }
        };
        let _ = port.post_message_with_transferable(&list, &handed);
    }

    pub(crate) fn read(data: &JsValue) -> Option<Self> {
        let list: &Array = data.dyn_ref()?;
        if let Some(bytes) = list.get(0).dyn_ref::<Uint8Array>() {
            return Some(Self::Begin(bytes.to_vec()));
        }
        let number = |index: u32| list.get(index).as_f64();
        Some(Self::Part {
            ticket: number(0)? as Ticket,
            step: number(1)? as u64,
            from: number(2)? as usize,
            to: number(3)? as usize,
            parameters: list.get(4).dyn_into().ok()?,
            gradients: list.get(5).dyn_into().ok()?,
        })
    }
}

/// What a hand answers: the gradients of its parts, and both arrays back.
pub(crate) struct Answer {
    pub(crate) ticket: Ticket,
    pub(crate) tallies: Vec<Tally>,
    pub(crate) parameters: Float32Array,
    pub(crate) gradients: Float32Array,
}

impl Answer {
    pub(crate) fn post(&self, port: &MessagePort) {
        let tallies: Vec<f64> = self.tallies.iter().flat_map(numbers).collect();
        let list = Array::of2(&self.ticket.into(), &Float64Array::from(tallies.as_slice()));
        list.push(&self.parameters);
        list.push(&self.gradients);
        let handed = Array::of2(&self.parameters.buffer(), &self.gradients.buffer());
        let _ = port.post_message_with_transferable(&list, &handed);
    }

    pub(crate) fn read(data: &JsValue) -> Option<Self> {
        let list: &Array = data.dyn_ref()?;
        let tallies = list.get(1).dyn_into::<Float64Array>().ok()?.to_vec();
        Some(Self {
            ticket: list.get(0).as_f64()? as Ticket,
            tallies: tallies.as_chunks::<TALLY>().0.iter().map(tally).collect(),
            parameters: list.get(2).dyn_into().ok()?,
            gradients: list.get(3).dyn_into().ok()?,
        })
    }
}

fn numbers(tally: &Tally) -> [f64; TALLY] {
    let [a, b, c] = tally.least.map(f64::from);
    let [d, e, f] = tally.greatest.map(f64::from);
    [tally.sum_of_squares, tally.sum_of_sizes, tally.n_samples as f64, a, b, c, d, e, f]
}

fn tally(&[sum_of_squares, sum_of_sizes, n, a, b, c, d, e, f]: &[f64; TALLY]) -> Tally {
    let (least, greatest) = ([a, b, c].map(|x| x as f32), [d, e, f].map(|x| x as f32));
    Tally { sum_of_squares, sum_of_sizes, n_samples: n as u64, least, greatest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_comes_back_from_its_numbers() {
        for it in [
            Tally::NONE,
            Tally { sum_of_squares: 0.125, sum_of_sizes: 0.5, n_samples: 7, least: [0.1; 3], greatest: [0.9; 3] },
        ] {
            assert_eq!(tally(&numbers(&it)), it);
        }
    }
}
