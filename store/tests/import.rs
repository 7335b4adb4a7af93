//! An import is all or nothing, and the same file twice changes nothing.

use crate::reviews::{keep_private, part};
use crate::world::World;
use domain::id::{ItemId, OrganizationId, RelationshipId};
use domain::item::{ItemFacts, PartFacts};
use domain::label::{Label, LabelSet};
use domain::labeling::review::{Carried, carry};
use domain::labeling::{Context, Part2Programs, examine, settle};
use domain::party::{Party, Relationship, RelationshipKind, Span};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::{ImportCounts, OrganizationRecord, PersonRecord, Put, Shown, Stamp};

/// Imports these resources of the world's patient: labelled with what is there, as the portal does it. Their items.
pub async fn import_labelled(world: &World, resources: &[Value]) -> Vec<ItemId> {
    let mut import = world.store().begin_import(&Stamp::SYSTEM).await.unwrap();
    let (patient, _) = import.patient("Patient/1").await.unwrap();
    let (mut items, mut all, mut own) = (BTreeMap::new(), Vec::new(), Vec::new());
    for resource in resources {
        let examined = examine(resource).unwrap();
        let identity = examined.identity();
        let put = import.put_content(patient, &identity, None, resource);
        let (item, _) = put.await.unwrap();
        items.insert(identity, item);
        own.push(item);
        all.push(examined);
    }
    for (item, _, examined) in import.existing(patient).await.unwrap() {
        if !own.contains(&item) {
            items.insert(examined.identity(), item);
            all.push(examined);
        }
    }
    let part2_programs = &Part2Programs::default();
    let desk = import.desk(patient).await.unwrap();
    let mut record = Vec::new();
    for mut labelled in settle(all, &Context { part2_programs }) {
        let id = items[&labelled.identity()];
        import.review(&desk, id, &mut labelled).await.unwrap();
        let leads = |to: &String| items.get(to).copied();
        let facts = ItemFacts {
            id,
            kind: labelled.kind,
            sources: labelled
                .sources
                .iter()
                .map(|source| OrganizationId::derived("test", source))
                .collect(),
            authors: Vec::new(),
            service: labelled.service,
            when: labelled.when,
            recorded: domain::clock::Clock::now(world.temp.clock.as_ref()),
            batch: import.batch(),
            parts: labelled
                .parts
                .iter()
                .map(|part| PartFacts {
                    path: part.path.clone(),
                    labels: part.labels,
                    leads_to: part.leads_to.iter().filter_map(leads).collect(),
                })
                .collect(),
            identifying: labelled.identifying,
            resource_type: labelled.resource_type,
        };
        let basis = labelled.parts.into_iter().map(|part| part.basis).collect();
        record.push(Carried { facts, basis });
    }
    carry(&mut record);
    for Carried { facts, basis } in &record {
        import.put_facts(patient, facts, basis).await.unwrap();
    }
    import.commit(ImportCounts::default()).await.unwrap();
    own
}

/// A condition of that ICD-10-CM code, and one that refers to it.
pub fn two_conditions(code: &str) -> [Value; 2] {
    let condition = |id: &str, code: &str| {
        json!({
            "resourceType": "Condition", "id": id,
            "code": { "coding": [{ "system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code }] },
        })
    };
    let mut second = condition("second", "I10");
    second["evidence"] = json!([{ "detail": [{ "reference": "Condition/first" }] }]);
    [condition("first", code), second]
}

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

/// POLICY §2: an item that can't be examined any more is not gone. What refers to it leads to it, has the labels that it was
/// kept with, and is as private as the patient keeps it.
#[tokio::test]
async fn what_can_not_be_examined_any_more_is_still_led_to() {
    let world = World::with_items(0).await;
    let [first, mut second] = two_conditions("F11.20");
    let items = import_labelled(&world, &[first, second.clone()]).await;
    keep_private(&world, items[0]).await;
    // As if the rules of form had become stricter since.
    let [mut broken, _] = two_conditions("I10");
    broken["note"] = json!("a text where a list belongs");
    let mut import = world.store().begin_import(&Stamp::SYSTEM).await.unwrap();
    let (patient, _) = import.patient("Patient/1").await.unwrap();
    let put = import.put_content(patient, "Condition/first", None, &broken);
    put.await.unwrap();
    import.commit(ImportCounts::default()).await.unwrap();
    second["recordedDate"] = json!("2026-03-04");
    import_labelled(&world, &[second]).await;
    let labels = LabelSet::of([Label::Opioids, Label::PatientRequested]);
    let evidence = part(&world, items[1], "evidence[0]").await;
    assert_eq!(evidence.leads_to, [items[0]]);
    assert!(evidence.labels == labels);
    assert!(part(&world, items[0], "code").await.labels == labels);
    let code = part(&world, items[1], "code").await;
    assert!(code.labels.is_ordinary());
}

/// POLICY §5: where an item comes from is said as far as what is shown of it says so, whatever else it holds.
#[tokio::test]
async fn an_item_comes_from_where_its_shown_parts_say() {
    let world = World::with_items(0).await;
    let visit = json!({
        "resourceType": "Encounter", "id": "visit", "status": "finished", "serviceProvider": { "reference": "Organization/b" },
        "type": [{ "coding": [{ "system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "B20" }] }],
    });
    let result = |id: &str, more: Value| {
        let mut result = json!({
            "resourceType": "Observation", "id": id, "status": "final",
            "code": { "coding": [{ "system": "http://loinc.org", "code": "8867-4" }] },
        });
        let map = result.as_object_mut().unwrap();
        map.extend(more.as_object().unwrap().clone());
        result
    };
    let performer = json!([{ "reference": "Organization/a" }]);
    let encounter = json!({ "reference": "Encounter/visit" });
    let resources = [
        result("open", json!({ "performer": performer })),
        result(
            "both",
            json!({ "performer": performer, "encounter": encounter }),
        ),
        result("none", json!({})),
        result("hidden", json!({ "encounter": encounter })),
        visit,
    ];
    let items = import_labelled(&world, &resources).await;
    let [a, b] =
        ["a", "b"].map(|id| OrganizationId::derived("test", &format!("Organization/{id}")));
    let kept = world.chart().await.items;
    let kept = kept.iter().find(|item| item.id == items[1]).unwrap();
    assert_eq!(kept.sources, [a, b]);
    let consent = world.consent(LabelSet::of([Label::General]), world.in_a_year());
    let (_, stamp) = world.as_subject();
    let signed = world
        .store()
        .sign_consent(&stamp, consent, store::testing::document());
    signed.await.unwrap();
    let (viewer, stamp) = world.as_clinician();
    let (permits, sealed) = world.permits(&viewer, &world.chart().await).await;
    let receipt = world
        .store()
        .disclose(&stamp, permits, &sealed)
        .await
        .unwrap();
    let mut shown = BTreeMap::new();
    for item in sealed {
        let id = item.id();
        let opened = world.store().vault().open(item, &receipt).unwrap();
        let Shown::Open { facts, .. } = &*opened else {
            panic!("not masked");
        };
        assert!(!facts.parts.iter().any(|part| part.path == "encounter"));
        shown.insert(id, facts.sources.clone());
    }
    let found: Vec<_> = items.iter().map(|id| shown.get(id).cloned()).collect();
    let (of_a, of_none) = (Some(vec![a]), Some(Vec::new()));
    assert_eq!(found, [of_a.clone(), of_a, of_none.clone(), of_none, None]);
}
