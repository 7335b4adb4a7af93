//! Assigned care relationships, organizations, birth dates and the house's chain.

use crate::world::{World, stamp_of};
use chrono::{NaiveDate, TimeDelta};
use core::slice::from_ref;
use domain::clock::Clock;
use domain::id::{OrganizationId, RelationshipId};
use domain::label::{Label, LabelSet};
use domain::party::{Party, Relationship, RelationshipKind, Role, Span};
use sea_orm::{ConnectionTrait, Database, Statement};
use store::{
    Assignment, Chain, ChangeError, DiscloseError, Event, FaultKind, HistoryQuery,
    OrganizationChange, OrganizationRecord, Stamp,
};

fn born() -> NaiveDate {
    NaiveDate::from_ymd_opt(1980, 2, 3).unwrap()
}

async fn execute(world: &World, sql: &str, values: Vec<sea_orm::Value>) -> u64 {
    let connection = Database::connect(world.temp.url()).await.unwrap();
    let backend = connection.get_database_backend();
    let change = Statement::from_sql_and_values(backend, sql, values);
    let done = connection.execute_raw(change).await.unwrap();
    connection.close().await.unwrap();
    done.rows_affected()
}

async fn unfilled(world: &World) -> i64 {
    let connection = Database::connect(world.temp.url()).await.unwrap();
    let row = connection
        .query_one_raw(Statement::from_string(
            connection.get_database_backend(),
            "SELECT count(*) AS n FROM patients WHERE born IS NULL",
        ))
        .await
        .unwrap()
        .unwrap();
    connection.close().await.unwrap();
    row.try_get("", "n").unwrap()
}

/// A database that is older than the look-up by birth date is filled when it opens, in one go; until then nobody is lost.
#[tokio::test]
async fn birth_dates_are_filled_when_the_store_opens() {
    let world = World::new().await;
    let found = [(world.patient, world.subject)];
    assert_eq!(unfilled(&world).await, 0, "an import writes it");
    assert_eq!(world.store().patients_born(born()).await.unwrap(), found);
    assert_eq!(
        execute(&world, "UPDATE patients SET born = NULL", Vec::new()).await,
        1
    );
    assert_eq!(world.store().patients_born(born()).await.unwrap(), found);
    let again = world.temp.reopen(7).await.unwrap();
    assert_eq!(unfilled(&world).await, 0);
    assert_eq!(again.patients_born(born()).await.unwrap(), found);
    let other = born().succ_opt().unwrap();
    assert!(again.patients_born(other).await.unwrap().is_empty());
}

fn assignment(world: &World, number: u128) -> Assignment {
    let now = world.temp.clock.now();
    Assignment {
        patient: world.patient,
        relationship: Relationship {
            id: RelationshipId(uuid::Uuid::from_u128(number)),
            party: Party::Person(world.clinician),
            kind: RelationshipKind::Treating,
            span: Span {
                from: now,
                until: Some(now + TimeDelta::days(30)),
            },
        },
        reason: "covers for a colleague".to_owned(),
        by: world.subject,
        at: now,
        ended_by: None,
    }
}

/// POLICY §6: an assignment opens, and its end closes, at once: epoch, chain and what the office reads of it commit
/// together, and what was decided on it is stale.
#[tokio::test]
async fn an_assignment_opens_and_its_end_closes() {
    let world = World::new().await;
    let store = world.store();
    let (viewer, stamp) = world.as_clinician();
    // Every item here is about substance use: a consent is what opens it, and what a change of policy makes stale.
    let consent = world.consent(
        LabelSet::of([Label::Opioids, Label::General]),
        world.in_a_year(),
    );
    let (_, subject) = world.as_subject();
    store
        .sign_consent(&subject, consent, store::testing::document())
        .await
        .unwrap();
    let (permits, sealed) = world.permits(&viewer, &world.chart().await).await;
    assert!(!permits.is_empty());
    let made = assignment(&world, 1);
    let epoch = world.chart().await.state.epoch;
    assert!(
        store
            .assign_relationship(&Stamp::SYSTEM, &made)
            .await
            .unwrap()
    );
    let state = world.chart().await.state;
    assert!(state.epoch > epoch);
    assert_eq!(state.relationships.as_slice(), from_ref(&made.relationship));
    let refused = store.disclose(&stamp, permits, &sealed).await;
    assert!(matches!(refused, Err(DiscloseError::Stale)));
    let parties = [Party::Person(world.clinician)];
    assert_eq!(
        store.patients_reaching(&parties).await.unwrap(),
        [world.patient]
    );
    assert_eq!(
        store.assignments().await.unwrap().as_slice(),
        from_ref(&made)
    );
    let (permits, sealed) = world.permits(&viewer, &world.chart().await).await;

    world.temp.clock.advance(TimeDelta::hours(1));
    let by = stamp_of(world.subject, Role::Administrator);
    let id = made.relationship.id;
    store.end_assignment(&by, id).await.unwrap();
    let refused = store.disclose(&stamp, permits, &sealed).await;
    assert!(matches!(refused, Err(DiscloseError::Stale)));
    let state = world.chart().await.state;
    assert!(state.relationships[0].span.is_over(world.temp.clock.now()));
    let kept = store.assignment(id).await.unwrap().unwrap();
    assert_eq!(kept.ended_by, Some(world.subject));
    assert_eq!(kept.relationship.span.until, Some(world.temp.clock.now()));
    let again = store.end_assignment(&by, id).await;
    assert!(matches!(again, Err(ChangeError::AlreadyEnded)));
    let unknown = RelationshipId(uuid::Uuid::from_u128(2));
    let unknown = store.end_assignment(&by, unknown).await;
    assert!(matches!(unknown, Err(ChangeError::NotFound)));

    let history = store
        .history(world.patient, HistoryQuery::default())
        .await
        .unwrap();
    assert!(matches!(
        &history[0].body.event,
        Event::RelationshipEnded { party: Some(Party::Person(person)), .. } if *person == world.clinician
    ));
    assert!(matches!(
        &history[1].body.event,
        Event::RelationshipAdded { assigned: true, .. }
    ));
    let report = store.verify(|_, _| {}).await.unwrap();
    assert!(report.is_sound(), "{:?}", report.faults);
}

