use std::collections::BTreeMap;

use super::exact::{Dyadic, Form, Point, cofactors};
use super::frame::Frame;
use super::scaled::ScaledLayer;
use super::vertices::Signs;
use super::{Affine, Bounds, Slice, U, words_of};
use crate::network::{Activation, Network};

/// A hyperplane (a plane, a line, a point) in the coordinates of the box, where a function of u is 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane<const N: usize> {
    pub(super) function: Affine<N>,
    /// A bound on how far a value computed from these numbers is from the true one, at any point of the box.
    error: f64,
    /// A bound on the sum of the sizes of the slopes.
    slope: f64,
    pub(super) origin: Origin,
}

/// Where a plane comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A side of the box.
    Wall { axis: u8, upper: bool },
    /// The hinge of a hidden unit, counted through all layers, where the layers below have the pattern of a context.
    Hinge { unit: u32, context: u32 },
}

/// A point that is known by as many planes through it as there are dimensions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vertex<const N: usize> {
    pub(super) u: [f64; N],
    /// How far any coordinate may be off.
    radius: f32,
    pub(super) planes: [u32; N],
}

/// The pre-activations of a network as affine functions, one set for each pattern of the layers below, and their signs at vertices:
/// in floating point with an error bound, and exactly where that does not decide.
#[derive(Clone, Debug)]
pub(super) struct Hinges<const N: usize> {
    pub(super) net: Network,
    pub(super) slice: Option<Slice<N>>,
    pub(super) bounds: Bounds<N>,
    pub(super) frame: Frame<N>,
    pub(super) layers: Vec<ScaledLayer>,
    /// The slope of the activation function where a gate is closed.
    pub(super) closed_slope: f64,
    pub(super) planes: Vec<Plane<N>>,
    contexts: Vec<Context>,
    /// The patterns of all contexts, one bit a unit, each layer in words of its own.
    patterns: Vec<u64>,
    /// The units of the next layer that cross each context. Their planes are in the order of the units.
    crossing: Vec<u64>,
    exact_planes: BTreeMap<u32, Form<N>>,
    exact_vertices: BTreeMap<u32, Point<N>>,
    /// Units of the layer at hand, by context and unit, that are not planes because they may not cross it.
    exact_units: BTreeMap<(u32, usize), Form<N>>,
}

/// A pattern of all layers before one, and the cell that has it.
#[derive(Clone, Copy, Debug)]
struct Context {
    /// The layer whose units are affine there: how many layers the pattern has.
    layer: u32,
    /// The context of the layers before the last one of the pattern.
    below: u32,
    /// Where the pattern begins, where the units that cross the cell, and their first plane.
    pattern: u32,
    crossing: u32,
    first_plane: u32,
}

impl<const N: usize> Hinges<N> {
    /// The sides of the box, lower and upper for each axis, are planes 0 to 2N − 1.
    pub(super) fn new(net: &Network, slice: Option<&Slice<N>>, bounds: &Bounds<N>) -> Self {
        let mut hinges = Self {
            net: net.clone(),
            slice: None,
            bounds: *bounds,
            frame: Frame::of(bounds),
            layers: vec![],
            closed_slope: 0.0,
            planes: vec![],
            contexts: vec![],
            patterns: vec![],
            crossing: vec![],
            exact_planes: BTreeMap::new(),
            exact_vertices: BTreeMap::new(),
            exact_units: BTreeMap::new(),
        };
        hinges.reset(net, slice, bounds);
        hinges
    }

    /// Forgets everything but its room, and starts with this network in this box.
    pub(super) fn reset(&mut self, net: &Network, slice: Option<&Slice<N>>, bounds: &Bounds<N>) {
        self.net.clone_from(net);
        self.slice = slice.cloned();
        self.bounds = *bounds;
        self.frame = Frame::of(bounds);
        self.closed_slope = match net.activation {
            Activation::LeakyRelu { slope } => slope,
            _ => 0.0,
        };
        self.find_layers();
        self.planes.clear();
        for axis in 0..N {
            for upper in [false, true] {
                let mut slope = [0.0; N];
                slope[axis] = if upper { -1.0 } else { 1.0 };
                let intercept = if upper { self.frame.hi[axis] } else { -self.frame.lo[axis] };
                let function = Affine { intercept, slope };
                let origin = Origin::Wall { axis: axis as u8, upper };
                self.planes.push(Plane { function, error: 4.0 * U, slope: 1.0, origin });
            }
        }
        self.patterns.clear();
        self.crossing.clear();
        self.contexts.clear();
        self.contexts.push(Context { layer: 0, below: super::NONE, pattern: 0, crossing: 0, first_plane: 0 });
        self.exact_planes.clear();
        self.exact_vertices.clear();
    }

