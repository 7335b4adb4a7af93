//! The words of a downloaded PDF.

use crate::{
    dates,
    i18n::{Language, kind_name, label_name, row},
    t,
    words::summary,
};
use chrono_tz::Tz;
use domain::{
    clock::Instant,
    item::ItemKind,
    label::{Label, LabelSet},
};
use portal::{
    export::Words,
    summary::{Fact, Text},
};

/// The words of a document, with dates in a time zone.
#[derive(Clone, Copy, Debug)]
pub struct DocumentWords(pub Tz);

impl Words for DocumentWords {
    fn language(&self) -> String {
        Language::default().tag().to_owned()
    }

    fn title(&self) -> String {
        t!("document-title")
    }

    fn made(&self, at: Instant) -> String {
        t!("document-made", moment = dates::moment(at, self.0))
    }

    fn footer(&self) -> String {
        t!("document-footer")
    }

    fn kind(&self, kind: ItemKind) -> String {
        kind_name(kind)
    }

    fn labels(&self, labels: LabelSet) -> Option<String> {
        let protected = labels.minus(LabelSet::IDENTITY).without(Label::General);
        let words: Vec<String> = protected.iter().map(label_name).collect();
        (!words.is_empty()).then(|| t!("document-labels", labels = row(&words)))
    }

    fn fact(&self, fact: &Fact) -> (String, String) {
        summary::fact(fact, self.0)
    }

    fn text(&self, text: &Text) -> (String, String) {
        (summary::field(&text.field), text.body.clone())
    }

    fn when(&self, when: Instant) -> String {
        dates::day(dates::day_in(when, self.0))
    }

    fn notice(&self) -> String {
        t!("document-notice")
    }

    fn nothing(&self) -> String {
        t!("document-nothing")
    }
}
