//! Whole journeys by the forms of the pages, as people with a browser make them.

use crate::{browser::Browser, fault::Fault, form::Form, page::Page, person::Person};
use serde_json::json;

/// What a patient shares.
#[derive(Clone, Copy, Debug)]
pub struct Share<'a> {
    /// With whom: the name on the list.
    pub to: &'a str,
    /// Segments by name, each with all its parts.
    pub segments: &'a [&'a str],
    /// Whether records of Part 2 programs are included.
    pub part2: bool,
}

/// Signs in with a password and a code.
pub fn sign_in_by_code(browser: &mut Browser, person: &mut Person) -> Result<(), Fault> {
    let page = browser.look("/sign-in")?.expect(200)?;
    let form = page
        .form_with("password")?
        .fill("sign-in", &person.sign_in)
        .fill("password", &person.password);
    browser.submit(&form)?.leads_to("/sign-in/verify")?;
    let page = browser.look("/sign-in/verify")?.expect(200)?;
    let form = page.form_with("code")?.fill("code", &person.code()?);
    let page = browser.submit(&form)?.expect(303)?;
    if page.location.as_deref() == Some("/sign-in/verify") {
        return Err(page.odd("the code was refused"));
    }
    Ok(())
}

/// Signs in with the passkey; the answer that said so.
pub fn sign_in(browser: &mut Browser, person: &Person) -> Result<Page, Fault> {
    browser.forget();
    let (page, options) = browser.json("/sign-in/passkey/start", &json!({}))?;
    let answer = person
        .passkey
        .answer(&options, &browser.site().origin)
        .ok_or_else(|| page.odd("no options"))?;
    let (page, _) = browser.json("/sign-in/passkey/finish", &answer)?;
    Ok(page)
}

/// Adds the passkey, with a code.
pub fn add_passkey(browser: &mut Browser, person: &mut Person) -> Result<(), Fault> {
    browser
        .fields("/account/passkeys/new", "")?
        .leads_to("/step-up")?;
    let page = browser.get("/step-up")?.expect(200)?;
    let form = page.form_with("code")?.fill("code", &person.code()?);
    browser.submit(&form)?.leads_to("/account/passkeys/new")?;
    let (page, options) = browser.json("/account/passkeys/start", &json!({}))?;
    let origin = browser.site().origin.clone();
    let made = person
        .passkey
        .made(&options, &origin)
        .ok_or_else(|| page.odd("no options"))?;
    browser.json("/account/passkeys/finish", &made)?;
    Ok(())
}

/// Confirms what waits, with the passkey.
fn confirm(browser: &mut Browser, person: &Person) -> Result<(), Fault> {
    let (page, options) = browser.json("/step-up/passkey/start", &json!({}))?;
    let answer = person
        .passkey
        .answer(&options, &browser.site().origin)
        .ok_or_else(|| page.odd("no options"))?;
    browser.json("/step-up/passkey/finish", &answer)?;
    Ok(())
}

/// Answers the four questions, where no draft waits with answers, and signs: the consent's id, and the answer that told it.
pub fn share(
    browser: &mut Browser,
    person: &Person,
    share: &Share<'_>,
) -> Result<(String, Page), Fault> {
    // A draft that was answered before is signed as it is.
    if browser.get("/sharing/new/sign")?.status == 200 {
        return sign(browser, person);
    }
    let page = browser.get("/sharing/new")?.expect(200)?;
    let form = page.form_with("to")?;
    let to = form
        .value_beside("to", share.to)
        .ok_or_else(|| page.odd("the recipient is not on the list"))?;
    step(browser, &form.clear("to").choose("to", &to))?;

    let page = browser.get("/sharing/new/why")?.expect(200)?;
    let form = page.form_with("purposes")?.clear("purposes");
    step(browser, &form.choose("purposes", "treatment"))?;

    let page = browser.get("/sharing/new/what")?.expect(200)?;
    let mut form = page.form_with("segments")?;
    for segment in share.segments {
        form = form.choose("segments", segment);
    }
    let form = form
        .choose("part2", if share.part2 { "yes" } else { "no" })
        .press("Go on")
        .ok_or_else(|| page.odd("no way on"))?;
    step(browser, &form)?;

    let page = browser.get("/sharing/new/how-long")?.expect(200)?;
    let form = page.form_with("ends")?.choose("ends", "treatment");
    step(browser, &form)?;
    sign(browser, person)
}

