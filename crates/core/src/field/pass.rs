//! Forward and backward through a field, 128 samples at a time.

use wide::f32x4;

use super::architecture::{N_CHANNELS, Place};
use super::lanes::{LANES, NOTHING, Octet, Waves, ZERO, sigmoid, sums};
use super::tile::{Turned, add_bias_gradient, products};
use super::{Architecture, FieldActivation, FieldLoss, Input, OutputActivation, Samples};

/// How many samples go through all layers, forth and back, before the next ones: what they need stays in the cache meanwhile.
pub const CHUNK: usize = 128;

const N_BLOCKS: usize = CHUNK / LANES;

/// Octets of the output in a block: a tile writes four units.
const OUTPUT_STRIDE: usize = 4;

/// Added to the variance under the root of layer norm, as PyTorch does.
const NORM_EPSILON: f32 = 1e-5;

/// max(0, f), by a mask rather than a maximum: those of two targets differ in the sign of zero.
fn rectify(f: f32x4) -> f32x4 {
    f & f.simd_gt(ZERO)
}

/// What a pass says about the samples that it was shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tally {
    /// The sum of (prediction − picture)² over samples and channels.
    pub sum_of_squares: f64,
    /// The sum of |prediction − picture| over samples and channels.
    pub sum_of_sizes: f64,
    /// How many samples there were.
    pub n_samples: u64,
    /// The least prediction of each channel; +∞ without samples.
    pub least: [f32; N_CHANNELS],
    /// The greatest prediction of each channel; −∞ without samples.
    pub greatest: [f32; N_CHANNELS],
}

impl Tally {
    /// Of no samples.
    pub const NONE: Self = Self {
        sum_of_squares: 0.0,
        sum_of_sizes: 0.0,
        n_samples: 0,
        least: [f32::INFINITY; N_CHANNELS],
        greatest: [f32::NEG_INFINITY; N_CHANNELS],
    };

    /// Takes in what another one says.
    pub fn add(&mut self, other: &Self) {
        self.sum_of_squares += other.sum_of_squares;
        self.sum_of_sizes += other.sum_of_sizes;
        self.n_samples += other.n_samples;
        for channel in 0..N_CHANNELS {
            self.least[channel] = self.least[channel].min(other.least[channel]);
            self.greatest[channel] = self.greatest[channel].max(other.greatest[channel]);
        }
    }

    /// The mean of squares over samples and channels; 0 without samples.
    pub fn mean_square(&self) -> f64 {
        self.sum_of_squares / (N_CHANNELS as f64 * self.n_samples.max(1) as f64)
    }

    /// The loss, a mean over samples and channels; 0 without samples.
    pub fn loss(&self, loss: FieldLoss) -> f64 {
        match loss {
            FieldLoss::Squares => 0.5 * self.mean_square(),
            FieldLoss::Absolute => self.sum_of_sizes / (N_CHANNELS as f64 * self.n_samples.max(1) as f64),
        }
    }

    /// How far predictions spread: the largest difference, over channels, between two samples. Exactly 0 where the picture is one colour.
    pub fn spread(&self) -> f32 {
        let spreads = self.greatest.iter().zip(&self.least).map(|(greatest, least)| greatest - least);
        if self.n_samples == 0 { 0.0 } else { spreads.fold(0.0, f32::max) }
    }
}

/// Room for a pass through networks of one architecture. Nothing is allocated once it is there.
#[derive(Clone, Debug)]
pub struct Pass {
    architecture: Architecture,
    n_parameters: usize,
    layers: Vec<Room>,
    output: Vec<Octet>,
    targets: Vec<[Octet; N_CHANNELS]>,
    /// dℓ/df of the output, of the layer that is gone back from, and of the one below it.
    d_output: Vec<Octet>,
    d_above: Vec<Octet>,
    d_below: Vec<Octet>,
    /// dℓ/dh of what the layer above read, where layers are residual.
    carried: Vec<Octet>,
    turned: Turned,
    waves: Box<Waves>,
    loss: FieldLoss,
    tally: Tally,
}

