//! The sharing grid and what needs the patient: the page says what the decision does (UX, POLICY §4).

use crate::proxies::cast::{acting, family};
use crate::sharing_whole::document::guardian;
use crate::sharing_whole::policy::{Numbers, emergency, restrict, sign, terms, treat};
use crate::support::{Browser, Page, Patient, Picks, TestPortal, records};
use domain::clock::Clock;
use domain::{
    consent::{Expiry, Grantor, Recipient, Scope},
    id::{AuthorityId, ItemId, OrganizationId, PersonId, RestrictionId},
    item::{ItemFacts, ItemKind},
    label::{Label, LabelSet},
    party::{Party, Role, Span},
    purpose::Purpose,
    state::{Restriction, RestrictionState},
};
use scraper::{Html, Selector};
use serde_json::json;
use std::collections::BTreeSet;
use store::Stamp;

const GUARDIAN: &str = "Grace Guardian";

/// Dr. Raman, who treats nobody of these to begin with.
fn raman() -> PersonId {
    portal::import::person_id("Practitioner/prac-raman")
}

/// The cells of a row, each by its column and its words; `None`: nobody of that name has one.
fn row(page: &Page, who: &str) -> Option<Vec<(String, String)>> {
    let html = Html::parse_document(&page.body);
    let all = |what: &str| Selector::parse(what).expect("a selector");
    let words = |text: Vec<&str>| -> String {
        let words: Vec<&str> = text
            .iter()
            .flat_map(|text| text.split_whitespace())
            .collect();
        words.join(" ")
    };
    html.select(&all(".grid tbody tr")).find_map(|row| {
        let name = row.select(&all(".grid-link")).next()?;
        words(name.text().collect()).contains(who).then(|| {
            row.select(&all("td.grid-cell"))
                .map(|cell| {
                    let column = cell.attr("data-label").unwrap_or_default().to_owned();
                    (column, words(cell.text().collect()))
                })
                .chain(
                    row.select(&all("td.grid-until"))
                        .map(|cell| ("until".to_owned(), words(cell.text().collect()))),
                )
                .collect()
        })
    })
}

#[track_caller]
fn cell<'r>(row: &'r [(String, String)], column: &str) -> &'r str {
    let found = row.iter().find(|(name, _)| name == column);
    &found.unwrap_or_else(|| panic!("no {column} in {row:?}")).1
}

/// Who cares for the patient has a row without a consent, and it says why; one who works for a treatment program has what
/// that program wrote besides (POLICY §4.6, §4.7a).
#[tokio::test]
async fn care_opens_what_the_grid_says() {
    let test = TestPortal::new().await;
    let mut jordan = test.jordan().await;
    let page = jordan.open_sharing().await;
    let okafor = row(&page, "Okafor").expect("a row");
    assert_eq!(
        cell(&okafor, "Everyday health"),
        "All of it: open because they care for you"
    );
    assert_eq!(cell(&okafor, "Substance use care"), "Closed");
    assert!(cell(&okafor, "until").contains("As long as they care for you"));
    let vasquez = row(&page, "Vasquez").expect("a row");
    assert_eq!(
        cell(&vasquez, "Substance use care"),
        "Some of it: what their own program wrote"
    );
    let person = test.person_id("Dr. Amara Okafor").await;
    assert!(page.links().contains(&format!("/sharing/view-as/{person}")));
    page.shows("Everything but everyday health: what their own program wrote");
}

