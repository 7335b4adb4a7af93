//! "View as" is what the recipient has: the same bytes for the same purpose and page, whatever stands for the patient, the
//! addresses of links aside; and nobody else's to look at (UX, POLICY §4, §5).
//!
//! The one rule by which addresses are compared: what leads to a page of the chart is that page's number, and what leads to
//! an item is that item's id, wherever it is shown. Pictures and all the rest are compared as they are. One sort of item is
//! left out of the comparison: a separated counseling note, which the patient opens on its own page with a fresh factor.

use crate::sharing_whole::document::guardian;
use crate::sharing_whole::policy::{Numbers, restrict, sign, terms, treat};
use crate::support::{Browser, Clinician, Page, Patient, Picks, TestPortal, disclosures};
use domain::{
    consent::{ConsentKind, Recipient, Scope},
    decide::{Action, Ground},
    id::{ConsentId, ItemId, OrganizationId, PatientId, PersonId, RelationshipId},
    item::KINDS,
    label::{ALL, Label, LabelSet},
    notice::Statement,
    party::Party,
    purpose::Purpose,
};
use std::fmt::Write as _;
use store::Stamp;

const UNKNOWN: &str = "0b6c7a52-2f0e-4a53-9d3d-0123456789ab";
/// The purposes as an address of a view numbers them, and as a clinician declares them.
const PURPOSES: [(usize, Purpose); 4] = [
    (1, Purpose::Treatment),
    (2, Purpose::CareCoordination),
    (3, Purpose::Payment),
    (4, Purpose::Operations),
];

/// The chart on a page, as it stands there: its heading and what follows, up to the end of what frames it.
fn chart<'p>(page: &'p Page, end: &str) -> Option<(&'p str, &'p str)> {
    let (_, from_head) = page.body.split_once("<div class=\"chart-head\">")?;
    let (head, _) = from_head.split_once("</div>")?;
    let (_, body) = page.body.split_once("<div class=\"chart\">")?;
    let end = body.rfind(end).expect("the chart ends");
    Some((head, &body[..end]))
}

/// The same with each address that leads into the record in the words of the rule.
fn normal(fragment: &str) -> String {
    let mut parts = fragment.split("href=\"");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (address, rest) = part.split_once('"').expect("an address ends");
        let read = if !address.starts_with("/patients/") && !address.starts_with("/sharing/") {
            address.to_owned()
        } else if let Some((_, page)) = address.split_once("page=") {
            format!("page {page}")
        } else {
            let path = address.split('?').next().expect("a path");
            format!("item {}", path.rsplit('/').next().expect("an id"))
        };
        let _ = write!(out, "href=\"{read}\"{rest}");
    }
    out
}

fn compared(page: &Page, end: &str) -> Option<(String, String)> {
    chart(page, end).map(|(head, body)| (head.to_owned(), normal(body)))
}

/// What a clinician gets for a purpose, page by page; `None`: they are told that there is nothing.
async fn theirs(
    clinician: &mut Browser<'_>,
    patient: PatientId,
    purpose: Purpose,
) -> Option<Vec<Page>> {
    let path = format!("/patients/{patient}");
    let form = format!("purpose={}", purpose.name());
    clinician.post(&path, form).await.expect(303);
    let first = clinician.get(&path).await;
    if first.status.as_u16() == 404 {
        return None;
    }
    Some(clinician.pages(path).await)
}

/// Compares every page; how many items there were.
#[track_caller]
fn same(chart: Option<&[Page]>, view: &[Page], about: &str) -> usize {
    same_but(chart, view, None, about)
}

/// The fragment without the card of an item.
fn without(fragment: &str, item: Option<ItemId>) -> String {
    const CARD: &str = "<article class=\"item\">";
    let Some(item) = item.map(|item| item.to_string()) else {
        return fragment.to_owned();
    };
    let mut cards = fragment.split(CARD);
    let mut out = cards.next().unwrap_or_default().to_owned();
    for card in cards {
        let (inside, after) = card.split_once("</article>").expect("a card ends");
        if !inside.contains(&item) {
            out.push_str(CARD);
            out.push_str(inside);
            out.push_str("</article>");
        }
        out.push_str(after);
    }
    out
}

