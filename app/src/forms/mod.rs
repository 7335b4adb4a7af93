//! Forms that can be wrong: signing in, making a consent, registering.
//!
//! Decided once, used everywhere (STACK.md, "Leptos without client code", 6):
//!
//! - The form posts to its page's own path. Its handler reads [`Fields`], makes a typed form of
//!   them, checks it, and does the work.
//! - When something is wrong, [`again`] renders the same page with status 422. The page finds
//!   its [`FormState`] in the context: what was typed (never secrets), an error beside each
//!   field, and a summary on top whose links lead to the fields.
//! - When it worked, the handler answers 303 with a
//!   [`Destination`](crate::destination::Destination).
//! - A body that isn't a form of ours gets the plain page of
//!   [`Problem::UnreadableForm`](crate::Problem).
//!
//! Actions with nothing to correct (reveal, revoke, sign out) are `#[server]` functions with a
//! [`PostButton`](crate::components::button::PostButton) instead.
//!
//! A page with a form, whole:
//!
//! ```
//! use app::{
//!     State,
//!     components::{error_summary::ErrorSummary, field::{Field, InputKind}},
//!     destination::Destination,
//!     forms::{self, Errors, Fields, FormState},
//!     t, text,
//! };
//! use axum::{extract, http::Request, response::Response};
//! use leptos::prelude::*;
//!
//! /// What is typed and shown again. A password is no field of this: take it with
//! /// `fields.secret("password")` in the handler.
//! #[derive(Clone, Default)]
//! struct Typed {
//!     email: String,
//! }
//!
//! impl From<&Fields> for Typed {
//!     fn from(fields: &Fields) -> Self {
//!         Self { email: fields.text("email") }
//!     }
//! }
//!
//! #[component]
//! pub fn Page() -> impl IntoView {
//!     let form = forms::state::<Typed>();
//!     view! {
//!         <ErrorSummary errors=form.errors.clone()/>
//!         <form method="post" novalidate>
//!             <Field
//!                 name="email"
//!                 label="E-mail"
//!                 kind=InputKind::Email
//!                 value=form.values.email.clone()
//!                 error=form.errors.of("email")
//!             />
//!             <button class="button" type="submit">"Go on"</button>
//!         </form>
//!     }
//! }
//!
//! /// In `pages::forms`: `.route("/page", post(page::submit))`.
//! pub async fn submit(
//!     extract::State(state): extract::State<State>,
//!     request: extract::Request,
//! ) -> Response {
//!     let (parts, fields) = match forms::read(&state, request).await {
//!         Ok(read) => read,
//!         Err(problem_page) => return problem_page,
//!     };
//!     let typed = Typed::from(&fields);
//!     let mut errors = Errors::default();
//!     if typed.email.is_empty() {
//!         errors.add("email", text!("problem-missing-advice"));
//!     }
//!     if !errors.is_empty() {
//!         return forms::again(&state, parts, FormState { values: typed, errors }).await;
//!     }
//!     Destination::Home.see_other()
//! }
//! ```

mod fields;
mod state;

pub use fields::{Fields, read};
pub use state::{Errors, FieldError, FormState, again, state, state_or, still};
