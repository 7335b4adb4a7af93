//! A helper whom an adult chose: what they see, and what they don't learn (LAW D5).

use crate::proxies::cast::{HELPER, authority, decided, helping, switch};
use crate::support::{TestPortal, denied, disclosures};
use domain::decide::{Ground, Obligation};
use domain::id::{ItemId, PatientId};
use domain::party::Role;
use std::collections::BTreeSet;
use store::Event;

async fn jordan(test: &TestPortal) -> PatientId {
    test.patient_id("Jordan Reyes").await
}

/// LAW D5, POLICY §4.3: the list is what the rules decide by the proxy-access consent: no item more, none less. Each
/// look stands in the patient's ledger, on behalf of the patient, on the authority and on the consent.
#[tokio::test]
async fn a_helper_sees_what_the_consent_opens_and_nothing_else() {
    let test = TestPortal::new().await;
    let patient = jordan(&test).await;
    for (segments, part2) in [
        (&["general"][..], false),
        (&["general", "mental-health"][..], true),
        (&["hiv"][..], false),
    ] {
        let test = TestPortal::new().await;
        let mut helper = helping(&test, segments, part2).await;
        let place = test.length(patient).await;
        helper.pages("/records".to_owned()).await;
        let entries = test.since(patient, place).await;
        let person = authority(&test, patient).await.person;
        let mut seen = BTreeSet::new();
        for entry in &entries {
            assert_eq!(entry.body.stamp.on_behalf_of, Some(patient));
            assert_eq!(entry.body.stamp.actor.person, Some(person));
            assert_eq!(entry.body.stamp.actor.role, Some(Role::Proxy));
        }
        for look in disclosures(&entries) {
            seen.extend(look.items.iter().map(|item| item.item));
            let by = |wanted: fn(&Ground) -> bool| look.basis.iter().any(wanted);
            assert!(look.items.is_empty() || by(|one| matches!(one, Ground::Authority(_))));
            assert!(look.items.is_empty() || by(|one| matches!(one, Ground::Consent(..))));
        }
        let rules = decided(&test, patient, person).await;
        assert_eq!(seen, rules, "{segments:?}");
        let all = test.portal.store().items(patient).await.expect("items");
        let all: BTreeSet<ItemId> = all.iter().map(|item| item.id).collect();
        assert!(!rules.is_empty() && rules.len() < all.len(), "{segments:?}");
        test.assert_sound().await;
    }
}

/// LAW B5, D5: whoever helps with everyday health learns nothing of anything else, on no page.
#[tokio::test]
async fn a_limited_helper_learns_of_nothing_else() {
    let test = TestPortal::new().await;
    test.jordan()
        .await
        .share(&crate::support::Picks::OKAFOR_TREATS)
        .await;
    let mut helper = helping(&test, &["general"], false).await;
    for path in [
        "/home",
        "/records",
        "/sharing",
        "/access-history",
        "/exports",
        "/proxies",
    ] {
        let page = helper.get(path).await.expect(200);
        let page = page.shows("You are acting for Jordan Alexis Reyes.");
        for word in ["uprenorphine", "HIV care and", "Harbor Light", "Okafor"] {
            let there = page.text().contains(word);
            assert!(!there, "{path}: {word} in\n{}", page.text());
        }
    }
    let sharing = helper.get("/sharing").await.expect(200);
    assert!(!sharing.links().contains(&"/sharing/new".to_owned()));
}

