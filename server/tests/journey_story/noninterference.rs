//! LAW B5, POLICY §5: what a viewer may not see changes no byte of what they get: chart, list, count, order, paging,
//! item pages, errors, copies. Two portals with records that differ only there, side by side.

use crate::support::{
    Clinician, Page, TestPortal, denied,
    records::{MORGAN, PRACTICE, PROGRAM, condition, medicine, note, observation},
};
use domain::{id::ItemId, item::ItemFacts};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const OWNER: &str = "Patient/demo-patient-2";
const UNKNOWN: &str = "0b6c7a52-2f0e-4a53-9d3d-0123456789ab";

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    /// A day of service between the oldest and the newest that a record has.
    fn day(&mut self) -> String {
        let (year, month, day) = (
            2015 + self.below(12),
            1 + self.below(12),
            1 + self.below(28),
        );
        format!("{year}-{month:02}-{day:02}")
    }
}

/// Something that a podiatrist or a family doctor without a consent may not see, of every sort there is.
fn hidden(numbers: &mut Numbers, number: usize) -> Value {
    let day = numbers.day();
    let id = format!("hidden-{number}");
    match numbers.below(9) {
        0 => condition(&id, OWNER, PRACTICE, "F11.20", "Opioid dependence", &day),
        1 => observation(&id, OWNER, PRACTICE, "20447-9", "HIV viral load", &day),
        2 => observation(&id, OWNER, PROGRAM, "8867-4", "Heart rate", &day),
        3 => medicine(
            &id,
            OWNER,
            PRACTICE,
            "351267",
            "Buprenorphine/naloxone",
            &day,
        ),
        4 => medicine(&id, OWNER, PRACTICE, "312941", "Sertraline", &day),
        5 => note(&id, OWNER, PROGRAM, "Spoke about the week.", &day),
        6 => {
            let mut marked = condition(&id, OWNER, PRACTICE, "I10", "High blood pressure", &day);
            marked["meta"]["security"] = json!([{
                "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "PSY",
            }]);
            marked
        }
        7 => {
            // No code that anybody knows: hidden until reviewed.
            let mut unknown = condition(&id, OWNER, PRACTICE, "X", "Something", &day);
            unknown["code"] = json!({ "text": "Something nobody has sorted" });
            unknown
        }
        _ => {
            // Beside an ordinary visit.
            let mut at_visit = condition(&id, OWNER, PRACTICE, "Z21", "HIV infection", &day);
            at_visit["encounter"] = json!({ "reference": "Encounter/p2-5585aa454e" });
            at_visit
        }
    }
}

/// An ordinary item; its note is free text that nothing vouches for.
fn with_note(words: Option<&str>) -> Value {
    let mut value = observation(
        "partly",
        OWNER,
        PRACTICE,
        "8867-4",
        "Heart rate",
        "2026-10-07T10:00:00-05:00",
    );
    if let Some(words) = words {
        value["note"] = json!([{ "text": words }]);
    }
    value
}

/// The answer, and whether it sets a cookie.
fn told_by(page: &Page) -> String {
    format!(
        "{} {}",
        page.headers.contains_key("set-cookie"),
        page.essence(&[])
    )
}

/// Everything that a clinician can do with a chart, and what came back.
async fn tour(
    clinician: &mut Clinician<'_>,
    patient: &str,
    probes: &[String],
) -> Vec<(String, String)> {
    let mut told = Vec::new();
    let chart = format!("/patients/{patient}");
    macro_rules! get {
        ($path:expr) => {{
            let path: String = $path;
            let page = clinician.get(&path).await;
            told.push((path, told_by(&page)));
            page
        }};
    }
    macro_rules! post {
        ($path:expr, $body:expr) => {{
            let path: String = $path;
            let page = clinician.post(&path, $body).await;
            told.push((format!("{path} {}", $body), told_by(&page)));
            page
        }};
    }
    get!("/patients".to_owned());
    get!(chart.clone());
    post!(chart.clone(), "purpose=");
    for purpose in ["payment", "care-coordination", "treatment"] {
        post!(chart.clone(), format!("purpose={purpose}"));
        get!(chart.clone());
    }
    let (mut page, mut links) = (get!(chart.clone()), Vec::new());
    loop {
        links.extend(
            page.articles()
                .into_iter()
                .filter_map(|article| article.href),
        );
        let Some(next) = page.next() else { break };
        page = get!(next);
    }
    for odd in ["0", "2", "3", "99", "x"] {
        get!(format!("{chart}?page={odd}"));
    }
    assert!(links.len() > 20, "there is something to see");
    for link in links.iter().step_by(6) {
        get!(link.clone());
    }
    for probe in probes {
        get!(format!("{chart}/records/{probe}"));
    }
    get!(format!("{chart}/records/x"));
    post!(format!("{chart}/export"), "format=");
    for format in ["fhir", "pdf"] {
        post!(format!("{chart}/export"), format!("format={format}"));
        get!("/step-up".to_owned());
        told.push(("confirmed".to_owned(), clinician.confirm().await));
        get!(format!("{chart}/export"));
        let path = format!("{chart}/export");
        let file = clinician
            .post(&path, format!("format={format}"))
            .await
            .expect(200);
        told.push((format!("{path} {format}"), told_by(&file)));
    }
    get!("/home".to_owned());
    told
}

async fn record(portal: &TestPortal) -> Vec<ItemFacts> {
    let patient = portal.patient_id("Morgan Ellis").await;
    let chart = portal
        .portal
        .store()
        .chart(patient)
        .await
        .expect("an answer");
    chart.expect("a chart").items.to_vec()
}

