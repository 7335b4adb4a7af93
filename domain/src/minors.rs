//! Minors: when they come of age, and where State law lets them consent to substance-use care alone (42 CFR 2.14,
//! LAW D1–D3, D6).
//!
//! The table is data (`rules/minors.csv`), each row with its statute, to be confirmed by counsel. Whatever it does not
//! say needs a parent's hand too.

use chrono::{Months, NaiveDate};

const TABLE: &str = include_str!("../rules/minors.csv");
const HEADER: &str = "state,age,limits,source";
/// The age of majority, in months.
const MAJORITY: Months = Months::new(18 * 12);

/// One State's rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StateRule {
    /// The USPS code.
    pub state: &'static str,
    /// The age in years from which the minor's own consent is enough; 0: no age is named.
    pub age: u8,
    /// Where the statute gives less than all such care, in words.
    pub limits: Option<&'static str>,
    /// The statute.
    pub source: &'static str,
}

/// Whose consent a service for substance use needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Needs {
    /// The patient's: an adult.
    Adult,
    /// The minor's alone; also toward parents and for billing only the minor's signature counts (LAW D1).
    MinorAlone,
    /// The minor's alone inside the statute's limits, which a person has to look at; else both.
    MinorAloneWithin(&'static str),
    /// The minor's and a parent's or guardian's (LAW D2).
    Both,
}

/// A row of the table that can't be read: a fault of the build.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("minors.csv, line {line}")]
pub struct DataFault {
    /// The line, from 1.
    pub line: usize,
}

/// Every State's rule, in the order of the table.
///
/// # Errors
/// [`DataFault`] names the first row that can't be read; a test reads them all.
pub fn table() -> Result<Vec<StateRule>, DataFault> {
    let mut rules: Vec<StateRule> = Vec::new();
    let mut has_header = false;
    for (index, row) in TABLE.lines().enumerate() {
        let fault = DataFault {
            line: index.saturating_add(1),
        };
        if row.is_empty() || row.starts_with('#') {
            continue;
        }
        if !has_header {
            has_header = row == HEADER;
            if has_header {
                continue;
            }
            return Err(fault);
        }
        let rule = read(row).ok_or(fault)?;
        if rules.iter().any(|known| known.state == rule.state) {
            return Err(fault);
        }
        rules.push(rule);
    }
    Ok(rules)
}

fn read(row: &'static str) -> Option<StateRule> {
    let mut cells = row.splitn(4, ',');
    let state = cells.next()?;
    let age: u8 = cells.next()?.parse().ok()?;
    let limits = cells.next()?;
    let source = cells.next()?;
    let well_formed = state.len() == 2
        && state.bytes().all(|byte| byte.is_ascii_uppercase())
        && age < 18
        && !source.is_empty();
    well_formed.then_some(StateRule {
        state,
        age,
        limits: (!limits.is_empty()).then_some(limits),
        source,
    })
}

/// Whose consent a service on that day needs, for somebody born on that day, under that State's law (USPS code).
///
/// A State that is not in the table, or a table that can't be read, needs both (LAW D2).
pub fn needs(state: &str, birth: NaiveDate, on: NaiveDate) -> Needs {
    if majority(birth).is_some_and(|majority| majority <= on) {
        return Needs::Adult;
    }
    let rules = table().unwrap_or_default();
    let Some(rule) = rules
        .iter()
        .find(|rule| rule.state.eq_ignore_ascii_case(state))
    else {
        return Needs::Both;
    };
    let old_enough = birthday(birth, Months::new(u32::from(rule.age).saturating_mul(12)))
        .is_some_and(|day| birth <= on && day <= on);
    match (old_enough, rule.limits) {
        (false, _) => Needs::Both,
        (true, None) => Needs::MinorAlone,
        (true, Some(limits)) => Needs::MinorAloneWithin(limits),
    }
}

/// The eighteenth birthday: at its first instant, in the patient's time zone, a parent's authority ends (LAW D6).
///
/// For somebody born on a 29 February it is the 28th: where days differ, the day that keeps the record closed to others.
/// `None`: a year beyond what dates can say.
pub fn majority(birth: NaiveDate) -> Option<NaiveDate> {
    birthday(birth, MAJORITY)
}

fn birthday(birth: NaiveDate, age: Months) -> Option<NaiveDate> {
    birth.checked_add_months(age)
}

#[cfg(test)]
mod tests {
    use super::read;

    /// LAW D2: a row that is not what it should be is refused, whatever is wrong with it.
    #[test]
    fn a_malformed_row_is_refused() {
        assert!(read("CA,12,,Cal. Fam. Code").is_some());
        assert!(read("CA,17,limits,Cal. Fam. Code").is_some());
        for row in [
            "CAL,12,,Cal. Fam. Code",
            "Ca,12,,Cal. Fam. Code",
            "CA,18,,Cal. Fam. Code",
            "CA,twelve,,Cal. Fam. Code",
            "CA,12,,",
            "CA,12,",
            "",
        ] {
            assert!(read(row).is_none(), "{row}");
        }
    }
}
