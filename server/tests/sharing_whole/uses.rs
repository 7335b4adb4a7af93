//! Who used a consent: every disclosure made on it, by whom, how often (LAW A11, C2).

use crate::sharing_whole::document::guardian;
use crate::sharing_whole::policy::{Numbers, sign, terms};
use crate::support::{Picks, TestPortal, disclosures, records};
use domain::consent::{ConsentKind, Recipient, Scope};
use domain::decide::{Action, Decider};
use domain::id::{ConsentId, ItemId, PatientId, PersonId};
use domain::label::{Label, LabelSet};
use domain::notice::Statement;
use domain::party::{Role, Viewer};
use domain::purpose::Purpose;
use serde_json::json;
use std::collections::BTreeSet;

const JORDANS: &str = "Patient/demo-patient-1";
const LINDQVIST: &str = "Dr. Tobias Lindqvist";

/// LAW C2: the page has every use, more than stand on one page; the counts, the list and the file say the same as the
/// ledger, and none of it is about another consent.
#[tokio::test]
async fn every_use_is_there() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let mut jordan = test.jordan().await;
    let other = jordan
        .share(&Picks {
            to: "prac-lindqvist",
            segments: &["general", "hiv"],
            part2: false,
            ..Picks::OKAFOR_TREATS
        })
        .await;
    let consent = jordan.share(&Picks::OKAFOR_TREATS).await;
    let path = format!("/sharing/{consent}/uses");
    jordan
        .get(&path)
        .await
        .expect(200)
        .shows("No one has used this agreement.");

    let place = test.length(patient).await;
    let mut lindqvist = test.lindqvist().await;
    lindqvist.declare(patient, "treatment").await.expect(200);
    let mut okafor = test.okafor().await;
    okafor.declare(patient, "treatment").await.expect(200);
    for _ in 0..18 {
        okafor.whole_chart(patient).await;
    }
    let entries = disclosures(&test.since(patient, place).await);
    let used = entries.iter().filter(|look| look.rests_on(consent)).count();
    assert!(used > 50, "{used}: more than a page");
    assert!(entries.iter().any(|look| look.rests_on(other)));

    let pages = jordan.pages(path.clone()).await;
    assert_eq!(pages.len(), used.div_ceil(50));
    let mut listed = 0;
    for page in &pages {
        let page = page
            .clone()
            .shows(&format!("It was used {used} times."))
            .hides("Lindqvist");
        let rows = page.rows();
        // The first row is of the counts.
        assert!(rows[0].contains("Okafor") && rows[0].contains(&format!("{used} times")));
        listed += rows.len() - 1;
    }
    assert_eq!(listed, used);
    // The consent's page has the last few, and leads to all.
    let page = jordan.get(&format!("/sharing/{consent}")).await.expect(200);
    assert!(page.links().contains(&path));
    page.shows(&format!("It was used {used} times."));
    // The file has them all, and is not kept on the way.
    let file = jordan.post(&path, "").await.expect(200);
    assert_eq!(file.header("cache-control"), "no-store");
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"list.csv\""
    );
    assert_eq!(file.body.matches("\r\n").count(), used + 1);
    assert!(
        file.body
            .lines()
            .skip(1)
            .all(|line| line.starts_with("\"Dr. Amara Okafor"))
    );
    // Each says of which kinds what was opened is (LAW C2).
    assert!(file.body.contains(" items (") && file.body.contains("Visit: "));
    // The history leads from each line to its consent.
    assert!(
        jordan
            .open_history()
            .await
            .links()
            .contains(&format!("/sharing/{consent}"))
    );

    // Foreign and unknown ids answer alike.
    let mut morgan = test.morgan().await;
    let unknown = "/sharing/0b6c7a52-2f0e-4a53-9d3d-0123456789ab/uses";
    let one = morgan.get(&path).await.expect(404).essence(&[&path]);
    assert_eq!(
        one,
        morgan.get(unknown).await.expect(404).essence(&[unknown])
    );
    morgan.post(&path, "").await.expect(404);
}

/// How many of these items the consent alone opens to that person: decided here, not by the pages.
async fn opened_alone(
    test: &TestPortal,
    patient: PatientId,
    consent: ConsentId,
    (person, items): (PersonId, &[String]),
) -> usize {
    let store = test.portal.store();
    let chart = store.chart(patient).await.expect("an answer");
    let mut chart = chart.expect("a chart");
    chart.state.consents.retain(|one| one.consent.id == consent);
    chart.state.relationships.clear();
    let record = store.person(person).await.expect("an answer");
    let viewer = Viewer {
        person,
        role: Role::Clinician,
        subject_of: None,
        memberships: record.expect("a person").memberships,
    };
    let (now, purpose) = (test.portal.now(), Purpose::Treatment);
    let decider = Decider::new(&viewer, Action::View, purpose, now, &chart.state);
    let looked_at = chart
        .items
        .iter()
        .filter(|item| items.contains(&item.id.to_string()));
    looked_at
        .filter(|item| decider.labels(item).is_some())
        .count()
}

