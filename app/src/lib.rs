//! What a person sees: pages and components, rendered on the server as plain HTML.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`render`] | the one way a page becomes a response: complete HTML, no script of the framework |
//! | [`router`] | every address: pages, forms, server functions, files, and the page for all else |
//! | [`shell`] | what surrounds each page: header, banners, `<main>`, footer |
//! | [`visit`] | who came, and what a refusal of the portal becomes |
//! | [`pages`] | one file a page |
//! | [`components`] | one file a component, each with a sample |
//! | [`forms`] | forms that can be wrong: values kept, errors beside the field and on top |
//! | [`i18n`] | every sentence, in `app/i18n/en/*.ftl` |
//! | [`words`] | words for what the portal answers |
//! | [`problem`] | the closed set of errors that a person sees |
//!
//! **A new page** is one file in `src/pages/` and one line in [`pages::table`]; if it has a form,
//! one more line in [`pages::forms`].
#![allow(
    clippy::needless_pass_by_value,
    reason = "components own what they are given; `view!` hands values over"
)]

pub mod assets;
pub mod components;
pub mod dates;
pub mod demo;
pub mod destination;
pub mod forms;
pub mod i18n;
mod late;
pub mod letters;
mod markup;
pub mod navigation;
pub mod notice;
mod open_page;
pub mod pages;
pub mod problem;
pub mod render;
pub mod router;
mod server_functions;
pub mod shell;
pub mod state;
pub mod viewer;
pub mod visit;
pub mod words;

pub use pages::office::proxies::file::Sandboxed;
pub use pages::proxies::apply::{LARGEST_UPLOAD, UPLOADS};

pub use demo::{DemoAids, DemoInvitation, DemoPerson};
pub use problem::Problem;
pub use render::render;
pub use router::router;
pub use state::State;
