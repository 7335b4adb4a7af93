//! The decision beside the slow one, on one world.

use super::slow::{self, world::World};
use domain::decide::{Action, Decider, Ground};
use domain::label::{Label, LabelSet};
use domain::party::Role;
use proptest::prelude::*;
use std::cell::Cell;

/// What was decided, over all worlds.
#[derive(Default)]
pub struct Counts {
    pub permits: Cell<u32>,
    pub denies: Cell<u32>,
    pub by_consent: Cell<u32>,
    pub labelled: Cell<u32>,
    pub in_review: Cell<u32>,
}

fn count(cell: &Cell<u32>) {
    cell.set(cell.get() + 1);
}

/// Every part of the world, decided by both: effect, the labels that consents covered, and obligations.
pub fn compare(world: &World, counts: &Counts) -> Result<(), TestCaseError> {
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
