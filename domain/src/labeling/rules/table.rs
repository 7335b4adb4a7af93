//! Reading the rule tables (`domain/rules/README.md` describes their form).

use chrono::NaiveDate;
use thiserror::Error;

use super::System;
use crate::label::{Label, LabelSet};

/// A row that cannot be read. Rows are part of the product, so this is a fault of a build, not of a record.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("rule table {system:?}, line {line}: {reason}")]
pub struct DataFault {
    /// The table.
    pub system: System,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// Where the labels of a context are looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Near {
    /// On the item itself: its reason, indication, encounter, or the claim it stands in.
    Reason,
    /// Anywhere among the person's diagnoses.
    Record,
}

/// What must be there besides the code for its label to apply.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Context {
    /// Where.
    pub near: Near,
    /// Any of these labels, children included.
    pub any_of: LabelSet,
}

impl Context {
    /// Whether the context is there: `reasons` are the labels on the item's own reason, indication, encounter and
    /// claim, `record` those of all the person's diagnoses.
    pub const fn is_met(self, reasons: LabelSet, record: LabelSet) -> bool {
        match self.near {
            Near::Reason => self.any_of.overlaps(reasons),
            Near::Record => self.any_of.overlaps(reasons.join(record)),
        }
    }
}

/// One code, or all that begins with it, under one rule.
pub(super) struct Row {
    pub code: Box<str>,
    /// For the beginning of a code: what the whole code must look like, `?` for any character.
    shape: Option<Box<str>>,
    pub rule: usize,
    /// Empty: the row says that the code is ordinary.
    pub labels: LabelSet,
    pub context: Option<Context>,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

impl Row {
    /// Both ends count. Without a date the row counts if it ever does.
    pub fn is_valid(&self, on: Option<NaiveDate>) -> bool {
        on.is_none_or(|day| {
            self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
        })
    }

    /// The shape that the row asks for.
    #[cfg(test)]
    pub fn shape(&self) -> Option<&str> {
        self.shape.as_deref()
    }

    /// Whether the whole code has the shape that the row asks for.
    pub fn shape_fits(&self, code: &str) -> bool {
        self.shape.as_deref().is_none_or(|shape| {
            code.len() >= shape.len()
                && shape
                    .bytes()
                    .zip(code.bytes())
                    .all(|(want, is)| want == b'?' || want == is)
        })
    }
}

pub(super) struct Name {
    pub id: String,
    pub why: String,
}

/// One table, read.
#[derive(Default)]
pub(super) struct Tables {
    pub rows: Vec<Row>,
    pub names: Vec<Name>,
}

/// What a row takes over from the row above it when its own cells are empty.
#[derive(Clone)]
struct Carried {
    rule: usize,
    labels: LabelSet,
    context: Option<Context>,
}

const HEADER: &str = "code,name,segment,context,from,until,rule,why";

impl Tables {
    pub fn parse(system: System, text: &str) -> Result<Self, DataFault> {
        let mut tables = Self::default();
        let mut carried: Option<Carried> = None;
        let mut header = false;
        for (at, line) in text.lines().enumerate() {
            let fault = |reason| DataFault {
                system,
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
            let cells = cells(line).ok_or_else(|| fault("a quotation mark is not closed"))?;
            let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
            if cells.len() > 8 || cell(1).is_empty() {
                return Err(fault("a row has a code, a name and at most six cells more"));
            }
            if !cell(6).is_empty() {
                if tables.names.iter().any(|name| name.id == cell(6)) {
                    return Err(fault("the rule has been named before"));
                }
                if cell(7).is_empty() || cell(2).is_empty() {
                    return Err(fault("a rule needs its segment and its reason"));
                }
                carried = Some(Carried {
                    rule: tables.names.len(),
                    labels: LabelSet::EMPTY,
                    context: None,
                });
                tables.names.push(Name {
                    id: cell(6).to_owned(),
                    why: cell(7).to_owned(),
                });
            } else if !cell(7).is_empty() {
                return Err(fault("a reason belongs to a rule"));
            }
            let carried = carried
                .as_mut()
                .ok_or_else(|| fault("a row before any rule"))?;
            if !cell(2).is_empty() {
                carried.labels = labels(cell(2)).ok_or_else(|| fault("no such segment"))?;
            }
            if !cell(3).is_empty() {
                carried.context = Some(context(cell(3)).ok_or_else(|| fault("no such context"))?);
            }
            let (from, until) = (day(cell(4)), day(cell(5)));
            let (Ok(from), Ok(until)) = (from, until) else {
                return Err(fault("a date is written 2021-11-04"));
            };
            let (range, shape) = cell(0)
                .split_once(' ')
                .map_or((cell(0), None), |(range, shape)| (range, Some(shape)));
            for code in expand(range).ok_or_else(|| fault("not a code or a range of codes"))? {
                tables.rows.push(Row {
                    code: system.normalise(&code).into(),
                    shape: shape.map(Into::into),
                    rule: carried.rule,
                    labels: carried.labels,
                    context: carried.context,
                    from,
                    until,
                });
            }
        }
        if header {
            Ok(tables)
        } else {
            Err(DataFault {
                system,
                line: 1,
                reason: "the table is empty",
            })
        }
    }
}

/// `general` alone says that the code is ordinary.
fn labels(cell: &str) -> Option<LabelSet> {
    let mut set = LabelSet::EMPTY;
    for name in cell.split(' ') {
        let label = Label::from_name(name).filter(|label| label.is_segment())?;
        set = set.with(label);
    }
    Some(set.without(Label::General))
}

fn context(cell: &str) -> Option<Context> {
    let (near, names) = cell.split_once(": ")?;
    let near = match near {
        "reason" => Near::Reason,
        "record" => Near::Record,
        _ => return None,
    };
    Some(Context {
        near,
        any_of: labels(names)?.with_children(),
    })
}

fn day(cell: &str) -> Result<Option<NaiveDate>, chrono::ParseError> {
    if cell.is_empty() {
        Ok(None)
    } else {
        cell.parse().map(Some)
    }
}

/// The codes of `A10`, or of `A10..A19`, whose ends differ in their last digits only.
fn expand(range: &str) -> Option<Vec<String>> {
    if range.is_empty() {
        return None;
    }
    let Some((first, last)) = range.split_once("..") else {
        return Some(vec![range.to_owned()]);
    };
    let split = first
        .trim_end_matches(|letter: char| letter.is_ascii_digit())
        .len();
    let (head, from) = first.split_at_checked(split)?;
    let until = last.strip_prefix(head)?;
    if from.len() != until.len() {
        return None;
    }
    let (low, high): (u32, u32) = (from.parse().ok()?, until.parse().ok()?);
    let width = from.len();
    (low < high).then(|| {
        (low..=high)
            .map(|number| format!("{head}{number:0>width$}"))
            .collect()
    })
}

/// The cells of one CSV row; `None` when a quotation mark is not closed.
fn cells(line: &str) -> Option<Vec<String>> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cells.last_mut()?.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut()?.push(letter),
        }
    }
    (!quoted).then_some(cells)
}
