//! Whole journeys by the forms of the pages, as people with a browser make them.

use crate::{browser::Browser, fault::Fault, form::Form, page::Page, person::Person};
use serde_json::json;

/// Where a consent is signed.
const SIGN: &str = "/sharing/new/sign";
/// Where a fresh factor is asked for.
const STEP_UP: &str = "/step-up";
/// More pages than lie between the first question and the signature.
const STEPS: usize = 16;

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
        .leads_to(STEP_UP)?;
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

/// Answers the questions that are not answered yet, and signs: the consent's id, and the answer that told it. A draft that
/// was begun before goes on where it was left, and may be for others than asked for here.
pub fn share(
    browser: &mut Browser,
    person: &Person,
    share: &Share<'_>,
) -> Result<(String, Page), Fault> {
    let mut path = SIGN.to_owned();
    // Steps that can't be taken yet lead back to the one that can.
    for _ in 0..STEPS {
        let page = browser.get(&path)?;
        if let Some(to) = page.location {
            path = to;
            continue;
        }
        let page = page.expect(200)?;
        if path == SIGN {
            return sign(browser, person, &page);
        }
        if path == "/sharing/new/review" {
            SIGN.clone_into(&mut path);
            continue;
        }
        let answered = browser.submit(&answer(&page, share)?)?;
        path = answered
            .location
            .clone()
            .filter(|to| to.starts_with("/sharing/new/"))
            .ok_or_else(|| answered.odd("the answer was not taken"))?;
    }
    Err(Fault::Odd(format!("{path}: the steps lead nowhere")))
}

/// The form of one step, filled in.
fn answer(page: &Page, share: &Share<'_>) -> Result<Form, Fault> {
    match page.path.as_str() {
        "/sharing/new" => {
            let form = page.form_with("to")?;
            let to = form
                .value_beside("to", share.to)
                .ok_or_else(|| page.odd("the recipient is not on the list"))?;
            Ok(form.clear("to").choose("to", &to))
        }
        "/sharing/new/why" => {
            let form = page.form_with("purposes")?.clear("purposes");
            Ok(form.choose("purposes", "treatment"))
        }
        "/sharing/new/what" => {
            let mut form = page.form_with("segments")?;
            for segment in share.segments {
                form = form.choose("segments", segment);
            }
            form.choose("part2", if share.part2 { "yes" } else { "no" })
                .press("Go on")
                .ok_or_else(|| page.odd("no way on"))
        }
        "/sharing/new/how-long" => Ok(page.form_with("ends")?.choose("ends", "treatment")),
        _ => Err(page.odd("no step of sharing")),
    }
}

fn sign(browser: &mut Browser, person: &Person, page: &Page) -> Result<(String, Page), Fault> {
    let form = page
        .form_with("typed-name")?
        .fill("typed-name", &person.name);
    let mut page = browser.submit(&form)?;
    // A factor that was given before the server was killed still stands.
    if page.location.as_deref() == Some(STEP_UP) {
        confirm(browser, person)?;
        let again = browser.get(SIGN)?.expect(200)?;
        page = browser.submit(&again.form_with("typed-name")?)?;
    }
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
    browser.submit(&form)?.leads_to(STEP_UP)?;
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
    let page = browser
        .get(&format!("/sharing/{consent}/revoke"))?
        .expect(200)?;
    let form = page.form_with_button("Revoke now")?;
    let page = browser.submit(&form)?;
    if page.location.as_deref() != Some(STEP_UP) {
        return page.leads_to(&format!("/sharing/{consent}"));
    }
    confirm(browser, person)?;
    let page = browser
        .get(&format!("/sharing/{consent}/revoke"))?
        .expect(200)?;
    let form = page.form_with_button("Revoke now")?;
    revoke_now(browser, consent, &form)
}

/// Takes a copy of one's own record, for machines; the answer with the file.
pub fn export(browser: &mut Browser, person: &Person) -> Result<Page, Fault> {
    let page = browser.get("/exports")?.expect(200)?;
    let form = page.form_with("format")?.choose("format", "fhir");
    let page = browser.submit(&form)?.expect(303)?;
    if page.location.as_deref() == Some(STEP_UP) {
        confirm(browser, person)?;
    }
    let page = browser.get("/exports/ready")?.expect(200)?;
    let page = browser.submit(&page.form_with("format")?)?.expect(200)?;
    if page.kind.starts_with("application/fhir+json") {
        Ok(page)
    } else {
        Err(page.odd("no file"))
    }
}

/// Asks to see one item of one's own list that is masked; the page that shows it, or leads to a fresh factor where it is
/// a separated note.
pub fn reveal(browser: &mut Browser, item: &str) -> Result<Page, Fault> {
    let page = browser.fields("/api/reveal-record", &format!("item={item}"))?;
    let to = page
        .location
        .clone()
        .ok_or_else(|| page.odd("leads nowhere"))?;
    browser.get(&to)
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
