//! `/records` and `/records/{id}`: my record, masked until asked for (UX, "Privacy screen").

mod filter;
mod item;
mod list;
mod private;
mod reveal;

pub use filter::submit as submit_filter;
pub use item::Record;
pub use list::Records;

use domain::label::{Label, LabelSet};

/// The labels that are worth a word on the screen: not everyday health, not identity details.
pub(super) fn sensitive(labels: LabelSet) -> Vec<Label> {
    labels
        .minus(LabelSet::IDENTITY)
        .without(Label::General)
        .iter()
        .collect()
}