/// LAW D5: a helper looks. They don't share, sign, revoke, mark items private, name helpers or read of emergencies.
#[tokio::test]
async fn a_helper_signs_nothing() {
    let test = TestPortal::new().await;
    let patient = jordan(&test).await;
    let consent = test
        .jordan()
        .await
        .share(&crate::support::Picks::OKAFOR_TREATS)
        .await;
    let mut helper = helping(&test, &["general"], false).await;
    for path in [
        "/sharing/new",
        "/sharing/new/why",
        "/sharing/new/sign",
        "/proxies/invite",
        "/proxies/invite/sign",
        "/proxies/invite/code",
        &format!("/sharing/{consent}"),
        &format!("/sharing/{consent}/revoke"),
        &format!("/proxies/{}", authority(&test, patient).await.id),
        &format!("/proxies/{}/end", authority(&test, patient).await.id),
    ] {
        helper.get(path).await.expect(404);
    }
    for path in [
        "/sharing/new",
        "/sharing/new/sign",
        "/proxies/invite",
        "/proxies/invite/sign",
        &format!("/sharing/{consent}/revoke"),
        &format!("/proxies/{}/end", authority(&test, patient).await.id),
    ] {
        helper
            .post(path, "typed-name=A+Name&seen=")
            .await
            .expect(404);
    }
    assert_eq!(test.consents(patient).await.len(), 2);
    // The agreement that names them is theirs to read, and the patient's to end.
    let consents = test.consents(patient).await;
    let own = consents.iter().find(|one| one.consent.id != consent);
    let own = own.expect("the helper's").consent.id;
    let page = helper.get(&format!("/sharing/{own}")).await.expect(200);
    page.hides("Revoke: stop sharing");
    let revoke = format!("/sharing/{own}/revoke");
    helper.get(&revoke).await.expect(404);
    helper.post(&revoke, "").await.expect(404);
}

/// LAW B1, D5: what a helper is shown of a Part 2 program's records on a consent is a disclosure, with N1 on the page.
#[tokio::test]
async fn the_notice_goes_with_a_programs_records() {
    let test = TestPortal::new().await;
    let patient = jordan(&test).await;
    let notice = "prohibit you from using or disclosing this record";
    let mut helper = helping(&test, &["general", "substance-use"], true).await;
    let place = test.length(patient).await;
    let page = helper.get("/records").await.expect(200);
    page.shows(notice).shows("What this page rests on");
    let looks = disclosures(&test.since(patient, place).await);
    assert!(looks[0].obligations.has(Obligation::Notice));
    assert!(looks[0].obligations.has(Obligation::ConsentCopy));
    let test = TestPortal::new().await;
    let mut helper = helping(&test, &["general"], false).await;
    helper.get("/records").await.expect(200).hides(notice);
    let mut own = test.jordan().await;
    own.get("/records").await.expect(200).hides(notice);
}

/// POLICY §5: an item that a helper may not see is like one that isn't there; the try is written down.
#[tokio::test]
async fn a_denied_item_is_like_none() {
    let test = TestPortal::new().await;
    let patient = jordan(&test).await;
    let mut helper = helping(&test, &["general"], false).await;
    let person = authority(&test, patient).await.person;
    let open = decided(&test, patient, person).await;
    let items = test.portal.store().items(patient).await.expect("items");
    let closed = items
        .iter()
        .find(|item| item.kind.is_shown() && !open.contains(&item.id))
        .expect("an item that is closed");
    let place = test.length(patient).await;
    let there = helper.get(&format!("/records/{}", closed.id)).await;
    let nowhere = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
    let none = helper.get(&format!("/records/{nowhere}")).await;
    let ids = [closed.id.to_string(), nowhere.to_owned()];
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    assert_eq!(there.status.as_u16(), 404);
    assert_eq!(there.essence(&ids), none.essence(&ids));
    let tries = denied(&test.since(patient, place).await);
    assert!(tries.contains(&(Some(person), Some(closed.id))));
}

/// LAW F2, D5: the patient reads what the helper did, on the helper's page and in the history, by the name they gave.
#[tokio::test]
async fn the_patient_reads_what_the_helper_did() {
    let test = TestPortal::new().await;
    let patient = jordan(&test).await;
    let mut helper = helping(&test, &["general"], false).await;
    helper.get("/records").await.expect(200);
    let mut own = test.jordan().await;
    let id = authority(&test, patient).await.id;
    let page = own.get(&format!("/proxies/{id}")).await.expect(200);
    let page = page.shows(HELPER).shows("What they did for you");
    assert!(page.rows().iter().any(|row| row.contains("Looked at")));
    let page = own.get("/access-history").await.expect(200);
    let acting = format!("{HELPER}, acting for you");
    assert!(page.rows().iter().any(|row| row.contains(&acting)));
}

