//! Which records: everything but some, kinds of items, whose records; and the counts that say what it comes to (LAW A1).

use super::making::{HOW_LONG, REVIEW, WHAT, person, place};
use crate::support::{Page, Patient, TestPortal, disclosures};
use domain::consent::Discloser;
use domain::decide::Action;
use domain::id::OrganizationId;
use domain::item::{ItemKind, KindSet};
use domain::label::{Label, LabelSet};
use domain::party::Role;
use store::Stamp;

const PLACES: &str = "/sharing/new/places";

/// Dr. Okafor, who treats Jordan, and a health plan, which does not.
async fn at_what(jordan: &mut Patient<'_>) {
    jordan
        .who_and_why(
            &[&person("prac-okafor"), &place("org-northwind")],
            &["treatment", "care-coordination"],
        )
        .await;
}

fn number(page: &Page, before: &str, after: &str) -> usize {
    let text = page.text();
    let from = text.find(before).expect(before) + before.len();
    let rest = &text[from..];
    rest[..rest.find(after).expect(after)]
        .trim()
        .parse()
        .expect("a number")
}

/// LAW A1: everything at once, then a part taken out; only some kinds of items; only one place.
#[tokio::test]
async fn everything_except() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    at_what(&mut jordan).await;
    let page = jordan
        .answer(WHAT, |form| {
            form.choose("part2", "yes").press("Pick everything")
        })
        .await
        .expect(303);
    assert_eq!(page.location(), Some(WHAT));
    let page = jordan
        .answer(WHAT, |form| {
            form.clear("segments", Label::Opioids.name())
                .choose("which-kinds", "some")
                .press("Go on")
        })
        .await
        .expect(422)
        .shows("Tick at least one kind of item.");
    let again = page.form_with_field("segments");
    assert_eq!(again.value("which-kinds"), Some("some"));
    let page = jordan
        .submit(
            &again
                .choose("kinds", "medication")
                .choose("kinds", "condition")
                .press("Choose places"),
        )
        .await
        .expect(303);
    assert_eq!(page.location(), Some(PLACES));
    jordan
        .answer(PLACES, |form| {
            form.choose("whose", "some").press("Save and go back")
        })
        .await
        .expect(422)
        .shows("Tick at least one place.");
    let page = jordan
        .answer(PLACES, |form| {
            form.choose("whose", "some")
                .choose("from", &place("org-maple-street"))
                .press("Save and go back")
        })
        .await
        .expect(303);
    assert_eq!(page.location(), Some(WHAT));
    jordan
        .answer(WHAT, |form| form.press("Go on"))
        .await
        .expect(303);
    jordan.ends("program-finished").await;
    jordan
        .get(REVIEW)
        .await
        .expect(200)
        .shows("Kinds of items")
        .shows("Medicine")
        .shows("Maple Street Family Practice");
    let consent = jordan.signed(patient).await;
    let terms = &consent.terms;
    assert!(terms.what.kinds == KindSet::of([ItemKind::Medication, ItemKind::Condition]));
    assert_eq!(
        terms.from,
        Discloser::Organizations(vec![OrganizationId::derived(
            "fhir",
            "Organization/org-maple-street"
        )])
    );
    assert!(
        terms.what.granted()
            == LabelSet::SEGMENTS
                .minus(LabelSet::of([Label::Opioids]))
                .with(Label::Part2)
    );
    jordan
        .get(&format!("/sharing/{}", consent.id))
        .await
        .expect(200)
        .shows("Maple Street Family Practice");
    // It opens what it says, to those it names.
    let mut okafor = portal.okafor().await;
    let place = portal.length(patient).await;
    okafor
        .declare(patient, "care-coordination")
        .await
        .expect(200);
    let looks = disclosures(&portal.since(patient, place).await);
    assert!(looks.iter().any(|look| look.rests_on(consent.id)));
    portal.assert_sound().await;
}

/// UX, "exactly what this opens": without script a button counts, keeps every answer, saves nothing, and each count is a
/// look that stands in the ledger with no item.
#[tokio::test]
async fn counting_shows_what_it_comes_to() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan
        .who_and_why(&[&place("org-northwind")], &["care-coordination"])
        .await;
    let before = portal.length(patient).await;
    let page = jordan
        .answer(WHAT, |form| form.press("Count what this opens"))
        .await
        .expect(200)
        .shows("Pick what you want to share. Then this tells you");
    assert!(disclosures(&portal.since(patient, before).await).is_empty());
    let form = page
        .form_with_field("segments")
        .choose("segments", "general")
        .choose("part2", "no")
        .choose("future", "no");
    let page = jordan
        .submit(&form.press("Count what this opens"))
        .await
        .expect(200)
        .shows("Counted for Northwind Health Plan");
    let some = number(&page, "This opens ", "item");
    assert!(some > 0);
    let new = number(&page, "They will see ", "item");
    assert_eq!(new, some, "a stranger sees nothing today");
    let form = page.form_with_field("segments");
    assert_eq!(form.value("future"), Some("no"));
    let page = jordan
        .submit(
            &form
                .choose("segments", "hiv")
                .press("Count what this opens"),
        )
        .await
        .expect(200);
    assert!(number(&page, "This opens ", "item") > some);
    let looks = disclosures(&portal.since(patient, before).await);
    assert_eq!(looks.len(), 2);
    assert!(
        looks
            .iter()
            .all(|look| look.action == Action::Preview && look.items.is_empty())
    );
    // Nothing was kept: the page comes as it was.
    let form = jordan.step(WHAT).await;
    assert!(!form.encoded().contains("segments=general&"));
    // A wrong answer is named, and nothing is counted.
    jordan
        .submit(
            &form
                .fill("service-from", "last spring")
                .press("Count what this opens"),
        )
        .await
        .expect(422)
        .shows("Type a day, such as");
}

