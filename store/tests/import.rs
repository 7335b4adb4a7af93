//! An import is all or nothing, and the same file twice changes nothing.

use crate::world::World;
use domain::id::RelationshipId;
use domain::party::{Party, Relationship, RelationshipKind, Span};
use serde_json::json;
use store::{ImportCounts, OrganizationRecord, PersonRecord, Put, Stamp};

#[tokio::test]
async fn the_same_file_twice_changes_nothing() {
    let world = World::new().await;
    let before = world.chart().await;
    let entries = world.store().history_count(world.patient).await.unwrap();
    let (patient, puts) = world.import(3).await;
    assert_eq!(patient, world.patient);
    assert!(puts.iter().all(|put| *put == Put::Unchanged));
    let after = world.chart().await;
    assert_eq!(before.state.epoch, after.state.epoch);
    assert!(before.items == after.items);
    assert_eq!(
        entries,
        world.store().history_count(world.patient).await.unwrap()
    );
}

#[tokio::test]
async fn a_dropped_import_leaves_nothing() {
    let world = World::new().await;
    let before = world.chart().await;
    {
        let mut import = world.store().begin_import(&Stamp::SYSTEM).await.unwrap();
        let (patient, new) = import.patient("Patient/1").await.unwrap();
        assert!(!new);
        import
            .put_content(patient, "Condition/9", None, &crate::world::condition(9))
            .await
            .unwrap();
        let (_, new) = import.patient("Patient/2").await.unwrap();
        assert!(new);
        import
            .put_directory(
                "Organization/1",
                &[],
                None,
                &json!({ "resourceType": "Organization" }),
            )
            .await
            .unwrap();
    }
    let after = world.chart().await;
    assert_eq!(before.state.epoch, after.state.epoch);
    assert!(before.items == after.items);
    assert_eq!(world.store().all_patients().await.unwrap().len(), 1);
    assert!(
        world
            .store()
            .directory("Organization/1")
            .await
            .unwrap()
            .is_none()
    );
    assert!(world.store().verify(|_, _| {}).await.unwrap().is_sound());
}

#[tokio::test]
async fn what_is_more_moves_the_epoch_and_is_logged() {
    let world = World::new().await;
    let before = world.chart().await;
    let (_, puts) = world.import(5).await;
    assert_eq!(puts.iter().filter(|put| **put == Put::New).count(), 2);
    let after = world.chart().await;
    assert!(after.state.epoch > before.state.epoch);
    assert_eq!(after.items.len(), 5);
}

#[tokio::test]
async fn people_places_and_relationships_are_idempotent() {
    let world = World::new().await;
    let now = domain::clock::Clock::now(world.temp.clock.as_ref());
    let person = PersonRecord {
        reference: Some("Practitioner/1".to_owned()),
        ..PersonRecord::named(world.clinician, "Ignatius Featherstonehaugh")
    };
    let organization = OrganizationRecord {
        kind: "hospital".to_owned(),
        reference: Some("Organization/1".to_owned()),
        ..OrganizationRecord::named(world.hospital, "Windermere Hospital")
    };
    let relationship = Relationship {
        id: RelationshipId::derived("test", "1"),
        party: Party::Person(world.clinician),
        kind: RelationshipKind::Treating,
        span: Span {
            from: now,
            until: None,
        },
    };
    let mut seen = Vec::new();
    for _ in 0..2 {
        let mut import = world.store().begin_import(&Stamp::SYSTEM).await.unwrap();
        let (patient, _) = import.patient("Patient/1").await.unwrap();
        seen.push([
            import.put_person(&person).await.unwrap(),
            import.put_organization(&organization).await.unwrap(),
            import
                .put_directory("Location/1", &[], None, &json!({ "name": "Ward" }))
                .await
                .unwrap(),
        ]);
        import
            .add_relationship(patient, relationship.clone())
            .await
            .unwrap();
        import.commit(ImportCounts::default()).await.unwrap();
    }
    assert_eq!(seen, vec![[Put::New; 3], [Put::Unchanged; 3]]);
    let state = world.chart().await.state;
    assert_eq!(state.relationships, vec![relationship.clone()]);
    let epoch = state.epoch;
    let found = world
        .store()
        .person_by_reference("Practitioner/1")
        .await
        .unwrap();
    assert_eq!(found, Some(person));
    let found = world
        .store()
        .organization_by_reference("Organization/1")
        .await
        .unwrap();
    assert_eq!(found, Some(organization));
    let party = Party::Person(world.clinician);
    let reached = world.store().patients_reaching(&[party]).await.unwrap();
    assert_eq!(reached, vec![world.patient]);
    world
        .store()
        .end_relationship(&Stamp::SYSTEM, world.patient, relationship.id)
        .await
        .unwrap();
    assert!(world.chart().await.state.epoch > epoch);
    assert!(world.store().verify(|_, _| {}).await.unwrap().is_sound());
}

#[tokio::test]
async fn the_subject_is_found() {
    let world = World::new().await;
    let found = world
        .store()
        .patient_of_subject(world.subject)
        .await
        .unwrap();
    assert_eq!(found, Some(world.patient));
    assert_eq!(world.chart().await.state.subject, Some(world.subject));
    assert!(
        world
            .store()
            .birth_date(world.patient)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn an_unreadable_consent_is_told_and_denies() {
    use sea_orm::{ConnectionTrait, Database, Statement};
    let world = World::new().await;
    let labels = domain::label::LabelSet::of([domain::label::Label::Opioids]);
    let consent = world.consent(labels, world.in_a_year());
    world
        .store()
        .sign_consent(&world.as_subject().1, consent, store::testing::document())
        .await
        .unwrap();
    let connection = Database::connect(world.temp.url()).await.unwrap();
    let change = Statement::from_sql_and_values(
        connection.get_database_backend(),
        "UPDATE consents SET state = $1",
        [vec![1_u8].into()],
    );
    connection.execute_raw(change).await.unwrap();
    let state = world.chart().await.state;
    assert!(state.unreadable && state.consents.is_empty());
    assert!(
        world
            .store()
            .consents(world.patient)
            .await
            .unwrap()
            .is_empty()
    );
}