/// What one layer needs.
#[derive(Clone, Debug)]
struct Room {
    place: Place,
    /// How many numbers are read, rounded up to pairs, and from the second layer on to fours.
    depth: usize,
    /// How many units there are, rounded up to fours.
    n_units: usize,
    /// Octets in a block of what is read, and in one of what is written.
    stride_in: usize,
    stride_out: usize,
    /// Ω in panels, to go forward, and Ωᵀ in panels, to go back.
    forward: Vec<[f32; 4]>,
    backward: Vec<[f32; 4]>,
    beta: Vec<[f32; 4]>,
    /// Zeros for the sums on the way back to begin at.
    nothing: Vec<[f32; 4]>,
    gamma: Vec<f32>,
    delta: Vec<f32>,
    /// What is read.
    h: Vec<Octet>,
    /// What the gate keeps; empty where what the next layer reads says as much.
    kept: Vec<Octet>,
    /// Pre-activations with mean 0 and variance 1, and one over their standard deviations; empty without layer norm.
    normal: Vec<Octet>,
    inverse_deviation: Vec<Octet>,
    /// Tile by tile: see [`Turned::add_weight_gradient`].
    d_omega: Vec<[Octet; 4]>,
    d_beta: Vec<f32x4>,
    d_gamma: Vec<f32x4>,
    d_delta: Vec<f32x4>,
    /// The largest activation of every unit so far, lane by lane.
    largest: Vec<f32x4>,
}

/// Octets in a block of so many units: two more, so that neighbouring blocks do not fall on the same lines of the cache.
fn stride(n_units: usize) -> usize {
    n_units + 2
}

impl Room {
    fn new(architecture: &Architecture, k: usize, place: Place) -> Self {
        let is_output = k == architecture.n_hidden_layers;
        let depth = if k == 0 { place.n_inputs.max(1).next_multiple_of(2) } else { place.n_inputs.next_multiple_of(4) };
        let n_units = place.n_outputs.next_multiple_of(4);
        let (stride_in, stride_out) = (stride(depth), if is_output { OUTPUT_STRIDE } else { stride(n_units) });
        let keeps =
            !is_output && (architecture.activation == FieldActivation::Sine || (architecture.residual && k > 0));
        let octets = |there: bool, stride: usize| vec![NOTHING; if there { N_BLOCKS * stride } else { 0 }];
        let n_norms = if place.has_norm { n_units } else { 0 };
        Self {
            place,
            depth,
            n_units,
            stride_in,
            stride_out,
            forward: vec![[0.0; 4]; n_units / 4 * depth],
            backward: vec![[0.0; 4]; if k == 0 { 0 } else { depth / 4 * place.n_outputs }],
            beta: vec![[0.0; 4]; n_units / 4],
            nothing: vec![[0.0; 4]; depth.div_ceil(4)],
            gamma: vec![0.0; n_norms],
            delta: vec![0.0; n_norms],
            h: octets(true, stride_in),
            kept: octets(keeps, stride_out),
            normal: octets(place.has_norm, stride_out),
            inverse_deviation: octets(place.has_norm, 1),
            d_omega: vec![[NOTHING; 4]; n_units / 4 * depth.div_ceil(8)],
            d_beta: vec![ZERO; n_units / 4],
            d_gamma: vec![ZERO; n_norms],
            d_delta: vec![ZERO; n_norms],
            largest: vec![ZERO; if is_output { 0 } else { n_units }],
        }
    }

    /// Brings parameters into the order of the kernels.
    fn load(&mut self, parameters: &[f32]) {
        let Place { n_inputs, n_outputs, .. } = self.place;
        let (beta, omega) = (self.place.beta(parameters), self.place.omega(parameters));
        for unit in 0..n_outputs {
            // Where the outputs share a bias there is but one.
            self.beta[unit / 4][unit % 4] = beta[unit.min(beta.len() - 1)];
        }
        for (read, column) in omega.chunks_exact(n_outputs).enumerate().take(n_inputs) {
            for (unit, &weight) in column.iter().enumerate() {
                self.forward[unit / 4 * self.depth + read][unit % 4] = weight;
            }
            if !self.backward.is_empty() {
                for (to, &weight) in self.backward[read / 4 * n_outputs..].iter_mut().zip(column) {
                    to[read % 4] = weight;
                }
            }
        }
        let (gamma, delta) = self.place.norm(parameters);
        self.gamma[..gamma.len()].copy_from_slice(gamma);
        self.delta[..delta.len()].copy_from_slice(delta);
    }

