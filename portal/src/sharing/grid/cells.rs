//! How far each segment is open in one row, and what keeps it from being all of it.

use super::COLUMNS;
use chrono::NaiveDate;
use domain::clock::Instant;
use domain::consent::{Discloser, Scope, Terms};
use domain::id::{ItemId, OrganizationId};
use domain::item::{ItemKind, KINDS};
use domain::label::{Label, LabelSet};
use std::collections::BTreeSet;

/// How far a segment is open.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum State {
    /// Nothing.
    Closed,
    /// Some of it: its cell or its row says what.
    Partly,
    /// All of it.
    Open,
    /// All of it, for the emergency alone.
    Emergency,
}

/// What is open of a segment, or why it is.
#[derive(Clone, PartialEq, Eq)]
pub enum Limit {
    /// Only these parts of it.
    Only(LabelSet),
    /// All but these parts of it.
    Without(LabelSet),
    /// Only what their own program wrote (POLICY §4.7a).
    OwnProgram,
    /// Open because they care for the patient, without a consent (POLICY §4.6).
    ForCare,
    /// These are kept back by a restriction (LAW C4).
    Kept(LabelSet),
    /// These are kept back by a restriction from some of several recipients, and not from all of them (LAW C4).
    KeptFromSome(LabelSet),
    /// So many single items are kept back by a restriction (LAW C4).
    KeptItems(usize),
    /// So many single items are kept back from some of several recipients, and not from all of them (LAW C4).
    KeptItemsFromSome(usize),
    /// So many bills for single items that are kept back are kept back with them (LAW C4, 164.522(a)(1)(vi)).
    KeptBills(usize),
    /// So many bills are kept back from some of several recipients, and not from all of them (LAW C4).
    KeptBillsFromSome(usize),
    /// Only from these days of service.
    Dates(Option<NaiveDate>, Option<NaiveDate>),
    /// Only what was there then.
    Existing(Instant),
    /// Only these kinds of items.
    Kinds(Vec<ItemKind>),
    /// Only from so many places.
    Places(usize),
    /// So many single items are left out.
    ItemsOut(usize),
    /// So many single items are put in.
    ItemsIn(usize),
    /// Not what a minor agreed to alone (LAW D1).
    NotOwnServices,
    /// Of what they deal with, the counseling notes alone (LAW A9).
    NotesAlone,
}

impl Limit {
    /// Whether it keeps something back that no column shows: single items, and the bills for them.
    pub(super) const fn keeps_items(&self) -> bool {
        matches!(
            self,
            Self::KeptItems(_)
                | Self::KeptItemsFromSome(_)
                | Self::KeptBills(_)
                | Self::KeptBillsFromSome(_)
        )
    }
}

impl core::fmt::Debug for Limit {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Limit([redacted])")
    }
}

/// A cell of the grid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    /// How far it is open.
    pub state: State,
    /// What is to say of this segment beside what is to say of the whole row.
    pub limits: Vec<Limit>,
}

impl Cell {
    /// A cell of which nothing is to say.
    pub const fn of(state: State) -> Self {
        Self {
            state,
            limits: Vec::new(),
        }
    }

    /// Some of it, and what.
    pub fn partly(limit: Limit) -> Self {
        Self {
            state: State::Partly,
            limits: vec![limit],
        }
    }
}

/// The segment of a column with its parts.
pub(super) fn whole(column: Label) -> LabelSet {
    LabelSet::of([column]).with_children()
}

/// One cell a column, then the cell of what treatment programs wrote.
pub(super) fn all(cell: &Cell) -> (Vec<Cell>, Cell) {
    (COLUMNS.map(|_| cell.clone()).to_vec(), cell.clone())
}

/// How far a set of labels opens each column; the last is that of treatment programs.
pub(super) fn of_labels(granted: LabelSet) -> (Vec<Cell>, Cell) {
    let cells = COLUMNS.map(|column| {
        let whole = whole(column);
        if granted.contains(whole) {
            Cell::of(State::Open)
        } else if !granted.overlaps(whole) {
            Cell::of(State::Closed)
        } else if granted.has(column) {
            Cell::partly(Limit::Without(whole.minus(granted)))
        } else {
            Cell::partly(Limit::Only(whole.meet(granted)))
        }
    });
    let part2 = if granted.has(Label::Part2) {
        State::Open
    } else {
        State::Closed
    };
    (cells.to_vec(), Cell::of(part2))
}

/// A consent to notes opens nothing else of what they deal with (LAW A9).
pub(super) fn notes_alone(cells: &mut [Cell]) {
    for cell in cells {
        if cell.state == State::Open {
            cell.state = State::Partly;
        }
    }
}

