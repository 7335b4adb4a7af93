//! What a form's page shows again.

use crate::{State, i18n::Text, render};
use axum::{
    http::{StatusCode, request::Parts},
    response::Response,
};
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;
use std::fmt;

/// What was typed and what is wrong with it. `T` holds only what may be shown again.
#[derive(Clone, Default)]
pub struct FormState<T> {
    /// What was typed.
    pub values: T,
    /// What is wrong.
    pub errors: Errors,
}

/// One thing that is wrong, and where to put it right.
#[derive(Clone, PartialEq, Debug)]
pub struct FieldError {
    /// The name of the field, which is its id too.
    pub field: &'static str,
    /// What to do about it, as a sentence.
    pub text: Text,
}

/// What is wrong with a form, in the order of its fields.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Errors(Vec<FieldError>);

impl Errors {
    /// Adds an error to a field.
    pub fn add(&mut self, field: &'static str, text: Text) {
        self.0.push(FieldError { field, text });
    }

    /// The first error of a field.
    pub fn of(&self, field: &str) -> Option<Text> {
        self.0
            .iter()
            .find(|error| error.field == field)
            .map(|error| error.text.clone())
    }

    /// Whether all is well.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// All, in order.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }
}

impl<T> fmt::Debug for FormState<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "FormState([redacted], {} errors)", self.errors.len())
    }
}

/// Renders the form's page again with status 422.
pub async fn again<T>(state: &State, parts: Parts, form: FormState<T>) -> Response
where
    T: Clone + Send + Sync + 'static,
{
    render(state, parts, move || {
        provide_context(form.clone());
        if let Some(options) = use_context::<ResponseOptions>() {
            options.set_status(StatusCode::UNPROCESSABLE_ENTITY);
        }
    })
    .await
}

/// Renders the form's page with what was sent, though nothing is wrong with it: the page says more about it.
pub async fn still<T>(state: &State, parts: Parts, form: FormState<T>) -> Response
where
    T: Clone + Send + Sync + 'static,
{
    render(state, parts, move || provide_context(form.clone())).await
}

/// The state of the page's form: what was typed, or empty on the first visit.
pub fn state<T>() -> FormState<T>
where
    T: Clone + Default + Send + Sync + 'static,
{
    state_or(T::default)
}

/// The state of the page's form; on the first visit with `first` as its values.
pub fn state_or<T>(first: impl FnOnce() -> T) -> FormState<T>
where
    T: Clone + Send + Sync + 'static,
{
    use_context::<FormState<T>>().unwrap_or_else(|| FormState {
        values: first(),
        errors: Errors::default(),
    })
}
