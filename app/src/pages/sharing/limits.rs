//! What is open of a segment, in words: for the cells of the grid, for the ear, and for the list below it.

use super::words::{capitalized, chips};
use crate::{
    components::time::zone,
    dates,
    i18n::{kind_name, label_name, list},
    t,
};
use domain::label::{Label, LabelSet};
use portal::sharing::grid::{Behind, COLUMNS, Limit, Row, State};

/// A limit in words that follow "Some of it:".
pub fn limit(limit: &Limit) -> String {
    match limit {
        Limit::Only(labels) => t!("grid-only", what = names(*labels)),
        Limit::Without(labels) => t!("grid-without", what = names(*labels)),
        Limit::OwnProgram => t!("grid-own-program"),
        Limit::ForCare => t!("grid-for-care"),
        Limit::Kept(labels) if labels.is_empty() || has_column(*labels) => t!("grid-kept"),
        Limit::Kept(labels) => t!("grid-kept-some", what = names(*labels)),
        Limit::KeptFromSome(labels) if has_column(*labels) => t!("grid-kept-from-some"),
        Limit::KeptFromSome(labels) => t!("grid-kept-some-from-some", what = names(*labels)),
        Limit::KeptItems(count) => t!("grid-kept-items", count = *count),
        Limit::KeptItemsFromSome(count) => t!("grid-kept-items-from-some", count = *count),
        Limit::KeptBills(count) => t!("grid-kept-bills", count = *count),
        Limit::KeptBillsFromSome(count) => t!("grid-kept-bills-from-some", count = *count),
        Limit::Dates(from, until) => match (from, until) {
            (Some(from), Some(until)) => t!(
                "grid-dates-between",
                from = dates::day(*from),
                until = dates::day(*until)
            ),
            (Some(from), None) => t!("grid-dates-from", from = dates::day(*from)),
            (None, Some(until)) => t!("grid-dates-until", until = dates::day(*until)),
            (None, None) => t!("sharing-dates-all"),
        },
        Limit::Existing(at) => t!(
            "grid-existing",
            day = dates::day(dates::day_in(*at, zone()))
        ),
        Limit::Kinds(kinds) => {
            let kinds: Vec<String> = kinds.iter().copied().map(kind_name).collect();
            t!("grid-only", what = list(&kinds))
        }
        Limit::Places(count) => t!("grid-places", count = *count),
        Limit::ItemsOut(count) => t!("grid-items-out", count = *count),
        Limit::ItemsIn(count) => t!("grid-items-in", count = *count),
        Limit::NotesAlone => t!("grid-notes-alone"),
        Limit::NotOwnServices => t!("grid-not-own-services"),
    }
}

/// Whether a whole segment is among them, and not only parts of one.
fn has_column(labels: LabelSet) -> bool {
    COLUMNS
        .into_iter()
        .chain([Label::Part2])
        .any(|one| labels.has(one))
}

/// Several limits as one list.
pub fn limits<'l>(all: impl IntoIterator<Item = &'l Limit>) -> Option<String> {
    let words: Vec<String> = all.into_iter().map(limit).collect();
    (!words.is_empty()).then(|| list(&words))
}

/// The names of parts of a segment.
fn names(labels: LabelSet) -> String {
    list(
        &chips(labels)
            .into_iter()
            .map(label_name)
            .collect::<Vec<_>>(),
    )
}

/// What there is to say of a row, sentence by sentence: of single segments, those of which the same is to say together,
/// then of the whole row.
pub fn of_row(row: &Row) -> Vec<String> {
    let columns = COLUMNS.into_iter().chain([Label::Part2]);
    let mut groups: Vec<(String, Vec<Label>)> = Vec::new();
    for (column, cell) in columns.zip(row.cells.iter().chain([&row.part2])) {
        // That they care for the patient stands beside their name.
        if row.behind == Behind::Care && cell.limits == [Limit::ForCare] {
            continue;
        }
        let Some(what) = limits(&cell.limits) else {
            continue;
        };
        match groups.iter_mut().find(|(known, _)| *known == what) {
            Some((_, columns)) => columns.push(column),
            None => groups.push((what, vec![column])),
        }
    }
    let mut words: Vec<String> = groups
        .into_iter()
        .map(|(what, columns)| {
            // All but everyday health: nobody reads nine names.
            if columns.len() == COLUMNS.len() && !columns.contains(&Label::General) {
                return t!("grid-words-rest", what = what);
            }
            let names: Vec<String> = columns.into_iter().map(label_name).collect();
            t!("grid-words-cell", segment = list(&names), what = what)
        })
        .collect();
    let some = row
        .cells
        .iter()
        .any(|cell| matches!(cell.state, State::Partly | State::Open));
    if some && let Some(what) = limits(&row.limits) {
        words.push(t!("grid-words-row", what = what));
    }
    words.into_iter().map(|words| capitalized(&words)).collect()
}
