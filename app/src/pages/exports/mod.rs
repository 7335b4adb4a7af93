//! `/exports`: a copy of my record to take away (LAW F2). Choose, confirm with a fresh factor,
//! download; what was taken before stands below.

mod choose;
mod download;
mod ready;

pub use choose::{Exports, submit};
pub use download::submit as download;
pub use ready::Ready;

use crate::{
    dates,
    forms::{Errors, Fields},
    i18n::{label_name, list},
    t, text,
};
use chrono::NaiveDate;
use domain::label::{ALL, Label};
use portal::export::{Format, Range};

/// What is picked and typed, as it stands in the fields.
#[derive(Clone, Default)]
struct Typed {
    from: String,
    until: String,
    segments: Vec<String>,
    format: String,
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self {
            from: fields.text("from"),
            until: fields.text("until"),
            segments: fields.all("segment"),
            format: fields.text("format"),
        }
    }
}

impl From<(&Range, Format)> for Typed {
    fn from((range, format): (&Range, Format)) -> Self {
        let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
        Self {
            from: day(range.from),
            until: day(range.until),
            segments: range.segments.clone(),
            format: format_name(format).to_owned(),
        }
    }
}

impl Typed {
    /// The copy that is asked for, or what is wrong with the answers.
    fn copy(&self) -> Result<(Range, Format), Errors> {
        let mut errors = Errors::default();
        let from = self.from.parse::<NaiveDate>().ok();
        if from.is_none() && !self.from.is_empty() {
            errors.add("from", text!("date-wrong"));
        }
        let until = self.until.parse::<NaiveDate>().ok();
        if until.is_none() && !self.until.is_empty() {
            errors.add("until", text!("date-wrong"));
        }
        if let (Some(from), Some(until)) = (from, until)
            && from > until
        {
            errors.add("until", text!("date-before"));
        }
        let known = |name: &String| topics().any(|label| label.name() == name);
        if !self.segments.iter().all(known) {
            errors.add("segment", text!("exports-segment-wrong"));
        }
        let format = [Format::Pdf, Format::Fhir]
            .into_iter()
            .find(|format| format_name(*format) == self.format);
        match format {
            Some(format) if errors.is_empty() => {
                // In one order and each once, so that the same answers are the same copy.
                let segments = topics()
                    .map(|label| label.name().to_owned())
                    .filter(|name| self.segments.contains(name))
                    .collect();
                Ok((
                    Range {
                        from,
                        until,
                        segments,
                    },
                    format,
                ))
            }
            Some(_) => Err(errors),
            None => {
                errors.add("format", text!("exports-format-missing"));
                Err(errors)
            }
        }
    }
}

/// The topics to pick from: segments, each with its parts.
fn topics() -> impl Iterator<Item = Label> {
    ALL.into_iter()
        .filter(|label| label.is_segment() && label.parent().is_none())
}

const fn format_name(format: Format) -> &'static str {
    match format {
        Format::Pdf => "pdf",
        Format::Fhir => "fhir",
    }
}

fn format_words(format: Format) -> String {
    match format {
        Format::Pdf => t!("exports-format-pdf"),
        Format::Fhir => t!("exports-format-fhir"),
    }
}

/// The days of a range, in words.
fn days(range: &Range) -> String {
    match (range.from, range.until) {
        (None, None) => t!("exports-days-all"),
        (Some(from), None) => t!("exports-days-from", from = dates::day(from)),
        (None, Some(until)) => t!("exports-days-until", until = dates::day(until)),
        (Some(from), Some(until)) => t!(
            "exports-days-between",
            from = dates::day(from),
            until = dates::day(until)
        ),
    }
}

/// The topics of a range, in words.
fn topics_words(range: &Range) -> String {
    let words: Vec<String> = range
        .segments
        .iter()
        .filter_map(|name| Label::from_name(name))
        .map(label_name)
        .collect();
    if words.is_empty() {
        t!("exports-topics-all")
    } else {
        list(&words)
    }
}

#[cfg(test)]
mod tests {
    use super::Typed;
    use portal::export::Format;

    #[test]
    fn the_same_answers_are_the_same_copy() {
        let typed = Typed {
            from: "2024-01-01".into(),
            segments: vec!["hiv".into(), "general".into(), "hiv".into()],
            format: "fhir".into(),
            ..Typed::default()
        };
        let (range, format) = typed.copy().expect("a copy");
        assert_eq!(range.segments, ["general", "hiv"]);
        assert_eq!(format, Format::Fhir);
        let again = Typed::from((&range, format)).copy().expect("the same");
        assert_eq!(again, (range, format));
    }

    #[test]
    fn wrong_answers_are_named() {
        let wrong = Typed {
            from: "2024-02-02".into(),
            until: "2024-01-01".into(),
            segments: vec!["nothing".into()],
            format: String::new(),
        };
        let errors = wrong.copy().expect_err("errors");
        for field in ["until", "segment", "format"] {
            assert!(errors.of(field).is_some(), "{field}");
        }
    }
}
