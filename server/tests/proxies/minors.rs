//! Minors and their parents: what a parent sees and signs, when both sign, and when it ends (LAW D1–D3, D6).

use crate::proxies::cast::{
    ALONE, ASTHMA, Family, PROGRAMS, acting, family, read_all, sign, switch,
};
use crate::support::{Browser, Page, Patient, Picks, TestPortal};
use chrono::TimeDelta;
use domain::consent::Grantor;
use domain::id::ConsentId;

/// Shows every segment of the list, and reads it.
async fn record(browser: &mut Browser<'_>) -> String {
    let pages = read_all(browser).await;
    let mut text: Vec<String> = pages.iter().map(Page::text).collect();
    for article in pages.iter().flat_map(Page::articles) {
        text.push(article.text);
    }
    let page = &pages[0];
    for form in page.forms() {
        if form.action == "/api/reveal-segment" {
            let shown = browser.submit_and_follow(&form).await.expect(200);
            text.push(shown.text());
        }
    }
    text.join("\n")
}

const TO_OKAFOR: Picks<'static> = Picks {
    to: "prac-okafor",
    purposes: &["treatment"],
    segments: &["general", "substance-use"],
    part2: true,
    ends: "date",
    date: "2027-02-28",
};

const BEYOND: &str = "Leave out the records that you may not sign for.";

/// LAW D1: a parent sees the record, but nothing of what the minor consented to alone.
#[tokio::test]
async fn a_parent_sees_all_but_what_the_minor_consented_to_alone() {
    let test = TestPortal::new().await;
    let family = family(&test, true).await;
    let mut parent = acting(&test, &family).await;
    let read = record(&mut parent).await;
    assert!(read.contains("You are acting for Casey Brandt."), "{read}");
    assert!(read.contains(ASTHMA), "{read}");
    assert!(!read.contains(ALONE), "{read}");
    assert!(!read.contains("pioid"), "{read}");
    let mut minor = test.anonymous().sign_in(&family.minor).await;
    assert!(record(&mut minor).await.contains(ASTHMA));
    let items = test.portal.store().items(family.patient).await;
    let all = items.expect("items").len();
    let rules = crate::proxies::cast::decided(&test, family.patient, family.parent_person).await;
    // Neither that service, nor what the treatment program wrote: no State's law shows a parent that without the minor's
    // hand (42 CFR 2.14).
    assert!(!read.contains(PROGRAMS), "{read}");
    assert_eq!(rules.len() + 2, all);
    test.assert_sound().await;
}

/// LAW D1, B5; POLICY §5: for a parent, a record with such a service is the same as one without, byte for byte.
#[tokio::test]
async fn to_a_parent_such_a_service_is_like_none() {
    let mut told: Vec<Vec<String>> = Vec::new();
    for alone in [true, false] {
        let test = TestPortal::new().await;
        let family = family(&test, alone).await;
        let mut parent = acting(&test, &family).await;
        let mut pages = Vec::new();
        for path in [
            "/home",
            "/records",
            "/sharing",
            "/access-history",
            "/exports",
            "/proxies",
        ] {
            let page = parent.get(path).await.expect(200);
            pages.push(page.essence(&[&family.patient.to_string()]));
        }
        told.push(pages);
    }
    assert_eq!(told[0], told[1]);
}

/// Answers who signs; the answer.
async fn signers(minor: &mut Patient<'_>, state: &str, parent: bool) -> Page {
    let page = minor.get("/sharing/new/sign").await.expect(303);
    assert_eq!(page.location(), Some("/sharing/new/signers"));
    let page = minor.get("/sharing/new/signers").await.expect(200);
    let form = page
        .form_with_field("state")
        .fill("state", state)
        .choose("parent", if parent { "yes" } else { "no" });
    minor.submit(&form).await
}

async fn waiting(test: &TestPortal, family: &Family) -> Vec<ConsentId> {
    let waits = test.portal.store().awaiting(family.patient).await;
    waits.expect("an answer").iter().map(|one| one.id).collect()
}

/// What Dr. Okafor reads of the minor's record now, for treatment.
async fn chart(test: &TestPortal, family: &Family) -> String {
    let mut okafor = test.okafor().await;
    let page = okafor.declare(family.patient, "treatment").await;
    page.text()
}