/// "Some of it" says what: parts of a segment, days, single items; in the cell, and in words below (UX).
#[tokio::test]
async fn some_of_it_says_what() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let okafor = test.person_id("Dr. Amara Okafor").await;
    let chart = test.portal.store().chart(patient).await;
    let items = chart.expect("an answer").expect("a chart").items;
    let hiv = items
        .iter()
        .find(|item| item.labels().has(Label::Hiv) && !item.labels().has(Label::Part2))
        .expect("an item about HIV");
    let what = Scope {
        include: LabelSet::of([Label::Alcohol, Label::SexualReproductive]),
        exclude: LabelSet::of([Label::Abortion]),
        service_from: chrono::NaiveDate::from_ymd_opt(2025, 6, 1),
        items_included: vec![hiv.id],
        ..Scope::labels(LabelSet::EMPTY)
    };
    let purposes = [Purpose::Treatment];
    let mut terms = terms(&test, patient, Recipient::Person(okafor), &purposes, what);
    terms.expiry = Some(Expiry::At(test.clock.now() + chrono::TimeDelta::days(20)));
    sign(&test, Numbers(1).id(), terms).await;
    let mut jordan = test.jordan().await;
    let page = jordan.open_sharing().await;
    let row = row(&page, "Okafor").expect("a row");
    assert_eq!(
        cell(&row, "Substance use care"),
        "Some of it: only Alcohol and only from June 1, 2025 on"
    );
    assert!(cell(&row, "Sexual and reproductive health").contains("but not Abortion"));
    assert!(cell(&row, "HIV").starts_with("Some of it: 1 single item"));
    assert_eq!(cell(&row, "Genetics"), "Closed");
    // By care, whole, whatever the consent leaves out.
    assert_eq!(
        cell(&row, "Everyday health"),
        "All of it: open because they care for you"
    );
    assert!(cell(&row, "until").contains("Ends soon"));
    page.shows("All of this: only from June 1, 2025 on")
        .shows("Needs your attention")
        .shows("ends soon: until the end of");
}

/// LAW C4: what a restriction keeps back is closed in the grid, as it is in the decision.
#[tokio::test]
async fn a_restriction_closes() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let okafor = test.person_id("Dr. Amara Okafor").await;
    let what = Scope::labels(LabelSet::of([
        Label::General,
        Label::Hiv,
        Label::SubstanceUse,
    ]));
    let purposes = [Purpose::Treatment];
    let terms = terms(&test, patient, Recipient::Person(okafor), &purposes, what);
    sign(&test, Numbers(1).id(), terms).await;
    let bound = vec![Party::Person(okafor)];
    let kept = LabelSet::of([Label::Hiv, Label::Opioids]);
    restrict(&test, patient, Numbers(2).id(), bound, kept, Vec::new()).await;
    let mut jordan = test.jordan().await;
    let page = jordan.open_sharing().await;
    let row = row(&page, "Okafor").expect("a row");
    assert_eq!(cell(&row, "HIV"), "Closed: kept closed, as you asked");
    assert_eq!(
        cell(&row, "Substance use care"),
        "Some of it: but not Opioids, as you asked"
    );
    assert_eq!(cell(&row, "Everyday health"), "All of it");
}