/// Where a draft was begun before, answers lead to what is not answered yet.
fn step(browser: &mut Browser, form: &Form) -> Result<(), Fault> {
    let page = browser.submit(form)?;
    let onward = |to: &str| to.starts_with("/sharing/new/");
    if page.location.as_deref().is_some_and(onward) {
        Ok(())
    } else {
        Err(page.odd("the answer was not taken"))
    }
}

fn sign(browser: &mut Browser, person: &Person) -> Result<(String, Page), Fault> {
    let path = "/sharing/new/sign";
    let page = browser.get(path)?.expect(200)?;
    let form = page
        .form_with("typed-name")?
        .fill("typed-name", &person.name);
    browser.submit(&form)?.leads_to("/step-up")?;
    confirm(browser, person)?;
    let page = browser.get(path)?.expect(200)?;
    let page = browser.submit(&page.form_with("typed-name")?)?;
    let consent = page
        .location
        .as_deref()
        .and_then(|to| to.strip_prefix("/sharing/"))
        .filter(|id| is_id(id))
        .map(ToOwned::to_owned)
        .ok_or_else(|| page.odd("was not signed"))?;
    Ok((consent, page))
}

/// Up to the last press of "Revoke now": what is left is [`revoke_now`].
pub fn revoke_up_to_the_press(
    browser: &mut Browser,
    person: &Person,
    consent: &str,
) -> Result<Form, Fault> {
    let path = format!("/sharing/{consent}/revoke");
    let page = browser.get(&path)?.expect(200)?;
    let form = page.form_with_button("Revoke now")?;
    browser.submit(&form)?.leads_to("/step-up")?;
    confirm(browser, person)?;
    let page = browser.get(&path)?.expect(200)?;
    page.form_with_button("Revoke now")
}

/// The last press; the answer that said it is revoked.
pub fn revoke_now(browser: &mut Browser, consent: &str, form: &Form) -> Result<Page, Fault> {
    browser
        .submit(form)?
        .leads_to(&format!("/sharing/{consent}"))
}

/// Revokes with step-up; the answer that said so.
pub fn revoke(browser: &mut Browser, person: &Person, consent: &str) -> Result<Page, Fault> {
    let form = revoke_up_to_the_press(browser, person, consent)?;
    revoke_now(browser, consent, &form)
}

/// Takes a copy of one's own record, for machines; the answer with the file.
pub fn export(browser: &mut Browser, person: &Person) -> Result<Page, Fault> {
    let page = browser.get("/exports")?.expect(200)?;
    let form = page.form_with("format")?.choose("format", "fhir");
    browser.submit(&form)?.leads_to("/step-up")?;
    confirm(browser, person)?;
    let page = browser.get("/exports/ready")?.expect(200)?;
    let page = browser.submit(&page.form_with("format")?)?.expect(200)?;
    if page.kind.starts_with("application/fhir+json") {
        Ok(page)
    } else {
        Err(page.odd("no file"))
    }
}

/// Asks to see one item of one's own list that is masked; the page that shows it.
pub fn reveal(browser: &mut Browser, item: &str) -> Result<Page, Fault> {
    let page = browser.fields("/api/reveal-record", &format!("item={item}"))?;
    let to = page
        .location
        .clone()
        .ok_or_else(|| page.odd("leads nowhere"))?;
    browser.get(&to)?.expect(200)
}

/// Opens a patient's chart for treatment; says so first where that is asked.
pub fn open_chart(browser: &mut Browser, patient: &str) -> Result<Page, Fault> {
    let path = format!("/patients/{patient}");
    let page = browser.get(&path)?;
    if page.status != 200 || !page.has_field("purpose") {
        return Ok(page);
    }
    let form = page.form_with("purpose")?.choose("purpose", "treatment");
    browser.submit(&form)?.leads_to(&path)?;
    browser.get(&path)
}

/// Whether it is an id, and not the name of a page.
pub fn is_id(text: &str) -> bool {
    text.len() == 36
        && text
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}