/// The office tells patients apart by a few letters that are no part of their id.
#[tokio::test]
async fn the_office_tells_patients_apart_without_their_ids() {
    let world = World::new().await;
    let letters = world.store().patient_reference(world.patient);
    assert_eq!(letters.len(), 9);
    assert_eq!(letters, world.store().patient_reference(world.patient));
    let id = world.patient.to_string().to_uppercase();
    assert!(!letters.split('-').any(|half| id.contains(half)));
    let other = domain::id::PatientId(uuid::Uuid::from_u128(3));
    assert_ne!(letters, world.store().patient_reference(other));
}

fn organization(number: u128, npi: Option<&str>) -> OrganizationRecord {
    let id = OrganizationId(uuid::Uuid::from_u128(number));
    OrganizationRecord {
        npi: npi.map(|npi| npi.parse().unwrap()),
        ..OrganizationRecord::named(id, format!("Organization {number}"))
    }
}

/// No two organizations have one identifier: an administrator is told, and an import leaves it out.
#[tokio::test]
async fn an_identifier_is_one_organizations() {
    let world = World::new().await;
    let store = world.store();
    let system = &Stamp::SYSTEM;
    let first = organization(1, Some("1234567893"));
    let added = store.add_organization(system, first.clone()).await.unwrap();
    assert_eq!(added, OrganizationChange::Done);
    let second = organization(2, Some("1234567893"));
    let refused = store
        .add_organization(system, second.clone())
        .await
        .unwrap();
    assert_eq!(refused, OrganizationChange::NpiTaken);
    assert!(store.organization(second.id).await.unwrap().is_none());
    let mut import = store.begin_import(system).await.unwrap();
    import.put_organization(&second).await.unwrap();
    import.commit(store::ImportCounts::default()).await.unwrap();
    let taken_in = store.organization(second.id).await.unwrap().unwrap();
    assert_eq!(taken_in.npi, None);
    let same = store
        .change_organization(system, first.id, |_| {})
        .await
        .unwrap();
    assert_eq!(same, OrganizationChange::Unchanged);
    // Once it is free, another may have it.
    let freed = store
        .change_organization(system, first.id, |record| record.npi = None)
        .await
        .unwrap();
    assert_eq!(freed, OrganizationChange::Done);
    let given = store
        .change_organization(system, second.id, |record| record.npi = second.npi)
        .await
        .unwrap();
    assert_eq!(given, OrganizationChange::Done);
    let entries = store
        .entries(Chain::House, HistoryQuery::default())
        .await
        .unwrap();
    let told: Vec<&[String]> = entries
        .iter()
        .filter_map(|entry| match &entry.body.event {
            Event::OrganizationChanged { what, .. } => Some(what.as_slice()),
            _ => None,
        })
        .collect();
    assert_eq!(told, [&["npi"][..], &["npi"], &["new"]]);
}

/// Days are found in a long chain without reading it from its end, and the right ones.
#[tokio::test]
async fn days_are_found_in_a_long_chain() {
    let world = World::new().await;
    let store = world.store();
    let began = world.temp.clock.now();
    for _ in 0..40 {
        world.temp.clock.advance(TimeDelta::hours(1));
        store
            .append(&Stamp::SYSTEM, Chain::House, Event::PasswordFailed)
            .await
            .unwrap();
    }
    for (from, until, expected) in [(0, 41, 40), (5, 10, 5), (0, 1, 0), (40, 90, 1), (50, 60, 0)] {
        let query = HistoryQuery {
            limit: 100,
            from: Some(began + TimeDelta::hours(from)),
            until: Some(began + TimeDelta::hours(until)),
            ..HistoryQuery::default()
        };
        let mut found = store.entries(Chain::House, query).await.unwrap();
        found.retain(|entry| matches!(entry.body.event, Event::PasswordFailed));
        assert_eq!(found.len(), expected, "{from} to {until}");
    }
}

/// One chain is checked by itself: a fault in another is not told, its own is.
#[tokio::test]
async fn the_house_is_checked_alone() {
    let world = World::new().await;
    let store = world.store();
    store
        .append(&Stamp::SYSTEM, Chain::House, Event::PasswordFailed)
        .await
        .unwrap();
    let spoil = async |which: &str| {
        let sql = format!("UPDATE ledger_entries SET body = $1 WHERE seq = 1 AND chain {which} $2");
        let values = vec![vec![0_u8; 64].into(), Chain::House.id().into()];
        execute(&world, &sql, values).await
    };
    assert_eq!(spoil("<>").await, 1);
    let report = store.verify_chain(Chain::House).await.unwrap();
    assert!(report.is_sound() && report.entries > 0, "{report:?}");
    assert_eq!(spoil("=").await, 1);
    let report = store.verify_chain(Chain::House).await.unwrap();
    let first = report.faults.first().unwrap();
    assert_eq!((first.seq, first.what), (1, FaultKind::Hash));
}