/// LAW C4: of several recipients each is looked at. What is kept from one of them is told, what is kept from all is closed,
/// and a person is kept out where they work, too.
#[tokio::test]
async fn a_restriction_toward_one_of_several_is_told() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let okafor = test.person_id("Dr. Amara Okafor").await;
    let lindqvist = test.person_id("Dr. Tobias Lindqvist").await;
    let mut numbers = Numbers(1);
    let what = Scope::labels(LabelSet::of([
        Label::Hiv,
        Label::SubstanceUse,
        Label::MentalHealth,
    ]));
    let purposes = [Purpose::Treatment];
    let mut terms = terms(&test, patient, Recipient::Person(okafor), &purposes, what);
    terms.to.push(Recipient::Person(lindqvist));
    sign(&test, numbers.id(), terms).await;
    let one = vec![Party::Person(okafor)];
    let kept = LabelSet::of([Label::Hiv, Label::Opioids]);
    restrict(&test, patient, numbers.id(), one, kept, Vec::new()).await;
    let mut jordan = test.jordan().await;
    let page = jordan.open_sharing().await;
    let told = row(&page, "Lindqvist").expect("a row");
    assert_eq!(
        cell(&told, "HIV"),
        "Some of it: but not for all of them, as you asked"
    );
    assert_eq!(
        cell(&told, "Substance use care"),
        "Some of it: but Opioids not for all of them, as you asked"
    );
    assert_eq!(cell(&told, "Mental health"), "All of it");
    page.shows("HIV: but not for all of them, as you asked");

    let lakeside = OrganizationId::derived("fhir", "Organization/org-lakeside");
    let other = vec![Party::Organization(lakeside)];
    let items = test.portal.store().items(patient).await.expect("items");
    let item = vec![unbilled(&items)];
    let kept = LabelSet::of([Label::Hiv]);
    restrict(&test, patient, numbers.id(), other, kept, item.clone()).await;
    let page = jordan.open_sharing().await;
    let told = row(&page, "Lindqvist").expect("a row");
    assert_eq!(cell(&told, "HIV"), "Closed: kept closed, as you asked");
    assert!(
        cell(&told, "Substance use care")
            .starts_with("Some of it: but Opioids not for all of them, as you asked")
    );
    assert_eq!(
        cell(&told, "Mental health"),
        "Some of it: but 1 item not for all of them, as you asked"
    );

    let one = vec![Party::Person(okafor)];
    restrict(&test, patient, numbers.id(), one, LabelSet::EMPTY, item).await;
    let page = jordan.open_sharing().await;
    let told = row(&page, "Lindqvist").expect("a row");
    assert_eq!(
        cell(&told, "Mental health"),
        "Some of it: but not 1 item, as you asked"
    );
}

/// An item that is shown, and that no claim bills.
fn unbilled(items: &[ItemFacts]) -> ItemId {
    let billed = |item: &ItemFacts| {
        let claims = items.iter().filter(|one| one.kind == ItemKind::Claim);
        let mut parts = claims.flat_map(|claim| &claim.parts);
        parts.any(|part| part.leads_to.contains(&item.id))
    };
    let item = items
        .iter()
        .find(|item| item.kind.is_shown() && !billed(item));
    item.expect("an item without a claim").id
}

/// A condition, a claim for it, and what the plan made of that claim.
fn billed() -> Vec<serde_json::Value> {
    let whose = "Patient/demo-patient-1";
    let of = |kind: &str, id: &str| {
        json!({
            "resourceType": kind,
            "id": id,
            "meta": {
                "source": format!("http://demo.confide.example/fhir/Organization/{}", records::PRACTICE),
            },
            "patient": { "reference": whose },
            "created": "2026-09-07",
        })
    };
    let title = "Sprain of the left ankle";
    let sprain = records::condition(
        "billed-sprain",
        whose,
        records::PRACTICE,
        "S93.402A",
        title,
        "2026-09-07",
    );
    let mut claim = of("Claim", "billed-claim");
    claim["diagnosis"] = json!([{
        "sequence": 1,
        "diagnosisReference": { "reference": "Condition/billed-sprain" },
    }]);
    let mut benefit = of("ExplanationOfBenefit", "billed-benefit");
    benefit["claim"] = json!({ "reference": "Claim/billed-claim" });
    vec![sprain, claim, benefit]
}

