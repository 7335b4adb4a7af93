//! The sharing grid: recipients down, segments across, and how far each is open (UX).
//!
//! One table, whatever the width: wide it is a picture, below a certain width each row is a card, and by ear it is
//! a table with a word in each cell. What "some of it" means stands in the cell, shown when it is pointed at or reached by
//! keyboard, and for everybody in words below the table.

mod sample;

pub use sample::sample;

use super::{icon::Icon, initials::Initials};
use crate::{
    components::time::zone,
    dates,
    destination::Destination,
    i18n::{label_icon, label_name},
    pages::sharing::{
        limits::{limits, of_row},
        view_as::ViewLink,
        words::{last_day, recipient_detail, recipients, until},
    },
    t,
};
use domain::label::Label;
use leptos::prelude::*;
use portal::{
    directory::RecipientName,
    sharing::grid::{Behind, COLUMNS, Cell, Limit, Row, State, Until},
};

/// The grid with its key and its words.
#[component]
pub fn Grid(
    /// The rows, in order.
    rows: Vec<Row>,
    /// Whether the one who looks may see their record as each of them.
    views: bool,
) -> impl IntoView {
    let heads = COLUMNS
        .into_iter()
        .map(|column| view! { <Head column/> })
        .collect_view();
    let emergency = rows
        .iter()
        .any(|row| matches!(row.behind, Behind::Emergency(_)));
    let words: Vec<(String, Vec<String>)> = rows
        .iter()
        .map(|row| (recipients(&row.to), of_row(row)))
        .filter(|(_, words)| !words.is_empty())
        .collect();
    let rows = rows
        .into_iter()
        .map(|row| view! { <GridRow row views/> })
        .collect_view();
    view! {
        <Key emergency/>
        <div class="grid-frame">
            // The roles are those the elements have anyway: CSS that makes cards takes them away.
            <table class="grid" role="table">
                <caption class="for-ear">{t!("grid-caption")}</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th class="grid-who" scope="col" role="columnheader">{t!("grid-who")}</th>
                        {heads}
                        <Head column=Label::Part2/>
                        <th class="grid-until" scope="col" role="columnheader">{t!("grid-until")}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
        <Words words/>
    }
}

/// What the drawings mean.
#[component]
fn Key(emergency: bool) -> impl IntoView {
    let states = [State::Open, State::Partly, State::Closed]
        .into_iter()
        .chain(emergency.then_some(State::Emergency));
    let key = states.map(|state| {
        view! {
            <li class=class(state)>
                <Icon name=drawing(state)/>
                <span>{meaning(state)}</span>
            </li>
        }
    });
    view! { <ul class="grid-key" aria-label=t!("grid-key")>{key.collect_view()}</ul> }
}

/// What is open in part, in words: for print, for the ear, and for whoever can't point at a cell.
#[component]
fn Words(words: Vec<(String, Vec<String>)>) -> impl IntoView {
    (!words.is_empty()).then(|| {
        let rows = words
            .into_iter()
            .map(|(who, lines)| {
                let lines = lines
                    .into_iter()
                    .map(|line| view! { <li>{line}</li> })
                    .collect_view();
                view! {
                    <dt>{who}</dt>
                    <dd><ul class="lines">{lines}</ul></dd>
                }
            })
            .collect_view();
        view! {
            <section class="grid-words">
                <h3>{t!("grid-words-heading")}</h3>
                <dl>{rows}</dl>
            </section>
        }
    })
}

#[component]
fn Head(column: Label) -> impl IntoView {
    let kind = if column == Label::Part2 {
        "grid-segment grid-law"
    } else {
        "grid-segment"
    };
    view! {
        <th class=kind scope="col" role="columnheader">
            <div>
                <span>{label_name(column)}</span>
                <Icon name=label_icon(column)/>
            </div>
        </th>
    }
}

/// What is behind a row: its own page, or the record as they see it.
fn behind(row: &Row, views: bool) -> Option<String> {
    match row.behind {
        Behind::Consent(consent) => Some(Destination::Consent(consent.0).path()),
        Behind::Emergency(emergency) => Some(Destination::EmergencyTold(emergency.0).path()),
        Behind::Care | Behind::Helper => row
            .view_as
            .filter(|_| views)
            .map(|recipient| Destination::ViewAs(recipient).path()),
    }
}

/// Why the row is there, where no consent says so.
fn because(row: &Row) -> Option<String> {
    match row.behind {
        Behind::Consent(_) => None,
        Behind::Care => Some(t!("grid-because-care")),
        Behind::Emergency(_) => Some(t!("grid-because-emergency")),
        Behind::Helper => Some(t!("grid-because-helper")),
    }
}

