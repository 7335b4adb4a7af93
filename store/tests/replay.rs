//! Every disclosure is decided again from the ledger alone (POLICY §6, LAW F3): one without a basis is found, also when it
//! is well linked, well sealed, and the running code let it through.

use crate::world::{World, stamp_of};
use chrono::TimeDelta;
use domain::clock::Clock;
use domain::consent::Recipient;
use domain::decide::{Ground, Obligations};
use domain::id::{OrganizationId, PersonId, RelationshipId};
use domain::label::{Label, LabelSet};
use domain::party::{Membership, Party, Relationship, RelationshipKind, Role, Span, Viewer};
use store::{
    Chain, DisclosedItem, Event, Fault, FaultKind, HistoryQuery, PersonRecord, Stamp, VerifyReport,
};
use uuid::Uuid;

const SYSTEM: &Stamp = &Stamp::SYSTEM;

/// A patient who consented to a clinician, who looked.
async fn looked_at() -> World {
    let world = World::new().await;
    let labels = LabelSet::of([Label::Opioids, Label::General]);
    let consent = world.consent(labels, world.in_a_year());
    let signer = world.as_subject().1;
    let signed = world
        .store()
        .sign_consent(&signer, consent, store::testing::document());
    signed.await.unwrap();
    let (viewer, stamp) = world.as_clinician();
    look(&world, &viewer, &stamp).await;
    world
}

async fn look(world: &World, viewer: &Viewer, stamp: &Stamp) {
    let chart = world.chart().await;
    let (permits, sealed) = world.permits(viewer, &chart).await;
    assert!(!permits.is_empty(), "there is something to see");
    let _receipt = world
        .store()
        .disclose(stamp, permits, &sealed)
        .await
        .unwrap();
}

async fn verify(world: &World) -> VerifyReport {
    world.store().verify(|_, _| {}).await.unwrap()
}

/// The newest disclosure.
async fn newest(world: &World) -> Event {
    let history = world
        .store()
        .history(world.patient, HistoryQuery::default());
    let entries = history.await.unwrap();
    let disclosed = entries
        .into_iter()
        .find(|entry| matches!(entry.body.event, Event::Disclosed { .. }));
    disclosed.unwrap().body.event
}

/// Writes a disclosure past every check, and says what is wrong with that very entry.
async fn forged(world: &World, stamp: &Stamp, event: Event) -> Vec<FaultKind> {
    let chain = Chain::Patient(world.patient);
    let committed = world.store().append(stamp, chain, event).await.unwrap();
    let report = verify(world).await;
    let here = |fault: &Fault| fault.seq == committed.seq && fault.chain == world.patient.0;
    assert!(report.faults.iter().all(here), "nothing else is wrong");
    report.faults.iter().map(|fault| fault.what).collect()
}

fn changed(event: &Event, change: impl FnOnce(&mut Vec<DisclosedItem>, &mut Vec<Ground>)) -> Event {
    let mut event = event.clone();
    if let Event::Disclosed { items, basis, .. } = &mut event {
        change(items, basis);
    }
    event
}

/// What was decided by the rules is allowed by them again: the clinician's look on a consent, the patient's own, and
/// both stay so after the consent has ended.
#[tokio::test]
async fn an_honest_look_is_decided_alike_again() {
    let world = looked_at().await;
    let (viewer, stamp) = world.as_subject();
    look(&world, &viewer, &stamp).await;
    let report = verify(&world).await;
    assert_eq!(report.faults, vec![]);
    assert_eq!((report.replayed, report.too_old), (2, 0));
    let consents = world.store().consents(world.patient).await.unwrap();
    let consent = consents[0].consent.id;
    let revoked = world.store().revoke_consent(&stamp, world.patient, consent);
    revoked.await.unwrap();
    assert_eq!(verify(&world).await.faults, vec![]);
}

/// LAW F3: a look whose grounds never end, such as being the patient, is no other person's. No link, no epoch and no
/// ground that ended tells it: only deciding again does.
#[tokio::test]
async fn a_look_as_somebody_else_is_found() {
    let world = looked_at().await;
    let (viewer, stamp) = world.as_subject();
    look(&world, &viewer, &stamp).await;
    let own = newest(&world).await;
    let faults = forged(&world, &world.as_clinician().1, own.clone()).await;
    assert_eq!(faults, vec![FaultKind::Undecided]);
}

/// LAW F3: on a consent that is in force, by a person whom it does not name.
#[tokio::test]
async fn a_consent_opens_nothing_to_others() {
    let world = looked_at().await;
    let other = stamp_of(PersonId::derived("test", "Practitioner/9"), Role::Clinician);
    let faults = forged(&world, &other, newest(&world).await).await;
    assert_eq!(faults, vec![FaultKind::Undecided]);
}