/// LAW C4, 164.522(a)(1)(vi): with what was paid for in full its bills are kept back, and the grid counts them; for whoever
/// stands in the patient's place, as far as they see what is kept back.
#[tokio::test]
async fn what_was_paid_in_full_keeps_its_bills_back() {
    const ITEM: &str = "but not 1 item, as you asked";
    const BILLS: &str = "but not 2 bills for what you keep back";
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let store = test.portal.store();
    let known = store.items(patient).await.expect("items");
    let known: BTreeSet<ItemId> = known.iter().map(|item| item.id).collect();
    test.add(records::JORDAN, &billed()).await;
    let items = store.items(patient).await.expect("items");
    let new = |kind: &str| {
        let mut new = items.iter().filter(|item| !known.contains(&item.id));
        let found = new.find(|item| item.resource_type == kind);
        found.expect("it was taken in").id
    };
    let plan = OrganizationId::derived("fhir", "Organization/org-northwind");
    let what = Scope::labels(LabelSet::of([Label::General, Label::Hiv]));
    let to = Recipient::Organization(plan);
    let mut numbers = Numbers(6);
    let terms = terms(&test, patient, to, &[Purpose::Payment], what);
    sign(&test, numbers.id(), terms).await;
    let (sprain, now) = (new("Condition"), test.portal.now());
    let restriction = Restriction {
        id: RestrictionId(numbers.id()),
        recipients: vec![Party::Organization(plan)],
        labels: LabelSet::EMPTY,
        items: vec![sprain],
        billing: vec![new("Claim")],
        paid_in_full: true,
        state: RestrictionState::Requested,
        span: Span {
            from: now,
            until: None,
        },
    };
    let asked = store
        .add_restriction(&Stamp::SYSTEM, patient, restriction)
        .await;
    asked.expect("it is kept");

    let mut jordan = test.jordan().await;
    let whole = LabelSet::SEGMENTS.with(Label::Part2);
    let mut guardian = guardian(&test, GUARDIAN, whole).await;
    for browser in [&mut jordan, &mut guardian] {
        let told = row(&browser.open_sharing().await, "Northwind").expect("a row");
        assert_eq!(
            cell(&told, "HIV"),
            format!("Some of it: {ITEM} and {BILLS}")
        );
    }
    // Kept from the guardian too, the item is not counted for them.
    let bound = vec![Party::Person(PersonId::derived("test", GUARDIAN))];
    let kept = LabelSet::EMPTY;
    restrict(&test, patient, numbers.id(), bound, kept, vec![sprain]).await;
    let page = guardian.open_sharing().await;
    let told = row(&page, "Northwind").expect("a row");
    assert_eq!(cell(&told, "HIV"), "All of it");
    page.hides(ITEM).hides("for what you keep back");
    let told = row(&jordan.open_sharing().await, "Northwind").expect("a row");
    assert!(cell(&told, "HIV").contains(BILLS));
}

/// POLICY §5: what is kept from somebody who acts for the patient stands in the row that the patient reads, and not in the
/// one that they read themselves.
#[tokio::test]
async fn somebody_who_acts_reads_nothing_of_what_is_kept_from_them() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let whole = LabelSet::SEGMENTS.with(Label::Part2);
    let mut guardian = guardian(&test, GUARDIAN, whole).await;
    let mut jordan = test.jordan().await;
    let before = row(&guardian.open_sharing().await, GUARDIAN).expect("a row");
    let bound = vec![Party::Person(PersonId::derived("test", GUARDIAN))];
    let kept = LabelSet::of([Label::Hiv]);
    restrict(&test, patient, Numbers(1).id(), bound, kept, Vec::new()).await;
    let told = row(&jordan.open_sharing().await, GUARDIAN).expect("a row");
    assert_eq!(cell(&told, "HIV"), "Closed: kept closed, as you asked");
    let told = row(&guardian.open_sharing().await, GUARDIAN).expect("a row");
    assert_eq!(cell(&told, "HIV"), cell(&before, "HIV"));
}

/// Everything that two pages tell.
async fn tell(browser: &mut Browser<'_>, paths: [&str; 2]) -> Vec<String> {
    let mut told = Vec::new();
    for path in paths {
        told.push(browser.get(path).await.expect(200).essence(&[]));
    }
    told
}

