//! What if: a decision on every part of some records, by some FHIR Consents and nothing else (CLI.md, `decide`).
//!
//! In three steps. The records are labelled as the importer labels them ([`crate::labeling`]). Each Consent is asked, part
//! by part, which labels it opens there to this recipient, for this purpose, at this instant (`rule`). What it opens is
//! written down as a [`crate::consent::Consent`] of ours, and [`crate::decide::Decider`] decides on those: the rule that
//! every label must be covered, separated notes, marks, obligations and basis are the ones every page obeys.

mod asked;
mod directory;
mod record;
mod rule;
mod standing;
mod terms;
mod viewer;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::clock::Instant;
use crate::decide::{Action, Decider, Decision, Ground, Obligations};
use crate::fhir::consent::{self, ActReason, Directive, Remark};
use crate::fhir::reader::Entry;
use crate::fhir::reference::Target;
use crate::item::PartFacts;
use crate::label::LabelSet;
use crate::labeling::{Context, Examiner, Fault, Part2Programs, settle};
use directory::Directory;
use record::Record;
use standing::Standing;
use terms::Opened;
use viewer::Viewer;

/// A question to records and Consents.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// The records: the resources to decide on.
    pub records: &'a [Entry],
    /// The Consents, with other resources that tell who somebody is.
    pub consents: &'a [Entry],
    /// The identities of the one who looks.
    pub recipients: &'a [Target],
    /// What for.
    pub purpose: ActReason,
    /// When.
    pub at: Instant,
    /// The source organizations that are Part 2 programs.
    pub part2_programs: &'a Part2Programs,
}

/// The decision on one part.
#[derive(Clone, PartialEq, Eq)]
pub struct PartAnswer {
    /// The resource, `Type/id`.
    pub resource: String,
    /// The part's path.
    pub part: String,
    /// Whether it is permitted.
    pub permits: bool,
    /// The Consents it rests on, each with the labels it covered; empty on a deny, and when the patient looks.
    pub basis: Vec<(String, LabelSet)>,
    /// What goes with it; empty on a deny.
    pub obligations: Obligations,
}

impl core::fmt::Debug for PartAnswer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PartAnswer([redacted])")
    }
}

/// Something about one Consent that whoever asked should know.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ConsentRemark {
    /// The Consent, `Consent/id`.
    pub consent: String,
    /// Whether it permits nothing because of it.
    pub permits_nothing: bool,
    /// What, and where in it.
    pub remark: Remark,
}

/// The answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The parts, in the order of the records and of the resources.
    pub parts: Vec<PartAnswer>,
    /// What there is to say about the Consents.
    pub remarks: Vec<ConsentRemark>,
}

/// A record that can't be labelled.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{fault}")]
pub struct RecordFault {
    /// Its place in [`Question::records`].
    pub place: usize,
    /// What is wrong with it.
    pub fault: Fault,
}

/// Answers the question.
///
/// # Errors
/// The first record that is not of a form that can be labelled.
pub fn answer(question: &Question<'_>) -> Result<Answer, RecordFault> {
    let mut reading = Examiner::default();
    let mut examined = Vec::with_capacity(question.records.len());
    for (place, entry) in question.records.iter().enumerate() {
        let one = reading
            .examine(&entry.resource, entry.full_url.as_deref())
            .map_err(|fault| RecordFault { place, fault })?;
        examined.push(one);
    }
    let context = Context {
        part2_programs: question.part2_programs,
    };
    let directory = Directory::of(question.records.iter().chain(question.consents));
    let records = Record::all(question.records, settle(examined, &context), &directory);
    let viewer = Viewer::of(question, &directory);
    let mut remarks = Vec::new();
    let directives: Vec<Directive> = question
        .consents
        .iter()
        .filter(|entry| is_consent(&entry.resource))
        .enumerate()
        .map(|(place, entry)| consent::read(&entry.resource, entry.full_url.as_deref(), place))
        .collect();
    let standings = Standing::all(
        &directives,
        &records,
        &viewer,
        question,
        &directory,
        &mut remarks,
    );
    let decisions = decide(&records, &standings, &viewer, question);
    remarks.sort();
    remarks.dedup();
    Ok(Answer {
        parts: records
            .iter()
            .zip(decisions)
            .flat_map(|(record, decisions)| parts(record, decisions, &standings))
            .collect(),
        remarks,
    })
}