/// LAW F3: by the person whom it names, and of more than it covers.
#[tokio::test]
async fn a_part_more_than_the_consent_covers_is_found() {
    let world = looked_at().await;
    let event = changed(&newest(&world).await, |items, _| {
        items[0].parts = vec![0b111];
    });
    let faults = forged(&world, &world.as_clinician().1, event).await;
    assert_eq!(faults, vec![FaultKind::Undecided]);
}

/// LAW F3, B1: on other grounds, and without what goes with it.
#[tokio::test]
async fn other_grounds_and_fewer_obligations_are_found() {
    let world = looked_at().await;
    let event = newest(&world).await;
    let stamp = world.as_clinician().1;
    let other = changed(&event, |_, basis| *basis = vec![Ground::Subject]);
    assert_eq!(
        forged(&world, &stamp, other).await,
        vec![FaultKind::OtherGrounds]
    );
    let world = looked_at().await;
    let mut fewer = newest(&world).await;
    if let Event::Disclosed { obligations, .. } = &mut fewer {
        assert!(*obligations != Obligations::LOG);
        *obligations = Obligations::LOG;
    }
    assert_eq!(
        forged(&world, &stamp, fewer).await,
        vec![FaultKind::OtherGrounds]
    );
}

/// POLICY §6: what was decided long ago is not disclosed now, though nothing that it names was changed: a birthday or the end
/// of a role may lie in between.
#[tokio::test]
async fn a_decision_of_another_time_is_found() {
    for away in [TimeDelta::hours(3), TimeDelta::hours(-3)] {
        let world = looked_at().await;
        let mut kept = newest(&world).await;
        world.temp.clock.advance(TimeDelta::hours(6));
        let now = world.temp.clock.now();
        if let Event::Disclosed { decided_at, .. } = &mut kept {
            *decided_at = now - away;
        }
        let stamp = world.as_clinician().1;
        assert_eq!(forged(&world, &stamp, kept).await, vec![FaultKind::Facts]);
    }
}

/// A disclosure that does not say what it rested on can't be decided again: that is a fault, not an excuse.
#[tokio::test]
async fn a_disclosure_without_its_facts_is_found() {
    let world = looked_at().await;
    let mut bare = newest(&world).await;
    if let Event::Disclosed { facts, .. } = &mut bare {
        *facts = None;
    }
    let stamp = world.as_clinician().1;
    assert_eq!(forged(&world, &stamp, bare).await, vec![FaultKind::Facts]);
    let world = looked_at().await;
    let labels = changed(&newest(&world).await, |items, _| {
        items[0].labels = LabelSet::EMPTY;
    });
    assert_eq!(forged(&world, &stamp, labels).await, vec![FaultKind::Facts]);
}

/// LAW A1, F3: a consent that is said to be signed and is not the one that is kept.
#[tokio::test]
async fn a_consent_that_was_never_signed_is_found() {
    let world = looked_at().await;
    let consent = world.consent(LabelSet::SEGMENTS, world.in_a_year());
    let event = Event::ConsentSigned {
        consent: consent.id,
        version: consent.version,
        digest: consent.digest(),
        start: consent.terms.start,
        ends: None,
    };
    let chain = Chain::Patient(world.patient);
    let stamp = world.as_subject().1;
    let written = world.store().append(&stamp, chain, event).await.unwrap();
    let report = verify(&world).await;
    assert!(report.faults.contains(&Fault {
        chain: world.patient.0,
        seq: written.seq,
        what: FaultKind::ConsentText,
    }));
}

/// A clinician of a hospital that treats the patient, and their membership.
async fn employed() -> (World, Viewer, Stamp) {
    let world = World::new().await;
    let span = Span {
        from: world.temp.clock.now(),
        until: None,
    };
    let mut person = PersonRecord::named(world.clinician, "Ignatius Featherstonehaugh");
    person.memberships.push(Membership {
        organization: world.hospital,
        role: Role::Clinician,
        span,
    });
    world
        .store()
        .put_person(SYSTEM, person.clone())
        .await
        .unwrap();
    let mut consent = world.consent(
        LabelSet::of([Label::Opioids, Label::General]),
        world.in_a_year(),
    );
    consent.terms.to = vec![Recipient::Organization(world.hospital)];
    let consent = domain::consent::Consent::sign(
        consent.id,
        None,
        consent.terms.clone(),
        consent.signature.clone(),
    )
    .unwrap();
    let signer = world.as_subject().1;
    let signed = world
        .store()
        .sign_consent(&signer, consent, store::testing::document());
    signed.await.unwrap();
    let (mut viewer, stamp) = world.as_clinician();
    viewer.memberships = person.memberships;
    look(&world, &viewer, &stamp).await;
    (world, viewer, stamp)
}