/// POLICY §5: who acts for a patient in part reads what was agreed, byte for byte the same whoever treats the patient and
/// whatever is kept from whom. The patient reads both.
#[tokio::test]
async fn a_partial_proxy_reads_what_was_agreed_and_no_more() {
    const HIV: Picks<'static> = Picks {
        to: "prac-raman",
        segments: &["hiv"],
        part2: false,
        ..Picks::OKAFOR_TREATS
    };
    let test = TestPortal::new().await;
    let family = family(&test, true).await;
    let parent = Patient(acting(&test, &family).await);
    let scope = LabelSet::of([Label::General, Label::Hiv]);
    let guardian = guardian(&test, GUARDIAN, scope).await;
    let jordan = test.patient_id("Jordan Reyes").await;
    let to = Party::Person(raman());
    let mut numbers = Numbers(3);
    for (mut signer, patient) in [(parent, family.patient), (guardian, jordan)] {
        let consent = format!("/sharing/{}", signer.share(&HIV).await);
        // The first look tells that it was signed just now.
        signer.get(&consent).await.expect(200);
        let before = tell(&mut signer, ["/sharing", &consent]).await;
        treat(&test, patient, numbers.id(), to).await;
        let treated = tell(&mut signer, ["/sharing", &consent]).await;
        let kept = LabelSet::of([Label::Hiv]);
        restrict(&test, patient, numbers.id(), vec![to], kept, Vec::new()).await;
        let restricted = tell(&mut signer, ["/sharing", &consent]).await;
        assert_eq!(treated, before);
        assert_eq!(restricted, before);
        let told = row(&signer.open_sharing().await, "Raman").expect("a row");
        assert_eq!(cell(&told, "HIV"), "All of it");
        assert_eq!(cell(&told, "Everyday health"), "Closed");
    }
    let minor = test.anonymous().sign_in(&family.minor).await;
    for patient in [minor, test.jordan().await.0] {
        let told = row(&Patient(patient).open_sharing().await, "Raman").expect("a row");
        assert_eq!(cell(&told, "HIV"), "Closed: kept closed, as you asked");
        assert_eq!(
            cell(&told, "Everyday health"),
            "All of it: open because they care for you"
        );
    }
    test.assert_sound().await;
}

/// POLICY §5: a single item stands in the columns of those of its labels that whoever looks may see.
#[tokio::test]
async fn a_single_item_tells_no_label_that_is_not_seen() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let everyday = LabelSet::of([Label::General]);
    let mut guardian = guardian(&test, GUARDIAN, everyday).await;
    let items = test.portal.store().items(patient).await.expect("items");
    let hiv = items
        .iter()
        .find(|item| item.labels().has(Label::Hiv) && !item.labels().has(Label::Part2))
        .expect("an item about HIV");
    let what = Scope {
        items_included: vec![hiv.id],
        ..Scope::labels(everyday)
    };
    let purposes = [Purpose::Treatment];
    let mut terms = terms(&test, patient, Recipient::Person(raman()), &purposes, what);
    terms.grantor = Grantor::Proxy {
        person: PersonId::derived("test", GUARDIAN),
        authority: AuthorityId::derived("test", GUARDIAN),
    };
    sign(&test, Numbers(4).id(), terms).await;
    let told = row(&guardian.open_sharing().await, "Raman").expect("a row");
    assert_eq!(cell(&told, "HIV"), "Closed");
    let mut jordan = test.jordan().await;
    let told = row(&jordan.open_sharing().await, "Raman").expect("a row");
    assert_eq!(cell(&told, "HIV"), "Some of it: 1 single item");
}