/// The same, aside from one item's card.
#[track_caller]
fn same_but(chart: Option<&[Page]>, view: &[Page], but: Option<ItemId>, about: &str) -> usize {
    let Some(chart) = chart else {
        assert_eq!(view.len(), 1, "{about}");
        let page = view[0]
            .clone()
            .shows("They can't see anything of your record for this.");
        assert!(!page.body.contains("class=\"chart\""), "{about}");
        return 0;
    };
    assert_eq!(chart.len(), view.len(), "{about}");
    for (theirs, mine) in chart.iter().zip(view) {
        let one = compared(theirs, "</div><p class=\"as-of\">").expect("a chart");
        let two = compared(mine, "</div></section>").expect("a view");
        assert_eq!(one.0, two.0, "{about}: {}", mine.path);
        let (one, two) = (without(&one.1, but), without(&two.1, but));
        assert_eq!(one, two, "{about}: {} and {}", theirs.path, mine.path);
    }
    chart.iter().map(|page| page.articles().len()).sum()
}

/// Everything that a round may change.
struct World<'t> {
    test: &'t TestPortal,
    patient: PatientId,
    people: Vec<PersonId>,
    places: Vec<OrganizationId>,
    items: Vec<ItemId>,
    relationships: Vec<RelationshipId>,
    consents: Vec<ConsentId>,
}

impl World<'_> {
    fn labels(numbers: &mut Numbers, most: usize) -> LabelSet {
        let from: Vec<Label> = ALL
            .into_iter()
            .filter(|label| label.is_segment() || *label == Label::Part2)
            .collect();
        let count = 1 + numbers.below(most);
        LabelSet::of((0..count).map(|_| numbers.one(&from)))
    }

    fn scope(&self, numbers: &mut Numbers) -> Scope {
        let mut what = Scope::labels(Self::labels(numbers, 6).with(Label::General));
        if numbers.once_in(2) {
            what.include = what.include.with(Label::Part2).with(Label::SubstanceUse);
        }
        if numbers.once_in(3) {
            what.exclude = Self::labels(numbers, 2).without(Label::General);
        }
        if numbers.once_in(3) {
            what.service_from = chrono::NaiveDate::from_ymd_opt(2024, 6, 1);
        }
        if numbers.once_in(4) {
            what.kinds =
                domain::item::KindSet::of(KINDS.into_iter().filter(|_| numbers.below(3) > 0));
        }
        if numbers.once_in(3) {
            what.items_included = vec![numbers.one(&self.items), numbers.one(&self.items)];
            what.items_excluded = vec![numbers.one(&self.items)];
        }
        what
    }

    async fn change(&mut self, numbers: &mut Numbers) {
        let store = self.test.portal.store();
        let system = &Stamp::SYSTEM;
        match numbers.below(6) {
            0..=2 => {
                let to = match numbers.below(4) {
                    0 => Recipient::Organization(numbers.one(&self.places)),
                    1 => Recipient::TreatingProviders,
                    _ => Recipient::Person(numbers.one(&self.people)),
                };
                let purposes: Vec<Purpose> = PURPOSES
                    .into_iter()
                    .filter(|(number, _)| *number == 1 || numbers.once_in(3))
                    .map(|(_, purpose)| purpose)
                    .collect();
                let what = self.scope(numbers);
                let terms = terms(self.test, self.patient, to, &purposes, what);
                if terms.deficiencies().is_empty() {
                    let consent = sign(self.test, numbers.id(), terms).await;
                    self.consents.push(consent);
                }
            }
            3 => {
                let party = if numbers.once_in(3) {
                    Party::Organization(numbers.one(&self.places))
                } else {
                    Party::Person(numbers.one(&self.people))
                };
                let id = treat(self.test, self.patient, numbers.id(), party).await;
                self.relationships.push(id);
            }
            4 if numbers.once_in(2) => {
                if let Some(id) = self.relationships.pop() {
                    let ended = store.end_relationship(system, self.patient, id).await;
                    ended.expect("it ends");
                }
            }
            4 => {
                if let Some(id) = self.consents.pop() {
                    let revoked = store.revoke_consent(system, self.patient, id).await;
                    revoked.expect("it is revoked");
                }
            }
            _ => {
                let recipients = if numbers.once_in(3) {
                    vec![Party::Organization(numbers.one(&self.places))]
                } else {
                    vec![Party::Person(numbers.one(&self.people))]
                };
                let labels = Self::labels(numbers, 1).without(Label::General);
                let items = vec![numbers.one(&self.items)];
                restrict(
                    self.test,
                    self.patient,
                    numbers.id(),
                    recipients,
                    labels,
                    items,
                )
                .await;
            }
        }
    }
}