/// POLICY §5: whoever signs for the patient in part reads of a use what their own agreement opened by itself. What took
/// another agreement beside it is none of theirs, though it rests on both.
#[tokio::test]
async fn a_partial_proxy_counts_what_they_opened_alone() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let lindqvist_person = test.person_id(LINDQVIST).await;
    let store = test.portal.store();
    let known = store.items(patient).await.expect("items");
    let known: BTreeSet<ItemId> = known.iter().map(|item| item.id).collect();
    let day = "2026-11-20T10:00:00-06:00";
    let measured = |id: &str, source: &str| {
        records::observation(id, JORDANS, source, "20447-9", "A measurement", day)
    };
    let more = [
        measured("uses-practice", records::PRACTICE),
        measured("uses-program", records::PROGRAM),
    ];
    test.add(records::JORDAN, &more).await;
    let items = store.items(patient).await.expect("items");
    let new = |of_program: bool| {
        let of = items.iter().find(|item| {
            !known.contains(&item.id) && item.labels().has(Label::Part2) == of_program
        });
        of.expect("a measurement").id
    };

    let scope = LabelSet::of([Label::General, Label::Hiv, Label::Part2]);
    let mut guardian = guardian(&test, "Grace Guardian", scope).await;
    let to_lindqvist = Picks {
        to: "prac-lindqvist",
        segments: &["hiv"],
        part2: false,
        ..Picks::OKAFOR_TREATS
    };
    let consent = guardian.share(&to_lindqvist).await;
    let mut jordan = test.jordan().await;
    let programs = Picks {
        segments: &["general"],
        part2: true,
        ..to_lindqvist
    };
    let other = jordan.share(&programs).await;
    let place = test.length(patient).await;
    let mut lindqvist = test.lindqvist().await;
    lindqvist.declare(patient, "treatment").await.expect(200);
    let looks = disclosures(&test.since(patient, place).await);
    let chart = looks.iter().find(|look| look.rests_on(consent));
    let seen = chart.expect("a look").ids();
    assert!(seen.contains(&new(true).to_string()) && seen.contains(&new(false).to_string()));
    let alone = opened_alone(&test, patient, consent, (lindqvist_person, seen.as_slice())).await;
    assert!(alone > 0 && alone < seen.len());
    let uses = format!("/sharing/{consent}/uses");
    let told = guardian.get(&uses).await.expect(200).rows();
    let counted = format!("Looked at {alone} item");
    assert!(told.iter().any(|row| row.contains(&counted)), "{told:?}");

    let path = |item: ItemId| format!("/patients/{patient}/records/{item}");
    let place = test.length(patient).await;
    lindqvist.get(&path(new(true))).await.expect(200);
    let looks = disclosures(&test.since(patient, place).await);
    assert!(looks[0].rests_on(consent) && looks[0].rests_on(other));
    let again = guardian.get(&uses).await.expect(200).rows();
    assert_eq!(again, told, "it took both");
    lindqvist.get(&path(new(false))).await.expect(200);
    guardian
        .get(&uses)
        .await
        .expect(200)
        .shows("It was used 2 times.");
    // The patient reads every use.
    jordan
        .get(&uses)
        .await
        .expect(200)
        .shows("It was used 3 times.");
    test.assert_sound().await;
}

/// LAW C2, POLICY §4.1: every use is told, and of what the patient may not see themselves not even the kind.
#[tokio::test]
async fn no_kind_is_told_of_what_one_may_not_see() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let lindqvist_person = test.person_id(LINDQVIST).await;
    let day = "2026-09-07T10:00:00-05:00";
    let mut note = records::note("uses-note", JORDANS, records::PRACTICE, "We spoke.", day);
    note["meta"]["security"] = json!([{
        "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
        "code": "PSYTHPN",
    }]);
    test.add(records::JORDAN, &[note]).await;
    let what = Scope::labels(LabelSet::of([Label::PsychotherapyNote]));
    let to = Recipient::Person(lindqvist_person);
    let mut terms = terms(&test, patient, to, &[Purpose::Treatment], what);
    terms.kind = ConsentKind::Notes;
    terms.statements = Statement::required_for(terms.kind, terms.purposes).collect();
    let consent = sign(&test, Numbers(21).id(), terms).await;
    let mut lindqvist = test.lindqvist().await;
    let place = test.length(patient).await;
    lindqvist.declare(patient, "treatment").await.expect(200);
    let looks = disclosures(&test.since(patient, place).await);
    let look = looks.iter().find(|look| look.rests_on(consent));
    let many = look.expect("the note was shown").ids().len();

    let mut jordan = test.jordan().await;
    let uses = format!("/sharing/{consent}/uses");
    for path in [uses.clone(), format!("/sharing/{consent}")] {
        jordan
            .get(&path)
            .await
            .expect(200)
            .shows("It was used 1 time.")
            .shows(&format!("Looked at {many} item"))
            .hides("Note or document: ");
    }
    let file = jordan.post(&uses, "").await.expect(200);
    let told = format!(
        "\"Looked at {many} item{}\"",
        if many == 1 { "" } else { "s" }
    );
    assert!(file.body.contains(&told), "{}", file.body);
    test.assert_sound().await;
}
