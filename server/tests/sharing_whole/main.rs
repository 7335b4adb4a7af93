//! Sharing beyond the first story, by HTTP alone: the signed document and its versions. One binary for all, so that it is
//! linked once.

#[path = "../support/mod.rs"]
mod support;

mod document;
mod kinds;
mod making;
mod scope;
mod told;
mod versions;
mod who;
