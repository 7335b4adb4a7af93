//! A part that waits, in words: what it is, why it waits, what it says, what its labels rest on.

use crate::{
    components::{label_chip::LabelChips, summary_list::SummaryList, time::zone},
    t,
    words::{self, summary},
};
use domain::{
    label::{Label, LabelSet},
    labeling::{
        Basis, Review,
        review::{Conflict, Why},
    },
};
use leptos::prelude::*;
use portal::summary::Summary;

/// Why a part waits, as a sentence.
pub(super) fn why(why: Why) -> String {
    match why {
        Why::Unclassified(Review::UnknownSystem) => t!("office-why-unknown-system"),
        Why::Unclassified(Review::Uncoded) => t!("office-why-uncoded"),
        Why::Unclassified(Review::FreeText) => t!("office-why-free-text"),
        Why::Unclassified(Review::UnreadableAttachment) => t!("office-why-unreadable"),
        Why::Unclassified(Review::NoCode) => t!("office-why-no-code"),
        Why::Unclassified(Review::IncomingRestriction) => t!("office-why-restricted"),
        Why::Unclassified(Review::Reference) => t!("office-why-reference"),
        Why::Conflict(Conflict::CameUnrestricted) => t!("office-why-unrestricted"),
        Why::Conflict(Conflict::WordsAgainstCode) => t!("office-why-words"),
    }
}

/// What a part is called: the element it stands in, by its usual name, else as the record names it.
pub(super) fn name(path: &str) -> String {
    let element = path.split(['[', '.']).next().unwrap_or(path);
    match element {
        "code"
        | "type"
        | "medicationCodeableConcept"
        | "medicationReference"
        | "vaccineCode"
        | "title" => t!("office-part-title"),
        "note" => t!("office-part-note"),
        "reasonCode" | "reasonReference" | "reason" => t!("office-part-reason"),
        "content" | "presentedForm" | "data" => t!("office-part-document"),
        "conclusion" | "conclusionCode" => t!("office-part-conclusion"),
        "dosageInstruction" | "dosage" => t!("office-part-dosage"),
        "category" => t!("office-part-category"),
        _ if element.starts_with("value") => t!("office-part-value"),
        _ => t!("office-part-other", path = path),
    }
}

/// What a part says.
#[component]
pub(super) fn Says(
    /// Of that part alone.
    summary: Summary,
    /// Its path, for what has no better name.
    path: String,
) -> impl IntoView {
    let rows = summary::rows(&summary, zone());
    // A part without a fact or a text is its title: nothing else is left of the item.
    let title = (rows.is_empty() && summary.texts.is_empty()).then(|| summary.title.clone());
    let nothing = title == Some(None);
    let has_rows = !rows.is_empty();
    let texts = summary
        .texts
        .iter()
        .map(|text| view! { <p class="prose">{text.body.clone()}</p> })
        .collect_view();
    view! {
        {title.flatten().map(|title| view! { <p class="prose">{title}</p> })}
        {nothing.then(|| view! { <p>{t!("office-part-nothing", path = path)}</p> })}
        {has_rows.then(|| view! { <SummaryList rows/> })}
        {texts}
    }
}

/// The labels of a part and what they rest on.
#[component]
pub(super) fn Evidence(labels: LabelSet, basis: Vec<Basis>) -> impl IntoView {
    let chips: Vec<Label> = labels.without(Label::General).iter().collect();
    let none = chips.is_empty();
    let sentences = words::basis::sentences(&[basis], labels.without(Label::Unclassified))
        .into_iter()
        .map(|sentence| view! { <li>{sentence}</li> })
        .collect_view();
    view! {
        <LabelChips labels=chips/>
        {none.then(|| view! { <p>{t!("office-part-unlabelled")}</p> })}
        <ul>{sentences}</ul>
    }
}
