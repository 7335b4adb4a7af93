//! `/sharing/view-as/{recipient}/items/{item}`: one item of my record as this person sees it now.

use super::{around, asked, frame, who};
use crate::{
    components::page_title::PageTitle,
    destination::Destination,
    pages::{
        answer::id_in,
        chart::{
            body::{ItemBody, item_body},
            place,
        },
    },
    t, text,
    visit::{self, AsOf},
};
use domain::id::ItemId;
use leptos::prelude::*;
use portal::{Refusal, sharing::view_as};

/// One item.
#[component]
pub fn Item() -> impl IntoView {
    let (recipient, item) = (id_in(2), id_in(4));
    let asked = asked(recipient);
    visit::page(async move |visit| {
        let recipient = recipient.ok_or(Refusal::NotAvailable)?;
        let item = item.map(ItemId).ok_or(Refusal::NotAvailable)?;
        let whom = view_as::whom(&visit.portal, &visit.actor, recipient).await?;
        let Some(asked) = asked.filter(|asked| whom.purposes.contains(&asked.purpose)) else {
            return Ok(visit::lead(&Destination::ViewAs(recipient)));
        };
        let now = visit.now();
        let one = view_as::item(&visit.portal, &visit.actor, asked, item).await?;
        let around = around(&whom, asked);
        let ItemBody { title, content } = item_body(one, around).ok_or(Refusal::NotAvailable)?;
        Ok(view! {
            <PageTitle title=text!("view-as-title")/>
            <p class="back">
                <a href=place::view(asked)>{t!("view-as-back")}</a>
            </p>
            {frame(&whom, asked)}
            <section class="view-as" aria-label=t!("view-as-region", who = who(&whom))>
                {title}
                {content}
            </section>
            <p>
                <a href=Destination::Record(item.0).path()>{t!("view-as-own-item")}</a>
            </p>
            <AsOf at=now/>
        }
        .into_any())
    })
}