/// LAW E1: a record that is open in an emergency has a row, as long as it is open, which leads to what was recorded.
#[tokio::test]
async fn an_emergency_has_a_row() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let lindqvist = test.person_id("Dr. Tobias Lindqvist").await;
    emergency(&test, patient, lindqvist, Role::Clinician).await;
    let mut jordan = test.jordan().await;
    let page = jordan.open_sharing().await;
    let html = Html::parse_document(&page.body);
    let rows = Selector::parse("tr.emergency-row").expect("a selector");
    assert_eq!(html.select(&rows).count(), 1);
    let page = page.shows("Emergency until").shows("Open in an emergency");
    let told = "/access-history/notices/00000000-0000-0000-0000-00000000004d";
    assert!(page.links().contains(&told.to_owned()));
    // The view has a fifth reason to look, and shows it all.
    let path = format!("/sharing/view-as/{lindqvist}?for=5");
    let pages = jordan.pages(path).await;
    let text: String = pages.iter().map(Page::text).collect();
    assert!(text.contains("They opened your record in an emergency."));
    assert!(text.contains("Buprenorphine") && text.contains("HIV"));
    test.clock.advance(chrono::TimeDelta::hours(1));
    let mut jordan = test.jordan().await;
    let page = jordan.open_sharing().await.hides("emergency-row");
    page.hides("Emergency until");
    jordan
        .get(&format!("/sharing/view-as/{lindqvist}?for=5"))
        .await
        .expect(200)
        .shows("Show what they see");
}

/// What needs the patient, each with one way on: a consent on hold (LAW A12), care that began or ended, somebody who left.
#[tokio::test]
async fn changes_ask_for_attention() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let okafor = test.person_id("Dr. Amara Okafor").await;
    let store = test.portal.store();
    let mut jordan = test.jordan().await;
    jordan.open_sharing().await.hides("Needs your attention");

    let what = || Scope::labels(LabelSet::of([Label::General, Label::Hiv]));
    let purposes = [Purpose::Treatment];
    let of = |to| terms(&test, patient, to, &purposes, what());
    let mut numbers = Numbers(5);
    let held = sign(&test, numbers.id(), of(Recipient::TreatingProviders)).await;
    // Of several recipients each counts.
    let mut both = of(Recipient::Person(okafor));
    let lindqvist = test.person_id("Dr. Tobias Lindqvist").await;
    both.to.insert(0, Recipient::Person(lindqvist));
    let consent = sign(&test, numbers.id(), both).await;
    let newcomer = PersonId(numbers.id());
    let named = store::PersonRecord::named(newcomer, "Dr. Noor Haddad");
    let put = store.put_person(&Stamp::SYSTEM, named).await;
    put.expect("a person");
    treat(&test, patient, numbers.id(), Party::Person(newcomer)).await;
    test.clock.advance(chrono::TimeDelta::days(2));

    let suspended = store.suspend_consent(&Stamp::SYSTEM, patient, held).await;
    suspended.expect("it is on hold");
    // Okafor stops treating, and leaves the clinic.
    let state = store.policy_state(patient).await;
    let state = state.expect("an answer").expect("a state");
    for one in &state.relationships {
        if one.party == Party::Person(okafor) {
            let ended = store
                .end_relationship(&Stamp::SYSTEM, patient, one.id)
                .await;
            ended.expect("it ends");
        }
    }
    let mut left = store
        .person(okafor)
        .await
        .expect("an answer")
        .expect("a person");
    for place in &mut left.memberships {
        place.span.until = Some(test.clock.now());
    }
    let put = store.put_person(&Stamp::SYSTEM, left).await;
    put.expect("they left");
    test.clock.advance(chrono::TimeDelta::hours(1));

    let mut jordan = test.jordan().await;
    let page = jordan
        .open_sharing()
        .await
        .shows("Needs your attention")
        .shows("you told the staff to stop sharing with")
        .shows("stopped caring for you on")
        .shows("left Maple Street Family Practice on")
        .shows("Dr. Noor Haddad began to care for you on");
    let links = page.links();
    for href in [
        format!("/sharing/{held}/revoke"),
        format!("/sharing/{consent}"),
        format!("/sharing/view-as/{newcomer}"),
    ] {
        assert!(links.contains(&href), "{href}");
    }
    assert_eq!(page.count(".attention li"), 4);
    // News is news for a month.
    test.clock.advance(chrono::TimeDelta::days(31));
    let mut jordan = test.jordan().await;
    jordan.open_sharing().await.hides("began to care for you");
}