    fn clear_gradient(&mut self) {
        self.d_omega.fill([NOTHING; 4]);
        for sums in [&mut self.d_beta, &mut self.d_gamma, &mut self.d_delta] {
            sums.fill(ZERO);
        }
    }

    /// Brings the gradient into the order of the parameters.
    fn write_gradient(&self, gradient: &mut [f32]) {
        let n_outputs = self.place.n_outputs;
        let [beta, omega, gamma, delta] = self.place.parts_mut(gradient);
        let at = |sums: &[f32x4], unit: usize| sums[unit / 4].to_array()[unit % 4];
        if beta.len() == n_outputs {
            for (unit, beta) in beta.iter_mut().enumerate() {
                *beta = at(&self.d_beta, unit);
            }
        } else {
            beta[0] = (0..n_outputs).fold(0.0, |sum, unit| sum + at(&self.d_beta, unit));
        }
        let n_eights = self.depth.div_ceil(8);
        for (panel, tiles) in self.d_omega.chunks_exact(n_eights).enumerate() {
            for (eight, tile) in tiles.iter().enumerate() {
                for (unit, sums) in (4 * panel..n_outputs).zip(tile) {
                    let [lower, upper] = sums.map(f32x4::to_array);
                    // What is read beyond the last number is room that was filled up.
                    let columns = omega.iter_mut().skip(unit + 8 * eight * n_outputs).step_by(n_outputs);
                    for (to, sum) in columns.zip(lower.into_iter().chain(upper)) {
                        *to = sum;
                    }
                }
            }
        }
        for (to, from) in [(gamma, &self.d_gamma), (delta, &self.d_delta)] {
            for (to, from) in to.chunks_mut(4).zip(from.chunks_exact(4)) {
                let sum = sums([from[0], from[1], from[2], from[3]]);
                to.copy_from_slice(&sum.to_array()[..to.len()]);
            }
        }
    }
}

impl Pass {
    /// Room for networks of this architecture.
    ///
    /// # Panics
    /// When the architecture is not valid: see [`Architecture::make_valid`].
    pub fn new(architecture: &Architecture) -> Self {
        let mut valid = *architecture;
        valid.make_valid();
        assert_eq!(valid, *architecture, "the architecture is within its limits");
        let places = architecture.places().into_iter().enumerate();
        let layers: Vec<Room> = places.map(|(k, place)| Room::new(architecture, k, place)).collect();
        let widest = |of: fn(&Room) -> usize| layers.iter().map(of).max().unwrap_or(0);
        let turned = Turned::new(CHUNK, widest(|layer| layer.n_units), widest(|layer| layer.depth));
        let hidden = if architecture.n_hidden_layers > 0 { stride(architecture.width.next_multiple_of(4)) } else { 0 };
        let octets = |stride: usize| vec![NOTHING; N_BLOCKS * stride];
        Self {
            architecture: *architecture,
            n_parameters: architecture.n_parameters(),
            layers,
            output: octets(OUTPUT_STRIDE),
            targets: vec![[NOTHING; N_CHANNELS]; N_BLOCKS],
            d_output: octets(OUTPUT_STRIDE),
            d_above: octets(hidden),
            d_below: octets(hidden),
            carried: octets(if architecture.residual { hidden } else { 0 }),
            turned,
            waves: Box::new(Waves::new()),
            loss: FieldLoss::Squares,
            tally: Tally::NONE,
        }
    }

    /// Takes over parameters; what comes next is computed with them.
    ///
    /// # Panics
    /// When there are not as many as the architecture has.
    pub fn load(&mut self, parameters: &[f32]) {
        assert_eq!(parameters.len(), self.n_parameters, "one number for every parameter");
        for layer in &mut self.layers {
            layer.load(parameters);
        }
    }

    /// What gradients are of, from now on: at first, of squares.
    pub fn set_loss(&mut self, loss: FieldLoss) {
        self.loss = loss;
    }

