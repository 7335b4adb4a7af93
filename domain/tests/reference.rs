//! The decision against a second, slow and obvious one (POLICY §4), on random worlds.
//!
//! 100,000 worlds by default; `PROPTEST_CASES` says how many. Worlds that once differed are kept in
//! `proptest-regressions/`.

#[path = "reference/mod.rs"]
mod slow;

use domain::decide::{Action, Decider, Ground};
use domain::label::{Label, LabelSet};
use domain::party::Role;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};
use slow::tape::Tape;
use slow::world::World;
use std::cell::Cell;

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

#[derive(Default)]
struct Counts {
    permits: Cell<u32>,
    denies: Cell<u32>,
    by_consent: Cell<u32>,
    labelled: Cell<u32>,
    in_review: Cell<u32>,
}

fn count(cell: &Cell<u32>) {
    cell.set(cell.get() + 1);
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

fn compare(world: &World, counts: &Counts) -> Result<(), TestCaseError> {
    let decider = Decider::new(
        &world.viewer,
        world.action,
        world.purpose,
        world.now,
        &world.state,
    );
    for item in &world.items {
        for part in &item.parts {
            let decision = decider.part(item, part);
            let question = slow::Question {
                viewer: &world.viewer,
                item,
                part,
                action: world.action,
                purpose: world.purpose,
                now: world.now,
                state: &world.state,
            };
            let verdict = slow::decide(&question);
            let mut covered = LabelSet::EMPTY;
            for ground in &decision.basis {
                if let Ground::Consent(_, labels) = ground {
                    covered = covered.join(*labels);
                }
            }
            let mut names: slow::Names = covered.iter().map(Label::name).collect();
            names.sort_unstable();
            let mut obligations: slow::Names = decision.obligations.names().collect();
            obligations.sort_unstable();
            let labels = slow::names(part.labels);
            prop_assert_eq!(
                decision.permits(),
                verdict.permits,
                "effect, labels {:?}",
                &labels
            );
            prop_assert_eq!(&names, &verdict.covered, "covered, labels {:?}", &labels);
            prop_assert_eq!(
                &obligations,
                &verdict.obligations,
                "obligations, labels {:?}",
                &labels
            );
            // A permit rests on something, a deny on nothing; the basis is sorted and says nothing twice.
            prop_assert_eq!(decision.permits(), !decision.basis.is_empty());
            prop_assert!(
                decision.basis.windows(2).all(|two| two[0] < two[1]),
                "basis is canonical"
            );
            if decision.permits() {
                count(&counts.permits);
                if world.action == Action::Review {
                    prop_assert_eq!(world.viewer.role, Role::PrivacyOfficer);
                    count(&counts.in_review);
                }
                if !part.labels.is_ordinary() {
                    count(&counts.labelled);
                }
                if !covered.is_empty() {
                    count(&counts.by_consent);
                }
            } else {
                count(&counts.denies);
            }
        }
    }
    Ok(())
}
