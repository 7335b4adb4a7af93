//! Who plays in these tests, and the steps they take.

use crate::joining::way::codes;
use crate::support::{Browser, Page, TestPortal, records};
use confide::demo::people::SignIn;
use data_encoding::BASE32_NOPAD;
use domain::decide::{Action, Decider};
use domain::id::{AuthorityId, ItemId, PatientId, PersonId};
use domain::party::{Role, Span, Viewer};
use domain::purpose::Purpose;
use domain::state::{Authority, AuthorityKind, AuthorityState};
use portal::accounts;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::{PersonRecord, Stamp};

/// Jordan's helper, as Jordan names them.
pub const HELPER: &str = "Ana Reyes-Whitlock";
/// The helper's birth date.
pub const BORN: &str = "1990-05-06";

/// What somebody new signs in with: an account of these roles for a person.
pub async fn account(test: &TestPortal, name: &str, person: PersonId, roles: &[Role]) -> SignIn {
    let sign_in = format!("{}@test.example", name.replace(' ', "-").to_lowercase());
    let secret = sign_in.repeat(3);
    let entry = SignIn {
        name: name.to_owned(),
        role: "proxy".to_owned(),
        password: "a-long-enough-password-for-tests".to_owned(),
        totp_secret: BASE32_NOPAD.encode(secret.as_bytes().get(..20).expect("20")),
        sign_in,
        what_for: String::new(),
    };
    let new = accounts::NewAccount {
        sign_in: entry.sign_in.clone(),
        password: entry.password.as_str().into(),
        person,
        roles: roles.to_vec(),
        totp_secret: entry.secret().expect("a secret"),
    };
    let made = accounts::create(&test.portal, &Stamp::SYSTEM, new).await;
    made.expect("an account");
    entry
}

/// Somebody without a record, whose account is there to act for others.
pub async fn somebody(test: &TestPortal, name: &str) -> SignIn {
    let person = PersonId::derived("test", name);
    let record = PersonRecord::named(person, name);
    let put = test.portal.store().put_person(&Stamp::SYSTEM, record).await;
    put.expect("a person");
    account(test, name, person, &[Role::Proxy]).await
}

/// Gives the fresh factor that waits; where it leads.
pub async fn confirm(browser: &mut Browser<'_>) -> String {
    let page = browser.get("/step-up").await.expect(200);
    let form = browser.code_form(&page);
    let page = browser.submit(&form).await.expect(303);
    page.location().expect("a way on").to_owned()
}

/// Signs a page with a typed name, with the factor in between; the answer to the second press.
pub async fn sign(browser: &mut Browser<'_>, path: &str) -> Page {
    let page = browser.get(path).await.expect(200);
    let form = page
        .form_with_field("typed-name")
        .fill("typed-name", "A Name");
    let page = browser.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert_eq!(confirm(browser).await, path);
    let page = browser.get(path).await.expect(200);
    browser.submit(&page.form_with_field("typed-name")).await
}

/// Answers what a helper may see; the answer.
pub async fn limit(
    browser: &mut Browser<'_>,
    path: &str,
    segments: &[&str],
    part2: bool,
    until: &str,
) -> Page {
    let page = browser.get(path).await.expect(200);
    let mut form = page.form_with_field("segments").fill("until", until);
    for column in portal::sharing::grid::COLUMNS {
        form = form.clear("segments", column.name());
    }
    for segment in segments {
        form = form.choose("segments", segment);
    }
    form = form.choose("part2", if part2 { "yes" } else { "no" });
    if path == "/proxies/invite" {
        form = form.fill("name", HELPER).fill("birth", BORN);
    }
    browser.submit(&form).await
}

/// Names a helper, whole way; the code.
pub async fn name_helper(patient: &mut Browser<'_>, segments: &[&str], part2: bool) -> String {
    let page = limit(patient, "/proxies/invite", segments, part2, "2027-06-01").await;
    assert_eq!(page.expect(303).location(), Some("/proxies/invite/sign"));
    let page = sign(patient, "/proxies/invite/sign").await.expect(303);
    assert_eq!(page.location(), Some("/proxies/invite/code"));
    let page = patient.get("/proxies/invite/code").await.expect(200);
    codes(&page.shows(HELPER)).remove(0)
}

/// Types a code and a birth date as somebody who has an account; the answer.
pub async fn accept(browser: &mut Browser<'_>, code: &str, birth: &str) -> Page {
    let page = browser.get("/proxies/accept").await.expect(200);
    let form = page.form_with_field("code");
    browser
        .submit(&form.fill("code", code).fill("birth", birth))
        .await
}

/// Chooses for whom to act, by the name on the page; the answer.
pub async fn switch(browser: &mut Browser<'_>, patient: PatientId) -> Page {
    let page = browser.get("/proxies").await.expect(200);
    let form = page.form("/proxies/switch");
    browser
        .submit(&form.choose("for", &patient.to_string()))
        .await
}

