//! The size of a run: small by default, larger with environment variables.

use proptest::test_runner::{Config, RngSeed};

/// Number of cases. Each starts with an empty site.
const CASES: (&str, u32) = ("TINTERO_TEST_CASES", 8);

/// Number of steps per case.
const STEPS: (&str, usize) = ("TINTERO_TEST_STEPS", 90);

/// Seed of an earlier run, to repeat it.
const SEED: &str = "TINTERO_TEST_SEED";

/// The default seed is fixed, so that a run without variables is deterministic. A run with more cases
/// uses a random seed.
const DAILY: u64 = 20_261_122;

pub(super) fn steps() -> std::ops::RangeInclusive<usize> {
    let (name, usual) = STEPS;
    let most = wanted(name).unwrap_or(usual).max(1);
    most / 2 + 1..=most
}

/// The configuration of `proptest`, without a file of failed cases.
pub(super) fn config() -> Config {
    let (name, usual) = CASES;
    let seed = *seed();
    Config {
        cases: wanted(name).unwrap_or(usual),
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 2_000,
        max_shrink_time: 60_000,
        max_local_rejects: u32::MAX,
        ..Config::default()
    }
}

/// Describes the run, for failure messages.
fn seed() -> &'static u64 {
    static CHOSEN: std::sync::LazyLock<u64> = std::sync::LazyLock::new(|| {
        let is_daily = wanted::<u32>(CASES.0).is_none();
        let usual = || if is_daily { DAILY } else { rand::random() };
        let seed = wanted(SEED).unwrap_or_else(usual);
        say(&format!("{SEED}={seed} repeats this run"));
        seed
    });
    &CHOSEN
}

#[expect(
    clippy::print_stderr,
    reason = "the harness shows it when the run fails"
)]
fn say(line: &str) {
    eprintln!("{line}");
}

fn wanted<T: std::str::FromStr>(name: &str) -> Option<T> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no configuration but their environment"
    )]
    let wanted = std::env::var(name);
    wanted.ok()?.parse().ok()
}
