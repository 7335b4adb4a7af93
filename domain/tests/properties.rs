//! Properties of the decision that hold in every world (POLICY §4, §6).
//!
//! 3,000 worlds for each; `PROPTEST_CASES` says how many.

use crate::slow;

use chrono::TimeDelta;
use domain::consent::{Consent, ConsentKind, ConsentState, Expiry};
use domain::decide::{Decider, Decision, Ground};
use domain::id::ConsentId;
use domain::item::KindSet;
use domain::label::{ALL, Label, LabelSet};
use domain::party::Role;
use domain::purpose::Purpose;
use domain::state::{Restriction, RestrictionState};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};
use slow::tape::Tape;
use slow::world::{World, instant};
use uuid::Uuid;

/// Runs a property on random worlds; the tape goes on after the world, for what the property itself draws.
fn holds(property: impl Fn(World, &mut Tape<'_>) -> Result<(), TestCaseError>) {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(3_000);
    let config = Config {
        cases,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "proptest-regressions/properties.txt",
        ))),
        ..Config::default()
    };
    let tapes = prop::collection::vec(any::<u16>(), 320);
    TestRunner::new(config)
        .run(&tapes, |cells| {
            let mut tape = Tape::new(&cells);
            let world = World::read(&mut tape);
            property(world, &mut tape)
        })
        .unwrap();
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