/// LAW D2, D3: where the State wants both hands, the minor's alone doesn't do. The consent waits, opens nothing, and is in
/// force when the parent signed with a factor of their own.
#[tokio::test]
async fn both_sign_where_the_state_wants_both() {
    let test = TestPortal::new().await;
    let family = family(&test, false).await;
    let mut minor = Patient(test.anonymous().sign_in(&family.minor).await);
    minor.draft(&TO_OKAFOR).await;
    signers(&mut minor, "--", false)
        .await
        .expect(422)
        .shows("a parent or guardian has to sign too");
    let page = signers(&mut minor, "--", true).await.expect(303);
    assert_eq!(page.location(), Some("/sharing/new/sign"));
    let page = sign(&mut minor, "/sharing/new/sign").await.expect(303);
    assert_eq!(page.location(), Some("/sharing"));
    let waits = waiting(&test, &family).await;
    let [id] = waits.as_slice() else {
        panic!("one waits")
    };
    minor
        .get("/sharing")
        .await
        .expect(200)
        .shows("A parent or guardian has to sign too");
    assert!(test.consents(family.patient).await.is_empty());
    assert!(!chart(&test, &family).await.contains(PROGRAMS));

    let mut parent = acting(&test, &family).await;
    parent
        .get("/home")
        .await
        .expect(200)
        .shows("1 agreement waits");
    let path = format!("/proxies/signatures/{id}");
    let page = sign(&mut parent, &path).await.expect(303);
    assert_eq!(page.location(), Some(format!("/sharing/{id}").as_str()));
    parent
        .get(&format!("/sharing/{id}"))
        .await
        .expect(200)
        .shows("Signed too");
    assert!(waiting(&test, &family).await.is_empty());
    let consents = test.consents(family.patient).await;
    assert!(consents[0].consent.countersignature().is_some());
    let read = chart(&test, &family).await;
    assert!(read.contains(PROGRAMS), "{read}");
    parent.get(&path).await.expect(404);
    test.assert_sound().await;
}

/// LAW D2: nobody but a parent or guardian signs beside a minor, and what is declined or taken back is gone.
#[tokio::test]
async fn a_second_signature_is_a_parents() {
    let test = TestPortal::new().await;
    let family = family(&test, false).await;
    let mut minor = Patient(test.anonymous().sign_in(&family.minor).await);
    minor.draft(&TO_OKAFOR).await;
    signers(&mut minor, "--", true).await.expect(303);
    sign(&mut minor, "/sharing/new/sign").await.expect(303);
    let id = waiting(&test, &family).await[0];
    let path = format!("/proxies/signatures/{id}");
    // The minor can't give the second signature.
    let page = minor.get(&path).await.expect(200);
    page.hides("Sign too");
    minor.post(&path, "do=sign&typed-name=X").await.expect(404);
    // Nor can anybody else.
    let mut jordan = test.jordan().await;
    jordan.get(&path).await.expect(404);
    jordan.post(&path, "do=decline").await.expect(404);
    // The parent in their own place neither.
    let mut parent = test.anonymous().sign_in(&family.parent).await;
    parent.get(&path).await.expect(404);
    switch(&mut parent, family.patient).await.expect(303);
    let page = parent.get(&path).await.expect(200);
    let form = page.form_with_button("Do not sign");
    parent.submit(&form).await.expect(303);
    assert!(waiting(&test, &family).await.is_empty());
    assert!(test.consents(family.patient).await.is_empty());
    test.assert_sound().await;
}

/// LAW D1, D3: in California somebody of 15 consents to substance use care alone. Alone, the minor opens what they
/// consented to alone and nothing else; the parent reads of it nowhere.
#[tokio::test]
async fn a_minor_signs_alone_for_what_is_theirs() {
    let test = TestPortal::new().await;
    let family = family(&test, true).await;
    let mut minor = Patient(test.anonymous().sign_in(&family.minor).await);
    minor.draft(&TO_OKAFOR).await;
    signers(&mut minor, "CA", false).await.expect(303);
    let page = sign(&mut minor, "/sharing/new/sign").await.expect(303);
    let consent = page.location().expect("its page").to_owned();
    assert!(consent.starts_with("/sharing/"));
    let read = chart(&test, &family).await;
    assert!(read.contains(ALONE), "{read}");
    assert!(!read.contains(PROGRAMS), "{read}");
    let mut parent = acting(&test, &family).await;
    parent.get(&consent).await.expect(404);
    parent.get(&format!("{consent}/revoke")).await.expect(404);
    for path in ["/home", "/sharing", "/access-history"] {
        let page = parent.get(path).await.expect(200);
        assert!(!page.text().contains("Okafor"), "{}", page.text());
    }
    test.assert_sound().await;
}