    /// Begins a new gradient, a new tally, and a new look at which units are dead.
    pub fn begin(&mut self) {
        self.begin_gradient();
        for layer in &mut self.layers {
            layer.largest.fill(ZERO);
        }
    }

    /// Begins a new gradient and a new tally.
    pub(super) fn begin_gradient(&mut self) {
        self.tally = Tally::NONE;
        self.layers.iter_mut().for_each(Room::clear_gradient);
    }

    /// Adds to the gradient of `scale` · ½ Σ (prediction − picture)², or of `scale` · Σ |prediction − picture|, what these samples give: at most [`CHUNK`] of them.
    ///
    /// # Panics
    /// When there are more, or an index is none of the samples.
    pub fn add(&mut self, frequencies: &[[f32; 2]], samples: &Samples, indices: &[u32], scale: f32) {
        self.look_at(frequencies, samples, indices, Some(scale));
    }

    /// The same without a gradient: only the tally and the dead units.
    ///
    /// # Panics
    /// See [`Pass::add`].
    pub fn observe(&mut self, frequencies: &[[f32; 2]], samples: &Samples, indices: &[u32]) {
        self.look_at(frequencies, samples, indices, None);
    }

    fn look_at(&mut self, frequencies: &[[f32; 2]], samples: &Samples, indices: &[u32], scale: Option<f32>) {
        if indices.is_empty() {
            return;
        }
        let index = |lane: usize| indices[lane.min(indices.len() - 1)] as usize;
        self.read(frequencies, indices.len(), |lane| samples.coordinates()[index(lane)]);
        for (block, targets) in self.targets[..indices.len().div_ceil(LANES)].iter_mut().enumerate() {
            *targets = gathered(|lane| samples.colours()[index(block * LANES + lane)]);
        }
        self.forward(indices.len());
        self.compare(indices.len(), scale.unwrap_or(0.0));
        if self.architecture.activation == FieldActivation::Relu {
            self.watch(indices.len());
        }
        if scale.is_some() {
            self.backward(indices.len());
        }
    }

    /// What the samples so far said.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Writes the gradient of the samples so far, in the order of the parameters.
    ///
    /// # Panics
    /// When `gradient` has not one number for every parameter.
    pub fn write_gradient(&self, gradient: &mut [f32]) {
        assert_eq!(gradient.len(), self.n_parameters, "one number for every parameter");
        for layer in &self.layers {
            layer.write_gradient(gradient);
        }
    }

    /// The share of units in each hidden layer that were at 0 for every sample since [`Pass::begin`]. Sines are never dead, so it is 0 for
    /// them.
    pub fn dead_shares(&self) -> impl Iterator<Item = f64> {
        let is_relu = self.architecture.activation == FieldActivation::Relu;
        self.layers[..self.architecture.n_hidden_layers].iter().map(move |layer| {
            let units = &layer.largest[..layer.place.n_outputs];
            let dead = units.iter().filter(|largest| largest.to_array().iter().all(|a| *a <= 0.0)).count();
            if is_relu { dead as f64 / units.len() as f64 } else { 0.0 }
        })
    }

    /// Colours at up to [`CHUNK`] coordinates, as they are: linear outputs may leave 0..1.
    ///
    /// # Panics
    /// When there are more, or as many colours as coordinates are not asked for.
    pub fn colours(&mut self, frequencies: &[[f32; 2]], coordinates: &[[f32; 2]], colours: &mut [[f32; N_CHANNELS]]) {
        assert_eq!(coordinates.len(), colours.len(), "a colour for every place");
        if coordinates.is_empty() {
            return;
        }
        self.read(frequencies, coordinates.len(), |lane| coordinates[lane.min(coordinates.len() - 1)]);
        self.forward(coordinates.len());
        self.write_colours(colours);
    }

    /// Writes the colours at the places that were last looked at, in their order: those of a chunk that was shown to [`Pass::observe`], without
    /// going through the layers once more.
    ///
    /// # Panics
    /// When there are more than [`CHUNK`].
    pub fn write_colours(&self, colours: &mut [[f32; N_CHANNELS]]) {
        assert!(colours.len() <= CHUNK, "at most {CHUNK} samples at once");
        for (index, colour) in colours.iter_mut().enumerate() {
            let (block, lane) = (index / LANES, index % LANES);
            for (channel, value) in colour.iter_mut().enumerate() {
                let octet = self.output[block * OUTPUT_STRIDE + channel];
                *value = octet[lane / 4].to_array()[lane % 4];
            }
        }
    }