    /// Scales the layers of the network.
    fn find_layers(&mut self) {
        self.layers.clear();
        for layer in &self.net.layers {
            let scaled = match self.layers.last() {
                None => ScaledLayer::first(layer, self.slice.as_ref(), &self.frame),
                Some(below) => ScaledLayer::next(layer, below, self.closed_slope.abs().max(1.0)),
            };
            self.layers.push(scaled);
        }
    }

    /// The plane of unit `d` of layer `k`, which is this function in a context.
    fn hinge_plane(&self, function: Affine<N>, k: usize, d: usize, context: u32) -> Plane<N> {
        let first_unit = self.layers[..k].iter().map(ScaledLayer::n_units).sum::<usize>();
        Plane {
            function,
            // The slopes are off as well, but where it matters, at a vertex that is off by a radius, only by that part of the error.
            error: self.layers[k].errors[d] * (1.0 + 4.0 * FARTHEST),
            slope: function.slope.iter().map(|w| w.abs()).sum::<f64>() * (1.0 + 8.0 * U),
            origin: Origin::Hinge { unit: (first_unit + d) as u32, context },
        }
    }

    /// Becomes the same as others, in the room there is.
    pub(super) fn copy_from(&mut self, other: &Self) {
        self.net.clone_from(&other.net);
        self.slice.clone_from(&other.slice);
        self.bounds = other.bounds;
        self.frame.clone_from(&other.frame);
        self.layers.clone_from(&other.layers);
        self.closed_slope = other.closed_slope;
        self.planes.clone_from(&other.planes);
        self.contexts.clone_from(&other.contexts);
        self.patterns.clone_from(&other.patterns);
        self.crossing.clone_from(&other.crossing);
        self.exact_planes.clone_from(&other.exact_planes);
        self.exact_vertices.clone_from(&other.exact_vertices);
        self.exact_units.clear();
    }

    /// Lets one unit of the first layer, which has never been looked at, be that of another network that agrees in all others. Gives its plane.
    pub(super) fn set_unit(&mut self, net: &Network, d: usize) -> u32 {
        self.net.clone_from(net);
        self.find_layers();
        let layer = &self.layers[0];
        let n_units = layer.n_units();
        let plane = self.contexts[0].first_plane + d as u32;
        let slope: [f64; N] = core::array::from_fn(|axis| layer.columns[axis * n_units + d]);
        let function = Affine { intercept: layer.biases[d], slope };
        self.planes[plane as usize] = self.hinge_plane(function, 0, d, 0);
        plane
    }

    /// Where the hinge of a unit of the first layer coincides with those of later ones, lets them bear the name of this one: they have cut
    /// before it, so that what lies on all of them lies on one of theirs.
    pub(super) fn name_coinciding_after(&mut self, d: usize) {
        let n_units = self.layers[0].n_units();
        let is_live = |layer: &ScaledLayer, d: usize| layer.live[d / 64] >> (d % 64) & 1 == 1;
        if !is_live(&self.layers[0], d) {
            return;
        }
        let first_plane = self.contexts[0].first_plane;
        for later in d + 1..n_units {
            if !is_live(&self.layers[0], later) || self.clearly_differ(d, later) {
                continue;
            }
            if self.exact_hinge(0, 0, d).coincides_with(&self.exact_hinge(0, 0, later)) {
                self.planes[first_plane as usize + later].origin = Origin::Hinge { unit: d as u32, context: 0 };
            }
        }
    }

    /// Whether floating point suffices to see that the hinges of two units of the first layer are not the same.
    fn clearly_differ(&self, d: usize, e: usize) -> bool {
        let layer = &self.layers[0];
        let n_units = layer.n_units();
        let function = |d: usize| (0..N).map(move |axis| layer.columns[axis * n_units + d]).chain([layer.biases[d]]);
        let size = |d: usize| function(d).map(f64::abs).sum::<f64>();
        // An error of the function in the box is one of an intercept, and four times as much at most one of a slope.
        let error = 8.0 * (layer.errors[d] * size(e) + layer.errors[e] * size(d)) + 8.0 * U * size(d) * size(e);
        function(d)
            .zip(function(e))
            .enumerate()
            .any(|(i, (p, q))| function(d).zip(function(e)).skip(i + 1).any(|(r, s)| (p * s - q * r).abs() > error))
    }

