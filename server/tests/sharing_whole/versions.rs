//! Changing a consent: a new version takes the place of the old one in one step; drafts wait side by side (POLICY §3).

use super::document::{EVERYDAY, guardian, looked_at, said, saved_by};
use super::policy::restrict;
use crate::support::{Article, Page, Patient, Picks, TestPortal, records};
use chrono::TimeDelta;
use domain::consent::ConsentState;
use domain::id::{ConsentId, ItemId, PersonId};
use domain::label::{Label, LabelSet};
use domain::party::Party;
use uuid::Uuid;

const JORDANS: &str = "Patient/demo-patient-1";
const ANKLE: &str = "Sprain of the left ankle";
const HEEL: &str = "Sprain of the left heel";
const SAME: &str = "Every answer is the same as before.";
const OTHERS: &str = "The single items are not the same ones as before.";

/// Begins a new version of a consent.
async fn change(jordan: &mut Patient<'_>, consent: ConsentId) {
    let page = jordan.get(&format!("/sharing/{consent}")).await.expect(200);
    let page = jordan
        .submit(&page.form_with_button("Change this agreement"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/sharing/new/review"));
}

/// Two sprains of Jordan's, the ankle's and the heel's: their ids.
async fn sprains(portal: &TestPortal) -> [String; 2] {
    let sprain = |id: &str, title: &str, day: &str| {
        records::condition(id, JORDANS, records::PRACTICE, "S93.402A", title, day)
    };
    let more = [
        sprain("single-ankle", ANKLE, "2026-03-02"),
        sprain("single-heel", HEEL, "2026-03-09"),
    ];
    portal.add(records::JORDAN, &more).await;
    let pages = portal.jordan().await.pages("/records".to_owned()).await;
    let shown: Vec<Article> = pages.iter().flat_map(Page::articles).collect();
    [ANKLE, HEEL].map(|title| {
        let item = shown.iter().find(|one| one.title.as_deref() == Some(title));
        let href = item.and_then(|item| item.href.as_deref()).expect("a link");
        href.rsplit('/').next().expect("an id").to_owned()
    })
}

/// Two versions of a consent that Jordan signed, the second with the heel in the place of the ankle; and both items.
async fn exchanged(portal: &TestPortal) -> ([ConsentId; 2], [String; 2]) {
    let items = sprains(portal).await;
    let mut jordan = portal.jordan().await;
    jordan.draft(&EVERYDAY).await;
    jordan.single_items(&[&items[0]], &[]).await;
    let first = jordan.sign().await;
    change(&mut jordan, first).await;
    jordan.single_items(&[&items[1]], &[]).await;
    let second = jordan.sign().await;
    ([first, second], items)
}

/// POLICY §3: the change is a new consent that supersedes the old one; the page tells in words what reads otherwise;
/// until it is signed, the old one stands.
#[tokio::test]
async fn a_new_version_says_what_changed() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let first = jordan.share(&Picks::OKAFOR_TREATS).await;
    let path = format!("/sharing/{first}");
    let page = jordan.get(&path).await.expect(200);
    let page = jordan
        .submit(&page.form_with_button("Change this agreement"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/sharing/new/review"));
    jordan
        .open_sharing()
        .await
        .shows("You began to change what you share with")
        .shows("You have 1 sharing agreement in force.");
    // Begun twice is begun once.
    let page = jordan.get(&path).await.expect(200);
    jordan
        .submit(&page.form_with_button("Change this agreement"))
        .await
        .expect(303);
    assert_eq!(jordan.open_sharing().await.count(".begun li"), 1);

    let page = jordan.get("/sharing/new/why").await.expect(200);
    let form = page
        .form_with_field("purposes")
        .choose("purposes", "payment");
    jordan.submit(&form).await.expect(303);
    let second = jordan.sign().await;
    assert_ne!(first, second);
    let consents = portal.consents(patient).await;
    let of = |id| {
        consents
            .iter()
            .find(|standing| standing.consent.id == id)
            .expect("the consent")
    };
    assert!(matches!(of(first).state, ConsentState::Superseded { by, .. } if by == second));
    assert_eq!(of(second).consent.version, 2);
    assert_eq!(of(second).consent.supersedes, Some(first));
    jordan
        .get(&format!("/sharing/{second}"))
        .await
        .expect(200)
        .shows("What changed")
        .shows("See the earlier one")
        .shows("Paying for care");
    jordan
        .get(&path)
        .await
        .expect(200)
        .hides("Change this agreement");
    // What has ended can't be changed, whatever is posted.
    jordan.post(&format!("{path}/change"), "").await.expect(404);
    portal.assert_sound().await;
}

/// A draft that is left for another one waits, and each goes on where it was (UX: nothing typed is lost).
#[tokio::test]
async fn drafts_wait_side_by_side() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    jordan.draft(&Picks::OKAFOR_TREATS).await;
    let page = jordan.open_sharing().await;
    let page = jordan
        .submit_and_follow(&page.form_with_button("Share with someone else"))
        .await
        .shows("Who do you want to share with?");
    drop(page);
    // Nothing is answered in the new one: the old one is the only one that shows.
    let page = jordan.open_sharing().await;
    assert_eq!(page.count(".begun li"), 1);
    let page = jordan
        .submit(&page.form_with_button("Go on"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/sharing/new/review"));
    let page = jordan.open_sharing().await;
    jordan
        .submit(&page.form_with_button("Throw this away"))
        .await
        .expect(303);
    assert_eq!(jordan.open_sharing().await.count(".begun li"), 0);
}

/// LAW A1, POLICY §3: one single item in the place of another is a change, told in words by both. That they are looked at
/// is in the ledger. A version that changes nothing says so.
#[tokio::test]
async fn an_exchanged_item_is_a_change() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let ([before, now], [ankle, heel]) = exchanged(&portal).await;
    let mut jordan = portal.jordan().await;
    let place = portal.length(patient).await;
    let page = jordan.get(&format!("/sharing/{now}")).await.expect(200);
    let page = page.shows("What changed").shows(OTHERS).hides(SAME);
    let rows = page.rows();
    let both = |row: &&String| row.contains(ANKLE) && row.contains(HEEL);
    let told: Vec<&String> = rows.iter().filter(both).collect();
    assert!(
        matches!(told[..], [row] if row.contains("Single items")),
        "{rows:?}"
    );
    let entries = portal.since(patient, place).await;
    assert!(looked_at(&entries, &[&ankle, &heel]));
    for (consent, named, unnamed) in [(before, ANKLE, HEEL), (now, HEEL, ANKLE)] {
        let words = said(&saved_by(&mut jordan, consent).await);
        assert!(words.contains(named) && !words.contains(unnamed));
    }

    change(&mut jordan, now).await;
    let third = jordan.sign().await;
    jordan
        .get(&format!("/sharing/{third}"))
        .await
        .expect(200)
        .shows(SAME)
        .hides(OTHERS);
    portal.assert_sound().await;
}

/// LAW A1: on the privacy screen two items may read alike, and so do the documents that name them. That they are not the
/// same is told all the same.
#[tokio::test]
async fn items_that_read_alike_are_told_apart() {
    let portal = TestPortal::new().await;
    let day = "2026-04-02T10:00:00-05:00";
    let twin =
        |id: &str| records::observation(id, JORDANS, records::PRACTICE, "20447-9", "A twin", day);
    let twins = [twin("single-one"), twin("single-other")];
    portal.add(records::JORDAN, &twins).await;
    let mut jordan = portal.jordan().await;
    jordan.draft(&EVERYDAY).await;
    let choices = jordan.choices().await;
    let twins: Vec<&(String, Article)> = choices
        .iter()
        .filter(|(_, shown)| shown.masked && shown.date == "April 2, 2026")
        .collect();
    let [(one, shown), (other, alike)] = twins[..] else {
        panic!("two items: {twins:?}")
    };
    assert_eq!(shown, alike);
    jordan.single_items(&[one], &[]).await;
    let first = jordan.sign().await;
    change(&mut jordan, first).await;
    jordan.single_items(&[other], &[]).await;
    let second = jordan.sign().await;
    let page = jordan.get(&format!("/sharing/{second}")).await.expect(200);
    let page = page.shows("What changed").shows(OTHERS).hides(SAME);
    let rows = page.rows();
    assert!(!rows.iter().any(|row| row.contains("Single items")));
    let before = saved_by(&mut jordan, first).await.document.answers;
    let now = saved_by(&mut jordan, second).await.document.answers;
    assert!(before == now);
    portal.assert_sound().await;
}

const GRACE: &str = "Grace Guardian";
/// Where the document would be, for whoever stands in the patient's place and did not sign.
const WITH_THE_SIGNER: &str = "The person who signed this can save the signed paper.";

/// Keeps an item from that guardian.
async fn keep_from(portal: &TestPortal, name: &str, item: &str) {
    let patient = portal.patient_id("Jordan Reyes").await;
    portal.clock.advance(TimeDelta::seconds(1));
    let bound = vec![Party::Person(PersonId::derived("test", name))];
    let item = ItemId::parse(item).expect("an id");
    let id = Uuid::from_u128(31);
    restrict(portal, patient, id, bound, LabelSet::EMPTY, vec![item]).await;
}

/// POLICY §5: whoever stands in the patient's place for everything reads what changed, and of single items those that they
/// may see; documents of others are not theirs to save, whether something is kept from them or not. Whoever stands there in
/// part reads of what they signed alone. The patient reads all of it.
#[tokio::test]
async fn a_kept_back_item_is_told_by_no_version() {
    let portal = TestPortal::new().await;
    let ([first, second], [ankle, _]) = exchanged(&portal).await;
    let whole = LabelSet::SEGMENTS.with(Label::Part2);
    let mut grace = guardian(&portal, GRACE, whole).await;
    let now = format!("/sharing/{second}");
    let page = grace.get(&now).await.expect(200).shows("What changed");
    page.shows(ANKLE).shows(HEEL).shows("1 item put in");

    for kept in [false, true] {
        if kept {
            keep_from(&portal, GRACE, &ankle).await;
        }
        for consent in [first, second] {
            let path = format!("/sharing/{consent}");
            let page = grace.get(&path).await.expect(200).shows(WITH_THE_SIGNER);
            page.hides("Save as PDF");
            grace
                .post(&format!("{path}/document"), "form=json")
                .await
                .expect(404);
        }
    }
    let page = grace.get(&now).await.expect(200).shows("What changed");
    page.shows(HEEL).hides(ANKLE);
    let page = grace.get(&format!("/sharing/{first}")).await.expect(200);
    page.hides(ANKLE).hides("item put in").hides("Item put in");

    let everyday = LabelSet::of([Label::General]);
    let mut limited = guardian(&portal, "Lee Limited", everyday).await;
    limited.get(&now).await.expect(404);
    limited
        .post(&format!("{now}/document"), "form=json")
        .await
        .expect(404);
    let mut jordan = portal.jordan().await;
    let page = jordan.get(&now).await.expect(200).shows("What changed");
    page.shows(ANKLE).shows(HEEL).hides(WITH_THE_SIGNER);
    let file = saved_by(&mut jordan, first).await;
    assert!(said(&file).contains(ANKLE));
    portal.assert_sound().await;
}

/// POLICY §5: for whoever stands in the patient's place for everything, an agreement that names an item that is kept from
/// them is the same as one that doesn't, byte for byte.
#[tokio::test]
async fn a_kept_back_item_leaves_no_trace() {
    let mut told: Vec<[String; 2]> = Vec::new();
    for named in [true, false] {
        let portal = TestPortal::new().await;
        let [ankle, heel] = sprains(&portal).await;
        let mut jordan = portal.jordan().await;
        jordan.draft(&EVERYDAY).await;
        let both = [heel.as_str(), ankle.as_str()];
        let items = if named { &both[..] } else { &both[..1] };
        jordan.single_items(items, &[]).await;
        let consent = jordan.sign().await;
        let whole = LabelSet::SEGMENTS.with(Label::Part2);
        let mut grace = guardian(&portal, GRACE, whole).await;
        keep_from(&portal, GRACE, &ankle).await;
        let id = consent.to_string();
        let page = grace.get(&format!("/sharing/{id}")).await.expect(200);
        let page = page.shows("1 item put in").shows(HEEL).hides(ANKLE);
        let sharing = grace.get("/sharing").await.expect(200);
        told.push([page.essence(&[&id]), sharing.essence(&[&id])]);
    }
    assert_eq!(told[0], told[1]);
}

/// POLICY §5: whoever signed for the patient, and may see less now, reads how many items they may see, and no other number.
#[tokio::test]
async fn items_are_counted_as_they_are_seen() {
    let portal = TestPortal::new().await;
    let [ankle, heel] = sprains(&portal).await;
    let everyday = LabelSet::of([Label::General]);
    let mut limited = guardian(&portal, GRACE, everyday).await;
    limited.draft(&EVERYDAY).await;
    limited.single_items(&[&ankle, &heel], &[]).await;
    let consent = limited.sign().await;
    let path = format!("/sharing/{consent}");
    let page = limited.get(&path).await.expect(200);
    page.shows("2 items put in").shows(ANKLE).shows(HEEL);
    // A new one is begun while both are seen.
    change(&mut limited, consent).await;
    keep_from(&portal, GRACE, &ankle).await;
    for path in [path.as_str(), "/sharing/new/review", "/sharing/new/what"] {
        let page = limited.get(path).await.expect(200);
        page.shows("1 item put in")
            .hides("2 items put in")
            .hides(ANKLE);
    }
    let mut jordan = portal.jordan().await;
    let page = jordan.get(&path).await.expect(200);
    page.shows("2 items put in").shows(ANKLE).shows(HEEL);
    portal.assert_sound().await;
}

/// UX, privacy screen: what changed says of an item what the lists say of it today. What the patient keeps private since it
/// was signed is masked there too; the document is what was signed.
#[tokio::test]
async fn what_became_private_is_masked_in_what_changed() {
    let portal = TestPortal::new().await;
    let ([first, second], [ankle, _]) = exchanged(&portal).await;
    let mut jordan = portal.jordan().await;
    let now = format!("/sharing/{second}");
    let page = jordan.get(&now).await.expect(200).shows("What changed");
    page.shows(ANKLE).shows(HEEL);
    let page = jordan.get(&format!("/records/{ankle}")).await.expect(200);
    let form = page.form_with_button("Keep this one private");
    jordan.submit(&form).await.expect(303);
    let page = jordan.get(&now).await.expect(200).shows("What changed");
    let page = page.shows(HEEL).hides(ANKLE);
    let rows = page.rows();
    let masked =
        |row: &String| row.contains("Item put in: Health condition, ") && row.contains("(about: ");
    assert!(rows.iter().any(masked), "{rows:?}");
    let file = saved_by(&mut jordan, first).await;
    assert!(said(&file).contains(ANKLE));
    portal.assert_sound().await;
}