    /// Writes what the first layer reads. Lanes beyond the last sample are given the last one once more.
    fn read(&mut self, frequencies: &[[f32; 2]], n: usize, coordinates: impl Fn(usize) -> [f32; 2]) {
        assert!(n <= CHUNK, "at most {CHUNK} samples at once");
        let input = self.architecture.input;
        let first = &mut self.layers[0];
        let blocks = first.h.chunks_exact_mut(first.stride_in).take(n.div_ceil(LANES));
        for (block, h) in blocks.enumerate() {
            let [x, y] = gathered(|lane| coordinates(block * LANES + lane));
            match input {
                Input::Scalar | Input::Colour => {}
                Input::Coordinates => {
                    h[0] = x;
                    h[1] = y;
                }
                Input::Fourier { n_frequencies, .. } => {
                    let (sines, cosines) = h.split_at_mut(n_frequencies);
                    for ((b, sine), cosine) in frequencies.iter().zip(sines).zip(cosines) {
                        for half in 0..2 {
                            let turns = f32x4::splat(b[0]) * x[half] + f32x4::splat(b[1]) * y[half];
                            (sine[half], cosine[half]) = self.waves.sine_cosine_of_turns(turns);
                        }
                    }
                }
            }
        }
    }

    fn forward(&mut self, n: usize) {
        let n_blocks = n.div_ceil(LANES);
        let last = self.architecture.n_hidden_layers;
        let is_relu = self.architecture.activation == FieldActivation::Relu;
        for k in 0..last {
            let (below, above) = self.layers.split_at_mut(k + 1);
            let (layer, to) = (&mut below[k], &mut above[0].h);
            let stride = layer.stride_out;
            let adds = self.architecture.residual && k > 0;
            let Room { forward, beta, h, .. } = layer;
            let read = (&h[..n_blocks * layer.stride_in], layer.stride_in);
            if is_relu && !adds && !layer.place.has_norm {
                products((forward, beta, layer.depth), read, |block, unit, f| {
                    to[block * stride + unit..][..4].copy_from_slice(&f.map(|f| f.map(rectify)));
                });
                continue;
            }
            products((forward, beta, layer.depth), read, |block, unit, f| {
                to[block * stride + unit..][..4].copy_from_slice(&f);
            });
            let to = &mut to[..n_blocks * stride];
            if layer.place.has_norm {
                layer.normalize(to);
            }
            let Room { h, kept, .. } = layer;
            if is_relu {
                to.as_flattened_mut().iter_mut().for_each(|f| *f = rectify(*f));
                if adds {
                    kept[..to.len()].copy_from_slice(to);
                }
            } else {
                // A loop of its own: within the tiles, a browser's compiler would run out of registers.
                self.waves.activate(to, kept);
            }
            if adds {
                for (to, h) in to.as_flattened_mut().iter_mut().zip(h.as_flattened()) {
                    *to += *h;
                }
            }
        }
        let Self { layers, output, architecture, .. } = self;
        let Room { forward, beta, h, depth, stride_in, .. } = &layers[last];
        let is_sigmoid = architecture.output == OutputActivation::Sigmoid;
        products((forward, beta, *depth), (&h[..n_blocks * stride_in], *stride_in), |block, unit, f| {
            let f = if is_sigmoid { f.map(|f| f.map(sigmoid)) } else { f };
            output[block * OUTPUT_STRIDE + unit..][..4].copy_from_slice(&f);
        });
    }