    pub(super) fn n_hidden_layers(&self) -> usize {
        self.layers.len() - 1
    }

    /// The corner of the box whose coordinates are at the upper end where `upper` says so.
    pub(super) fn corner(&self, upper: [bool; N]) -> Vertex<N> {
        let u = core::array::from_fn(|axis| if upper[axis] { self.frame.hi[axis] } else { self.frame.lo[axis] });
        let planes = core::array::from_fn(|axis| 2 * axis as u32 + u32::from(upper[axis]));
        Vertex { u, radius: 4.0 * U as f32, planes }
    }

    /// How many 64-bit words the pattern of the layers before layer `k` has.
    fn n_words_below(&self, k: usize) -> usize {
        self.layers[..k].iter().map(|layer| words_of(layer.n_units())).sum()
    }

    /// The words of the pattern of a context.
    pub(super) fn pattern(&self, context: u32) -> &[u64] {
        let Context { layer, pattern, .. } = self.contexts[context as usize];
        &self.patterns[pattern as usize..pattern as usize + self.n_words_below(layer as usize)]
    }

    /// The last words of the pattern of a context of layer `k`: the gates of the layer before.
    pub(super) fn gates(&self, context: u32, k: usize) -> &[u64] {
        let pattern = self.pattern(context);
        &pattern[pattern.len() - words_of(self.layers[k - 1].n_units())..]
    }

    /// The context of the layers before the last one of a context.
    pub(super) fn below(&self, context: u32) -> u32 {
        self.contexts[context as usize].below
    }

    /// Forgets what was computed exactly for the units of the layer before.
    pub(super) fn begin_layer(&mut self) {
        self.exact_units.clear();
    }

    /// A new context: the pattern of another one, and these gates of the layer after it.
    pub(super) fn push_context(&mut self, below: u32, gates: &[u64]) -> u32 {
        let context = self.contexts.len() as u32;
        let Context { layer, pattern, .. } = self.contexts[below as usize];
        let (from, n_words) = (pattern as usize, self.n_words_below(layer as usize));
        let pattern = self.patterns.len() as u32;
        self.contexts.push(Context { layer: layer + 1, below, pattern, crossing: 0, first_plane: 0 });
        self.patterns.extend_from_within(from..from + n_words);
        self.patterns.extend_from_slice(gates);
        context
    }

    /// Makes planes of the units of a mask, which cross a context, given the functions of their layer there; of the first layer, where most
    /// units cross the box, planes of all units.
    pub(super) fn push_planes(&mut self, context: u32, crossing: &[u64], functions: &[f64]) {
        let (first_plane, at) = (self.planes.len() as u32, self.crossing.len() as u32);
        let entry = &mut self.contexts[context as usize];
        (entry.first_plane, entry.crossing) = (first_plane, at);
        self.crossing.extend_from_slice(crossing);
        let k = entry.layer as usize;
        let n_units = self.layers[k].n_units();
        let all = vec![u64::MAX; if k == 0 { crossing.len() } else { 0 }];
        for d in units_of(if k == 0 { &all } else { crossing }).take_while(|&d| d < n_units) {
            let slope: [f64; N] = core::array::from_fn(|axis| functions[axis * n_units + d]);
            let function = Affine { intercept: functions[N * n_units + d], slope };
            self.planes.push(self.hinge_plane(function, k, d, context));
        }
    }

    /// The plane of unit `d` of the next layer in a context that its hinge crosses.
    pub(super) fn plane(&self, context: u32, d: usize) -> u32 {
        let Context { layer, crossing, first_plane, .. } = self.contexts[context as usize];
        if layer == 0 {
            return first_plane + d as u32;
        }
        let crossing = &self.crossing[crossing as usize..];
        let before = (crossing[d / 64] & ((1 << (d % 64)) - 1)).count_ones();
        first_plane + crossing[..d / 64].iter().fold(before, |sum, word| sum + word.count_ones())
    }

