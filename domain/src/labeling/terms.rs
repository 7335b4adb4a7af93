//! What words tell (POLICY §2): the term tables of `domain/rules/`, compiled for one pass over a text.
//!
//! A term counts as a whole word, whatever its case, accents and hyphens. Negation does not matter: "denies alcohol
//! use" is about alcohol. A phrase of the table of exceptions ("alcohol swab") hides the terms inside it.

mod fold;
mod table;

use std::cmp::Reverse;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::label::{Label, LabelSet};
use fold::{fold, places};
use table::{Pattern, read};

pub use table::TermFault;

/// The term tables that ship with the product, one a language, and the exceptions of both.
const TABLES: [&str; 3] = [
    include_str!("../../rules/terms-english.csv"),
    include_str!("../../rules/terms-spanish.csv"),
    include_str!("../../rules/terms-exceptions.csv"),
];

static STANDARD: LazyLock<Terms> = LazyLock::new(|| Terms::parse(&TABLES).unwrap_or_default());

/// One term found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermHit {
    /// The stable id of the rule.
    pub rule: &'static str,
    /// The label.
    pub label: Label,
    /// Where the term begins, in bytes of the text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// The term tables, compiled.
#[derive(Default)]
pub struct Terms {
    patterns: Vec<Pattern>,
    finder: Option<AhoCorasick>,
}

/// A pattern found in the folded text.
#[derive(Clone, Copy)]
struct Found {
    pattern: usize,
    start: usize,
    end: usize,
}

/// The protected topics that a text names, each with its place.
///
/// Were a table unreadable (a test reads them all), every text that is not blank would count as unclassified.
pub fn scan(text: &str) -> Vec<TermHit> {
    STANDARD.scan(text)
}

/// The labels of [`scan`], without the places.
pub fn labels(text: &str) -> LabelSet {
    scan(text).into_iter().map(|hit| hit.label).collect()
}

impl Terms {
    /// Terms from tables in the form that `domain/rules/README.md` describes.
    ///
    /// # Errors
    /// The first row that cannot be read.
    pub fn parse(tables: &[&str]) -> Result<Self, TermFault> {
        let mut patterns = Vec::new();
        for text in tables {
            read(text, &mut patterns)?;
        }
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(patterns.iter().map(|pattern| pattern.text.as_bytes()))
            .map_err(|_| TermFault {
                line: 0,
                reason: "too many terms",
            })?;
        Ok(Self {
            patterns,
            finder: Some(finder),
        })
    }

    /// As [`scan`], with these terms.
    pub fn scan(&'static self, text: &str) -> Vec<TermHit> {
        let Some(finder) = &self.finder else {
            return unreadable(text);
        };
        let folded = fold(text);
        let found: Vec<Found> = finder
            .find_overlapping_iter(&folded)
            .map(|hit| Found {
                pattern: hit.pattern().as_usize(),
                start: hit.start(),
                end: hit.end(),
            })
            .filter(|found| self.stands_alone(*found, &folded))
            .collect();
        if found.is_empty() {
            return Vec::new();
        }
        let covers = self.exceptions(&found);
        let places = places(text);
        let hits = found
            .iter()
            .filter(|hit| !covers.hide(**hit))
            .filter_map(|hit| {
                let pattern = self.patterns.get(hit.pattern)?;
                let start = *places.get(hit.start)?;
                // The end is the place after the last byte of the term, not the place of what follows it.
                let last = *places.get(hit.end.checked_sub(1)?)?;
                let end = text
                    .get(last..)?
                    .chars()
                    .next()
                    .map_or(last, |letter| last.saturating_add(letter.len_utf8()));
                Some((&*pattern.rule, pattern.labels, start, end))
            })
            .flat_map(|(rule, labels, start, end)| {
                labels.iter().map(move |label| TermHit {
                    rule,
                    label,
                    start,
                    end,
                })
            })
            .collect();
        widest(hits)
    }

    /// Whether the place is a word (or words) of its own, not a piece of a longer one.
    fn stands_alone(&self, found: Found, folded: &[u8]) -> bool {
        let Some(pattern) = self.patterns.get(found.pattern) else {
            return false;
        };
        let is_edge = |at: Option<&u8>| at.is_none_or(|byte| matches!(byte, b' ' | b'.'));
        let before = found.start.checked_sub(1).and_then(|at| folded.get(at));
        (pattern.open_before || is_edge(before))
            && (pattern.open_after || is_edge(folded.get(found.end)))
    }

    fn exceptions(&self, found: &[Found]) -> Covers {
        let mut covers: Vec<(usize, usize)> = found
            .iter()
            .filter(|found| {
                self.patterns
                    .get(found.pattern)
                    .is_some_and(|pattern| pattern.labels.is_empty())
            })
            .map(|found| (found.start, found.end))
            .collect();
        covers.sort_unstable();
        let mut furthest = 0;
        for (_, end) in &mut covers {
            furthest = furthest.max(*end);
            *end = furthest;
        }
        Covers(covers)
    }
}

/// The places of exceptions by their start, each with the furthest end of those that start no later.
struct Covers(Vec<(usize, usize)>);

impl Covers {
    /// Whether one exception covers the whole place (an exception covers itself).
    fn hide(&self, hit: Found) -> bool {
        let before = self.0.partition_point(|(start, _)| *start <= hit.start);
        before
            .checked_sub(1)
            .and_then(|last| self.0.get(last))
            .is_some_and(|(_, furthest)| hit.end <= *furthest)
    }
}

/// The hits in order of place, without those inside a longer one of the same label ("opioid use" inside "opioid use
/// disorder").
fn widest(mut hits: Vec<TermHit>) -> Vec<TermHit> {
    hits.sort_by_key(|hit| (hit.start, Reverse(hit.end), hit.label));
    let mut furthest: [Option<usize>; 64] = [None; 64];
    hits.retain(|hit| {
        let Some(end) = furthest.get_mut(hit.label as usize) else {
            return true;
        };
        let is_new = end.is_none_or(|end| end < hit.end);
        if is_new {
            *end = Some(hit.end);
        }
        is_new
    });
    hits
}

fn unreadable(text: &str) -> Vec<TermHit> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    vec![TermHit {
        rule: "terms.unreadable",
        label: Label::Unclassified,
        start: 0,
        end: text.len(),
    }]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_table_is_readable() {
        for table in TABLES {
            if let Err(fault) = Terms::parse(&[table]) {
                panic!("{fault}");
            }
        }
    }

    #[test]
    fn no_pattern_stands_twice() {
        let terms = Terms::parse(&TABLES).expect("readable");
        let mut seen = HashSet::new();
        let twice: Vec<_> = terms
            .patterns
            .iter()
            .filter(|pattern| !seen.insert((&pattern.text, pattern.labels)))
            .map(|pattern| &pattern.text)
            .collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