    /// Compares the output with the targets: the tally, and dℓ/df of the last layer.
    fn compare(&mut self, n: usize, scale: f32) {
        let is_sigmoid = self.architecture.output == OutputActivation::Sigmoid;
        let is_absolute = self.loss == FieldLoss::Absolute;
        let (mut squares, mut sizes) = (ZERO, ZERO);
        let (mut least, mut greatest) = ([f32x4::splat(f32::INFINITY); 3], [f32x4::splat(f32::NEG_INFINITY); 3]);
        let outputs = self.output.chunks_exact(OUTPUT_STRIDE).zip(self.d_output.chunks_exact_mut(OUTPUT_STRIDE));
        for (block, ((y, d), targets)) in outputs.zip(&self.targets).enumerate().take(n.div_ceil(LANES)) {
            let mut counts = [0.0; LANES];
            counts[..LANES.min(n - block * LANES)].fill(1.0);
            let counts = octet(counts);
            for channel in 0..N_CHANNELS {
                for half in 0..2 {
                    let y = y[channel][half];
                    let error = (y - targets[channel][half]) * counts[half];
                    squares += error * error;
                    sizes += error.abs();
                    least[channel] = least[channel].fast_min(y);
                    greatest[channel] = greatest[channel].fast_max(y);
                    // The slope of |e|, which is 0 where e is.
                    let up = f32x4::splat(1.0) & error.simd_gt(ZERO);
                    let down = f32x4::splat(1.0) & error.simd_lt(ZERO);
                    let slope = if is_absolute { up - down } else { error };
                    let d_y = slope * f32x4::splat(scale);
                    d[channel][half] = if is_sigmoid { d_y * (y * (f32x4::splat(1.0) - y)) } else { d_y };
                }
            }
        }
        let [squares, sizes, ..] = sums([squares, sizes, ZERO, ZERO]).to_array();
        self.tally.add(&Tally {
            sum_of_squares: f64::from(squares),
            sum_of_sizes: f64::from(sizes),
            n_samples: n as u64,
            least: least.map(|lanes| lanes.to_array().into_iter().fold(f32::INFINITY, f32::min)),
            greatest: greatest.map(|lanes| lanes.to_array().into_iter().fold(f32::NEG_INFINITY, f32::max)),
        });
    }

    /// Remembers the largest activation of every hidden unit.
    fn watch(&mut self, n: usize) {
        let n_blocks = n.div_ceil(LANES);
        for k in 0..self.architecture.n_hidden_layers {
            let (below, above) = self.layers.split_at_mut(k + 1);
            let layer = &mut below[k];
            let kept = if layer.kept.is_empty() { &above[0].h } else { &layer.kept };
            for a in kept[..n_blocks * layer.stride_out].chunks_exact(layer.stride_out) {
                for (largest, a) in layer.largest.iter_mut().zip(a) {
                    *largest = largest.fast_max(a[0].fast_max(a[1]));
                }
            }
        }
    }

    fn backward(&mut self, n: usize) {
        match self.architecture.activation {
            FieldActivation::Relu => self.backward_through(n, |d, a| d & a.simd_gt(ZERO)),
            FieldActivation::Sine => self.backward_through(n, |d, slope| d * slope),
        }
    }

    /// `gate` says what becomes of dℓ/da, given what was kept on the way forward.
    fn backward_through(&mut self, n: usize, gate: impl Fn(f32x4, f32x4) -> f32x4) {
        let n_blocks = n.div_ceil(LANES);
        let last = self.architecture.n_hidden_layers;
        let is_residual = self.architecture.residual;
        for k in (0..=last).rev() {
            let (below, layer) = self.layers.split_at_mut(k);
            let layer = &mut layer[0];
            let (stride_in, stride_out) = (layer.stride_in, layer.stride_out);
            let d = if k == last { &self.d_output } else { &self.d_above };
            let d = &d[..n_blocks * stride_out];
            let h = &layer.h[..n_blocks * stride_in];
            self.turned.turn((d, stride_out, layer.n_units), (h, stride_in, layer.depth));
            self.turned.add_weight_gradient(&mut layer.d_omega, layer.depth);
            add_bias_gradient(&mut layer.d_beta, d, stride_out);
            let Some(fed) = below.last_mut() else { break };
            let kept: &[Octet] = if fed.kept.is_empty() { h } else { &fed.kept };
            let (to, carried) = (&mut self.d_below, &mut self.carried);
            // The last layer is not residual, so what is carried begins with it.
            let adds = is_residual && k < last;
            products(
                (&layer.backward, &layer.nothing, layer.place.n_outputs),
                (d, stride_out),
                |block, unit, dl_dh| {
                    let at = block * stride_in + unit;
                    let mut dl_dh = dl_dh;
                    if is_residual {
                        let carried = &mut carried[at..at + 4];
                        if adds {
                            for (dl_dh, carried) in dl_dh.iter_mut().zip(&*carried) {
                                dl_dh[0] += carried[0];
                                dl_dh[1] += carried[1];
                            }
                        }
                        carried.copy_from_slice(&dl_dh);
                    }
                    for ((to, dl_dh), kept) in to[at..at + 4].iter_mut().zip(dl_dh).zip(&kept[at..at + 4]) {
                        to[0] = gate(dl_dh[0], kept[0]);
                        to[1] = gate(dl_dh[1], kept[1]);
                    }
                },
            );
            if fed.place.has_norm {
                fed.normalize_backward(n_blocks, &mut self.d_below);
            }
            core::mem::swap(&mut self.d_above, &mut self.d_below);
        }
    }
}

