//! One consent, one restriction, some viewers and many parts of a record, told in words that every engine understands.
//!
//! The patient lets the hospital's people and one named person see, for treatment and for a year, ordinary health,
//! substance use, mental health without personality disorders, HIV, and what comes from a Part 2 program. The hospital
//! agreed to keep HIV from one of its people.

use chrono::{DateTime, TimeDelta, Utc};
use domain::label::{Label, LabelSet};
use domain::purpose::Purpose;

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Viewer {
    /// Works at the hospital.
    Member,
    /// Named in the consent, works elsewhere.
    Named,
    /// Neither.
    Outsider,
    /// Works at the hospital; HIV is kept from them.
    Restricted,
}

pub const VIEWERS: [Viewer; 4] = [
    Viewer::Member,
    Viewer::Named,
    Viewer::Outsider,
    Viewer::Restricted,
];

impl Viewer {
    pub fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Named => "named",
            Self::Outsider => "outsider",
            Self::Restricted => "restricted",
        }
    }

    pub fn works_at_the_hospital(self) -> bool {
        matches!(self, Self::Member | Self::Restricted)
    }
}

/// What one run asks: the same viewer, purpose and instant for many parts, as a chart does.
#[derive(Clone)]
pub struct Question {
    pub viewer: Viewer,
    pub purpose: Purpose,
    pub now: DateTime<Utc>,
    /// The labels of each part.
    pub parts: Vec<LabelSet>,
}

pub fn start() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_500)
}

pub fn end() -> DateTime<Utc> {
    start() + TimeDelta::days(365)
}

pub fn included() -> LabelSet {
    LabelSet::of([
        Label::General,
        Label::SubstanceUse,
        Label::MentalHealth,
        Label::Hiv,
        Label::Part2,
    ])
}

pub fn excluded() -> LabelSet {
    LabelSet::of([Label::Personality])
}

/// What the consent covers, written out for engines that know no tree of segments.
pub fn covered() -> Vec<&'static str> {
    names(included().with_children().minus(excluded().with_children()))
}

/// What the restriction keeps back.
pub fn kept_back() -> LabelSet {
    LabelSet::of([Label::Hiv])
}

/// The labels that must be covered for a part so labelled.
pub fn names(labels: LabelSet) -> Vec<&'static str> {
    labels.iter().map(Label::name).collect()
}

const OPEN: [&[Label]; 8] = [
    &[],
    &[Label::Alcohol],
    &[Label::Opioids, Label::Part2],
    &[Label::MentalHealth],
    &[],
    &[Label::Hiv],
    &[Label::Part2],
    &[Label::SubstanceUse, Label::MentalHealth, Label::Part2],
];

const CLOSED: [&[Label]; 8] = [
    &[Label::Personality],
    &[Label::Hiv],
    &[Label::Opioids, Label::Genetics],
    &[Label::Sti],
    &[Label::Hiv, Label::Part2],
    &[Label::Alcohol, Label::Part2, Label::Violence],
    &[Label::MentalHealth, Label::PreferredName],
    &[Label::Unclassified],
];

/// Parts that the consent opens to a member.
pub fn open(count: usize) -> Vec<LabelSet> {
    OPEN.iter()
        .cycle()
        .take(count)
        .map(|labels| LabelSet::of(labels.iter().copied()))
        .collect()
}

/// Parts that stay closed to the one who is restricted: by a label that nothing covers, or by the restriction.
pub fn closed(count: usize) -> Vec<LabelSet> {
    CLOSED
        .iter()
        .cycle()
        .take(count)
        .map(|labels| LabelSet::of(labels.iter().copied()))
        .collect()
}

/// Every viewer, purpose and instant that matters, with parts of every kind: the engines must agree on all of it.
pub fn grid() -> Vec<Question> {
    let parts: Vec<LabelSet> = open(OPEN.len())
        .into_iter()
        .chain(closed(CLOSED.len()))
        .collect();
    let second = TimeDelta::seconds(1);
    let instants = [
        start() - second,
        start(),
        start() + TimeDelta::days(30),
        end() - second,
        end(),
    ];
    let mut all = Vec::new();
    for viewer in VIEWERS {
        for purpose in [Purpose::Treatment, Purpose::Payment] {
            for now in instants {
                all.push(Question {
                    viewer,
                    purpose,
                    now,
                    parts: parts.clone(),
                });
            }
        }
    }
    all
}