#[component]
fn GridRow(row: Row, views: bool) -> impl IntoView {
    let href = behind(&row, views);
    let because = because(&row);
    let kind = match row.behind {
        Behind::Emergency(_) => "emergency-row",
        _ => "",
    };
    let Row {
        to,
        view_as,
        cells,
        part2,
        limits,
        until,
        ends_soon,
        ..
    } = row;
    let all_closed = part2.state == State::Closed && !cells.iter().any(is_open);
    let any_closed = cells.iter().any(|cell| !is_open(cell));
    let open_at = |index: Option<usize>| {
        index
            .and_then(|index| cells.get(index))
            .is_some_and(is_open)
    };
    let view_href = view_as
        .filter(|_| views)
        .map(|recipient| Destination::ViewAs(recipient).path());
    let leads = |cell: &Cell| {
        if cell.limits.contains(&Limit::ForCare) || cell.limits.contains(&Limit::OwnProgram) {
            view_href.clone().or_else(|| href.clone())
        } else {
            href.clone()
        }
    };
    let drawn = COLUMNS
        .into_iter()
        .zip(&cells)
        .enumerate()
        .map(|(index, (column, cell))| {
            let band = Band {
                first: !open_at(index.checked_sub(1)),
                last: !open_at(index.checked_add(1)),
            };
            let href = leads(cell);
            view! { <GridCell column cell=cell.clone() of_row=limits.clone() href band/> }
        })
        .collect_view();
    let law_href = leads(&part2);
    let name = recipients(&to);
    let detail = recipient_detail(&to);
    let face = if matches!(to.as_slice(), [RecipientName::Party(_)]) {
        view! { <Initials name=name.clone()/> }.into_any()
    } else {
        // A class of people has no initials.
        view! {
            <span class="initials">
                <Icon name="people"/>
            </span>
        }
        .into_any()
    };
    let rest = if all_closed {
        Some(t!("grid-all-closed"))
    } else {
        any_closed.then(|| t!("grid-rest-closed"))
    };
    let heading = match href {
        Some(href) => view! { <a class="grid-link" href=href>{name.clone()}</a> }.into_any(),
        None => view! { <span class="grid-link">{name.clone()}</span> }.into_any(),
    };
    let view = view_as
        .filter(|_| views)
        .map(|recipient| view! { <ViewLink recipient who=name/> });
    view! {
        <tr role="row" class=kind>
            <th class="grid-who" scope="row" role="rowheader">
                <div class="grid-name">
                    {face}
                    <div>
                        {heading}
                        {detail.map(|detail| view! { <span class="hint">{detail}</span> })}
                        {because.map(|words| view! { <span class="grid-because">{words}</span> })}
                        {view}
                    </div>
                </div>
            </th>
            {drawn}
            <GridCell
                column=Label::Part2
                cell=part2
                of_row=limits.clone()
                href=law_href
                band=Band { first: true, last: true }
            />
            <td class="grid-until" role="cell">
                <span>{how_long(&until)}</span>
                {ends_soon
                    .then(|| {
                        view! {
                            <strong class="ends-soon">
                                <Icon name="warning"/>
                                <span>{t!("grid-ends-soon")}</span>
                            </strong>
                        }
                    })}
                // On a card the closed segments are not listed one by one.
                {rest.map(|rest| view! { <span class="grid-rest" aria-hidden="true">{rest}</span> })}
            </td>
        </tr>
    }
}

fn is_open(cell: &Cell) -> bool {
    cell.state != State::Closed
}

/// Until when, in words.
fn how_long(ends: &Until) -> String {
    match ends {
        Until::Consent(ends) => until(ends.as_ref()),
        Until::Care => t!("grid-until-care"),
        Until::Emergency(at) => t!("grid-until-emergency", at = dates::moment(*at, zone())),
        Until::Helper(Some(end)) => t!("sharing-until-day", day = last_day(*end)),
        Until::Helper(None) => t!("grid-until-helper"),
    }
}

/// Neighbours that are open are drawn as one band, which has a first and a last.
#[derive(Clone, Copy)]
struct Band {
    first: bool,
    last: bool,
}

/// A cell. Where there is something to say of it, that leads to what is behind it.
#[component]
fn GridCell(
    column: Label,
    cell: Cell,
    of_row: Vec<Limit>,
    href: Option<String>,
    band: Band,
) -> impl IntoView {
    let mut classes = format!("grid-cell {}", class(cell.state));
    for (class, is) in [
        (" grid-law", column == Label::Part2),
        (" first", band.first),
        (" last", band.last),
    ] {
        if is {
            classes.push_str(class);
        }
    }
    let of_row = of_row.iter().filter(|_| cell.state == State::Partly);
    let what = limits(cell.limits.iter().chain(of_row));
    let state = meaning(cell.state);
    let drawing = drawing(cell.state);
    let content = match (what, href) {
        (None, _) => view! {
            <Icon name=drawing/>
            <span class="grid-word">{state}</span>
        }
        .into_any(),
        (Some(what), Some(href)) => view! {
            <a class="grid-what" href=href>
                <Icon name=drawing/>
                <span class="grid-word">{t!("grid-cell", state = state, what = what)}</span>
            </a>
        }
        .into_any(),
        (Some(what), None) => view! {
            <span class="grid-what">
                <Icon name=drawing/>
                <span class="grid-word">{t!("grid-cell", state = state, what = what)}</span>
            </span>
        }
        .into_any(),
    };
    view! {
        <td class=classes role="cell" data-label=label_name(column)>
            {content}
        </td>
    }
}

const fn class(state: State) -> &'static str {
    match state {
        State::Open => "open",
        State::Partly => "partly",
        State::Closed => "closed",
        State::Emergency => "emergency",
    }
}

const fn drawing(state: State) -> &'static str {
    match state {
        State::Open => "cell-open",
        State::Partly => "cell-partly",
        State::Closed => "cell-closed",
        State::Emergency => "cell-emergency",
    }
}

fn meaning(state: State) -> String {
    match state {
        State::Open => t!("grid-open"),
        State::Partly => t!("grid-partly"),
        State::Closed => t!("grid-closed"),
        State::Emergency => t!("grid-emergency"),
    }
}
