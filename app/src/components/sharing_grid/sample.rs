//! What the grid looks like with nobody, with few, and with forty recipients.

use super::Grid;
use crate::components::LONG_NAME;
use chrono::{DateTime, NaiveDate};
use domain::{
    clock::Instant,
    consent::Expiry,
    id::{ConsentId, EmergencyId},
    label::{Label, LabelSet},
};
use leptos::prelude::*;
use portal::{
    directory::{Name, RecipientName},
    sharing::grid::{Behind, COLUMNS, Cell, Limit, Row, State, Until},
};
use uuid::Uuid;

fn party(name: &str, detail: &str) -> Vec<RecipientName> {
    vec![RecipientName::Party(Name {
        name: name.to_owned(),
        detail: Some(detail.to_owned()),
        organization: Some("Maple Street Family Practice".to_owned()),
    })]
}

fn at(seconds: i64) -> Instant {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

fn consent(seed: &str, to: Vec<RecipientName>, open: LabelSet) -> Row {
    let state = |column| {
        if open.has(column) {
            State::Open
        } else {
            State::Closed
        }
    };
    Row {
        behind: Behind::Consent(ConsentId::derived("sample", seed)),
        to,
        view_as: Some(Uuid::nil()),
        cells: COLUMNS.map(|column| Cell::of(state(column))).to_vec(),
        part2: Cell::of(state(Label::Part2)),
        limits: Vec::new(),
        until: Until::Consent(Some(Expiry::None)),
        ends_soon: false,
    }
}

/// The row with other cells in some columns.
fn with(mut row: Row, cells: impl IntoIterator<Item = (Label, Cell)>) -> Row {
    for (label, cell) in cells {
        if label == Label::Part2 {
            row.part2 = cell;
        } else if let Some(at) = COLUMNS.into_iter().position(|column| column == label)
            && let Some(place) = row.cells.get_mut(at)
        {
            *place = cell;
        }
    }
    row
}

/// Every state there is, in as few rows as show them.
fn few() -> Vec<Row> {
    let emergency = Row {
        behind: Behind::Emergency(EmergencyId::derived("sample", "emergency")),
        cells: COLUMNS.map(|_| Cell::of(State::Emergency)).to_vec(),
        part2: Cell::of(State::Emergency),
        until: Until::Emergency(at(1_795_356_000)),
        ..consent(
            "emergency",
            party("Dr. Priya Raman, MD", "Emergency medicine"),
            LabelSet::EMPTY,
        )
    };
    let okafor = Row {
        limits: vec![
            Limit::Dates(NaiveDate::from_ymd_opt(2025, 6, 1), None),
            Limit::ItemsOut(2),
        ],
        until: Until::Consent(Some(Expiry::At(at(1_796_000_000)))),
        ends_soon: true,
        ..with(
            consent(
                "okafor",
                party("Dr. Amara Okafor, MD", "Family medicine"),
                LabelSet::EMPTY,
            ),
            [
                (Label::General, Cell::of(State::Partly)),
                (
                    Label::SubstanceUse,
                    Cell::partly(Limit::Only(LabelSet::of([Label::Alcohol]))),
                ),
                (
                    Label::SexualReproductive,
                    Cell::partly(Limit::Without(LabelSet::of([Label::Sti, Label::Abortion]))),
                ),
                (Label::Part2, Cell::of(State::Partly)),
            ],
        )
    };
    let class = Row {
        view_as: None,
        ..consent(
            "class",
            vec![RecipientName::TpoClass],
            LabelSet::SEGMENTS.with(Label::Part2),
        )
    };
    let care = Row {
        behind: Behind::Care,
        until: Until::Care,
        ..with(
            consent(
                "care",
                party("Dr. Tobias Lindqvist, DPM", "Podiatry"),
                LabelSet::EMPTY,
            ),
            [(
                Label::General,
                Cell {
                    state: State::Open,
                    limits: vec![Limit::ForCare],
                },
            )],
        )
    };
    let nothing = consent("nothing", party("Lakeside", "Clinic"), LabelSet::EMPTY);
    vec![emergency, okafor, class, care, nothing]
}

/// Nobody, a few in every state, and forty with long names.
pub fn sample() -> AnyView {
    let many = (1..=40)
        .map(|number| {
            let name = format!("{LONG_NAME} {number}");
            let mut row = consent(
                &number.to_string(),
                party(&name, LONG_NAME),
                LabelSet::of([Label::General, Label::Hiv]),
            );
            row.ends_soon = number % 7 == 0;
            row
        })
        .collect();
    view! {
        <Grid rows=vec![] views=true/>
        <Grid rows=few() views=true/>
        <Grid rows=many views=true/>
    }
    .into_any()
}
