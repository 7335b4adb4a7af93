//! `/restrictions`: what a patient asks organizations to keep back (LAW C4).

pub mod ask;
mod list;
pub mod one;

pub use ask::Ask;
pub use list::Restrictions;
pub use one::One;

use crate::{i18n::label_name, t};
use domain::label::Label;
use portal::{
    directory::Name,
    restrictions::{Line, Standing},
    sharing::grid::COLUMNS,
};

/// How it stands, in words.
pub(crate) fn standing(standing: Standing) -> String {
    match standing {
        Standing::Asked => t!("restriction-asked"),
        Standing::Must => t!("restriction-must"),
        Standing::Agreed => t!("restriction-agreed"),
        Standing::Limited => t!("restriction-limited"),
        Standing::Refused => t!("restriction-refused"),
        Standing::Ended => t!("restriction-ended"),
    }
}

/// What is to be kept back, in words: segments, or that it is one item.
pub(crate) fn what(line: &Line) -> Vec<String> {
    let restriction = &line.restriction;
    let mut words: Vec<String> = COLUMNS
        .into_iter()
        .filter(|label| restriction.labels.has(*label))
        .map(label_name)
        .collect();
    if !restriction.items.is_empty() {
        words.push(t!("restriction-items", count = restriction.items.len()));
    }
    words
}

/// A name with what tells people of the same name apart.
pub(crate) fn name(name: &Name) -> String {
    crate::words::consent::name_with_place(name)
}

/// Names, one after the other.
pub(crate) fn names(names: &[Name]) -> String {
    let names: Vec<String> = names.iter().map(name).collect();
    crate::i18n::list(&names)
}

/// The organization that was asked.
pub(crate) fn asked_of(line: &Line) -> String {
    line.organization
        .as_ref()
        .map_or_else(|| t!("restriction-gone"), |one| one.name.clone())
}

/// A segment by the name that a form sends.
fn segment(name: &str) -> Option<Label> {
    Label::from_name(name).filter(|label| COLUMNS.contains(label))
}