/// A recipient with a browser of their own and the patient's view of them, whatever consents, care and restrictions stand:
/// the same bytes, for every purpose and page (UX "view as"; POLICY §4, one decision).
#[tokio::test]
async fn a_view_is_what_the_recipient_has() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let chart = test.portal.store().chart(patient).await;
    let items = chart.expect("an answer").expect("a chart").items;
    let mut world = World {
        test: &test,
        patient,
        people: Vec::new(),
        places: Vec::new(),
        items: items.iter().map(|item| item.id).collect(),
        relationships: Vec::new(),
        consents: Vec::new(),
    };
    let mut browsers = [
        test.okafor().await,
        test.vasquez().await,
        test.lindqvist().await,
    ];
    for name in [
        "Dr. Amara Okafor",
        "Dr. Elena Vasquez",
        "Dr. Tobias Lindqvist",
    ] {
        let person = test.person_id(name).await;
        world.people.push(person);
        let record = test.portal.store().person(person).await;
        let record = record.expect("an answer").expect("a person");
        world.places.push(record.memberships[0].organization);
    }
    let mut jordan = test.jordan().await;
    let mut numbers = Numbers(20_261_122);
    // It takes a fresh factor of the patient, and has a test of its own.
    let note = counseling_note(&test, patient).await;
    let mut most = 0;
    for round in 0..14 {
        if round > 0 {
            world.change(&mut numbers).await;
            world.change(&mut numbers).await;
        }
        for (at, clinician) in browsers.iter_mut().enumerate() {
            let person = world.people[at];
            let (number, purpose) = if numbers.once_in(2) {
                PURPOSES[0]
            } else {
                numbers.one(&PURPOSES)
            };
            let about = format!("round {round}, recipient {at}, {}", purpose.name());
            let chart = theirs(clinician, patient, purpose).await;
            let view = view(&mut jordan, person, number).await;
            let count = same_but(chart.as_deref(), &view, Some(note), &about);
            most = most.max(count);
            // An item, as far as it goes.
            if let Some(pages) = &chart {
                let mut all: Vec<_> = pages.iter().flat_map(Page::articles).collect();
                let apart = note.to_string();
                all.retain(|one| one.href.as_ref().is_none_or(|href| !href.ends_with(&apart)));
                if let Some(one) = (!all.is_empty()).then(|| numbers.one(&all)) {
                    let href = one.href.expect("a link");
                    let id = href.rsplit('/').next().expect("an id");
                    let theirs = clinician.get(&href).await.expect(200);
                    let mine = format!("/sharing/view-as/{person}/items/{id}?for={number}");
                    let mine = jordan.get(&mine).await.expect(200);
                    let one = compared(&theirs, "</div><p class=\"as-of\">").expect("an item");
                    let two = compared(&mine, "</div></section>").expect("an item");
                    assert_eq!(one, two, "{about}: {href}");
                }
            }
        }
    }
    // Without anything that stands, nobody sees anything, and the view says so (LAW A12).
    let store = test.portal.store();
    let state = store.policy_state(patient).await.expect("an answer");
    for one in state.expect("a state").relationships {
        if one.span.until.is_none() {
            let ended = store
                .end_relationship(&Stamp::SYSTEM, patient, one.id)
                .await;
            ended.expect("it ends");
        }
    }
    for id in world.consents.drain(..) {
        let revoked = store.revoke_consent(&Stamp::SYSTEM, patient, id).await;
        revoked.expect("it is revoked");
    }
    for (clinician, person) in browsers.iter_mut().zip(&world.people) {
        let chart = theirs(clinician, patient, Purpose::Treatment).await;
        assert!(chart.is_none());
        same(None, &view(&mut jordan, *person, 1).await, "nothing stands");
    }
    assert!(most > 100, "somebody could see much at times: {most}");
    test.assert_sound().await;
}

async fn view(jordan: &mut Patient<'_>, person: PersonId, purpose: usize) -> Vec<Page> {
    jordan
        .pages(format!("/sharing/view-as/{person}?for={purpose}"))
        .await
}

/// LAW A12: after a revocation the view shows what is left, in the same instant as the chart.
#[tokio::test]
async fn a_view_ends_with_the_consent() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let okafor = test.person_id("Dr. Amara Okafor").await;
    let mut jordan = test.jordan().await;
    let mut clinician: Clinician<'_> = test.okafor().await;
    let consent = jordan.share(&Picks::OKAFOR_TREATS).await;
    for open in [true, false] {
        let chart = theirs(&mut clinician, patient, Purpose::Treatment).await;
        let view = view(&mut jordan, okafor, 1).await;
        same(chart.as_deref(), &view, "around a revocation");
        let text: String = view.iter().map(Page::text).collect();
        assert_eq!(text.contains("Buprenorphine"), open);
        assert_eq!(text.contains("A consent signed"), open);
        if open {
            jordan.revoke(consent).await;
        }
    }
}

