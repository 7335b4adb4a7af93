//! Sharing beyond the first story, by HTTP alone: the signed document and its versions, what staff write down, the grid,
//! who used a consent, the record as somebody else sees it.

mod document;
mod grid;
mod kinds;
mod making;
mod policy;
mod scope;
mod told;
mod uses;
mod versions;
mod view_as;
mod who;
