//! `/proxies/invite/code`: the code to hand over, shown once.

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
use portal::proxies::helpers::{self, NewCode};

/// The code, or that it was shown.
#[component]
pub fn Code() -> impl IntoView {
    visit::page(async |visit: Visit| {
        let shown = match helpers::take_code(&visit.session, &visit.actor).await? {
            Some(code) => view! { <Paper code/> }.into_any(),
            None => view! { <p>{t!("proxies-code-gone")}</p> }.into_any(),
        };
        Ok(view! {
            <PageTitle title=text!("proxies-code-title")/>
            <p class="back"><a href=Destination::Proxies.path()>{t!("proxies-back")}</a></p>
            <h1>{t!("proxies-code-heading")}</h1>
            {shown}
        }
        .into_any())
    })
}

#[component]
fn Paper(code: NewCode) -> impl IntoView {
    let until = dates::moment(code.expires, zone());
    let rows = vec![
        Row::new(t!("proxies-name"), code.name),
        Row::new(t!("proxies-code-until"), until),
    ];
    view! {
        <p class="lead">{t!("proxies-code-lead")}</p>
        <SummaryList rows/>
        <CodeList codes=vec![code.code]/>
        <h2>{t!("proxies-code-how")}</h2>
        <ol>
            <li>{t!("proxies-code-hand-over")}</li>
            <li>{t!("proxies-code-new")}</li>
            <li>{t!("proxies-code-known")}</li>
        </ol>
        <p>{t!("proxies-code-once")}</p>
    }
}
