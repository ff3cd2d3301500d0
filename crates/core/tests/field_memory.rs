//! How often the training of a field allocates, counted by an allocator that counts.
#![cfg(not(target_family = "wasm"))]

use piecewise_core::field::{
    Architecture, Field, FieldInitialization, FieldSettings, FieldTraining, Grid, Picture, Samples,
};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

// One test alone, since allocations are counted for the whole process.
#[test]
fn memory_stays_flat_over_ten_thousand_steps_which_allocate_nothing_once_the_history_is_full() {
    let profiler = dhat::Profiler::builder().testing().build();
    for (architecture, batch_size) in [
        (Architecture::relu(2, 8), None),
        (Architecture { layer_norm: true, residual: true, ..Architecture::siren(3, 9) }, Some(50)),
    ] {
        let samples = Samples::new(&Picture::Rectangles.draw(16, 16).expect("a size"), Grid::Aligned);
        let field = Field::new(architecture, FieldInitialization::He, 0);
        let settings = FieldSettings { batch_size, ..FieldSettings::adam(1e-3) };
        let mut training = FieldTraining::new(field, samples, settings, 0).with_shards(2);
        // Twice as many states as are kept of the last steps and again of older ones.
        training.advance_to(512, u64::MAX).expect("small steps");
        let before = dhat::HeapStats::get();
        training.advance_to(10_000, u64::MAX).expect("small steps");
        let after = dhat::HeapStats::get();
        assert_eq!(after.total_blocks - before.total_blocks, 0, "{architecture:?}");
        assert_eq!(after.curr_bytes, before.curr_bytes, "{architecture:?}");
    }
    drop(profiler);
}