fn is_consent(resource: &Value) -> bool {
    resource.get("resourceType").and_then(Value::as_str) == Some("Consent")
}

/// The decisions on every part of every record, in their order.
fn decide(
    records: &[Record<'_>],
    standings: &[Standing<'_>],
    viewer: &Viewer,
    question: &Question<'_>,
) -> Vec<Vec<Decision>> {
    let mut decisions: Vec<Vec<Decision>> = records
        .iter()
        .map(|record| vec![Decision::deny(); record.facts.parts.len()])
        .collect();
    // Parts to which the same is opened are decided together: the state they are decided on is the same.
    let mut alike: BTreeMap<Opened, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, record) in records.iter().enumerate() {
        let looks = viewer.is_patient(record);
        // The parts of a record carry few different label sets, and of the part only they matter here.
        let mut known: Vec<(LabelSet, Opened)> = Vec::new();
        for (index, part) in record.facts.parts.iter().enumerate() {
            let opened = if looks {
                Opened::Own
            } else if let Some((_, opened)) =
                known.iter().find(|(labels, _)| *labels == part.labels)
            {
                opened.clone()
            } else {
                let opened = open(standings, record, part.labels);
                known.push((part.labels, opened.clone()));
                opened
            };
            alike.entry(opened).or_default().push((at, index));
        }
    }
    for (opened, places) in alike {
        let (looks_as, state) = opened.state(question);
        let decider = Decider::new(
            &looks_as,
            Action::Export,
            question.purpose.purpose(),
            question.at,
            &state,
        );
        for (at, index) in places {
            let found: Option<(&Record<'_>, &PartFacts)> = records
                .get(at)
                .and_then(|record| Some((record, record.facts.parts.get(index)?)));
            let slot = decisions.get_mut(at).and_then(|parts| parts.get_mut(index));
            if let (Some((record, part)), Some(slot)) = (found, slot) {
                *slot = decider.part(&record.facts, part);
            }
        }
    }
    decisions
}

/// What the Consents open of a part so labelled; nothing where one of them refuses it.
fn open(standings: &[Standing<'_>], record: &Record<'_>, labels: LabelSet) -> Opened {
    let mut grants = Vec::new();
    for (at, standing) in standings.iter().enumerate() {
        let outcome = standing.on(record, labels);
        if outcome.refuses {
            return Opened::By(Vec::new());
        }
        if !outcome.grant.labels.is_empty() {
            grants.push((at, outcome.grant));
        }
    }
    Opened::By(
        grants
            .into_iter()
            .map(|(at, grant)| terms::Grant::of(at, grant, labels, record.facts.id))
            .collect(),
    )
}

/// The answers on one record: when nothing that identifies it may be seen, it does not exist (POLICY §1).
fn parts(
    record: &Record<'_>,
    decisions: Vec<Decision>,
    standings: &[Standing<'_>],
) -> Vec<PartAnswer> {
    let exists = record
        .facts
        .identifying
        .iter()
        .filter_map(|at| decisions.get(usize::from(*at)))
        .any(Decision::permits);
    let decided = decisions
        .into_iter()
        .map(|decision| if exists { decision } else { Decision::deny() });
    record
        .facts
        .parts
        .iter()
        .zip(decided)
        .map(|(part, decision)| PartAnswer {
            resource: record.identity.clone(),
            part: part.path.clone(),
            permits: decision.permits(),
            basis: decision
                .basis
                .iter()
                .filter_map(|ground| basis(ground, standings))
                .collect(),
            obligations: decision.obligations,
        })
        .collect()
}

fn basis(ground: &Ground, standings: &[Standing<'_>]) -> Option<(String, LabelSet)> {
    let Ground::Consent(id, labels) = ground else {
        return None;
    };
    let (_, standing) = standings
        .iter()
        .enumerate()
        .find(|(at, _)| terms::id_of(*at) == *id)?;
    Some((standing.name().to_owned(), *labels))
}
