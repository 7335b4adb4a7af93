//! From one redacted FHIR R4 resource to what a person reads: a title, facts, and texts.
//!
//! Works on whatever is left of the resource; what was not permitted is simply not there, and nothing
//! here says that it is missing. No words of ours but the title's last resort: names of facts are
//! [`Field`] keys and statuses are raw codes, both put into words by the page.

mod attachment;
mod choice;
mod field;
mod html;
mod kinds;
mod read;
mod title;
mod value;

use std::fmt;

use serde_json::Value as Json;

pub use field::Field;
pub use value::{Moment, Value};

/// What a person reads of a resource. Prints as `[redacted]`.
#[derive(Clone, Default, PartialEq)]
pub struct Summary {
    /// What the item is called: the words its author used, else the best name of its code, else a plain
    /// English word for the kind of resource. `None` only if the input is no FHIR resource.
    pub title: Option<String>,
    /// Short facts, in the order to show them.
    pub facts: Vec<Fact>,
    /// Notes and documents, whole.
    pub texts: Vec<Text>,
}

/// One short fact. Prints as `[redacted]`.
#[derive(Clone, PartialEq)]
pub struct Fact {
    /// What it says.
    pub field: Field,
    /// What it is.
    pub value: Value,
}

/// A note or document as plain text, lines parted by `\n`. Prints as `[redacted]`.
#[derive(Clone, PartialEq, Eq)]
pub struct Text {
    /// What kind of text.
    pub field: Field,
    /// The text, never cut.
    pub body: String,
}

impl fmt::Debug for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Summary [redacted]")
    }
}

impl fmt::Debug for Fact {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Fact [redacted]")
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Text [redacted]")
    }
}

impl Summary {
    /// Adds a fact unless the same one is there.
    fn fact(&mut self, field: Field, value: Value) {
        let fact = Fact { field, value };
        if !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
    }

    /// Adds a text unless it is empty or the same one is there.
    fn text(&mut self, field: Field, body: &str) {
        let body = body.trim().replace("\r\n", "\n").replace('\r', "\n");
        let text = Text { field, body };
        if !text.body.is_empty() && !self.texts.contains(&text) {
            self.texts.push(text);
        }
    }

    /// Adds words as a fact, or as a text where they are too long for one.
    fn words(&mut self, field: Field, value: Value) {
        match value {
            Value::Text(words) if is_long(&words) => self.text(field, &words),
            value => self.fact(field, value),
        }
    }
}

/// Whether words are a text rather than a fact.
fn is_long(words: &str) -> bool {
    words.chars().count() > 240 || words.trim().contains('\n')
}

/// Summarises a resource. Takes any JSON and never panics.
pub fn summarize(resource: &Json) -> Summary {
    let mut summary = Summary::default();
    let Some(title) = title::of(resource) else {
        return summary;
    };
    summary.title = Some(title.words);
    if let Some(code) = title.code {
        summary.fact(Field::Code, Value::Text(code));
    }
    kinds::facts(resource, &mut summary);
    for note in read::select(resource, "note.text") {
        if let Some(words) = read::string(note) {
            summary.text(Field::Note, words);
        }
    }
    narrative(resource, &mut summary);
    summary
}

/// The narrative says more than the data if it is marked so, or if there is no data we can show.
fn narrative(resource: &Json, summary: &mut Summary) {
    let status = resource.pointer("/text/status").and_then(Json::as_str);
    let says_more =
        status == Some("additional") || (summary.facts.is_empty() && summary.texts.is_empty());
    if let Some(div) = resource
        .pointer("/text/div")
        .and_then(Json::as_str)
        .filter(|_| says_more)
    {
        summary.text(Field::Narrative, &html::to_plain(div));
    }
}
