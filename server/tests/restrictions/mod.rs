//! Restrictions (LAW C4; 42 CFR 2.26, 45 CFR 164.522(a)): asking, the organization's answer, what must be agreed to, and
//! the end. By HTTP alone.

mod asking;
mod office;
mod paid;

use crate::support::{Browser, Form, Page, Patient, TestPortal};
use domain::id::{ItemId, RestrictionId};

/// Why, in the tests.
const WHY: &str = "My brother works there and I do not want him to know.";

/// The value of a choice by its words.
#[track_caller]
fn choice(page: &Page, field: &str, words: &str) -> String {
    offered(page, field, words)
        .unwrap_or_else(|| panic!("no {field} {words:?} in\n{}", page.text()))
}

/// The value of a choice by its words, if there is one.
fn offered(page: &Page, field: &str, words: &str) -> Option<String> {
    let html = scraper::Html::parse_document(&page.body);
    let all = scraper::Selector::parse(".choice").expect("a selector");
    let input = scraper::Selector::parse("input").expect("a selector");
    html.select(&all).find_map(|choice| {
        let input = choice.select(&input).next()?;
        let here =
            input.attr("name") == Some(field) && choice.text().collect::<String>().contains(words);
        here.then(|| input.attr("value").map(ToOwned::to_owned))?
    })
}

/// The form, with who is asked and who is kept out.
fn filled(page: &Page, organization: &str, recipient: &str) -> Form {
    page.form("/restrictions/new")
        .choose("organization", &choice(page, "organization", organization))
        .choose("recipient", &choice(page, "recipient", recipient))
        .fill("why", WHY)
}

/// Asks the program to keep these segments from somebody; the restriction.
async fn ask(
    patient: &mut Patient<'_>,
    organization: &str,
    recipient: &str,
    segments: &[&str],
) -> RestrictionId {
    let page = patient.get("/restrictions/new").await.expect(200);
    let mut form = filled(&page, organization, recipient);
    for segment in segments {
        form = form.choose("segments", segment);
    }
    let page = patient.submit(&form).await.expect(303);
    restriction_of(&page)
}

#[track_caller]
fn restriction_of(page: &Page) -> RestrictionId {
    page.location()
        .and_then(|to| to.strip_prefix("/restrictions/"))
        .and_then(RestrictionId::parse)
        .unwrap_or_else(|| panic!("no restriction's page: {:?}", page.location()))
}

/// Says something of a request at the office, with the fresh factor that it takes; the page after.
async fn say(officer: &mut Browser<'_>, id: RestrictionId, what: &str, words: &str) -> Page {
    let path = format!("/office/restrictions/{id}");
    let page = officer.get(&path).await.expect(200);
    let form = page
        .form_with_field("say")
        .choose("say", what)
        .fill("words", words);
    let page = officer.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    let page = officer.get("/step-up").await.expect(200);
    let form = officer.code_form(&page);
    let page = officer.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some(path.as_str()));
    let page = officer.get(&path).await.expect(200);
    let page = officer.submit(&page.form_with_field("say")).await;
    let page = page.expect(303);
    assert_eq!(page.location(), Some(path.as_str()));
    officer.get(&path).await.expect(200)
}

/// What a clinician sees of Jordan's chart, all pages.
async fn seen(portal: &TestPortal, name: &str) -> String {
    let patient = portal.patient_id("Jordan Reyes").await;
    let person = portal.person(name).clone();
    let browser = portal.anonymous().sign_in(&person).await;
    let mut clinician = crate::support::Clinician(browser);
    let page = clinician.declare(patient, "treatment").await;
    if page.status.as_u16() != 200 {
        return String::new();
    }
    let pages = clinician.whole_chart(patient).await;
    pages.iter().map(Page::text).collect()
}

/// An item of Jordan's that a health plan could learn of, by a word of its title.
async fn item(portal: &TestPortal, of: impl Fn(&domain::item::ItemFacts) -> bool) -> ItemId {
    let patient = portal.patient_id("Jordan Reyes").await;
    let chart = portal.portal.store().chart(patient).await;
    let items = chart.expect("an answer").expect("a chart").items;
    items.iter().find(|item| of(item)).expect("an item").id
}
