//! The sharing grid: recipients × segments, what is open to whom and until when (UX).

use super::standing::Summary;
use crate::directory::RecipientName;
use domain::clock::Instant;
use domain::consent::{ConsentKind, Discloser, Expiry, Standing};
use domain::id::ConsentId;
use domain::item::KindSet;
use domain::label::{Label, LabelSet};

/// The segments that are columns of the grid.
pub const COLUMNS: [Label; 9] = [
    Label::General,
    Label::Identity,
    Label::SubstanceUse,
    Label::MentalHealth,
    Label::Hiv,
    Label::SexualReproductive,
    Label::GenderOrientation,
    Label::Violence,
    Label::Genetics,
];

/// How far a segment is open to a recipient.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Cell {
    /// Nothing.
    Closed,
    /// Some of it: children excluded, dates, single items, or not what a treatment program wrote.
    Partly,
    /// All of it.
    Open,
}

/// A row of the grid: one consent's recipients.
#[derive(Clone, Debug)]
pub struct Row {
    /// The consent behind it.
    pub consent: ConsentId,
    /// To whom.
    pub to: Vec<RecipientName>,
    /// One cell a column.
    pub cells: Vec<Cell>,
    /// Whether it includes records of a substance use treatment program.
    pub part2: bool,
    /// Until when.
    pub ends: Option<Expiry>,
    /// Whether it ends within 30 days.
    pub ends_soon: bool,
}

/// The rows of the consents in force.
pub fn rows(consents: &[Summary], now: Instant) -> Vec<Row> {
    consents
        .iter()
        .filter(|summary| summary.now == Standing::Active)
        .map(|summary| row(summary, now))
        .collect()
}

fn row(summary: &Summary, now: Instant) -> Row {
    let terms = &summary.standing.consent.terms;
    let what = &terms.what;
    let granted = what.granted();
    let limited = what.service_from.is_some()
        || what.service_until.is_some()
        || what.existing_at.is_some()
        || what.kinds != KindSet::ALL
        || terms.from != Discloser::AnyProvider
        // Of what they deal with, notes alone.
        || terms.kind == ConsentKind::Notes
        || !what.items_excluded.is_empty();
    let cells = COLUMNS
        .into_iter()
        .map(|column| {
            let whole = LabelSet::of([column]).with_children();
            if !granted.overlaps(whole) {
                if what.items_included.is_empty() {
                    Cell::Closed
                } else {
                    Cell::Partly
                }
            } else if limited || !granted.contains(whole) {
                Cell::Partly
            } else {
                Cell::Open
            }
        })
        .collect();
    Row {
        consent: summary.standing.consent.id,
        to: summary.to.clone(),
        cells,
        part2: granted.has(Label::Part2),
        ends: terms.expiry.clone(),
        ends_soon: matches!(terms.expiry, Some(Expiry::At(end)) if end - now <= chrono::TimeDelta::days(30)),
    }
}