/// The ordinary records for both, up to the review.
async fn ordinary(jordan: &mut Patient<'_>) {
    at_what(jordan).await;
    jordan
        .answer(WHAT, |form| {
            form.choose("segments", "general")
                .choose("part2", "no")
                .press("Go on")
        })
        .await
        .expect(303);
    jordan
        .answer(HOW_LONG, |form| {
            form.choose("ends", "date").fill("date", "2027-02-28")
        })
        .await
        .expect(303);
}

/// POLICY §4: the review looks with the eyes of each recipient and for each purpose, and says what changes for them,
/// by the decision itself; addresses say places in a list and nothing else.
#[tokio::test]
async fn through_whose_eyes() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    ordinary(&mut jordan).await;
    let first = jordan.get(REVIEW).await.expect(200);
    let opened = number(&first, "This opens ", "item");
    assert_eq!(first.count(".eyes a[aria-current]"), 2);
    assert!(first.count(".closed-kinds li") > 0);
    for href in first.links() {
        assert!(
            !href.contains("person") && !href.contains("okafor"),
            "{href}"
        );
    }
    // Dr. Okafor treats: ordinary items are open already, for treatment …
    assert!(first.text().contains("They see no new items."));
    // … and not for working together.
    let second = jordan
        .get("/sharing/new/review?as=1&why=2")
        .await
        .expect(200);
    assert_eq!(number(&second, "This opens ", "item"), opened);
    assert_eq!(number(&second, "They will see ", "item"), opened);
    // Who sees nothing today gains all of it.
    let third = jordan
        .get("/sharing/new/review?as=2&why=1")
        .await
        .expect(200);
    assert_eq!(number(&third, "They will see ", "item"), opened);
    // Beyond the lists it is the last.
    let beyond = jordan
        .get("/sharing/new/review?as=99&why=99&page=99")
        .await
        .expect(200);
    assert_eq!(number(&beyond, "They will see ", "item"), opened);
    // Its other pages are pages of the same view.
    let next = third.next().expect("more than one page");
    assert!(next.starts_with("/sharing/new/review?page=2&as=2&why=1"));
}

/// POLICY §4: somebody who works in several roles is looked at in the one that sees most, wherever it stands in the list.
#[tokio::test]
async fn the_role_that_sees_most() {
    let portal = TestPortal::new().await;
    let store = portal.portal.store();
    let okafor = portal.person_id("Dr. Amara Okafor").await;
    let mut person = store
        .person(okafor)
        .await
        .expect("an answer")
        .expect("a person");
    let mut other = person.memberships[0].clone();
    other.role = Role::Billing;
    person.memberships.insert(0, other);
    let put = store.put_person(&Stamp::SYSTEM, person).await;
    put.expect("two roles");
    let mut jordan = portal.jordan().await;
    ordinary(&mut jordan).await;
    // As who treats they see the ordinary items already.
    let page = jordan.get(REVIEW).await.expect(200);
    assert!(page.text().contains("They see no new items."));
}

/// A new version that is narrower says what they lose (POLICY §3).
#[tokio::test]
async fn less_than_before() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan
        .who_and_why(&[&person("prac-lindqvist")], &["treatment"])
        .await;
    jordan.what(&["general", "hiv"]).await;
    jordan.ends("never").await;
    let first = jordan.signed(patient).await;
    let page = jordan
        .get(&format!("/sharing/{}", first.id))
        .await
        .expect(200);
    jordan
        .submit(&page.form_with_button("Change this agreement"))
        .await
        .expect(303);
    jordan
        .get(REVIEW)
        .await
        .expect(200)
        .shows("They see no new items.")
        .hides("will see less than today");
    jordan
        .answer(WHAT, |form| form.clear("segments", "hiv").press("Go on"))
        .await
        .expect(303);
    let page = jordan.get(REVIEW).await.expect(200);
    assert!(
        page.text()
            .contains("they will see less than today, or nothing.")
    );
}
