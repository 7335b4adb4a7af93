//! The steps of a case, by the forms of its pages.

use crate::joining::way;
use crate::staff::cast::{confirm, signed_in};
use crate::support::{Browser, Form, Page, TestPortal};
use chrono::TimeDelta;

/// Who helps with accounts in the demo.
pub const SUPPORT: &str = "June Abernathy";
/// Where a case begins.
pub const NEW: &str = "/office/recovery/new";

/// How somebody was made sure of, as the form has it.
#[derive(Clone, Copy)]
pub struct Checked {
    /// How, by name.
    pub how: &'static str,
    /// Whether a document was looked at.
    pub document: bool,
}

/// They stood there with a document.
pub const IN_PERSON: Checked = Checked {
    how: "in-person",
    document: true,
};

/// The birth date of a patient's record.
pub async fn birth(test: &TestPortal, name: &str) -> String {
    let patient = test.patient_id(name).await;
    let birth = test.portal.store().birth_date(patient).await;
    birth.expect("an answer").expect("a birth date").to_string()
}

/// Fills in how it was made sure.
pub fn checked(form: Form, by: Checked) -> Form {
    let form = form
        .choose("how", by.how)
        .choose("sure", "yes")
        .fill("note", "They asked at the desk.");
    if by.document {
        form.fill("document", "license").fill("last", "k9x4")
    } else {
        form
    }
}

/// Fills in the whole form for somebody who has no page of their own.
pub async fn form(browser: &mut Browser<'_>, email: &str, birth: &str, by: Checked) -> Form {
    let page = browser.get(NEW).await.expect(200);
    let form = page.form_with_field("email");
    checked(form.fill("email", email).fill("birth", birth), by)
}

/// Sends the form, gives the factor, presses again; the answer to that.
pub async fn send(browser: &mut Browser<'_>, form: &Form) -> Page {
    let page = browser.submit(form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert_eq!(confirm(browser).await, NEW);
    let page = browser.get(NEW).await.expect(200);
    let page = page.shows("Press the button once more.");
    browser.submit(&page.form_with_field("how")).await
}

/// Opens a case; its address.
pub async fn open(browser: &mut Browser<'_>, email: &str, birth: &str, by: Checked) -> String {
    let form = form(browser, email, birth, by).await;
    let page = send(browser, &form).await.expect(303);
    case_at(&page)
}

/// The case that an answer leads to.
pub fn case_at(page: &Page) -> String {
    let path = page.location().expect("a way on").to_owned();
    assert!(
        path.starts_with("/office/recovery/") && path != NEW,
        "{path}"
    );
    path
}

/// Opens a case for somebody of the staff, from their page.
pub async fn open_for_staff(browser: &mut Browser<'_>, path: &str, by: Checked) -> String {
    let page = browser.get(path).await.expect(200);
    let page = browser.submit(&page.form_with_button("Open a case")).await;
    assert_eq!(page.expect(303).location(), Some(NEW));
    let page = browser.get(NEW).await.expect(200);
    let form = checked(page.form_with_field("account"), by);
    let page = send(browser, &form).await.expect(303);
    case_at(&page)
}

/// Presses a button of a case twice, with the factor in between; the answer to the second press.
pub async fn press(browser: &mut Browser<'_>, case: &str, words: &str) -> Page {
    let page = browser.get(case).await.expect(200);
    let page = browser
        .submit(&page.form_with_button(words).press(words))
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert_eq!(confirm(browser).await, case);
    let page = browser.get(case).await.expect(200);
    let page = page.shows("Press the button once more.");
    browser
        .submit(&page.form_with_button(words).press(words))
        .await
}

/// Makes the code of a case; the code.
pub async fn make_code(browser: &mut Browser<'_>, case: &str) -> String {
    let page = press(browser, case, "Make the code").await.expect(303);
    assert_eq!(page.location(), Some(case));
    let page = browser.get(case).await.expect(200);
    way::codes(&page).remove(0)
}

/// A case for somebody of the staff from its beginning to its code, with a day in between.
pub async fn whole_staff_case(test: &TestPortal, who: &str, path: &str) -> String {
    let mut admin = signed_in(test, who).await;
    let case = open_for_staff(&mut admin, path, IN_PERSON).await;
    test.clock.advance(TimeDelta::days(1));
    let mut admin = signed_in(test, who).await;
    make_code(&mut admin, &case).await
}
