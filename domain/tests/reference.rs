//! The decision against a second, slow and obvious one (POLICY §4), on random worlds.
//!
//! 100,000 worlds by default; `PROPTEST_CASES` says how many. A world that differs is written to
//! `proptest-regressions/` and tried first from then on; worlds worth keeping are in `reference/kept.txt`.

use crate::compare;
use crate::slow;

use compare::{Counts, compare};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};
use slow::tape::Tape;
use slow::world::World;

fn config() -> Config {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(100_000);
    Config {
        cases,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "proptest-regressions/reference.txt",
        ))),
        ..Config::default()
    }
}

/// POLICY §4, every rule: effect, the labels that consents covered, and obligations are those of the reference.
#[test]
fn the_decision_is_the_obvious_one() {
    let counts = Counts::default();
    let tapes = prop::collection::vec(any::<u16>(), 260);
    TestRunner::new(config())
        .run(&tapes, |cells| {
            let world = World::read(&mut Tape::new(&cells));
            compare(&world, &counts)
        })
        .unwrap();
    let (permits, denies) = (counts.permits.get(), counts.denies.get());
    let all = permits + denies;
    eprintln!(
        "{all} decisions: {permits} permits ({} of labelled parts, {} with consent), {denies} denies",
        counts.labelled.get(),
        counts.by_consent.get()
    );
    // Worlds in which everything is denied would prove little.
    if all > 1_000 {
        assert!(permits * 6 > all, "too few permits");
        assert!(
            counts.labelled.get() * 10 > all,
            "too few permits of labelled parts"
        );
        assert!(
            counts.by_consent.get() * 14 > all,
            "too few permits on consent"
        );
        assert!(denies * 4 > all, "too few denies");
        assert!(
            counts.in_review.get() * 100 > all,
            "too few permits to review"
        );
    }
}
