//! The sharing grid: recipients down, segments across, and how far each is open (UX).
//!
//! One table, whatever the width: wide it is a picture, below a certain width each row is a card, and by ear it is
//! a table with a word in each cell.

use super::{LONG_NAME, icon::Icon, initials::Initials};
use crate::{
    destination::Destination,
    i18n::{label_icon, label_name},
    pages::sharing::words::{recipient_detail, recipients, until},
    t,
};
use domain::{
    consent::Expiry,
    id::ConsentId,
    label::{Label, LabelSet},
};
use leptos::prelude::*;
use portal::{
    directory::{Name, RecipientName},
    sharing::grid::{COLUMNS, Cell, Row},
};

/// The grid with its key.
#[component]
pub fn Grid(
    /// The consents in force.
    rows: Vec<Row>,
) -> impl IntoView {
    let heads = COLUMNS
        .into_iter()
        .map(|column| view! { <Head column/> })
        .collect_view();
    let rows = rows
        .into_iter()
        .map(|row| view! { <GridRow row/> })
        .collect_view();
    view! {
        <Key/>
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
    }
}

/// What the drawings mean.
#[component]
fn Key() -> impl IntoView {
    let key = [Cell::Open, Cell::Partly, Cell::Closed].map(|cell| {
        view! {
            <li class=class(cell)>
                <Icon name=drawing(cell)/>
                <span>{meaning(cell)}</span>
            </li>
        }
    });
    view! { <ul class="grid-key" aria-label=t!("grid-key")>{key.into_iter().collect_view()}</ul> }
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

#[component]
fn GridRow(row: Row) -> impl IntoView {
    let Row {
        consent,
        to,
        cells,
        part2,
        ends,
        ends_soon,
    } = row;
    let all_closed = !part2 && cells.iter().all(|cell| *cell == Cell::Closed);
    let any_closed = cells.contains(&Cell::Closed);
    let is_open = |index: Option<usize>| {
        index
            .and_then(|index| cells.get(index))
            .is_some_and(|cell| *cell != Cell::Closed)
    };
    let drawn = COLUMNS
        .into_iter()
        .zip(&cells)
        .enumerate()
        .map(|(index, (column, cell))| {
            let first = !is_open(index.checked_sub(1));
            let last = !is_open(index.checked_add(1));
            view! { <GridCell column cell=*cell first last/> }
        })
        .collect_view();
    let law = if part2 { Cell::Open } else { Cell::Closed };
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
    view! {
        <tr role="row">
            <th class="grid-who" scope="row" role="rowheader">
                <div class="grid-name">
                    {face}
                    <div>
                        <a class="grid-link" href=Destination::Consent(consent.0).path()>{name}</a>
                        {detail.map(|detail| view! { <span class="hint">{detail}</span> })}
                    </div>
                </div>
            </th>
            {drawn}
            <GridCell column=Label::Part2 cell=law first=true last=true/>
            <td class="grid-until" role="cell">
                <span>{until(ends.as_ref())}</span>
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

/// A cell; neighbours that are open are drawn as one band, which has a first and a last.
#[component]
fn GridCell(column: Label, cell: Cell, first: bool, last: bool) -> impl IntoView {
    let mut classes = format!("grid-cell {}", class(cell));
    for (class, is) in [
        (" grid-law", column == Label::Part2),
        (" first", first),
        (" last", last),
    ] {
        if is {
            classes.push_str(class);
        }
    }
    view! {
        <td class=classes role="cell" data-label=label_name(column)>
            <Icon name=drawing(cell)/>
            <span class="grid-word">{meaning(cell)}</span>
        </td>
    }
}

const fn class(cell: Cell) -> &'static str {
    match cell {
        Cell::Open => "open",
        Cell::Partly => "partly",
        Cell::Closed => "closed",
    }
}

const fn drawing(cell: Cell) -> &'static str {
    match cell {
        Cell::Open => "cell-open",
        Cell::Partly => "cell-partly",
        Cell::Closed => "cell-closed",
    }
}

fn meaning(cell: Cell) -> String {
    match cell {
        Cell::Open => t!("grid-open"),
        Cell::Partly => t!("grid-partly"),
        Cell::Closed => t!("grid-closed"),
    }
}

/// A few recipients, and forty of them with long names.
pub fn sample() -> AnyView {
    let party = |name: &str, detail: &str| {
        vec![RecipientName::Party(Name {
            name: name.to_owned(),
            detail: Some(detail.to_owned()),
            organization: Some("Maple Street Family Practice".to_owned()),
        })]
    };
    let row = |seed: &str, to: Vec<RecipientName>, open: LabelSet, partly: LabelSet| Row {
        consent: ConsentId::derived("sample", seed),
        to,
        cells: COLUMNS
            .into_iter()
            .map(|column| {
                if open.has(column) {
                    Cell::Open
                } else if partly.has(column) {
                    Cell::Partly
                } else {
                    Cell::Closed
                }
            })
            .collect(),
        part2: open.has(Label::Part2),
        ends: Some(Expiry::None),
        ends_soon: open.has(Label::Hiv),
    };
    let few = vec![
        row(
            "okafor",
            party("Dr. Amara Okafor, MD", "Family medicine"),
            LabelSet::of([Label::General, Label::Identity, Label::Hiv]),
            LabelSet::of([Label::SubstanceUse, Label::MentalHealth]),
        ),
        row(
            "class",
            vec![RecipientName::TpoClass],
            LabelSet::SEGMENTS.with(Label::Part2),
            LabelSet::EMPTY,
        ),
        row(
            "nothing",
            party("Dr. Tobias Lindqvist, DPM", "Podiatry"),
            LabelSet::EMPTY,
            LabelSet::of([Label::General]),
        ),
    ];
    let many = (1..=40)
        .map(|number| {
            row(
                &number.to_string(),
                party(&format!("{LONG_NAME} {number}"), LONG_NAME),
                LabelSet::of([Label::General]),
                LabelSet::EMPTY,
            )
        })
        .collect();
    view! {
        <Grid rows=few/>
        <Grid rows=many/>
    }
    .into_any()
}
