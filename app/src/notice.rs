//! The patient notice (LAW C5, N3) filled in for the page. Its words are `domain::notice`.

use crate::{State, dates, t};
use domain::notice::{N3_INTRO, N3_POINTS, N3_TITLE, n3_closing};
use leptos::prelude::use_context;
use portal::notice::NoticeFacts;

/// The header of the patient notice, 42 CFR 2.22(b)(1)(i), one paragraph a line, and from when on it is in effect.
pub fn patient_notice(facts: &NoticeFacts) -> String {
    let mut lines = vec![format!("{N3_TITLE} {}. {N3_INTRO}", facts.program)];
    lines.extend(N3_POINTS.iter().map(|point| format!("• {point}")));
    lines.push(n3_closing(&facts.contact, &facts.reached));
    lines.push(t!("privacy-effective", day = dates::day(facts.effective)));
    lines.join("\n")
}

/// The notice of this portal, on a page.
pub(crate) fn here() -> String {
    let state = use_context::<State>();
    let facts = state.map(|state| state.portal().options().notice.clone());
    patient_notice(&facts.unwrap_or_default())
}
