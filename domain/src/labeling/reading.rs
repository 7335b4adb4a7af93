//! Reading one text or one code, by the rule tables.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::basis::{Basis, BasisKind};
use super::rules::{CodeVerdict, RuleMatch, Rules};
use super::{notes, terms};
use crate::label::Label;

/// Texts up to this length, in bytes, are looked up before they are read again.
const REMEMBERED: usize = 160;

/// How many texts are remembered.
const MOST_REMEMBERED: usize = 20_000;

/// A term found: its rule, its label, and the words as written.
type Hit = (&'static str, Label, Box<str>);

/// Reads texts and codes, remembering what short texts said.
pub(super) struct Reader {
    rules: &'static Rules,
    remembered: HashMap<Box<str>, Box<[Hit]>>,
}

impl Reader {
    pub fn new(rules: &'static Rules) -> Self {
        Self {
            rules,
            remembered: HashMap::new(),
        }
    }

    /// The terms in a text, as basis.
    pub fn text(&mut self, text: &str, out: &mut Vec<Basis>) {
        let as_basis = |(rule, label, words): &Hit| {
            let mut basis = Basis::new(BasisKind::Text, *rule, *label);
            basis.code = Some(words.to_string());
            basis
        };
        if text.len() <= REMEMBERED
            && let Some(hits) = self.remembered.get(text)
        {
            out.extend(hits.iter().map(as_basis));
            return;
        }
        let mut hits: Vec<Hit> = Vec::new();
        for hit in terms::scan(text) {
            if !hits
                .iter()
                .any(|(rule, label, _)| *rule == hit.rule && *label == hit.label)
            {
                hits.push((
                    hit.rule,
                    hit.label,
                    text.get(hit.start..hit.end).unwrap_or_default().into(),
                ));
            }
        }
        out.extend(hits.iter().map(as_basis));
        if notes::names_part2(text) {
            out.push(Basis::new(
                BasisKind::Text,
                "text.part2-notice",
                Label::Part2,
            ));
        } else if text.len() <= REMEMBERED && self.remembered.len() < MOST_REMEMBERED {
            self.remembered.insert(text.into(), hits.into());
        }
    }

    pub fn verdict(
        &self,
        system: &str,
        code: &str,
        days: [Option<NaiveDate>; 3],
    ) -> (bool, Vec<RuleMatch<'static>>) {
        let rules: &'static Rules = self.rules;
        let mut known = false;
        let mut matches: Vec<RuleMatch<'static>> = Vec::new();
        let mut last = None;
        let [first, ..] = days;
        for (index, day) in days.into_iter().enumerate() {
            if index > 0 && (day.is_none() || day == last || day == first) {
                continue;
            }
            last = day;
            match rules.code(system, code, day) {
                CodeVerdict::UnknownSystem => {}
                CodeVerdict::Ordinary => known = true,
                CodeVerdict::Labelled(found) => {
                    known = true;
                    for found in found {
                        if !matches.contains(&found) {
                            matches.push(found);
                        }
                    }
                }
            }
        }
        (known, matches)
    }
}