/// LAW D1, D2: a parent alone signs for nothing of a Part 2 program, and is told so before any code is asked for: what is
/// signed for somebody on paper is decided by nobody afterwards.
#[tokio::test]
async fn a_parent_alone_does_not_sign_for_a_program() {
    let test = TestPortal::new().await;
    let family = family(&test, true).await;
    let mut parent = Patient(acting(&test, &family).await);
    parent.draft(&TO_OKAFOR).await;
    for path in ["/sharing/new/review", "/sharing/new/sign"] {
        let page = parent.get(path).await.expect(200).shows(BEYOND);
        assert!(page.links().contains(&"/sharing/new/what".to_owned()));
        assert_eq!(page.count("input[name=typed-name]"), 0, "{path}");
    }
    // Whatever is posted, it is not signed, and what is missing is there to read.
    parent
        .post("/sharing/new/sign", "typed-name=A&seen=")
        .await
        .expect(422)
        .shows(BEYOND);
    assert!(test.consents(family.patient).await.is_empty());
    test.assert_sound().await;
}

/// LAW D1, D2: a parent's signature opens what is theirs to open: nothing of a Part 2 program, and nothing of what the
/// minor consented to alone. The minor reads of it.
#[tokio::test]
async fn a_parent_signs_for_what_is_theirs() {
    let test = TestPortal::new().await;
    let family = family(&test, true).await;
    let mut parent = Patient(acting(&test, &family).await);
    let consent = parent
        .share(&Picks {
            part2: false,
            ..TO_OKAFOR
        })
        .await;
    let consents = test.consents(family.patient).await;
    assert!(matches!(
        consents[0].consent.terms.grantor,
        Grantor::Proxy { person, .. } if person == family.parent_person
    ));
    let read = chart(&test, &family).await;
    assert!(!read.contains(ALONE), "{read}");
    assert!(!read.contains(PROGRAMS), "{read}");
    let mut minor = test.anonymous().sign_in(&family.minor).await;
    minor
        .get(&format!("/sharing/{consent}"))
        .await
        .expect(200)
        .shows("Okafor");
    parent.revoke(consent).await.shows("You stopped this.");
    test.assert_sound().await;
}

/// LAW D6: on the eighteenth birthday a parent's authority ends by itself; nobody has to do anything.
#[tokio::test]
async fn a_parents_authority_ends_on_the_eighteenth_birthday() {
    let test = TestPortal::new().await;
    let family = family(&test, true).await;
    let state = test.portal.store().policy_state(family.patient).await;
    let majority = state.expect("an answer").expect("a state").majority;
    let majority = majority.expect("a minor");
    test.clock
        .advance(majority - test.portal.now() - TimeDelta::minutes(3));
    let mut parent = acting(&test, &family).await;
    parent.get("/records").await.expect(200);
    test.clock.advance(majority - test.portal.now());
    let page = parent.get("/records").await.expect(303);
    assert_eq!(page.location(), Some("/proxies/ended"));
    parent.get("/proxies/ended").await.expect(200);
    parent
        .get("/proxies")
        .await
        .expect(200)
        .shows("You do not act for anyone now.");
    // From then on the minor's own hand is enough, and they name helpers.
    let mut grown = test.anonymous().sign_in(&family.minor).await;
    grown.get("/proxies/invite").await.expect(200);
    test.assert_sound().await;
}

/// LAW D5: a minor names no helper.
#[tokio::test]
async fn a_minor_names_no_helper() {
    let test = TestPortal::new().await;
    let family = family(&test, true).await;
    let mut minor = test.anonymous().sign_in(&family.minor).await;
    let page = minor.get("/proxies").await.expect(200);
    page.shows("Robin Brandt").shows("when you are 18");
    minor.get("/proxies/invite").await.expect(404);
    minor.post("/proxies/invite", "name=X").await.expect(404);
    let store = test.portal.store();
    let state = store.policy_state(family.patient).await;
    let id = state.expect("an answer").expect("a state").authorities[0].id;
    minor.get(&format!("/proxies/{id}")).await.expect(200);
    // What the office verified is not the minor's to end.
    minor.get(&format!("/proxies/{id}/end")).await.expect(404);
    minor
        .post(&format!("/proxies/{id}/end"), "")
        .await
        .expect(404);
}