/// What a consent's scope says of all that it opens.
pub(super) fn of_scope(terms: &Terms) -> Vec<Limit> {
    let what: &Scope = &terms.what;
    let mut limits = Vec::new();
    if what.service_from.is_some() || what.service_until.is_some() {
        limits.push(Limit::Dates(what.service_from, what.service_until));
    }
    limits.extend(what.existing_at.map(Limit::Existing));
    let kinds: Vec<ItemKind> = KINDS
        .into_iter()
        .filter(|kind| kind.is_shown() && what.kinds.has(*kind))
        .collect();
    if kinds.len() < KINDS.into_iter().filter(|kind| kind.is_shown()).count() {
        limits.push(Limit::Kinds(kinds));
    }
    if let Discloser::Organizations(list) = &terms.from {
        limits.push(Limit::Places(list.len()));
    }
    if !what.items_excluded.is_empty() {
        limits.push(Limit::ItemsOut(what.items_excluded.len()));
    }
    limits
}

/// Puts single items, each with its labels, into the columns of these.
pub(super) fn put_in(cells: &mut [Cell], items: &[LabelSet]) {
    for (column, cell) in COLUMNS.into_iter().zip(cells) {
        let count = items
            .iter()
            .filter(|labels| labels.required().overlaps(whole(column)))
            .count();
        if count > 0 && cell.state != State::Open {
            cell.state = State::Partly;
            cell.limits.push(Limit::ItemsIn(count));
        }
    }
}

/// What restrictions keep back from one recipient: labels, items by name, and the bills for these.
#[derive(Default)]
pub(super) struct KeptBack {
    pub labels: LabelSet,
    pub items: BTreeSet<ItemId>,
    pub bills: BTreeSet<ItemId>,
    pub everything: bool,
}

impl KeptBack {
    /// What is kept back of a column.
    fn of(&self, column: Label) -> LabelSet {
        if self.everything {
            whole(column)
        } else {
            whole(column).meet(self.labels)
        }
    }
}

/// Takes off what is kept from each recipient of a row: closed is what is kept from all of them.
pub(super) fn take_off(kept: &[KeptBack], cells: &mut [Cell], part2: &mut Cell) {
    let columns = COLUMNS.into_iter().chain([Label::Part2]);
    for (column, cell) in columns.zip(cells.iter_mut().chain([part2])) {
        if cell.state == State::Closed || cell.state == State::Emergency {
            continue;
        }
        let each = || kept.iter().map(move |one| one.of(column));
        let from_all = each().reduce(LabelSet::meet).unwrap_or_default();
        let from_some = each().fold(LabelSet::EMPTY, LabelSet::join).minus(from_all);
        if from_all.has(column) {
            *cell = Cell {
                state: State::Closed,
                limits: vec![Limit::Kept(from_all)],
            };
        } else {
            let from_all = (!from_all.is_empty()).then_some(Limit::Kept(from_all));
            let from_some = (!from_some.is_empty()).then_some(Limit::KeptFromSome(from_some));
            for limit in from_all.into_iter().chain(from_some) {
                cell.state = State::Partly;
                cell.limits.push(limit);
            }
        }
    }
}

/// What is to say of the single items that are kept from the recipients of a row, and of the bills for them: first what is
/// kept from all of them, then what is kept from some.
pub(super) fn kept_one_by_one(kept: &[KeptBack]) -> Vec<Limit> {
    let (items, items_from_some) = from_all_or_some(kept, |one| &one.items);
    let (bills, bills_from_some) = from_all_or_some(kept, |one| &one.bills);
    [
        (items, Limit::KeptItems(items)),
        (bills, Limit::KeptBills(bills)),
        (items_from_some, Limit::KeptItemsFromSome(items_from_some)),
        (bills_from_some, Limit::KeptBillsFromSome(bills_from_some)),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(_, limit)| limit)
    .collect()
}

/// How many are kept from each recipient, and how many from some of them and not from all.
fn from_all_or_some(
    kept: &[KeptBack],
    of: impl Fn(&KeptBack) -> &BTreeSet<ItemId>,
) -> (usize, usize) {
    let all: BTreeSet<ItemId> = kept
        .iter()
        .flat_map(|one| of(one).iter().copied())
        .collect();
    let from_each = |item: &&ItemId| {
        kept.iter()
            .all(|one| one.everything || of(one).contains(*item))
    };
    let from_all = all.iter().filter(from_each).count();
    (from_all, all.len() - from_all)
}

/// Adds what comes with caring for the patient, where nothing more is open (POLICY §4.6, §4.7a).
pub(super) fn with_care(cells: &mut [Cell], part2: &mut Cell, program: Option<OrganizationId>) {
    if let Some(general) = cells.first_mut()
        && general.state != State::Open
    {
        *general = Cell {
            state: State::Open,
            limits: vec![Limit::ForCare],
        };
    }
    if program.is_some() {
        for cell in cells.iter_mut().chain([part2]) {
            if cell.state == State::Closed {
                *cell = Cell::partly(Limit::OwnProgram);
            }
        }
    }
}
