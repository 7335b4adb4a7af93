//! Those who act for patients (LAW D), as far as it is no policy yet: who may act as whom, what waits for a second
//! signature, and applications with their documents. What they may see and sign rests on authorities and consents, in
//! [`crate::policy`].

mod applications;
mod awaiting;
mod helpers;

pub use applications::{
    Application, ApplicationKind, ApplicationState, DocumentRecord, WhyRefused,
};
