//! Crowds that do anything at any moment. The seeds are fixed; `SIM_SEEDS=1000` runs that many, `SIM_SEED=7` that one.

use chat_sim::run_seed;

/// Enough to meet every command in most states; more only find what is rare.
const SEEDS: u64 = 60;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn whatever_a_crowd_does_the_promises_hold() {
    let seeds = match number("SIM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SIM_SEEDS").unwrap_or(SEEDS),
    };
    for seed in seeds {
        if let Err(failure) = run_seed(seed) {
            panic!("{failure}");
        }
    }
}
