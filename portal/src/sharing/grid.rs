//! The sharing grid: recipients × segments, what is open to whom and until when (UX).
//!
//! A row for each consent in force, for whoever cares for the patient without one, for each record that is open in an
//! emergency, and for each helper by right. It tells what the rules open; what is in the record it does not look at.

mod cells;
mod row;

pub use cells::{Cell, Limit, State};
pub(crate) use row::ends_within;
pub use row::{Behind, Row, Until, rows};

use domain::label::Label;

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
