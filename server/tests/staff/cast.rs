//! Who plays in these tests, and the steps they take.

use crate::support::{Browser, Page, TestPortal, began, records::PRACTICE};
use confide::demo::people::SignIn;
use data_encoding::BASE32_NOPAD;
use domain::id::PersonId;
use domain::party::{Membership, Role, Span};
use portal::{accounts, import::organization_id};
use std::fs;
use std::path::Path;
use store::{Entry, Event, PersonRecord, Stamp};

/// The administrators of the demo.
pub const FIRST: &str = "Noor Haddad";
pub const SECOND: &str = "Pavel Dvorak";
/// Somebody of the demo whose role can be ended.
pub const OKAFOR: &str = "Dr. Amara Okafor";

/// Somebody of the demo, signed in.
pub async fn signed_in<'a>(test: &'a TestPortal, name: &str) -> Browser<'a> {
    test.anonymous().sign_in(test.person(name)).await
}

/// The id of the practice, as forms send it.
pub fn practice() -> String {
    organization_id(&format!("Organization/{PRACTICE}")).to_string()
}

/// Somebody new in this role, who works at the practice; what they sign in with.
pub async fn newcomer(test: &TestPortal, role: Role) -> SignIn {
    let name = format!("Test {}", role.name());
    let id = PersonId::derived("test", &name);
    let mut record = PersonRecord::named(id, &name);
    if domain::duty::is_staff(role) {
        record.memberships.push(Membership {
            organization: organization_id(&format!("Organization/{PRACTICE}")),
            role,
            span: Span {
                from: began(),
                until: None,
            },
        });
    }
    let store = test.portal.store();
    let put = store.put_person(&Stamp::SYSTEM, record).await;
    put.expect("a person");
    let sign_in = format!("{}@test.example", role.name());
    let entry = SignIn {
        name,
        role: role.name().to_owned(),
        password: "a-long-enough-password-for-tests".to_owned(),
        totp_secret: BASE32_NOPAD.encode(sign_in.repeat(2).as_bytes().get(..20).expect("20")),
        sign_in,
        what_for: String::new(),
    };
    let new = accounts::NewAccount {
        sign_in: entry.sign_in.clone(),
        password: entry.password.as_str().into(),
        person: id,
        roles: vec![role],
        totp_secret: entry.secret().expect("a secret"),
    };
    let made = accounts::create(&test.portal, &Stamp::SYSTEM, new).await;
    made.expect("an account");
    entry
}

/// The page of somebody on the list of people, by name.
pub async fn page_of(browser: &mut Browser<'_>, name: &str) -> String {
    let page = browser.get("/office/people").await.expect(200);
    let link = page
        .body
        .split("<a href=\"")
        .find(|rest| {
            rest.starts_with("/office/people/")
                && rest
                    .split_once('>')
                    .is_some_and(|(_, text)| text.starts_with(name))
        })
        .unwrap_or_else(|| panic!("{name} is not on the list: {}", page.text()));
    link.split('"').next().expect("an address").to_owned()
}

/// Gives the fresh factor that waits; where it leads.
pub async fn confirm(browser: &mut Browser<'_>) -> String {
    let page = browser.get("/step-up").await.expect(200);
    let form = browser.code_form(&page);
    let page = browser.submit(&form).await.expect(303);
    page.location().expect("a way on").to_owned()
}

/// Presses a button twice, with the factor in between; the answer to the second press.
pub async fn press(browser: &mut Browser<'_>, path: &str, words: &str) -> Page {
    let page = browser.get(path).await.expect(200);
    let page = browser
        .submit(&page.form_with_button(words))
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert_eq!(confirm(browser).await, path);
    let page = browser.get(path).await.expect(200);
    browser.submit(&page.form_with_button(words)).await
}

/// Gives a role at the practice; the answer to the second press.
pub async fn give(browser: &mut Browser<'_>, path: &str, role: Role) -> Page {
    let page = browser.get(path).await.expect(200);
    let form = page
        .form_with_button("Give this role")
        .fill("role", role.name())
        .fill("organization", &practice());
    let page = browser.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert_eq!(confirm(browser).await, path);
    let page = browser.get(path).await.expect(200);
    let form = page.form_with_button("Give this role");
    assert_eq!(
        form.value("role"),
        Some(role.name()),
        "the form is as it was"
    );
    browser.submit(&form).await
}

/// Invites somebody to the practice; the answer to the second press.
pub async fn invite(browser: &mut Browser<'_>, name: &str, role: Role) -> Page {
    const PATH: &str = "/office/people/invite";
    let page = browser.get(PATH).await.expect(200);
    let form = page
        .form_with_field("name")
        .fill("name", name)
        .fill("role", role.name())
        .fill("organization", &practice());
    let page = browser.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    let page = browser.get("/step-up").await.expect(200);
    assert!(page.text().contains(name), "{}", page.text());
    assert_eq!(confirm(browser).await, PATH);
    let page = browser.get(PATH).await.expect(200);
    browser.submit(&page.form_with_field("name")).await
}

/// What the house's chain says since a place, but for sign-ins, step-ups and letters.
pub async fn said(test: &TestPortal, since: u64) -> Vec<Entry> {
    let mut entries = test.house_since(since).await;
    entries.retain(|entry| {
        !matches!(
            entry.body.event,
            Event::SignedIn { .. } | Event::SteppedUp { .. }
        )
    });
    entries
}

/// How long the house's chain is.
pub async fn length(test: &TestPortal) -> u64 {
    test.house_since(0)
        .await
        .last()
        .map_or(0, |entry| entry.seq)
}

/// Fails unless a file of the repository says this. What it should say is left beside the other files of the tests, to
/// be looked at and put in its place.
pub fn compare(path: &str, now: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    let kept = fs::read_to_string(&file).unwrap_or_default();
    if kept == now {
        return;
    }
    let name = file.file_name().expect("a name");
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&fresh, now).expect("the other file is written");
    let line = kept
        .lines()
        .zip(now.lines())
        .position(|(kept, now)| kept != now)
        .unwrap_or_else(|| kept.lines().count().min(now.lines().count()));
    panic!(
        "{path} is not what the code says, from line {} on:\n  it says   {}\n  the code  {}\nLook at {} and, if it is right, put it in its place.",
        line + 1,
        kept.lines().nth(line).unwrap_or_default(),
        now.lines().nth(line).unwrap_or_default(),
        fresh.display(),
    );
}
