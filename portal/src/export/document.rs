//! The PDF for people (LAW F2): what was released, in words, with the notice where one is owed.

use super::fhir::scope;
use crate::Refusal;
use crate::chart::RestsOn;
use crate::pdf::{self, Block, Document};
use crate::refusal::Cause;
use crate::summary::{self, Fact, Text};
use domain::clock::Instant;
use domain::item::ItemKind;
use domain::label::LabelSet;
use domain::notice;
use store::{Released, Shown};

/// The words of the document; they live with the other words, apart from code.
pub trait Words: Send + Sync {
    /// The language, as a BCP 47 tag.
    fn language(&self) -> String;
    /// The document's title: tells nothing of its content.
    fn title(&self) -> String;
    /// A line about when it was made.
    fn made(&self, at: Instant) -> String;
    /// The foot of each page.
    fn footer(&self) -> String;
    /// A kind of item.
    fn kind(&self, kind: ItemKind) -> String;
    /// Labels in words, or nothing for ordinary parts.
    fn labels(&self, labels: LabelSet) -> Option<String>;
    /// A fact's name and value.
    fn fact(&self, fact: &Fact) -> (String, String);
    /// A text's heading and body.
    fn text(&self, text: &Text) -> (String, String);
    /// A date of an item, as people say it.
    fn when(&self, when: Instant) -> String;
    /// The heading over the notice.
    fn notice(&self) -> String;
    /// What stands where nothing is in the range.
    fn nothing(&self) -> String;
}

/// Writes the document.
pub(super) fn pdf(
    opened: &[Released<Shown>],
    now: Instant,
    notice: bool,
    rests_on: &[RestsOn],
    words: &dyn Words,
) -> Result<Vec<u8>, Refusal> {
    let mut blocks = vec![
        Block::Heading {
            level: 1,
            text: words.title(),
        },
        Block::Paragraph(words.made(now)),
    ];
    if notice {
        blocks.push(Block::Heading {
            level: 2,
            text: words.notice(),
        });
        blocks.push(Block::Notice(notice::N1.join("\n")));
        blocks.push(Block::List(rests_on.iter().map(scope).collect()));
    }
    if opened.is_empty() {
        blocks.push(Block::Paragraph(words.nothing()));
    }
    let mut kind_before = None;
    let mut items: Vec<&Shown> = opened.iter().map(|shown| &**shown).collect();
    items.sort_by_key(|shown| match shown {
        Shown::Open { facts, .. } => facts.kind,
        Shown::Masked { kind, .. } => *kind,
    });
    for shown in items {
        let Shown::Open {
            facts, resource, ..
        } = shown
        else {
            continue;
        };
        if kind_before != Some(facts.kind) {
            blocks.push(Block::Heading {
                level: 2,
                text: words.kind(facts.kind),
            });
            kind_before = Some(facts.kind);
        }
        let summary = summary::summarize(resource);
        blocks.push(Block::Heading {
            level: 3,
            text: summary.title.unwrap_or_else(|| words.kind(facts.kind)),
        });
        let mut lines = Vec::new();
        if let Some(when) = facts.when {
            blocks.push(Block::Paragraph(words.when(when)));
        }
        if let Some(labels) = words.labels(facts.labels()) {
            blocks.push(Block::Paragraph(labels));
        }
        lines.extend(summary.facts.iter().map(|fact| words.fact(fact)));
        if !lines.is_empty() {
            blocks.push(Block::Facts(lines));
        }
        for text in &summary.texts {
            let (heading, body) = words.text(text);
            blocks.push(Block::Heading {
                level: 4,
                text: heading,
            });
            blocks.extend(
                body.split("\n\n")
                    .filter(|paragraph| !paragraph.trim().is_empty())
                    .map(|paragraph| Block::Paragraph(paragraph.to_owned())),
            );
        }
    }
    let document = Document {
        language: words.language(),
        title: words.title(),
        created: now,
        footer: words.footer(),
        blocks,
        attachment: None,
    };
    pdf::render(&document).map_err(|_| Refusal::Unavailable(Cause::Document))
}