/// It is asked for what they look before anything of the record shows, and neither address nor title tells anything.
#[tokio::test]
async fn it_is_asked_for_what_they_look() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let okafor = test.person_id("Dr. Amara Okafor").await;
    let mut jordan = test.jordan().await;
    let place = test.length(patient).await;
    let path = format!("/sharing/view-as/{okafor}");
    let page = jordan
        .get(&path)
        .await
        .expect(200)
        .shows("What Dr. Amara Okafor")
        .hides("Lisinopril");
    assert_eq!(test.length(patient).await, place, "nothing was opened");
    assert!(page.title().starts_with("A view of your record"));
    let form = page.form_with_field("for");
    assert_eq!(
        (form.method.as_str(), form.action.as_str()),
        ("get", path.as_str())
    );
    let page = jordan.submit(&form).await.expect(200);
    assert_eq!(page.path, format!("{path}?for=1"));
    let page = page
        .shows("This is a view.")
        .shows("Lisinopril 10 mg tablet")
        .hides("Buprenorphine");
    assert!(page.title().starts_with("A view of your record"));
    for odd in ["for=", "for=9", "for=5", "for=treatment", "page=2"] {
        let page = jordan.get(&format!("{path}?{odd}")).await.expect(200);
        page.shows("Show what they see").hides("Lisinopril");
    }
    // Written down as the patient's own look, and nobody else's.
    let looks = disclosures(&test.since(patient, place).await);
    let jordans = test.person_id("Jordan Reyes").await;
    assert_eq!(looks.len(), 1);
    assert_eq!(
        (looks[0].who, looks[0].action),
        (Some(jordans), Action::Preview)
    );
    assert_eq!(looks[0].basis, [Ground::Subject]);
    jordan
        .open_history()
        .await
        .shows("Looked at what others can see");
    test.assert_sound().await;
}

/// Whoever is not in the directory is nobody: another patient, an office worker, no one at all answer alike, and somebody
/// who sees nothing answers the same but for their name (LAW B5).
#[tokio::test]
async fn nobody_answers_like_somebody_who_sees_nothing() {
    let test = TestPortal::new().await;
    let mut morgan = test.morgan().await;
    let mut answers = Vec::new();
    for id in [
        UNKNOWN.to_owned(),
        test.person_id("Jordan Reyes").await.to_string(),
        test.patient_id("Jordan Reyes").await.to_string(),
        test.person_id("Renata Solberg").await.to_string(),
        test.person_id("Dr. Elena Vasquez").await.to_string(),
    ] {
        for rest in [
            "",
            "?for=1",
            "?for=4&page=3",
            "/items/x",
            "/items/0b6c7a52-2f0e-4a53-9d3d-0123456789ab?for=1",
        ] {
            let page = morgan.get(&format!("/sharing/view-as/{id}{rest}")).await;
            let nobody = "someone who is not in our list of people";
            let told = page
                .essence(&[&id])
                .replace("Dr. Elena Vasquez, MD (Harbor Light Recovery)", nobody)
                .replace("Dr. Elena Vasquez (Harbor Light Recovery)", nobody);
            answers.push((rest, told));
        }
    }
    for (rest, told) in &answers[5..] {
        let (_, first) = answers
            .iter()
            .find(|(one, _)| one == rest)
            .expect("the first");
        assert_eq!(told, first, "{rest}");
    }
    morgan.get("/sharing/view-as/x").await.expect(404);
}

/// It is the patient's own: nobody else gets as far, with whatever id.
#[tokio::test]
async fn a_view_is_the_patients_own() {
    let test = TestPortal::new().await;
    let okafor = test.person_id("Dr. Amara Okafor").await;
    for name in ["okafor", "solberg"] {
        let mut somebody = if name == "okafor" {
            test.okafor().await.0
        } else {
            test.solberg().await
        };
        let unknown = somebody.get("/sharing/nothing/x/y").await.expect(404);
        for path in [
            format!("/sharing/view-as/{okafor}"),
            format!("/sharing/view-as/{okafor}?for=1"),
            format!("/sharing/view-as/{UNKNOWN}?for=1"),
            format!("/sharing/view-as/{okafor}/items/{UNKNOWN}?for=1"),
        ] {
            let page = somebody.get(&path).await.expect(404);
            assert_eq!(page.essence(&[]), unknown.essence(&[]), "{name} {path}");
        }
    }
}

