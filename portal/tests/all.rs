//! Every test of the journeys as one binary: built and linked once.

mod pdf;
mod sharing_draft;
mod summary;
mod summary_records;
