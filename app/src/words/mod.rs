//! Words for what the portal answers: facts, statuses, dates of consents, reasons of labels.
//!
//! The sentences themselves stand in `app/i18n/en/words.ftl`.

pub mod agent;
pub mod assignment;
pub mod basis;
pub mod consent;
pub mod document;
pub mod history;
pub mod house;
pub mod organization;
pub mod proxies;
pub mod recovery;
pub mod staff;
pub mod summary;
