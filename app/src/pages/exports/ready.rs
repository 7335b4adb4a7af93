//! `/exports/ready`: what the copy holds, and the button that takes it.

use super::{Typed, days, format_words, topics_words};
use crate::{
    components::{
        banner::{Banner, Tone},
        button::PostButton,
        page_title::PageTitle,
        summary_list::{Row, SummaryList},
    },
    destination::Destination,
    t, text,
    visit::{self, Visit},
};
use leptos::prelude::*;
use portal::export::{self, Format, Range};

/// The copy that was confirmed.
#[component]
pub fn Ready() -> impl IntoView {
    visit::page(async |visit: Visit| {
        Ok(match export::ready(&visit.portal, &visit.session).await? {
            Some((range, format)) => view! { <Page range format/> }.into_any(),
            None => visit::lead(&Destination::Exports),
        })
    })
}

#[component]
fn Page(range: Range, format: Format) -> impl IntoView {
    let rows = vec![
        Row::new(t!("exports-days"), days(&range)),
        Row::new(t!("exports-topics"), topics_words(&range)),
        Row::new(t!("exports-format"), format_words(format)),
    ];
    // The button names the copy, so that a late press asks to confirm that very one again.
    let typed = Typed::from((&range, format));
    let mut fields = vec![
        ("from", typed.from),
        ("until", typed.until),
        ("format", typed.format),
    ];
    fields.extend(typed.segments.into_iter().map(|name| ("segment", name)));
    view! {
        <PageTitle title=text!("exports-ready-title")/>
        <h1>{t!("exports-ready-heading")}</h1>
        <p>{t!("exports-ready-lead")}</p>
        <SummaryList rows/>
        <Banner tone=Tone::Warning>{t!("exports-ready-advice")}</Banner>
        <PostButton action="/exports/download" fields>{t!("exports-download")}</PostButton>
        <p>
            <a href="/exports">{t!("exports-other")}</a>
        </p>
    }
}
