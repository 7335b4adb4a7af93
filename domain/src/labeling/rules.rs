//! What a code is known to tell (POLICY §2): the rule tables of `domain/rules/`, compiled for look-up.
//!
//! A code counts only under its own system and only on dates on which its row is valid. A code of a known
//! system that no row names is ordinary; a code of a system this build does not know vouches for nothing.

mod system;
mod table;

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::NaiveDate;

use crate::label::{Label, LabelSet};

pub use system::System;
pub use table::{Context, DataFault, Near};
use table::{Row, Tables};

/// The tables that ship with the product, one a terminology.
const TABLES: [(System, &str); 15] = [
    (System::Icd10Cm, include_str!("../../rules/icd-10-cm.csv")),
    (System::Icd9Cm, include_str!("../../rules/icd-9-cm.csv")),
    (System::Icd10Pcs, include_str!("../../rules/icd-10-pcs.csv")),
    (
        System::Icd9Procedures,
        include_str!("../../rules/icd-9-procedures.csv"),
    ),
    (System::SnomedCt, include_str!("../../rules/snomed-ct.csv")),
    (System::RxNorm, include_str!("../../rules/rxnorm.csv")),
    (System::Loinc, include_str!("../../rules/loinc.csv")),
    (System::Hcpcs, include_str!("../../rules/hcpcs.csv")),
    (System::Cpt, include_str!("../../rules/cpt.csv")),
    (System::MsDrg, include_str!("../../rules/ms-drg.csv")),
    (System::Cvx, include_str!("../../rules/cvx.csv")),
    (System::Ndc, include_str!("../../rules/ndc.csv")),
    (
        System::Revenue,
        include_str!("../../rules/nubc-revenue.csv"),
    ),
    (
        System::Taxonomy,
        include_str!("../../rules/nucc-taxonomy.csv"),
    ),
    (System::Structural, include_str!("../../rules/hl7.csv")),
];

static STANDARD: LazyLock<Rules> = LazyLock::new(|| Rules::parse(&TABLES).unwrap_or_default());

/// The rule tables, compiled. Immutable.
#[derive(Default)]
pub struct Rules {
    rows: Vec<Row>,
    names: Vec<RuleName>,
    by_system: HashMap<System, Index>,
}

/// Rows by the code (or the beginning of a code) they name.
#[derive(Default)]
struct Index {
    rows: HashMap<Box<str>, Vec<usize>>,
    longest: usize,
}

/// One decision of the tables: its stable id and its reason.
struct RuleName {
    id: Box<str>,
    why: Box<str>,
}

/// One label that a code gives, and by which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleMatch<'a> {
    /// The stable id of the rule.
    pub rule: &'a str,
    /// The label.
    pub label: Label,
    /// Why, with its citation.
    pub note: &'a str,
    /// What else must be there for the label to apply; `None` when the code alone tells.
    pub context: Option<Context>,
}

/// The labels that a code gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matches<'a>(Vec<RuleMatch<'a>>);

impl<'a> Matches<'a> {
    /// One match a label and rule.
    pub fn iter(&self) -> impl Iterator<Item = &RuleMatch<'a>> {
        self.0.iter()
    }

    /// The labels that the code gives by itself.
    pub fn labels(&self) -> LabelSet {
        self.0
            .iter()
            .filter(|found| found.context.is_none())
            .map(|found| found.label)
            .collect()
    }

    /// The labels that the code gives beside these: `reasons` on the item itself (reason, indication, encounter,
    /// the same claim), `record` anywhere among the person's diagnoses.
    pub fn labels_beside(&self, reasons: LabelSet, record: LabelSet) -> LabelSet {
        self.0
            .iter()
            .filter(|found| {
                found
                    .context
                    .is_none_or(|context| context.is_met(reasons, record))
            })
            .map(|found| found.label)
            .collect()
    }
}

