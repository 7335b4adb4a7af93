//! One item on its own page, masked unless it was asked for.

use super::super::chart::basis::{Basis as RestsOn, RecipientNotice};
use super::{
    list::date,
    private::{self, Private},
    reveal::{self, PartHidden},
    sensitive,
};
use crate::{
    components::{
        label_chip::LabelChips,
        masked_item::MaskedItem,
        page_title::PageTitle,
        summary_list::{Row, SummaryList},
        time::zone,
    },
    destination::Destination,
    i18n::{kind_name, list},
    t, text,
    visit::{self, AsOf, Visit},
    words,
};
use domain::{id::ItemId, item::ItemFacts, label::LabelSet, labeling::Basis};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal::{
    Portal, Refusal, Shown, directory,
    records::{self, Record as Opened},
    session,
    summary::{self, Field},
};

/// One item.
#[component]
pub fn Record() -> impl IntoView {
    let id = use_params_map()
        .get_untracked()
        .get("id")
        .and_then(|id| ItemId::parse(&id));
    visit::page(async move |visit: Visit| {
        let id = id.ok_or(Refusal::NotAvailable)?;
        let wish = private::wish(&visit, id).await?;
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        let reveal = session::take_reveal(session).await?;
        let opened = records::item(portal, session, actor, id, reveal).await?;
        let (came_from, reasons) = match &*opened.listed.item {
            Shown::Open { facts, basis, .. } => (came_from(portal, facts).await?, basis.read()?),
            Shown::Masked { .. } => (Vec::new(), Vec::new()),
        };
        Ok(view! { <Page opened came_from reasons id wish/> }.into_any())
    })
}

/// The organizations an item came from, else the people, by name, as far as they are known.
async fn came_from(portal: &Portal, facts: &ItemFacts) -> Result<Vec<String>, Refusal> {
    let mut names = Vec::new();
    for source in &facts.sources {
        names.extend(directory::organization(portal, *source).await?);
    }
    if names.is_empty() {
        for author in &facts.authors {
            names.extend(directory::person(portal, *author).await?);
        }
    }
    let mut names: Vec<String> = names.into_iter().map(|name| name.name).collect();
    names.dedup();
    Ok(names)
}

#[component]
fn Page(
    opened: Opened,
    came_from: Vec<String>,
    /// Why its parts are labelled, part by part.
    reasons: Vec<Vec<Basis>>,
    id: ItemId,
    /// Whether the patient keeps it private; `None`: not theirs to say.
    #[prop(optional_no_strip)]
    wish: Option<bool>,
) -> impl IntoView {
    let Opened {
        listed,
        rests_on,
        notice,
        as_of,
    } = opened;
    let hidden = listed.hidden;
    let content = match &*listed.item {
        Shown::Masked {
            id,
            kind,
            when,
            labels,
        } => view! {
            <h1>{t!("record-heading")}</h1>
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
        } => view! { <Whole facts=facts.clone() resource=summary::summarize(resource) basis=reasons hidden came_from/> }
            .into_any(),
    };
    view! {
        <PageTitle title=text!("record-title")/>
        <p><a href="/records">{t!("record-back")}</a></p>
        {content}
        <RestsOn rests_on by_relationship=false/>
        <RecipientNotice owed=notice/>
        {wish.map(|marked| view! { <Private id marked/> })}
        {wish
            .is_some()
            .then(|| {
                let ask = format!("{}?item={id}", Destination::NewRestriction.path());
                view! { <p><a href=ask>{t!("restriction-item-link")}</a></p> }
            })}
        <AsOf at=as_of/>
    }
}

/// An item that is shown, whole or in part.
#[component]
fn Whole(
    facts: ItemFacts,
    resource: summary::Summary,
    basis: Vec<Vec<Basis>>,
    hidden: LabelSet,
    came_from: Vec<String>,
) -> impl IntoView {
    let kind = kind_name(facts.kind);
    let all = facts.labels();
    let labels = sensitive(all);
    let title = resource.title.clone().unwrap_or_else(|| kind.clone());
    let mut rows = vec![Row::new(t!("record-kind"), kind.clone())];
    if !resource.facts.iter().any(|fact| fact.field == Field::Date) {
        rows.push(Row::new(t!("record-date"), date(facts.when)));
    }
    rows.extend(words::summary::rows(&resource, zone()));
    if !came_from.is_empty() {
        rows.push(Row::new(t!("record-from"), list(&came_from)));
    }
    let texts = resource
        .texts
        .iter()
        .map(|text| view! { <Prose heading=words::summary::field(&text.field) body=text.body.clone()/> })
        .collect_view();
    let shown = !labels.is_empty() && hidden.is_empty();
    let part_hidden = (!hidden.is_empty()).then(|| {
        let of = t!("records-item-of", kind = kind, date = date(facts.when));
        view! {
            <section class="item masked">
                <PartHidden id=facts.id hidden of/>
            </section>
        }
    });
    view! {
        <h1>{title}</h1>
        <LabelChips labels/>
        {shown
            .then(|| {
                view! {
                    <p>
                        <a href=format!("/records/{}", facts.id)>{t!("masked-hide")}</a>
                    </p>
                }
            })}
        <SummaryList rows/>
        {texts}
        {part_hidden}
        <Why basis labels=all/>
    }
}

/// A note or document: its paragraphs and lines as they were written.
#[component]
fn Prose(heading: String, body: String) -> impl IntoView {
    let paragraphs = body
        .split("\n\n")
        .filter(|paragraph| !paragraph.trim().is_empty())
        .map(|paragraph| view! { <p class="prose">{paragraph.to_owned()}</p> })
        .collect_view();
    view! {
        <h2>{heading}</h2>
        {paragraphs}
    }
}

/// Why it is labelled, one sentence a reason.
#[component]
fn Why(basis: Vec<Vec<Basis>>, labels: LabelSet) -> impl IntoView {
    let sentences = words::basis::sentences(&basis, labels);
    (!sentences.is_empty()).then(|| {
        let sentences = sentences
            .into_iter()
            .map(|sentence| view! { <li>{sentence}</li> })
            .collect_view();
        view! {
            <details class="folded">
                <summary>{t!("card-why")}</summary>
                <ul>{sentences}</ul>
                <p>{t!("record-why-means")}</p>
            </details>
        }
    })
}
