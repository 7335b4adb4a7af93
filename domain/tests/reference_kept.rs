//! Worlds that are worth deciding again on every run, against the slow decision (POLICY §4): the regression corpus.
//!
//! `reference/kept.txt` has a world a line, as the tape of numbers that it is read from. A world belongs there when the
//! decision and the reference once differed on it, or when it shows a rule that random worlds seldom reach.

use crate::compare;
use crate::slow;

use compare::{Counts, compare};
use domain::decide::{Decider, Ground, Obligation};
use proptest::test_runner::TestCaseError;
use slow::tape::Tape;
use slow::world::World;
use std::collections::BTreeSet;

const KEPT: &str = include_str!("reference/kept.txt");

/// A kept world by its name.
struct Kept {
    name: String,
    tape: Vec<u16>,
}

/// Lines of `name: 0*12 41944 …`; what follows the last number is zeros.
fn kept(text: &str) -> Vec<Kept> {
    let cells = |word: &str| -> Vec<u16> {
        let (number, times) = word.split_once('*').unwrap_or((word, "1"));
        let number = number.parse().expect("a number");
        vec![number; times.parse().expect("how many times")]
    };
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (name, tape) = line.split_once(':').expect("a name and a tape");
            Kept {
                name: name.to_owned(),
                tape: tape.split_whitespace().flat_map(cells).collect(),
            }
        })
        .collect()
}

/// The names of those that fail the check.
fn replay(kept: &[Kept], check: impl Fn(&World) -> Result<(), TestCaseError>) -> Vec<String> {
    kept.iter()
        .filter_map(|one| {
            let world = World::read(&mut Tape::new(&one.tape));
            let fault = check(&world).err()?;
            Some(format!("{}: {fault}", one.name))
        })
        .collect()
}

/// What a world shows.
fn shows(world: &World) -> BTreeSet<&'static str> {
    let permits = |world: &World| -> Vec<bool> {
        let decider = decider(world);
        let parts = world
            .items
            .iter()
            .flat_map(|item| item.parts.iter().map(move |part| (item, part)));
        parts
            .map(|(item, part)| decider.part(item, part).permits())
            .collect()
    };
    let opens = |other: &World| {
        let before = permits(world);
        before
            .iter()
            .zip(permits(other))
            .any(|(before, after)| !before && after)
    };
    let mut shown = BTreeSet::new();
    let decider = decider(world);
    for item in &world.items {
        for part in &item.parts {
            let decision = decider.part(item, part);
            for ground in &decision.basis {
                shown.insert(match ground {
                    Ground::Subject => "the patient",
                    Ground::Authority(_) => "a proxy",
                    Ground::Relationship(_) => "a care relationship",
                    Ground::Program(_) => "inside the program",
                    Ground::Emergency(_) => "an emergency",
                    Ground::Consent(..) => "a consent",
                    Ground::Review(_) => "a review",
                });
            }
            let consents = |ground: &&Ground| matches!(ground, Ground::Consent(..));
            if decision.basis.iter().filter(consents).count() > 1 {
                shown.insert("two consents for one part");
            }
            for (obligation, what) in [
                (Obligation::StepUp, "a second factor first"),
                (Obligation::AskNoFurtherUse, "a restriction that yields"),
                (Obligation::Notice, "a notice"),
            ] {
                if decision.obligations.has(obligation) {
                    shown.insert(what);
                }
            }
        }
    }
    let mut other = world.clone();
    other.state.restrictions.clear();
    if opens(&other) {
        shown.insert("a restriction that binds");
    }
    let mut other = world.clone();
    other.now -= chrono::TimeDelta::microseconds(1);
    if opens(&other) {
        shown.insert("an end that has just come");
    }
    let mut other = world.clone();
    other.state.unreadable = false;
    if opens(&other) {
        shown.insert("an unreadable state");
    }
    let mut other = world.clone();
    other.state.last_entry = None;
    if opens(&other) {
        shown.insert("a clock before the last entry");
    }
    shown
}

fn decider(world: &World) -> Decider<'_> {
    Decider::new(
        &world.viewer,
        world.action,
        world.purpose,
        world.now,
        &world.state,
    )
}

/// Everything that [`shows`] knows.
const ALL: [&str; 15] = [
    "a care relationship",
    "a clock before the last entry",
    "a consent",
    "a notice",
    "a proxy",
    "a restriction that binds",
    "a restriction that yields",
    "a review",
    "a second factor first",
    "an emergency",
    "an end that has just come",
    "an unreadable state",
    "inside the program",
    "the patient",
    "two consents for one part",
];

/// POLICY §4: on every kept world the decision is that of the reference.
#[test]
fn kept_worlds_are_decided_alike() {
    let counts = Counts::default();
    let differ = replay(&kept(KEPT), |world| compare(world, &counts));
    assert!(differ.is_empty(), "{differ:#?}");
    let (permits, denies) = (counts.permits.get(), counts.denies.get());
    assert!(
        permits >= 12 && denies >= 4,
        "{permits} permits, {denies} denies"
    );
}

/// The corpus is replayed and reaches what it is kept for. When the reading of tapes changes, a world may turn into
/// another one: then keep others.
#[test]
fn kept_worlds_show_what_they_are_kept_for() {
    let all = kept(KEPT);
    assert!(all.len() >= ALL.len());
    let mut shown = BTreeSet::new();
    for one in &all {
        shown.extend(shows(&World::read(&mut Tape::new(&one.tape))));
    }
    let lost: Vec<_> = ALL.iter().filter(|what| !shown.contains(*what)).collect();
    assert!(lost.is_empty(), "no kept world shows {lost:?}");
}

/// A decision that goes wrong on a kept world is told, with the name of the world: here, one that knows no emergency.
#[test]
fn a_world_that_differs_is_told_by_its_name() {
    let differ = replay(&kept(KEPT), |world| {
        if shows(world).contains("an emergency") {
            return Err(TestCaseError::fail("no emergency"));
        }
        Ok(())
    });
    assert!(
        differ.iter().any(|told| told.starts_with("an emergency: ")),
        "{differ:?}"
    );
}
