//! The list: newest first, sensitive items masked.

use super::super::chart::basis::{Basis, RecipientNotice};
use super::{
    filter::{FilterForm, Typed},
    reveal::{self, PartHidden, Segments},
    sensitive,
};
use crate::{
    components::{
        banner::{Banner, Tone},
        empty::Empty,
        item_card::ItemCard,
        masked_item::MaskedItem,
        page_title::PageTitle,
        pagination::Pagination,
        time::zone,
    },
    dates,
    forms::{self, FormState},
    i18n::kind_name,
    t, text,
    visit::{self, AsOf, Visit},
    words,
};
use domain::{clock::Instant, item::ItemFacts, label::LabelSet};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use portal::{
    Shown,
    disclosure::Listed,
    records::{self, Records as Opened},
    session::{self, Reveal},
    summary::{self, Summary},
};

/// One page of the list.
#[component]
pub fn Records() -> impl IntoView {
    let page = use_query_map()
        .get_untracked()
        .get("page")
        .and_then(|page| page.parse().ok())
        .unwrap_or(1);
    let sent = use_context::<FormState<Typed>>();
    visit::page(async move |visit: Visit| {
        let filter = session::filter(&visit.session).await?;
        let reveal = session::take_reveal(&visit.session)
            .await?
            .filter(|reveal| matches!(reveal, Reveal::Segment(_)));
        let opened = records::list(&visit.portal, &visit.actor, &filter, page, reveal).await?;
        let form = sent.unwrap_or_else(|| forms::state_or(|| Typed::from(&filter)));
        Ok(view! { <Page opened form revealed=reveal.is_some()/> }.into_any())
    })
}

#[component]
fn Page(opened: Opened, form: FormState<Typed>, revealed: bool) -> impl IntoView {
    let Opened {
        entries,
        total,
        page,
        pages,
        filter,
        kinds,
        segments,
        rests_on,
        notice,
        as_of,
    } = opened;
    let narrowed = !filter.is_empty();
    let here = if page == 1 {
        "/records".to_owned()
    } else {
        format!("/records?page={page}")
    };
    let entries = entries.iter().map(entry).collect_view();
    let nothing = (total == 0).then(|| {
        let words = if narrowed {
            t!("records-none-found")
        } else {
            t!("records-none")
        };
        view! { <Empty words/> }
    });
    view! {
        <PageTitle title=text!("records-title")/>
        <h1>{t!("records-heading")}</h1>
        <p>{t!("records-lead")}</p>
        {revealed
            .then(|| {
                view! {
                    <Banner tone=Tone::Info heading=t!("records-shown-heading")>
                        <p>{t!("records-shown")}</p>
                        <p><a href=here>{t!("records-hide-all")}</a></p>
                    </Banner>
                }
            })}
        <FilterForm form kinds segments narrowed/>
        <Segments segments/>
        <h2>
            {if narrowed {
                t!("records-found", count = total)
            } else {
                t!("records-count", count = total)
            }}
        </h2>
        <Basis rests_on by_relationship=false/>
        <RecipientNotice owed=notice/>
        {nothing}
        {entries}
        <Pagination page pages address=|page| format!("/records?page={page}")/>
        <AsOf at=as_of/>
    }
}

/// The day of an item, in words.
pub(super) fn date(when: Option<Instant>) -> String {
    when.map_or_else(
        || t!("date-none"),
        |when| dates::day(dates::day_in(when, zone())),
    )
}

fn entry(listed: &Listed) -> AnyView {
    match &*listed.item {
        Shown::Masked {
            id,
            kind,
            when,
            labels,
        } => view! {
            <MaskedItem
                kind=*kind
                date=date(*when)
                labels=sensitive(*labels)
                action=reveal::RECORD
                fields=reveal::fields(*id)
            />
        }
        .into_any(),
        Shown::Open {
            facts, resource, ..
        } => open(facts, summary::summarize(resource), listed.hidden),
    }
}

fn open(facts: &ItemFacts, summary: Summary, hidden: LabelSet) -> AnyView {
    let kind = facts.kind;
    let rows = words::summary::brief(&summary, zone());
    let title = summary.title.unwrap_or_else(|| kind_name(kind));
    let labels = sensitive(facts.labels());
    let href = format!("/records/{}", facts.id);
    let date = date(facts.when);
    if hidden.is_empty() {
        return view! { <ItemCard kind date title labels rows href/> }.into_any();
    }
    let id = facts.id;
    let of = t!(
        "records-item-of",
        kind = kind_name(kind),
        date = date.as_str()
    );
    view! {
        <ItemCard kind date title labels rows href>
            <PartHidden id hidden of/>
        </ItemCard>
    }
    .into_any()
}
