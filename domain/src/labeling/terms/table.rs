//! Reading the term tables (`domain/rules/README.md` describes their form).

use thiserror::Error;

use super::fold::fold;
use crate::label::{Label, LabelSet};

/// A row that cannot be read: a fault of a build, not of a record.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("term table, line {line}: {reason}")]
pub struct TermFault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// One way to write a term, folded.
pub(super) struct Pattern {
    pub text: String,
    /// `*` before the term: it may be the end of a longer word.
    pub open_before: bool,
    /// `*` after the term: it may be the beginning of a longer word.
    pub open_after: bool,
    pub rule: Box<str>,
    /// Empty: an exception.
    pub labels: LabelSet,
}

const HEADER: &str = "terms,segment,rule,why";

/// Reads one table: `terms,segment,rule,why`, the terms of a row separated by `;`.
pub(super) fn read(text: &str, patterns: &mut Vec<Pattern>) -> Result<(), TermFault> {
    let mut header = false;
    for (at, line) in text.lines().enumerate() {
        let fault = |reason| TermFault {
            line: at.saturating_add(1),
            reason,
        };
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if !header {
            if line != HEADER {
                return Err(fault("the first row must name the columns"));
            }
            header = true;
            continue;
        }
        let mut cells = line.splitn(4, ',').map(str::trim);
        let (Some(terms), Some(segments), Some(rule)) = (cells.next(), cells.next(), cells.next())
        else {
            return Err(fault("a row has terms, a segment, a rule and a reason"));
        };
        if rule.is_empty() {
            return Err(fault("a row needs a rule"));
        }
        let labels = labels(segments).ok_or_else(|| fault("no such segment"))?;
        for term in terms.split(';').map(str::trim) {
            let spellings = spellings(term).ok_or_else(|| fault("brackets do not match"))?;
            for spelling in spellings {
                patterns
                    .push(pattern(&spelling, rule, labels).ok_or_else(|| fault("an empty term"))?);
            }
        }
    }
    Ok(())
}

fn pattern(spelling: &str, rule: &str, labels: LabelSet) -> Option<Pattern> {
    let open_before = spelling.starts_with('*');
    let open_after = spelling.ends_with('*');
    let folded = fold(spelling.trim_matches('*'));
    let text = String::from_utf8(folded).ok()?.trim().to_owned();
    (text.len() > 1).then(|| Pattern {
        text,
        open_before,
        open_after,
        rule: rule.into(),
        labels,
    })
}

/// `exception` alone gives the empty set.
fn labels(cell: &str) -> Option<LabelSet> {
    if cell == "exception" {
        return Some(LabelSet::EMPTY);
    }
    let mut set = LabelSet::EMPTY;
    for name in cell.split(' ') {
        let label = Label::from_name(name)
            .filter(|label| label.is_segment() && *label != Label::General)?;
        set = set.with(label);
    }
    Some(set)
}

/// Every spelling of `addict(s|ion)`, `drug use(r|rs|)`: a bracket stands for each of its alternatives, and a bracket
/// with one alternative for it or nothing.
fn spellings(term: &str) -> Option<Vec<String>> {
    let Some((head, rest)) = term.split_once('(') else {
        return (!term.contains(')')).then(|| vec![term.to_owned()]);
    };
    let (inside, tail) = rest.split_once(')')?;
    let tails = spellings(tail)?;
    let mut alternatives: Vec<&str> = inside.split('|').collect();
    if alternatives.len() == 1 {
        alternatives.push("");
    }
    Some(
        alternatives
            .iter()
            .flat_map(|alternative| {
                tails
                    .iter()
                    .map(move |tail| format!("{head}{alternative}{tail}"))
            })
            .collect(),
    )
}
