//! The configuration of tests against a model.

use proptest::{prelude::ProptestConfig, test_runner::RngSeed};

/// A number of random sequences. The seed is fixed, so that a run is deterministic.
pub(crate) fn sequences(cases: u32, seed: u64) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    }
}