/// Layer norm, with samples in lanes: sums over units are sums over octets.
impl Room {
    /// Normalises pre-activations, keeps them so, and scales and shifts them.
    fn normalize(&mut self, f: &mut [Octet]) {
        let n_units = self.place.n_outputs;
        let over_n = f32x4::splat(1.0 / n_units as f32);
        let blocks = f.chunks_exact_mut(self.stride_out).zip(self.normal.chunks_exact_mut(self.stride_out));
        for ((f, normal), inverse_deviation) in blocks.zip(&mut self.inverse_deviation) {
            let (f, normal) = (&mut f[..n_units], &mut normal[..n_units]);
            for half in 0..2 {
                let mut sum = ZERO;
                for f in &*f {
                    sum += f[half];
                }
                let mean = sum * over_n;
                let mut squares = ZERO;
                for f in &mut *f {
                    f[half] -= mean;
                    squares += f[half] * f[half];
                }
                let inverse = f32x4::splat(1.0) / (squares * over_n + f32x4::splat(NORM_EPSILON)).sqrt();
                inverse_deviation[half] = inverse;
                let learnt = self.gamma.iter().zip(&self.delta);
                for ((f, normal), (gamma, delta)) in f.iter_mut().zip(&mut *normal).zip(learnt) {
                    normal[half] = f[half] * inverse;
                    f[half] = normal[half] * f32x4::splat(*gamma) + f32x4::splat(*delta);
                }
            }
        }
    }

    /// From the derivatives of what was activated to those of the pre-activations.
    fn normalize_backward(&mut self, n_blocks: usize, d: &mut [Octet]) {
        let n_units = self.place.n_outputs;
        let over_n = f32x4::splat(1.0 / n_units as f32);
        for block in 0..n_blocks {
            let at = block * self.stride_out;
            let (normal, d) = (&self.normal[at..at + n_units], &mut d[at..at + n_units]);
            for half in 0..2 {
                let inverse = self.inverse_deviation[block][half];
                let (mut sum, mut product) = (ZERO, ZERO);
                for (unit, (d, normal)) in d.iter_mut().zip(normal).enumerate() {
                    self.d_gamma[unit] += d[half] * normal[half];
                    self.d_delta[unit] += d[half];
                    d[half] *= f32x4::splat(self.gamma[unit]);
                    sum += d[half];
                    product += d[half] * normal[half];
                }
                let (mean, slope) = (sum * over_n, product * over_n);
                for (d, normal) in d.iter_mut().zip(normal) {
                    d[half] = inverse * ((d[half] - mean) - normal[half] * slope);
                }
            }
        }
    }
}

/// Eight samples of N numbers, side by side.
fn gathered<const N: usize>(sample: impl Fn(usize) -> [f32; N]) -> [Octet; N] {
    let samples: [[f32; N]; LANES] = core::array::from_fn(sample);
    core::array::from_fn(|number| octet(samples.map(|sample| sample[number])))
}

fn octet(lanes: [f32; LANES]) -> Octet {
    let [a, b, c, d, e, f, g, h] = lanes;
    [f32x4::new([a, b, c, d]), f32x4::new([e, f, g, h])]
}
