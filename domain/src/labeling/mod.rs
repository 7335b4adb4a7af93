//! Labeling on ingestion (POLICY §2): what is specially protected about each part of a record, and why.
//!
//! In two steps. [`examine`] looks at one resource alone, so that an importer can stream a file: its parts, the labels
//! that its own codes, texts and incoming labels give, and the references it makes. [`settle`] takes what was examined,
//! of one file or of a whole record, and adds what follows from origin and references, to a fixed point. Neither keeps
//! content: an [`Examined`] holds labels, codes that gave them, paths and references.

mod attachment;
mod basis;
mod evidence;
mod examine;
mod examined;
mod explain;
mod identity;
mod links;
mod notes;
mod origin;
pub mod parts;
mod propagate;
mod reading;
pub mod review;
mod roles;
pub mod rules;
mod shape;
pub mod terms;
mod vouching;
mod walk;

pub use basis::{Basis, BasisKind, Review};
pub use examine::{Examiner, Fault, examine};
pub use examined::{Examined, ExaminedPart};
pub use explain::{explain, explain_code};
pub use origin::{OrganizationRef, Part2Programs, ToldOrigin};
pub use propagate::{Context, Labelled, LabelledPart, leads, settle};
pub(crate) use roles::is_claim;
pub use roles::tells_origin;