#[track_caller]
fn same(base: &[(String, String)], other: &[(String, String)], variant: &str) {
    for ((path, one), (_, two)) in base.iter().zip(other) {
        assert_eq!(one, two, "{variant}: {path} tells");
    }
    assert_eq!(base.len(), other.len(), "{variant}");
}

/// With and without, more and less, older and newer: always the same bytes.
#[tokio::test]
async fn what_may_not_be_seen_changes_no_byte() {
    let mut numbers = Numbers(20_260_216);
    let variants: Vec<(String, Vec<Value>)> = [1_usize, 2, 9, 70]
        .into_iter()
        .map(|count| {
            let mut more: Vec<Value> = (0..count)
                .map(|number| hidden(&mut numbers, number))
                .collect();
            match count % 3 {
                0 => more.push(with_note(Some("Says the opioid treatment goes well."))),
                1 => more.push(with_note(Some("HIV positive since 2019."))),
                _ => {}
            }
            (format!("{count} hidden"), more)
        })
        .collect();

    for (name, more) in variants {
        let other = TestPortal::new().await;
        other.add(MORGAN, &[with_note(None)]).await;
        let ordinary: BTreeSet<ItemId> = record(&other).await.iter().map(|item| item.id).collect();
        other.add(MORGAN, &more).await;
        let all = record(&other).await;
        let mut probes: Vec<String> = all
            .iter()
            .filter(|item| !ordinary.contains(&item.id))
            .map(|item| item.id.to_string())
            .take(4)
            .collect();
        assert!(!probes.is_empty());
        assert!(all.len() > ordinary.len());
        probes.push(UNKNOWN.to_owned());
        let patient = other.patient_id("Morgan Ellis").await;

        let base = TestPortal::new().await;
        base.add(MORGAN, &[with_note(None)]).await;
        assert_eq!(base.patient_id("Morgan Ellis").await, patient);
        let ids: BTreeSet<ItemId> = record(&base).await.iter().map(|item| item.id).collect();
        assert!(ids == ordinary, "both begin alike");

        let patient_text = patient.to_string();
        let mut one = base.lindqvist().await;
        let mut two = other.lindqvist().await;
        let without = tour(&mut one, &patient_text, &probes).await;
        let with = tour(&mut two, &patient_text, &probes).await;
        same(&without, &with, &name);
        // One and the same answer to every item that can't be seen.
        let answers: BTreeSet<&String> = with
            .iter()
            .filter(|(path, _)| probes.iter().any(|probe| path.ends_with(probe.as_str())))
            .map(|(_, told)| told)
            .collect();
        assert_eq!(answers.len(), 1, "{name}");
        // As many tries in the one ledger as in the other.
        let (here, there) = (base.since(patient, 0).await, other.since(patient, 0).await);
        assert_eq!(denied(&here).len(), denied(&there).len(), "{name}");
        other.assert_sound().await;
    }
}

/// The same for somebody who may see nothing at all: no relationship, whatever is in the record.
#[tokio::test]
async fn strangers_can_not_tell_either() {
    let mut numbers = Numbers(42);
    let base = TestPortal::new().await;
    let other = TestPortal::new().await;
    let more: Vec<Value> = (0..12).map(|number| hidden(&mut numbers, number)).collect();
    other.add(MORGAN, &more).await;
    let patient = base.patient_id("Morgan Ellis").await;
    let mut told = Vec::new();
    for portal in [&base, &other] {
        let mut vasquez = portal.vasquez().await;
        let mut answers = vec![vasquez.open_patients().await.essence(&[])];
        let path = format!("/patients/{patient}");
        for purpose in ["treatment", "operations"] {
            vasquez
                .post(&path, format!("purpose={purpose}"))
                .await
                .expect(303);
            answers.push(vasquez.get(&path).await.expect(404).essence(&[]));
        }
        told.push(answers);
    }
    assert_eq!(told[0], told[1]);
}

/// With a consent for one segment: what the others hold still changes nothing.
#[tokio::test]
async fn a_consent_opens_no_window_on_the_rest() {
    use crate::support::Picks;
    let picks = Picks {
        to: "prac-lindqvist",
        segments: &["general", "mental-health"],
        part2: false,
        ..Picks::OKAFOR_TREATS
    };
    let (mut numbers, mut number) = (Numbers(7), 0);
    // Neither of mental health nor ordinary.
    let mut more = Vec::new();
    while more.len() < 10 {
        let item = hidden(&mut numbers, number);
        number += 1;
        let text = item.to_string();
        if !text.contains("PSY") && !text.contains("Sertraline") {
            more.push(item);
        }
    }
    let seen = medicine(
        "seen",
        OWNER,
        PRACTICE,
        "312941",
        "Sertraline",
        "2025-05-05",
    );
    let mut told = Vec::new();
    for extra in [Vec::new(), more] {
        let portal = TestPortal::new().await;
        portal.add(MORGAN, std::slice::from_ref(&seen)).await;
        portal.add(MORGAN, &extra).await;
        let patient = portal.patient_id("Morgan Ellis").await;
        let consent = portal.morgan().await.share(&picks).await.to_string();
        let mut lindqvist = portal.lindqvist().await;
        let tour = tour(&mut lindqvist, &patient.to_string(), &[UNKNOWN.to_owned()]).await;
        assert!(tour.iter().any(|(_, page)| page.contains("Sertraline")));
        // The consent's own id is drawn at random; what it says is not.
        let tour: Vec<(String, String)> = tour
            .into_iter()
            .map(|(path, page)| (path, page.replace(&consent, "…")))
            .collect();
        told.push(tour);
    }
    same(&told[0], &told[1], "with a consent");
}