impl<'a> IntoIterator for Matches<'a> {
    type Item = RuleMatch<'a>;
    type IntoIter = std::vec::IntoIter<RuleMatch<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'s, 'a> IntoIterator for &'s Matches<'a> {
    type Item = &'s RuleMatch<'a>;
    type IntoIter = std::slice::Iter<'s, RuleMatch<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// What the tables say of one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeVerdict<'a> {
    /// A system this build does not know: nothing vouches for the code.
    UnknownSystem,
    /// A known system, and no rule names the code on that date: general health.
    Ordinary,
    /// One or more rules name it.
    Labelled(Matches<'a>),
}

impl Rules {
    /// The tables that ship with the product.
    ///
    /// A test reads every row. Were one unreadable all the same, the result knows no system, so that every code is
    /// unclassified and nothing is taken for ordinary.
    pub fn standard() -> &'static Self {
        &STANDARD
    }

    /// Rules from tables in the form that `domain/rules/README.md` describes.
    ///
    /// # Errors
    /// The first row that cannot be read, with its table and line.
    pub fn parse(tables: &[(System, &str)]) -> Result<Self, DataFault> {
        let mut rules = Self::default();
        for (system, text) in tables {
            let Tables { rows, names } = Tables::parse(*system, text)?;
            let offset = rules.names.len();
            let index = rules.by_system.entry(*system).or_default();
            rules.names.extend(names.into_iter().map(|name| RuleName {
                id: name.id.into(),
                why: name.why.into(),
            }));
            for mut row in rows {
                row.rule = row.rule.saturating_add(offset);
                let at = rules.rows.len();
                index.longest = index.longest.max(row.code.len());
                index.rows.entry(row.code.clone()).or_default().push(at);
                rules.rows.push(row);
            }
        }
        Ok(rules)
    }

    /// What is known of `code` under `system` on the service date `on`; without a date, of the code at any time.
    pub fn code(&self, system: &str, code: &str, on: Option<NaiveDate>) -> CodeVerdict<'_> {
        let Some(system) = System::of_uri(system) else {
            return CodeVerdict::UnknownSystem;
        };
        // Without tables nothing is known, not even what is ordinary.
        if self.by_system.is_empty() {
            return CodeVerdict::UnknownSystem;
        }
        let system = system.of_code(code);
        let Some(index) = self.by_system.get(&system) else {
            return CodeVerdict::Ordinary;
        };
        let code = system.normalise(code);
        let mut rows: Vec<&Row> = Vec::new();
        if system.is_hierarchical() {
            for end in 1..=code.len().min(index.longest) {
                rows.extend(
                    code.get(..end)
                        .into_iter()
                        .flat_map(|head| self.rows_of(index, head)),
                );
            }
            rows.retain(|row| row.shape_fits(&code));
        } else {
            rows.extend(self.rows_of(index, &code));
        }
        self.verdict(system, &rows, on)
    }

    fn rows_of<'s>(&'s self, index: &'s Index, code: &str) -> impl Iterator<Item = &'s Row> {
        index
            .rows
            .get(code)
            .into_iter()
            .flatten()
            .filter_map(|at| self.rows.get(*at))
    }

    /// INVARIANT: within one rule the narrowest row decides, also by its dates: a row for F10.11 that begins in 2017
    /// takes the place of the row for all of F10. A narrower `general` row takes the place of wider rows of any rule.
    fn verdict<'s>(
        &'s self,
        system: System,
        rows: &[&'s Row],
        on: Option<NaiveDate>,
    ) -> CodeVerdict<'s> {
        let ordinary_from = rows
            .iter()
            .filter(|row| row.labels.is_empty() && row.is_valid(on))
            .map(|row| row.code.len())
            .max()
            .unwrap_or(0);
        let mut matches = Vec::new();
        for row in rows {
            let width = row.code.len();
            let narrowest = rows
                .iter()
                .filter(|other| other.rule == row.rule)
                .all(|other| other.code.len() <= width);
            if !narrowest || width < ordinary_from || !row.is_valid(on) {
                continue;
            }
            let Some(name) = self.names.get(row.rule) else {
                continue;
            };
            matches.extend(row.labels.iter().map(|label| RuleMatch {
                rule: &name.id,
                label,
                note: &name.why,
                context: row.context,
            }));
        }
        if !matches.is_empty() {
            CodeVerdict::Labelled(Matches(matches))
        } else if system.is_covered() || !rows.is_empty() {
            CodeVerdict::Ordinary
        } else {
            CodeVerdict::UnknownSystem
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_table_is_readable() {
        for (system, text) in TABLES {
            if let Err(fault) = Rules::parse(&[(system, text)]) {
                panic!("{fault}");
            }
        }
    }

    #[test]
    fn rule_ids_are_unique_and_every_rule_has_a_reason() {
        let rules = Rules::parse(&TABLES).expect("readable");
        let mut seen = HashSet::new();
        for name in &rules.names {
            assert!(seen.insert(&name.id), "{} is named twice", name.id);
            assert!(!name.why.is_empty(), "{} has no reason", name.id);
        }
    }

    #[test]
    fn no_row_stands_twice_under_one_rule() {
        let rules = Rules::parse(&TABLES).expect("readable");
        let mut twice = Vec::new();
        for (system, index) in &rules.by_system {
            for (code, rows) in &index.rows {
                let mut seen = HashSet::new();
                for row in rows.iter().filter_map(|at| rules.rows.get(*at)) {
                    if !seen.insert((row.rule, row.shape())) {
                        twice.push(format!("{system:?} {code}"));
                    }
                }
            }
        }
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn no_segment_is_without_a_row() {
        let rules = Rules::parse(&TABLES).expect("readable");
        let named = rules
            .rows
            .iter()
            .fold(LabelSet::EMPTY, |set, row| set.join(row.labels));
        for label in crate::label::ALL {
            let told_by_codes = label.is_segment()
                && !matches!(
                    label,
                    Label::General
                        | Label::Identity
                        | Label::PreferredName
                        | Label::Contact
                        | Label::GenderOrientation
                );
            assert!(!told_by_codes || named.has(label), "{}", label.name());
        }
    }

    #[test]
    fn unreadable_tables_know_no_system() {
        let rules = Rules::parse(&[(System::Loinc, "nonsense")]).unwrap_or_default();
        assert_eq!(
            rules.code("http://loinc.org", "72109-2", None),
            CodeVerdict::UnknownSystem
        );
        assert_eq!(
            rules.code("http://loinc.org", "718-7", None),
            CodeVerdict::UnknownSystem
        );
    }
}