    /// Finds the signs of all units of layer `k` at a vertex that belongs to a cell, given their functions there.
    pub(super) fn find_signs(
        &mut self,
        (vertex, at): (u32, &Vertex<N>),
        (context, k): (u32, usize),
        functions: &[f64],
        signs: &mut [Signs],
    ) {
        let n_units = self.layers[k].n_units();
        for (word, signs) in signs.iter_mut().enumerate() {
            let layer = &self.layers[k];
            let units = 64 * word..n_units.min(64 * (word + 1));
            let (mut values, mut errors) = ([0.0; 64], [0.0; 64]);
            let values = &mut values[..units.len()];
            let errors = &mut errors[..units.len()];
            values.copy_from_slice(&functions[N * n_units..][units.clone()]);
            for (axis, u) in at.u.iter().enumerate() {
                let slopes = &functions[axis * n_units..][units.clone()];
                values.iter_mut().zip(slopes).for_each(|(z, slope)| *z += slope * u);
            }
            let bounds = layer.errors[units.clone()].iter().zip(&layer.slopes[units.clone()]);
            errors.iter_mut().zip(bounds).for_each(|(e, (error, slope))| *e = error + slope * f64::from(at.radius));
            let (mut open, mut shut) = (0_u64, 0_u64);
            for (z, error) in values.iter().zip(errors.iter()).rev() {
                open = open << 1 | u64::from(z > error);
                shut = shut << 1 | u64::from(*z < -error);
            }
            let mut unknown = layer.live[word] & !(open | shut);
            while unknown != 0 {
                let bit = unknown.trailing_zeros();
                unknown &= unknown - 1;
                let d = units.start + bit as usize;
                let x = self.exact_vertex(vertex, at);
                let form = self.exact_units.remove(&(context, d)).unwrap_or_else(|| self.exact_hinge(context, k, d));
                match form.sign_at(&x) {
                    1 => open |= 1 << bit,
                    -1 => shut |= 1 << bit,
                    _ => {}
                }
                self.exact_units.insert((context, d), form);
            }
            *signs = Signs { open, shut };
        }
    }

    /// The sign of the function of a plane at a vertex: −1, 0 or 1.
    pub(super) fn sign(&mut self, plane: u32, vertex: u32, at: &Vertex<N>) -> i8 {
        let f = &self.planes[plane as usize];
        let z = f.at(at.u);
        if z.abs() > f.error + f.slope * f64::from(at.radius) {
            return if z > 0.0 { 1 } else { -1 };
        }
        let x = self.exact_vertex(vertex, at);
        self.exact_plane(plane).sign_at(&x)
    }

    /// The vertex, number `vertex`, in which these planes meet.
    pub(super) fn meet(&mut self, vertex: u32, planes: [u32; N]) -> Vertex<N> {
        if let Some((mut u, radius)) = meet(planes.map(|plane| &self.planes[plane as usize])) {
            for plane in planes {
                // What is on a side of the box stays on it.
                if let Origin::Wall { axis, upper } = self.planes[plane as usize].origin {
                    let axis = usize::from(axis);
                    u[axis] = if upper { self.frame.hi[axis] } else { self.frame.lo[axis] };
                }
            }
            return Vertex { u, radius: (radius as f32).next_up(), planes };
        }
        let at = Vertex { u: [0.0; N], radius: 8.0 * U as f32, planes };
        let x = self.exact_vertex(vertex, &at);
        let u = |axis: usize| {
            let offset = x.coordinate_minus(axis, self.frame.center[axis]);
            libm::ldexp(offset, -self.frame.exponent[axis])
        };
        Vertex { u: core::array::from_fn(u), ..at }
    }

    fn exact_vertex(&mut self, vertex: u32, at: &Vertex<N>) -> Point<N> {
        if let Some(x) = self.exact_vertices.get(&vertex) {
            return x.clone();
        }
        let forms = at.planes.map(|plane| self.exact_plane(plane));
        let x = Point::where_zero(forms.each_ref());
        self.exact_vertices.insert(vertex, x.clone());
        x
    }

    fn exact_plane(&mut self, plane: u32) -> Form<N> {
        if let Some(form) = self.exact_planes.get(&plane) {
            return form.clone();
        }
        let form = match self.planes[plane as usize].origin {
            Origin::Wall { axis, upper } => {
                let axis = usize::from(axis);
                let slope = core::array::from_fn::<_, N, _>(|i| Dyadic::from(if i == axis { 1.0 } else { 0.0 }));
                let wall = if upper { self.bounds.hi[axis] } else { self.bounds.lo[axis] };
                Form::of(&slope, &Dyadic::from(-wall))
            }
            Origin::Hinge { unit, context } => {
                let (mut k, mut d) = (0, unit as usize);
                while d >= self.layers[k].n_units() {
                    d -= self.layers[k].n_units();
                    k += 1;
                }
                self.exact_hinge(context, k, d)
            }
        };
        self.exact_planes.insert(plane, form.clone());
        form
    }

