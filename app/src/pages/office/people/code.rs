//! `/office/people/code`: the code of somebody who was invited, on a page to print, shown once.

use crate::{
    components::{
        code_list::CodeList,
        page_title::PageTitle,
        summary_list::{Row, SummaryList},
        time::zone,
    },
    dates,
    destination::Destination,
    t, text,
    visit::{self, Visit},
};
use leptos::prelude::*;
use portal::staff::{self, NewCode};

/// The code, or that it was shown.
#[component]
pub fn Code() -> impl IntoView {
    visit::page(async |visit: Visit| {
        let shown = match staff::take_code(&visit.session, &visit.actor).await? {
            Some(code) => {
                // It is said here that it is done.
                staff::take_outcome(&visit.session).await?;
                view! { <Letter code/> }.into_any()
            }
            None => view! { <p>{t!("people-code-gone")}</p> }.into_any(),
        };
        Ok(view! {
            <PageTitle title=text!("people-code-title")/>
            <p class="back"><a href=Destination::People.path()>{t!("people-back")}</a></p>
            <h1>{t!("people-code-heading")}</h1>
            {shown}
        }
        .into_any())
    })
}

#[component]
fn Letter(code: NewCode) -> impl IntoView {
    let rows = vec![
        Row::new(t!("people-code-for"), code.name),
        Row::new(t!("people-code-until"), dates::moment(code.expires, zone())),
        Row::new(t!("people-code-where"), Destination::Join.path()),
    ];
    view! {
        <p class="lead">{t!("people-code-lead")}</p>
        <CodeList codes=vec![code.code]/>
        <SummaryList rows/>
        <ul>
            <li>{t!("people-code-once")}</li>
            <li>{t!("people-code-hand")}</li>
            <li>{t!("people-code-alone")}</li>
        </ul>
    }
}