fn decisions(world: &World) -> Vec<Decision> {
    let decider = decider(world);
    world
        .items
        .iter()
        .flat_map(|item| {
            item.parts
                .iter()
                .map(|part| decider.part(item, part))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Nothing that was denied before is permitted after.
fn only_denies(before: &World, after: &World) -> Result<(), TestCaseError> {
    for (before, after) in decisions(before).into_iter().zip(decisions(after)) {
        prop_assert!(
            before.permits() || !after.permits(),
            "a deny became a permit"
        );
    }
    Ok(())
}

/// POLICY §4.2: adding a restriction never permits.
#[test]
fn a_restriction_never_permits() {
    holds(|world, tape| {
        let mut after = world.clone();
        after.state.restrictions.push(Restriction {
            id: domain::id::RestrictionId(Uuid::from_u128(0x6ff)),
            recipients: Vec::new(),
            labels: slow::world::part_labels(tape),
            items: Vec::new(),
            billing: Vec::new(),
            paid_in_full: false,
            state: RestrictionState::Agreed { at: instant(0) },
            span: domain::party::Span {
                from: instant(0),
                until: None,
            },
        });
        only_denies(&world, &after)
    });
}

/// POLICY §3: excluding a label, an item or a kind of item never permits.
#[test]
fn an_exclusion_never_permits() {
    holds(|world, tape| {
        let mut after = world.clone();
        for standing in &mut after.state.consents {
            let what = &mut standing.consent.terms.what;
            match tape.below(4) {
                0 => what.exclude = what.exclude.with(tape.pick(&ALL)),
                1 => what.items_excluded.push(world.items[0].id),
                2 if what.kinds.has(world.items[0].kind) => {
                    what.kinds = KindSet::of([world.items[0].kind]);
                }
                2 => what.kinds = KindSet::EMPTY,
                _ => {
                    what.existing_at = Some(what.existing_at.unwrap_or(instant(0)).min(instant(0)));
                }
            }
        }
        only_denies(&world, &after)
    });
}

/// POLICY §4.7: removing a consent never permits, nor does removing a relationship or a membership.
#[test]
fn removing_what_permits_never_permits() {
    holds(|world, tape| {
        let mut after = world.clone();
        if !after.state.consents.is_empty() {
            let at = tape.below(after.state.consents.len());
            after.state.consents.remove(at);
        }
        only_denies(&world, &after)?;
        if !after.state.relationships.is_empty() {
            after.state.relationships.remove(0);
        }
        only_denies(&world, &after)
    });
}

/// LAW A11, A12: what rests on a consent does so only while it is active; revoked, suspended, superseded or ended at an
/// instant, it permits nothing from that instant.
#[test]
fn an_ended_consent_permits_nothing() {
    holds(|world, tape| {
        let at = world.now;
        let mut after = world.clone();
        let ended: Vec<ConsentId> = after
            .state
            .consents
            .iter()
            .map(|one| one.consent.id)
            .collect();
        for standing in &mut after.state.consents {
            if standing.state == ConsentState::Active {
                standing.state = match tape.below(4) {
                    0 => standing.state.revoke(at).unwrap(),
                    1 => standing.state.suspend(at).unwrap(),
                    2 => standing
                        .state
                        .supersede(at, ConsentId(Uuid::from_u128(0x8ff)))
                        .unwrap(),
                    _ => standing.state.end(at).unwrap(),
                };
            }
        }
        for later in [
            TimeDelta::zero(),
            TimeDelta::microseconds(1),
            TimeDelta::hours(3),
        ] {
            after.now = at + later;
            for decision in decisions(&after) {
                let rests = decision
                    .basis
                    .iter()
                    .any(|ground| matches!(ground, Ground::Consent(id, _) if ended.contains(id)));
                prop_assert!(!rests);
            }
        }
        after.now = at;
        only_denies(&world, &after)
    });
}

/// LAW A6, A11: a consent is in force at its first instant, not before; before its last, not at it. The world's other
/// instants stay as they are.
#[test]
fn expiry_is_exact_to_the_microsecond() {
    holds(|world, _| {
        let tick = TimeDelta::microseconds(1);
        for standing in &world.state.consents {
            let (consent, mut after) = (&standing.consent, world.clone());
            let Some(Expiry::At(end)) = consent.terms.expiry else {
                continue;
            };
            let rests = |world: &World| {
                decisions(world).iter().any(|decision| {
                    decision
                        .basis
                        .iter()
                        .any(|ground| matches!(ground, Ground::Consent(id, _) if *id == consent.id))
                })
            };
            let first = consent.terms.start.max(consent.complete_at());
            for outside in [end, end + tick, first - tick] {
                after.now = outside;
                prop_assert!(!rests(&after));
            }
            // Inside, the last tick is as good as any, unless something else of the world ends there.
            let quiet = |at| standing.standing(at) == domain::consent::Standing::Active;
            if first < end {
                prop_assert!(
                    !matches!(standing.state, ConsentState::Active)
                        || !consent.is_sound()
                        || quiet(first)
                );
                prop_assert!(
                    !matches!(standing.state, ConsentState::Active)
                        || !consent.is_sound()
                        || quiet(end - tick)
                );
            }
        }
        Ok(())
    });
}

/// POLICY §2: naming the parent opens whatever naming one of its children opened; excluding it closes as much.
#[test]
fn a_parent_reaches_as_far_as_its_children() {
    holds(|world, _| {
        let mut wider = world.clone();
        let mut narrower = world.clone();
        for (wide, narrow) in wider
            .state
            .consents
            .iter_mut()
            .zip(&mut narrower.state.consents)
        {
            let what = &mut wide.consent.terms.what;
            what.include = what.include.with_parents();
            let what = &mut narrow.consent.terms.what;
            what.exclude = what.exclude.with_parents();
        }
        only_denies(&wider, &world)?;
        only_denies(&world, &narrower)
    });
}

/// POLICY §4.7: one more segment, law, wish or doubt on a labelled part never permits more. (A part without any label
/// is "general health", which is a segment of its own; a separated note and the minor's mark change whose consent
/// counts, and are left out for that reason.)
#[test]
fn more_labels_never_permit_more() {
    let substantial = LabelSet::SEGMENTS
        .without(Label::General)
        .join(LabelSet::NOTES)
        .with(Label::Part2);
    let changing = LabelSet::NOTES.with(Label::MinorConsented);
    holds(move |world, tape| {
        let mut after = world.clone();
        for item in &mut after.items {
            for part in &mut item.parts {
                let more = tape.pick(&ALL);
                if part.labels.overlaps(substantial) && !changing.has(more) {
                    part.labels = part.labels.with(more);
                }
            }
        }
        only_denies(&world, &after)
    });
}

/// POLICY §4: the order in which things are kept changes nothing, not even the order of the basis.
#[test]
fn order_changes_nothing() {
    fn shuffle<T>(list: &mut [T], tape: &mut Tape<'_>) {
        for at in (1..list.len()).rev() {
            list.swap(at, tape.below(at + 1));
        }
    }
    holds(|world, tape| {
        let mut after = world.clone();
        let state = &mut after.state;
        shuffle(&mut state.consents, tape);
        shuffle(&mut state.relationships, tape);
        shuffle(&mut state.restrictions, tape);
        shuffle(&mut state.authorities, tape);
        shuffle(&mut state.emergencies, tape);
        shuffle(&mut state.programs, tape);
        shuffle(&mut state.under_review, tape);
        shuffle(&mut after.viewer.memberships, tape);
        for standing in &mut after.state.consents {
            shuffle(&mut standing.consent.terms.to, tape);
        }
        prop_assert_eq!(decisions(&world), decisions(&after));
        let permits = |world: &World| {
            let decider = decider(world);
            world
                .items
                .iter()
                .map(|item| decider.permit(item))
                .collect::<Vec<_>>()
        };
        prop_assert_eq!(permits(&world), permits(&after));
        prop_assert_eq!(
            decider(&world).has_standing(),
            decider(&after).has_standing()
        );
        Ok(())
    });
}

/// POLICY §4, "any error on the way": unreadable state, an unknown label, a clock before the last entry.
#[test]
fn errors_deny() {
    holds(|world, _| {
        let mut after = world.clone();
        after.state.unreadable = true;
        if world.viewer.role != Role::Patient {
            prop_assert!(decisions(&after).iter().all(|decision| !decision.permits()));
            prop_assert!(!decider(&after).has_standing());
        }
        let mut after = world.clone();
        after.state.last_entry = Some(world.now + TimeDelta::microseconds(1));
        prop_assert!(decisions(&after).iter().all(|decision| !decision.permits()));
        prop_assert!(!decider(&after).has_standing());
        let mut after = world.clone();
        for part in after.items.iter_mut().flat_map(|item| &mut item.parts) {
            part.labels = part.labels.join(slow::world::unreadable());
        }
        prop_assert!(decisions(&after).iter().all(|decision| !decision.permits()));
        Ok(())
    });
}

/// POLICY §5: whether somebody may open the chart at all is known without looking into it, and never less than what is
/// inside.
#[test]
fn standing_comes_before_content() {
    holds(|world, _| {
        if decisions(&world).iter().any(Decision::permits) {
            prop_assert!(decider(&world).has_standing());
        }
        Ok(())
    });
}

/// POLICY §1: permit, labels and parts tell one story.
#[test]
fn permit_labels_and_parts_agree() {
    holds(|world, _| {
        let decider = decider(&world);
        for item in &world.items {
            let permit = decider.permit(item);
            prop_assert_eq!(
                permit.as_ref().map(domain::decide::Permit::labels),
                decider.labels(item)
            );
            let identified = item
                .identifying
                .iter()
                .any(|at| decider.part(item, &item.parts[usize::from(*at)]).permits());
            prop_assert_eq!(permit.is_some(), identified);
            let Some(permit) = permit else { continue };
            for (index, part) in item.parts.iter().enumerate() {
                prop_assert_eq!(permit.allows(index), decider.part(item, part).permits());
            }
            prop_assert_eq!(permit.epoch(), world.state.epoch);
            prop_assert!(!permit.basis().is_empty());
            let nothing = decider.permit_of(item, |_| false).unwrap();
            prop_assert!(
                nothing.basis().is_empty() && nothing.labels().is_empty() && !nothing.is_whole()
            );
        }
        Ok(())
    });
}

/// LAW A10, A13, B4: for proceedings and criminal justice nobody is permitted anything but on a consent of that kind.
#[test]
fn proceedings_rest_on_their_own_consents() {
    holds(|mut world, tape| {
        let (purpose, kind) = tape.pick(&[
            (Purpose::Legal, ConsentKind::Legal),
            (Purpose::CriminalJustice, ConsentKind::CriminalJustice),
        ]);
        world.purpose = purpose;
        if matches!(world.viewer.role, Role::Patient | Role::Proxy) {
            return Ok(());
        }
        for decision in decisions(&world) {
            for ground in decision.basis {
                let Ground::Consent(id, _) = ground else {
                    return Err(TestCaseError::fail("rests on something else"));
                };
                let standing = world
                    .state
                    .consents
                    .iter()
                    .find(|one| one.consent.id == id)
                    .unwrap();
                prop_assert_eq!(standing.consent.terms.kind, kind);
            }
        }
        Ok(())
    });
}

/// LAW A11: a stored consent that lost a member, or got one that nobody knows, is not read or permits no more.
#[test]
fn a_damaged_consent_permits_no_more() {
    fn paths(value: &serde_json::Value, at: &str, out: &mut Vec<String>) {
        if let Some(map) = value.as_object() {
            for (name, value) in map {
                let path = format!("{at}/{name}");
                paths(value, &path, out);
                out.push(path);
            }
        }
    }
    holds(|world, tape| {
        if world.state.consents.is_empty() {
            return Ok(());
        }
        let at = tape.below(world.state.consents.len());
        let stored = serde_json::to_value(&world.state.consents[at].consent).unwrap();
        let mut members = Vec::new();
        paths(&stored, "", &mut members);
        let path = &members[tape.below(members.len())];
        let (parent, name) = path.rsplit_once('/').unwrap();
        for damage in 0..3 {
            let mut damaged = stored.clone();
            let map = damaged
                .pointer_mut(parent)
                .unwrap()
                .as_object_mut()
                .unwrap();
            match damage {
                0 => drop(map.remove(name)),
                1 => drop(map.insert("another".to_owned(), serde_json::json!(1))),
                _ => drop(map.insert(name.to_owned(), serde_json::json!({"odd": []}))),
            }
            // Unreadable: the store marks the whole state so, and that denies.
            if let Ok(consent) = serde_json::from_value::<Consent>(damaged) {
                let before = &world.state.consents[at].consent;
                if before.countersignature().is_some() && consent.countersignature().is_none() {
                    // Without its second signature it is a whole consent that may be in force earlier. Only the digest,
                    // which the server signed, tells that one was lost.
                    prop_assert!(consent.digest() != before.digest());
                    continue;
                }
                let mut after = world.clone();
                after.state.consents[at].consent = consent;
                only_denies(&world, &after)?;
            }
        }
        Ok(())
    });
}