    fn exact_hinge(&self, context: u32, k: usize, d: usize) -> Form<N> {
        let (slope, intercept) = self.exact_row(self.pattern(context), k, d);
        Form::of(&slope, &intercept)
    }

    /// Row `d` of layer `k` under a pattern of the layers before as a function of x, or of the coordinates of the slice: slopes and intercept.
    pub(super) fn exact_row(&self, pattern: &[u64], k: usize, d: usize) -> (Vec<Dyadic>, Dyadic) {
        let layer = &self.net.layers[k];
        let mut intercept = Dyadic::from(layer.beta[d]);
        let mut row: Vec<Dyadic> = layer.omega.row(d).iter().map(|&w| Dyadic::from(w)).collect();
        for l in (0..k).rev() {
            let gates = &pattern[self.n_words_below(l)..];
            let layer = &self.net.layers[l];
            let mut below = vec![Dyadic::default(); layer.n_inputs()];
            for (d, weight) in row.iter().enumerate() {
                let is_open = gates[d / 64] >> (d % 64) & 1 == 1;
                let g = weight.times(if is_open { 1.0 } else { self.closed_slope });
                if g.is_zero() {
                    continue;
                }
                intercept.add(&g.times(layer.beta[d]));
                below.iter_mut().zip(layer.omega.row(d).iter()).for_each(|(sum, &w)| sum.add(&g.times(w)));
            }
            row = below;
        }
        if let Some(slice) = &self.slice {
            let along = |direction: &Vec<f64>| {
                row.iter().zip(direction).fold(Dyadic::default(), |mut sum, (w, &x)| {
                    sum.add(&w.times(x));
                    sum
                })
            };
            intercept.add(&along(&slice.origin));
            row = slice.directions.iter().map(along).collect();
        }
        (row, intercept)
    }
}

impl<const N: usize> Plane<N> {
    /// The value at a point of the box, off by no more than the error.
    fn at(&self, u: [f64; N]) -> f64 {
        product(self.function.slope, u) + self.function.intercept
    }
}

/// The units of a mask, in their order.
pub(super) fn units_of(mask: &[u64]) -> impl Iterator<Item = usize> {
    mask.iter().enumerate().flat_map(|(w, &word)| {
        core::iter::successors(Some(word), |rest| Some(rest & rest.wrapping_sub(1)))
            .take_while(|&rest| rest != 0)
            .map(move |rest| 64 * w + rest.trailing_zeros() as usize)
    })
}

/// The point where planes meet and how far it may be off, or nothing when floating point leaves too much open.
fn meet<const N: usize>(planes: [&Plane<N>; N]) -> Option<([f64; N], f64)> {
    let cofactors = cofactors(planes.map(|plane| &plane.function.slope), &1.0);
    let inverse = -1.0 / product(planes[0].function.slope, cofactors[0]);
    let mut u = [0.0; N];
    for (plane, row) in planes.iter().zip(&cofactors) {
        for axis in 0..N {
            u[axis] += plane.function.intercept * row[axis];
        }
    }
    let u = u.map(|sum| sum * inverse);
    // How far the point is from each plane, times how far the point moves with that plane: columns of the inverse matrix.
    let (mut radius, mut reaches, mut error) = (0.0, 0.0, 0.0_f64);
    for (plane, row) in planes.iter().zip(&cofactors) {
        let reach = row.iter().fold(0.0, |most: f64, c| most.max(c.abs()));
        radius += reach * (plane.at(u).abs() + plane.error);
        reaches += reach;
        error = error.max(plane.error);
    }
    radius *= inverse.abs();
    // The inverse matrix itself comes from slopes that are off and a rounded determinant, whose terms are at most 1. As long as that
    // is a small part of it, the radius is right to the same part.
    let doubt = (error + 8.0 * U) * (3.0 + reaches) * inverse.abs();
    (doubt < 0.05 && radius < FARTHEST).then_some((u, 1.5 * radius + 4.0 * U))
}

/// The farthest that a vertex may be from where it is said to be, in half-widths of the box.
const FARTHEST: f64 = 3e-10;

/// Σ a_i b_i in one, two or three dimensions.
pub(super) fn product<const N: usize>(a: [f64; N], b: [f64; N]) -> f64 {
    (1..N).fold(a[0] * b[0], |sum, i| sum + a[i] * b[i])
}