/// UX: to whom a view is refused, no way to one is shown: not on the start page, not in the grid, not on an agreement, and
/// not beside what needs attention.
#[tokio::test]
async fn no_way_to_a_view_is_shown_to_others() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let raman = portal::import::person_id("Practitioner/prac-raman");
    let mut jordan = test.jordan().await;
    let consent = jordan.share(&Picks::OKAFOR_TREATS).await;
    treat(&test, patient, Numbers(41).id(), Party::Person(raman)).await;
    let whole = LabelSet::SEGMENTS.with(Label::Part2);
    let mut grace = guardian(&test, "Grace Guardian", whole).await;
    let views = |page: &Page| {
        let links = page.links();
        links
            .iter()
            .any(|link| link.starts_with("/sharing/view-as/"))
    };
    let agreement = format!("/sharing/{consent}");
    for path in ["/home", "/sharing", agreement.as_str()] {
        let page = jordan.get(path).await.expect(200);
        assert!(views(&page), "{path}");
        let page = grace.get(path).await.expect(200);
        assert!(!views(&page), "{path}");
    }
    let page = grace.get("/sharing").await.expect(200);
    page.shows("began to care for you");
    let refused = grace.get(&format!("/sharing/view-as/{raman}")).await;
    refused.expect(404);
}

/// A clinic is looked at as somebody who gives care there and has no relationship of their own; its people one by one.
#[tokio::test]
async fn an_organization_is_anybody_there() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let okafor = test.person_id("Dr. Amara Okafor").await;
    let record = test.portal.store().person(okafor).await;
    let place = record.expect("an answer").expect("a person").memberships[0].organization;
    let mut jordan = test.jordan().await;
    let path = format!("/sharing/view-as/{place}");
    let page = jordan.get(&path).await.expect(200);
    assert!(page.links().contains(&format!("/sharing/view-as/{okafor}")));
    let care = |text: &str| text.contains("Lisinopril");
    jordan
        .get(&format!("{path}?for=1"))
        .await
        .expect(200)
        .shows("They can't see anything of your record for this.");
    let what = Scope::labels(LabelSet::of([Label::General]));
    let purposes = [Purpose::Treatment];
    let to = Recipient::Organization(place);
    sign(
        &test,
        Numbers(3).id(),
        terms(&test, patient, to, &purposes, what),
    )
    .await;
    let pages = jordan.pages(format!("{path}?for=1")).await;
    let text: String = pages.iter().map(Page::text).collect();
    assert!(care(&text) && text.contains("what someone sees who gives care there"));
    assert!(!text.contains("Your care relationship with the patient."));
}

/// A counseling note that somebody may see takes a fresh factor of the patient all the same (POLICY §4.1): the view names
/// it and leads to its own page.
#[tokio::test]
async fn a_counseling_note_stays_behind_its_factor() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let okafor = test.person_id("Dr. Amara Okafor").await;
    let note = counseling_note(&test, patient).await;
    let what = Scope::labels(LabelSet::of([
        Label::SudCounselingNote,
        Label::SubstanceUse,
        Label::MentalHealth,
        Label::Part2,
    ]));
    let to = Recipient::Person(okafor);
    let mut terms = terms(&test, patient, to, &[Purpose::Treatment], what);
    terms.kind = ConsentKind::Notes;
    terms.statements = Statement::required_for(terms.kind, terms.purposes).collect();
    sign(&test, Numbers(9).id(), terms).await;
    let mut okafors = test.okafor().await;
    let chart = theirs(&mut okafors, patient, Purpose::Treatment).await;
    let chart = chart.expect("a chart");
    let links: Vec<String> = chart.iter().flat_map(Page::links).collect();
    let id = note.to_string();
    assert!(links.iter().any(|link| link.ends_with(&id)), "they see it");

    let mut jordan = test.jordan().await;
    let view = view(&mut jordan, okafor, 1).await;
    same_but(Some(&chart), &view, Some(note), "with a counseling note");
    let links: Vec<String> = view.iter().flat_map(Page::links).collect();
    assert!(links.contains(&format!("/records/{note}")));
    let item = format!("/sharing/view-as/{okafor}/items/{note}?for=1");
    jordan.get(&item).await.expect(404);
}

/// The separated note of the demo's record.
async fn counseling_note(test: &TestPortal, patient: PatientId) -> ItemId {
    let chart = test.portal.store().chart(patient).await;
    let items = chart.expect("an answer").expect("a chart").items;
    let note = items
        .iter()
        .find(|item| item.labels().has(Label::SudCounselingNote));
    note.expect("a counseling note").id
}
