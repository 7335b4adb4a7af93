//! The patient notice (LAW C5) filled in for the page: the prescribed header N3, whose words are `domain::notice`, and
//! under it the body that 42 CFR 2.22(b)(1) and 45 CFR 164.520(b)(1) ask for.

mod body;

use crate::{State, components::notice::Notice as LegalText, dates, t};
use domain::notice::{N3_INTRO, N3_POINTS, N3_TITLE, n3_closing};
use leptos::prelude::*;
use portal::notice::NoticeFacts;

/// A part of the notice's body: a heading, and what stands under it.
pub struct Section {
    /// What it is about.
    pub heading: String,
    /// Paragraphs and lists, in order.
    pub blocks: Vec<Block>,
}

/// Plain text in a notice.
pub enum Block {
    /// A paragraph.
    Paragraph(String),
    /// A list without an order.
    List(Vec<String>),
}

/// The header of the patient notice, 42 CFR 2.22(b)(1)(i), one paragraph a line, and from when on it is in effect.
pub fn header(facts: &NoticeFacts) -> String {
    let mut lines = vec![format!("{N3_TITLE} {}. {N3_INTRO}", facts.program)];
    lines.extend(N3_POINTS.iter().map(|point| format!("• {point}")));
    lines.push(n3_closing(&facts.contact, &facts.reached));
    lines.push(t!("privacy-effective", day = dates::day(facts.effective)));
    lines.join("\n")
}

/// The whole notice as text, a line for each paragraph: what a person reads and says to have read.
pub fn patient_notice(facts: &NoticeFacts) -> String {
    let mut lines = vec![header(facts)];
    for section in body::sections(facts) {
        lines.push(section.heading);
        for block in section.blocks {
            match block {
                Block::Paragraph(text) => lines.push(text),
                Block::List(points) => lines.extend(points),
            }
        }
    }
    lines.join("\n")
}

/// The notice of this portal, on a page under its first heading: the header, then the body.
#[component]
pub(crate) fn PatientNotice() -> impl IntoView {
    let facts = use_context::<State>()
        .map(|state| state.portal().options().notice.clone())
        .unwrap_or_default();
    let sections = body::sections(&facts)
        .into_iter()
        .map(|section| {
            let blocks = section.blocks.into_iter().map(block).collect_view();
            view! {
                <h2>{section.heading}</h2>
                {blocks}
            }
        })
        .collect_view();
    view! {
        <LegalText heading=t!("privacy-legal") text=header(&facts)/>
        {sections}
    }
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Paragraph(text) => view! { <p>{text}</p> }.into_any(),
        Block::List(points) => {
            let points = points
                .into_iter()
                .map(|point| view! { <li>{point}</li> })
                .collect_view();
            view! { <ul>{points}</ul> }.into_any()
        }
    }
}