/// POLICY §6: roles count as they stood at the place in the order, and end there.
#[tokio::test]
async fn a_role_that_ended_opens_nothing_any_more() {
    let (world, viewer, stamp) = employed().await;
    assert_eq!(verify(&world).await.faults, vec![]);
    let before = newest(&world).await;
    let mut person = world.store().person(viewer.person).await.unwrap().unwrap();
    person.memberships.clear();
    world.store().put_person(SYSTEM, person).await.unwrap();
    assert_eq!(verify(&world).await.faults, vec![]);
    let mut now = before.clone();
    let epoch_now = world.chart().await.state.epoch;
    let house_now = world
        .store()
        .entries(Chain::House, HistoryQuery::default())
        .await
        .unwrap()[0]
        .seq;
    let at_now = world.temp.clock.now();
    if let Event::Disclosed {
        house,
        epoch,
        decided_at,
        ..
    } = &mut now
    {
        (*house, *epoch, *decided_at) = (Some(house_now), epoch_now, at_now);
    }
    assert_eq!(
        forged(&world, &stamp, now.clone()).await,
        vec![FaultKind::Undecided]
    );
    // Naming a place at which the role still stood does not help, long after.
    let (world, viewer, stamp) = employed().await;
    let mut late = newest(&world).await;
    let mut person = world.store().person(viewer.person).await.unwrap().unwrap();
    person.memberships.clear();
    world.store().put_person(SYSTEM, person).await.unwrap();
    world.temp.clock.advance(TimeDelta::hours(3));
    let epoch_now = world.chart().await.state.epoch;
    let at_now = world.temp.clock.now();
    if let Event::Disclosed {
        epoch, decided_at, ..
    } = &mut late
    {
        (*epoch, *decided_at) = (epoch_now, at_now);
    }
    assert_eq!(forged(&world, &stamp, late).await, vec![FaultKind::Facts]);
}

/// POLICY §4.6: a care relationship counts from where it was recorded to where it ended, with nothing of today read.
#[tokio::test]
async fn a_relationship_counts_as_the_ledger_tells_it() {
    let (world, viewer, stamp) = employed().await;
    let relationship = Relationship {
        id: RelationshipId(Uuid::from_u128(77)),
        party: Party::Organization(world.hospital),
        kind: RelationshipKind::Treating,
        span: Span {
            from: world.temp.clock.now(),
            until: None,
        },
    };
    let store = world.store();
    let added = store.add_relationship(SYSTEM, world.patient, relationship.clone());
    added.await.unwrap();
    look(&world, &viewer, &stamp).await;
    let ended = store.end_relationship(SYSTEM, world.patient, relationship.id);
    ended.await.unwrap();
    world.temp.clock.advance(TimeDelta::seconds(5));
    look(&world, &viewer, &stamp).await;
    let report = verify(&world).await;
    assert_eq!(report.faults, vec![]);
    assert_eq!(report.replayed, 3);
    let chain = store
        .verify_chain(Chain::Patient(world.patient))
        .await
        .unwrap();
    assert_eq!((chain.replayed, chain.chains), (3, 1));
    assert!(chain.is_sound());
    let house = store.verify_chain(Chain::House).await.unwrap();
    assert!(house.is_sound() && house.chains == 1);
}

/// An organization that becomes a Part 2 program is one from its place on.
#[tokio::test]
async fn a_program_is_one_from_its_place_on() {
    let (world, viewer, stamp) = employed().await;
    let organization = |part2_program| store::OrganizationRecord {
        part2_program,
        ..store::OrganizationRecord::named(
            OrganizationId::derived("test", "Organization/1"),
            "Larkspur Hospital",
        )
    };
    for is_program in [true, false] {
        let put = world
            .store()
            .put_organization(SYSTEM, organization(is_program));
        put.await.unwrap();
        look(&world, &viewer, &stamp).await;
    }
    let report = verify(&world).await;
    assert_eq!(report.faults, vec![]);
    assert_eq!(report.replayed, 3);
}

/// POLICY §6: it counts alike when an administrator says so in the office.
#[tokio::test]
async fn a_program_of_the_office_is_one_too() {
    let (world, viewer, stamp) = employed().await;
    let id = world.hospital;
    let named = store::OrganizationRecord::named(id, "Larkspur Hospital");
    let put = world.store().put_organization(SYSTEM, named);
    put.await.unwrap();
    for is_program in [true, false] {
        let change = world
            .store()
            .change_organization(SYSTEM, id, |it| it.part2_program = is_program);
        assert_eq!(change.await.unwrap(), store::OrganizationChange::Done);
        let house = world
            .store()
            .entries(Chain::House, HistoryQuery::default())
            .await
            .unwrap();
        assert!(
            house[0].body.noted
                == vec![store::Noted::Program {
                    organization: id,
                    part2_program: is_program,
                }],
            "the entry tells what stands from there on"
        );
        look(&world, &viewer, &stamp).await;
    }
    let report = verify(&world).await;
    assert_eq!(report.faults, vec![]);
    assert_eq!(report.replayed, 3);
}