/// A person with a record of their own is in one place at a time: their own, or the patient's; under a new session id at
/// each switch.
#[tokio::test]
async fn a_patient_may_be_a_helper_too() {
    let test = TestPortal::new().await;
    let code =
        crate::proxies::cast::name_helper(&mut test.jordan().await.0, &["general"], false).await;
    let mut morgan = test.morgan().await;
    let page = crate::proxies::cast::accept(&mut morgan, &code, crate::proxies::cast::BORN).await;
    assert_eq!(page.expect(303).location(), Some("/proxies"));
    let own = test.patient_id("Morgan Ellis").await;
    let before = morgan.session_cookie().map(ToOwned::to_owned);
    let place = test.length(own).await;
    morgan.get("/records").await.expect(200).hides("acting for");
    assert!(test.length(own).await > place, "their own record");
    switch(&mut morgan, jordan(&test).await).await.expect(303);
    assert_ne!(morgan.session_cookie().map(ToOwned::to_owned), before);
    let (mine, theirs) = (
        test.length(own).await,
        test.length(jordan(&test).await).await,
    );
    let page = morgan.get("/records").await.expect(200);
    page.shows("You are acting for Jordan Alexis Reyes.");
    assert_eq!(test.length(own).await, mine, "nothing of their own");
    assert!(test.length(jordan(&test).await).await > theirs);
    let page = morgan.get("/proxies").await.expect(200);
    let form = page.form("/proxies/switch").choose("for", "own");
    morgan.submit(&form).await.expect(303);
    morgan.get("/records").await.expect(200).hides("acting for");
    test.assert_sound().await;
}

/// A fresh factor and what was filtered in one place serve in no other.
#[tokio::test]
async fn nothing_is_taken_along_by_a_switch() {
    let test = TestPortal::new().await;
    let patient = jordan(&test).await;
    let mut helper = helping(&test, &["general"], false).await;
    let page = helper.get("/records").await.expect(200);
    let form = page.form("/records/filter").fill("until", "2020-01-01");
    helper.submit(&form).await.expect(303);
    let narrowed = helper.get("/records").await.expect(200);
    let page = helper.get("/proxies").await.expect(200);
    let form = page.form("/proxies/switch").choose("for", "own");
    helper.submit(&form).await.expect(303);
    switch(&mut helper, patient).await.expect(303);
    let whole = helper.get("/records").await.expect(200);
    assert_ne!(narrowed.articles().len(), whole.articles().len());
}

/// LAW B7, D5: the copy that a helper takes along holds what they may see, and the notice where it is owed.
#[tokio::test]
async fn a_helper_takes_along_what_they_see() {
    let test = TestPortal::new().await;
    let patient = jordan(&test).await;
    let mut helper = helping(&test, &["general", "substance-use"], true).await;
    let page = helper.get("/exports").await.expect(200);
    let form = page.form_with_field("format").choose("format", "fhir");
    helper.submit(&form).await.expect(303);
    assert_eq!(
        crate::proxies::cast::confirm(&mut helper).await,
        "/exports/ready"
    );
    let page = helper.get("/exports/ready").await.expect(200);
    let place = test.length(patient).await;
    let form = page.form("/exports/download");
    let file = helper.submit(&form).await.expect(200);
    assert!(file.body.contains("Notice to accompany disclosure"));
    assert!(!file.body.contains("HIV"));
    let person = authority(&test, patient).await.person;
    let entries = test.since(patient, place).await;
    let taken = disclosures(&entries);
    assert!(!taken.is_empty());
    assert!(taken.iter().all(|one| one.who == Some(person)));
    assert!(
        entries
            .iter()
            .all(|entry| !matches!(entry.body.event, Event::ConsentSigned { .. }))
    );
}
