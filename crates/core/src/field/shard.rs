use core::ops::Range;

use super::pass::CHUNK;

/// The part of a batch that shard `shard` of `n_shards` looks at, as places in the batch: whole chunks of [`CHUNK`] samples, as evenly as that
/// goes. Which worker computes a shard changes nothing; how many shards there are changes the order of sums, and so the last bits.
///
/// ```
/// use piecewise_core::field::shard_of;
/// assert_eq!([0, 1].map(|shard| shard_of(700, shard, 2)), [0..384, 384..700]);
/// assert_eq!([0, 1, 2].map(|shard| shard_of(100, shard, 3).len()), [0, 0, 100]);
/// ```
///
/// # Panics
/// When there is no such shard.
pub fn shard_of(n_samples: usize, shard: usize, n_shards: usize) -> Range<usize> {
    assert!(shard < n_shards, "there are {n_shards} shards");
    let n_chunks = n_samples.div_ceil(CHUNK);
    let at = |shard: usize| (n_chunks * shard / n_shards * CHUNK).min(n_samples);
    at(shard)..at(shard + 1)
}

/// Adds a shard's gradient to the sum of those before it; the first one is the sum. Shards are to come in their order.
pub fn reduce(sum: &mut [f32], gradient: &[f32], is_first: bool) {
    if is_first {
        sum.copy_from_slice(gradient);
    } else {
        for (sum, slope) in sum.iter_mut().zip(gradient) {
            *sum += slope;
        }
    }
}