/// Jordan's helper, who accepted and acts for Jordan now.
pub async fn helping<'a>(test: &'a TestPortal, segments: &[&str], part2: bool) -> Browser<'a> {
    let code = name_helper(&mut test.jordan().await.0, segments, part2).await;
    let entry = somebody(test, "Ana Whitlock").await;
    let mut helper = test.anonymous().sign_in(&entry).await;
    let page = accept(&mut helper, &code, BORN).await.expect(303);
    assert_eq!(page.location(), Some("/proxies"));
    let patient = test.patient_id("Jordan Reyes").await;
    let page = switch(&mut helper, patient).await.expect(303);
    assert_eq!(page.location(), Some("/home"));
    helper
}

/// The authority of Jordan's helper.
pub async fn authority(test: &TestPortal, patient: PatientId) -> Authority {
    let state = test.portal.store().policy_state(patient).await;
    let state = state.expect("an answer").expect("a record");
    state.authorities.last().expect("an authority").clone()
}

/// The items that the rules let a proxy see: decided here, not by the pages.
pub async fn decided(test: &TestPortal, patient: PatientId, person: PersonId) -> BTreeSet<ItemId> {
    let chart = test.portal.store().chart(patient).await;
    let chart = chart.expect("an answer").expect("a chart");
    let viewer = Viewer {
        person,
        role: Role::Proxy,
        subject_of: None,
        memberships: Vec::new(),
    };
    let now = test.portal.now();
    let decider = Decider::new(&viewer, Action::View, Purpose::Family, now, &chart.state);
    let shown = chart.items.iter().filter(|item| item.kind.is_shown());
    shown
        .filter(|item| decider.labels(item).is_some())
        .map(|item| item.id)
        .collect()
}

/// A minor who has a sign-in, with something of everything; born on 14 August 2011.
pub struct Family {
    /// The minor's record.
    pub patient: PatientId,
    /// What the minor signs in with.
    pub minor: SignIn,
    /// What the parent signs in with.
    pub parent: SignIn,
    /// Who the parent is.
    pub parent_person: PersonId,
}

/// The minor's name.
pub const MINOR: &str = "Casey Brandt";
/// What the minor consented to alone.
pub const ALONE: &str = "Opioid use disorder counseling";
/// What the practice treats.
pub const ASTHMA: &str = "Mild intermittent asthma";
/// What the treatment program measured.
pub const PROGRAMS: &str = "Program heart rate";

/// The minor's resources; `alone`: with the service that the minor consented to alone.
pub fn resources(alone: bool) -> Vec<Value> {
    const PATIENT: &str = "Patient/minor-1";
    let source = |id: &str| format!("http://demo.confide.example/fhir/Organization/{id}");
    let mut all = vec![
        json!({
            "resourceType": "Patient",
            "id": "minor-1",
            "meta": { "source": source(records::PRACTICE) },
            "name": [{ "family": "Brandt", "given": ["Casey"] }],
            "birthDate": "2011-08-14",
            "managingOrganization": { "reference": format!("Organization/{}", records::PRACTICE) },
        }),
        records::condition(
            "minor-asthma",
            PATIENT,
            records::PRACTICE,
            "J45.20",
            ASTHMA,
            "2026-03-02",
        ),
        records::observation(
            "minor-program",
            PATIENT,
            records::PROGRAM,
            "8867-4",
            PROGRAMS,
            "2026-04-02T10:00:00-05:00",
        ),
    ];
    if alone {
        let mut marked = records::condition(
            "minor-alone",
            PATIENT,
            records::PRACTICE,
            "F11.20",
            ALONE,
            "2026-05-02",
        );
        marked["meta"]["security"] = json!([
            { "system": "urn:confide:segment", "code": "minor-consented" },
        ]);
        all.push(marked);
    }
    all
}

/// Takes the family in. The office verified the parent.
pub async fn family(test: &TestPortal, alone: bool) -> Family {
    let file = records::ndjson(&resources(alone));
    let report = records::import(&test.portal, "minor.ndjson", &file).await;
    report.expect("it is taken in");
    let store = test.portal.store();
    let patient = store.patient_by_identity("Patient/minor-1").await;
    let patient = patient.expect("an answer").expect("a record");
    let subject = store.subject(patient).await;
    let subject = subject.expect("an answer").expect("a person");
    let minor = account(test, MINOR, subject, &[Role::Patient]).await;
    let parent = somebody(test, "Robin Brandt").await;
    let parent_person = PersonId::derived("test", "Robin Brandt");
    let state = store.policy_state(patient).await;
    let majority = state.expect("an answer").expect("a state").majority;
    let now = test.portal.now();
    let authority = Authority {
        id: AuthorityId::derived("test", "parent"),
        person: parent_person,
        kind: AuthorityKind::ParentOfMinor {
            majority: majority.expect("a minor"),
        },
        state: AuthorityState::Verified { at: now },
        span: Span {
            from: now,
            until: None,
        },
    };
    let added = store
        .add_authority(&Stamp::SYSTEM, patient, authority)
        .await;
    added.expect("an authority");
    Family {
        patient,
        minor,
        parent,
        parent_person,
    }
}

/// The parent, acting for the minor.
pub async fn acting<'a>(test: &'a TestPortal, family: &Family) -> Browser<'a> {
    let mut parent = test.anonymous().sign_in(&family.parent).await;
    switch(&mut parent, family.patient).await.expect(303);
    parent
}

/// Everything of a record on its pages, each shown.
pub async fn read_all(browser: &mut Browser<'_>) -> Vec<Page> {
    browser.pages("/records".to_owned()).await
}
