//! Every test of the pages as one binary: built and linked once.

mod contrast;
mod forms;
mod pages;
mod reading_level;
mod server_functions;
mod support;
