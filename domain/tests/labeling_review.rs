//! What people say of labels, and what follows (POLICY §2, "reviewed by … because …").

use crate::world;

use chrono::DateTime;
use domain::clock::Instant;
use domain::id::{ItemId, PersonId, ReviewId};
use domain::label::{Label, LabelSet};
use domain::labeling::review::{
    Act, Conflict, Fault, Outcome, Parts, Record, Waiting, Why, apply, approve, digests, judge,
    lowerable, refuse, waiting,
};
use domain::labeling::{Basis, BasisKind, Labelled, LabelledPart, Review};
use serde_json::{Value, json};
use uuid::Uuid;
use world::label;

const FIRST: PersonId = PersonId(Uuid::from_u128(1));
const SECOND: PersonId = PersonId(Uuid::from_u128(2));
const ITEM: ItemId = ItemId(Uuid::from_u128(3));

/// One resource under review: what the rules say of it, and what was said since.
struct Desk {
    resource: Value,
    records: Vec<Record>,
}

impl Desk {
    fn new(resource: Value) -> Self {
        Self {
            resource,
            records: Vec::new(),
        }
    }

    /// Labelled anew, as an import does it, with all that was said carried out.
    fn labelled(&self) -> (Labelled, Waiting) {
        let (mut labelled, digests) = self.by_rules();
        apply(&mut Parts::of(&mut labelled, &digests), &self.records, 0);
        let waiting = waiting(&labelled.parts, &digests, &self.records);
        (labelled, waiting)
    }

    fn by_rules(&self) -> (Labelled, Vec<[u8; 32]>) {
        let labelled = label(core::slice::from_ref(&self.resource));
        let labelled = labelled.0.into_values().next().unwrap();
        let digests = digests(self.resource.as_object().unwrap());
        (labelled, digests)
    }

    fn part(&self, path: &str) -> LabelledPart {
        let (labelled, _) = self.labelled();
        labelled
            .parts
            .into_iter()
            .find(|part| part.path == path)
            .unwrap()
    }

    fn waits(&self) -> Vec<String> {
        let (_, waiting) = self.labelled();
        waiting
            .first
            .iter()
            .map(|at| waiting.parts[*at].path.clone())
            .collect()
    }

    fn judge(&self, path: &str, outcome: Outcome) -> Result<Act, Fault> {
        let (labelled, _) = self.labelled();
        let (_, digests) = self.by_rules();
        let at = labelled
            .parts
            .iter()
            .position(|part| part.path == path)
            .unwrap();
        judge(&labelled.parts, &digests, &[at], outcome, "I have read it.")
    }

    fn say(&mut self, by: PersonId, act: Act) -> ReviewId {
        let id = ReviewId(Uuid::from_u128(100 + self.records.len() as u128));
        self.records.push(Record {
            id,
            item: ITEM,
            by,
            at: now(),
            act,
        });
        id
    }

    fn review(&mut self, path: &str, outcome: Outcome) -> ReviewId {
        let act = self.judge(path, outcome).unwrap();
        self.say(FIRST, act)
    }
}

fn now() -> Instant {
    DateTime::UNIX_EPOCH
}

fn set(labels: &[Label]) -> LabelSet {
    labels.iter().copied().collect()
}

/// An ordinary code, and a note that nothing vouches for.
fn with_a_note(text: &str) -> Value {
    json!({
        "resourceType": "Condition", "id": "1",
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "38341003", "display": "Hypertension"}]},
        "note": [{"text": text}]
    })
}

/// Words against the code of the same part.
fn at_odds() -> Value {
    json!({
        "resourceType": "Observation", "id": "1", "status": "final",
        "code": {
            "coding": [{"system": "http://loinc.org", "code": "8867-4", "display": "Heart rate"}],
            "text": "Heart rate after methadone"
        },
        "note": [{"text": "Taken twice."}]
    })
}

fn restricted() -> Value {
    let mut resource = with_a_note("Doing well.");
    resource["meta"] = json!({"security": [
        {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}
    ]});
    resource
}

fn reviewed(part: &LabelledPart) -> Vec<&str> {
    part.basis
        .iter()
        .filter(|basis| basis.kind == BasisKind::Reviewed)
        .map(|basis| &*basis.rule)
        .collect()
}

const UNVOUCHED: &str = "Zorblax quintuple frimble wexley as before, see the blue folder for it.";

/// POLICY §2, deny by default: free text that nothing vouches for waits, and a confirmation opens it.
#[test]
fn confirming_takes_off_unclassified_and_nothing_else() {
    let mut desk = Desk::new(with_a_note(UNVOUCHED));
    let before = desk.part("note[0]");
    assert!(before.labels == set(&[Label::Unclassified]));
    assert_eq!(desk.waits(), ["note[0]"]);
    desk.review("note[0]", Outcome::Confirmed);
    let after = desk.part("note[0]");
    assert!(after.labels.is_ordinary() && after.review.is_none());
    assert_eq!(reviewed(&after), ["review.confirmed"]);
    assert!(desk.waits().is_empty());
}

/// POLICY §2: a raised label stays for good, with its basis.
#[test]
fn raising_labels_the_part() {
    let mut desk = Desk::new(with_a_note(UNVOUCHED));
    desk.review("note[0]", Outcome::Raised(set(&[Label::Hiv])));
    let after = desk.part("note[0]");
    assert!(after.labels == set(&[Label::Hiv]));
    assert_eq!(reviewed(&after), ["review.raised"]);
    assert!(desk.part("code").labels.is_ordinary());
    assert!(desk.waits().is_empty());
}

/// POLICY §2: a label that only came along a reference may go again, and so it can be raised as if it were not there.
#[test]
fn what_only_came_along_a_reference_can_be_raised() {
    let desk = Desk::new(with_a_note(UNVOUCHED));
    let (mut labelled, digests) = desk.by_rules();
    let mut paths = labelled.parts.iter();
    let at = paths.position(|part| part.path == "note[0]").unwrap();
    for (rule, fault) in [("review.carried", None), ("reference", Some(Fault::Labels))] {
        let part = &mut labelled.parts[at];
        part.labels = part.labels.with(Label::Hiv);
        part.basis = vec![Basis {
            kind: BasisKind::Reference,
            rule: rule.into(),
            system: None,
            code: None,
            from: None,
            label: Label::Hiv,
        }];
        let raise = Outcome::Raised(set(&[Label::Hiv]));
        let made = judge(&labelled.parts, &digests, &[at], raise, "I have read it.");
        assert_eq!(made.err(), fault, "{rule}");
    }
}

/// POLICY §1: the whole item is about its title.
#[test]
fn raising_the_title_labels_the_item() {
    let mut desk = Desk::new(json!({
        "resourceType": "Condition", "id": "1", "code": {"text": "Frimble wexley"},
        "onsetDateTime": "2026-01-01"
    }));
    assert!(desk.waits().contains(&"code".to_owned()));
    desk.review("code", Outcome::Raised(set(&[Label::MentalHealth])));
    assert!(desk.part("onsetDateTime").labels.has(Label::MentalHealth));
}

/// POLICY §2: what was said rests on what was looked at. Other content waits again; raised labels stay.
#[test]
fn a_change_of_content_takes_back_all_but_raises() {
    for (outcome, kept) in [
        (Outcome::Confirmed, set(&[])),
        (Outcome::Raised(set(&[Label::Hiv])), set(&[Label::Hiv])),
    ] {
        let mut desk = Desk::new(with_a_note(UNVOUCHED));
        desk.review("note[0]", outcome);
        desk.resource = with_a_note("Glimmer vost instead, in another folder altogether now.");
        let after = desk.part("note[0]");
        assert!(after.labels == kept.with(Label::Unclassified));
        assert_eq!(desk.waits(), ["note[0]"]);
    }
}

/// A raise follows its content when parts move, and stays where it was as well: never less than was said.
#[test]
fn a_raise_is_not_lost_when_parts_move() {
    let mut desk = Desk::new(with_a_note(UNVOUCHED));
    desk.review("note[0]", Outcome::Raised(set(&[Label::Hiv])));
    let moved = json!([{"text": "Glimmer vost, first of all."}, {"text": UNVOUCHED}]);
    desk.resource["note"] = moved;
    assert!(desk.part("note[1]").labels == set(&[Label::Hiv]));
    assert!(desk.part("note[0]").labels.has(Label::Hiv));
    // Where nothing is where it was nor what it was, all that is like it is labelled.
    let mut desk = Desk::new(with_a_note(UNVOUCHED));
    desk.resource["note"] = json!([{"text": "Vost."}, {"text": UNVOUCHED}]);
    desk.review("note[1]", Outcome::Raised(set(&[Label::Hiv])));
    desk.resource = with_a_note("Glimmer vost instead.");
    assert!(desk.part("note[0]").labels.has(Label::Hiv));
}

/// A confirmation is for the subjects that were seen: a rule that finds another later sends the part back.
#[test]
fn a_confirmation_covers_only_what_was_there() {
    let mut desk = Desk::new(with_a_note(UNVOUCHED));
    let (mut labelled, digests) = desk.by_rules();
    desk.review("note[0]", Outcome::Confirmed);
    for part in &mut labelled.parts {
        part.labels = part.labels.with(Label::Genetics);
    }
    apply(&mut Parts::of(&mut labelled, &digests), &desk.records, 0);
    let note = labelled.parts.iter().find(|part| part.path == "note[0]");
    assert!(note.unwrap().labels.has(Label::Unclassified));
}

/// POLICY §2: evidence that does not agree goes to a person, and hides nothing.
#[test]
fn words_against_a_code_are_a_conflict() {
    let mut desk = Desk::new(at_odds());
    let part = desk.part("code");
    assert_eq!(part.conflict, Some(Conflict::WordsAgainstCode));
    assert!(part.labels.has(Label::Opioids) && !part.labels.has(Label::Unclassified));
    let (_, waiting) = desk.labelled();
    assert!(
        waiting.parts.iter().any(
            |part| part.path == "code" && part.why == Why::Conflict(Conflict::WordsAgainstCode)
        )
    );
    desk.review("code", Outcome::Confirmed);
    assert!(desk.part("code").labels.has(Label::Opioids));
    assert!(!desk.waits().contains(&"code".to_owned()));
}

/// POLICY §2: a sensitive code on what came as not restricted is labelled, and looked at.
#[test]
fn a_sensitive_code_that_came_unrestricted_is_a_conflict() {
    let with = |confidentiality: &str| {
        Desk::new(json!({
            "resourceType": "Condition", "id": "1",
            "meta": {"security": [{
                "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": confidentiality
            }]},
            "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F11.20"}]},
            "recordedDate": "2026-01-01"
        }))
        .part("code")
        .conflict
    };
    assert_eq!(with("N"), Some(Conflict::CameUnrestricted));
    assert_eq!(with("L"), Some(Conflict::CameUnrestricted));
    assert_eq!(with("R"), None);
}

/// POLICY §2: lowering takes two; proposed, it changes nothing.
#[test]
fn lowering_takes_two_persons() {
    let mut desk = Desk::new(at_odds());
    let opioids = set(&[Label::Opioids]);
    let before = desk.labelled().0;
    let proposal = desk.review("code", Outcome::Lowered(opioids));
    let (proposed, waits) = desk.labelled();
    assert!(proposed == before);
    assert_eq!(waits.second, [proposal]);
    assert!(!desk.waits().contains(&"code".to_owned()));
    assert_eq!(
        approve(&desk.records, proposal, FIRST),
        Err(Fault::SamePerson)
    );
    let act = approve(&desk.records, proposal, SECOND).unwrap();
    desk.say(SECOND, act);
    let (after, waits) = desk.labelled();
    assert!(
        !after.labels().has(Label::Opioids),
        "the whole item had it from its title"
    );
    assert_eq!(reviewed(&desk.part("code")), ["review.lowered"]);
    assert!(waits.second.is_empty());
    assert_eq!(
        approve(&desk.records, proposal, SECOND),
        Err(Fault::NoProposal)
    );
}

/// A record that says the same person approved changes nothing, however it came there.
#[test]
fn an_approval_by_the_same_person_has_no_effect() {
    let mut desk = Desk::new(at_odds());
    let proposal = desk.review("code", Outcome::Lowered(set(&[Label::Opioids])));
    desk.say(FIRST, Act::Approved { proposal });
    assert!(desk.part("code").labels.has(Label::Opioids));
}

/// A proposal that was refused leaves everything, and the part waits again.
#[test]
fn a_refused_proposal_changes_nothing() {
    let mut desk = Desk::new(at_odds());
    let proposal = desk.review("code", Outcome::Lowered(set(&[Label::Opioids])));
    let act = refuse(&desk.records, proposal).unwrap();
    desk.say(SECOND, act);
    assert!(desk.part("code").labels.has(Label::Opioids));
    assert!(desk.waits().contains(&"code".to_owned()));
    assert_eq!(refuse(&desk.records, proposal), Err(Fault::NoProposal));
}

/// POLICY §2: a lowering falls away with the content it was for, approved or not.
#[test]
fn a_lowering_falls_away_with_its_content() {
    let mut desk = Desk::new(at_odds());
    let proposal = desk.review("code", Outcome::Lowered(set(&[Label::Opioids])));
    let act = approve(&desk.records, proposal, SECOND).unwrap();
    desk.resource["code"]["text"] = json!("Heart rate before methadone");
    assert!(
        desk.labelled().1.second.is_empty(),
        "nothing is proposed for this"
    );
    desk.say(SECOND, act);
    assert!(desk.part("code").labels.has(Label::Opioids));
}

/// POLICY §2: incoming labels are never weakened; nor are the law, notes and marks.
#[test]
fn what_came_with_the_item_can_not_be_lowered() {
    let mut resource = at_odds();
    resource["meta"] = json!({"security": [
        {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "OPIOIDUD"}
    ]});
    let desk = Desk::new(resource);
    assert!(lowerable(&desk.part("code")).is_empty());
    let mut part = Desk::new(at_odds()).part("code");
    part.labels = part.labels.join(set(&[
        Label::Part2,
        Label::SudCounselingNote,
        Label::PatientRequested,
        Label::MinorConsented,
    ]));
    assert!(lowerable(&part) == set(&[Label::Opioids]));
    let desk = Desk::new(at_odds());
    assert_eq!(
        desk.judge("code", Outcome::Lowered(set(&[Label::Part2]))),
        Err(Fault::CantLower)
    );
}

/// POLICY §2: what came restricted without a reason opens by a label that explains it, never as ordinary.
#[test]
fn an_unexplained_restriction_is_explained_or_stays() {
    let mut desk = Desk::new(restricted());
    let part = desk.part("note[0]");
    assert_eq!(part.review, Some(Review::IncomingRestriction));
    assert_eq!(
        desk.judge("note[0]", Outcome::Confirmed),
        Err(Fault::CameRestricted)
    );
    desk.review("note[0]", Outcome::Raised(set(&[Label::Hiv])));
    assert!(desk.part("note[0]").labels == set(&[Label::Hiv]));
}

/// What may be said: a reason, parts that wait, labels that are segments and new.
#[test]
fn an_act_is_made_from_what_stands_or_not_at_all() {
    let desk = Desk::new(with_a_note(UNVOUCHED));
    let (labelled, digests) = desk.by_rules();
    let note = labelled
        .parts
        .iter()
        .position(|part| part.path == "note[0]")
        .unwrap();
    let code = usize::from(note == 0);
    let made = |chosen: &[usize], outcome, because: &str| {
        judge(&labelled.parts, &digests, chosen, outcome, because).err()
    };
    let confirmed = Outcome::Confirmed;
    assert_eq!(made(&[note], confirmed, " \n"), Some(Fault::NoReason));
    assert_eq!(
        made(&[note], confirmed, &"é".repeat(1_001)),
        Some(Fault::ReasonTooLong)
    );
    assert_eq!(made(&[note], confirmed, &"é".repeat(1_000)), None);
    assert_eq!(made(&[], confirmed, "x"), Some(Fault::NotWaiting));
    assert_eq!(made(&[code], confirmed, "x"), Some(Fault::NotWaiting));
    assert_eq!(made(&[99], confirmed, "x"), Some(Fault::NotWaiting));
    for labels in [
        set(&[]),
        set(&[Label::General]),
        set(&[Label::Part2]),
        set(&[Label::Hiv, Label::PatientRequested]),
    ] {
        assert_eq!(
            made(&[note], Outcome::Raised(labels), "x"),
            Some(Fault::Labels)
        );
    }
    assert_eq!(
        made(&[note], Outcome::Lowered(set(&[])), "x"),
        Some(Fault::Labels)
    );
}

/// POLICY §2, `PRS`: the patient's own wish is theirs to take back; one that came with the item stays.
#[test]
fn the_patients_wish_comes_and_goes() {
    let mut desk = Desk::new(with_a_note(UNVOUCHED));
    let before = desk.labelled().0;
    desk.say(FIRST, Act::KeptPrivate);
    let (private, _) = desk.labelled();
    assert!(
        private
            .parts
            .iter()
            .all(|part| part.labels.has(Label::PatientRequested))
    );
    desk.say(FIRST, Act::KeptPrivate);
    desk.say(FIRST, Act::NoLongerPrivate);
    assert!(desk.labelled().0 == before);

    let mut resource = with_a_note(UNVOUCHED);
    resource["meta"] = json!({"security": [
        {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "PRS"}
    ]});
    let mut desk = Desk::new(resource);
    let before = desk.labelled().0;
    assert!(before.labels().has(Label::PatientRequested));
    desk.say(FIRST, Act::KeptPrivate);
    desk.say(FIRST, Act::NoLongerPrivate);
    assert!(desk.labelled().0 == before);
}

/// Said one after the other or carried out anew by an import: the same labels, for the same reasons.
#[test]
fn step_by_step_is_the_same_as_all_at_once() {
    let mut desk = Desk::new(at_odds());
    let (mut stepwise, digests) = desk.by_rules();
    let proposal = desk.review("code", Outcome::Lowered(set(&[Label::Opioids])));
    desk.say(FIRST, Act::KeptPrivate);
    let act = approve(&desk.records, proposal, SECOND).unwrap();
    desk.say(SECOND, act);
    desk.say(FIRST, Act::NoLongerPrivate);
    for done in 0..desk.records.len() {
        let so_far = &desk.records[..=done];
        apply(&mut Parts::of(&mut stepwise, &digests), so_far, done);
    }
    assert!(stepwise == desk.labelled().0);
}

/// A record is kept for good: it reads back, and a member that nobody knows is not dropped silently.
#[test]
fn records_read_back() {
    let mut desk = Desk::new(with_a_note(UNVOUCHED));
    desk.review("note[0]", Outcome::Raised(set(&[Label::Hiv])));
    let stored = serde_json::to_value(&desk.records[0]).unwrap();
    assert!(serde_json::from_value::<Record>(stored.clone()).unwrap() == desk.records[0]);
    let mut odd = stored;
    odd["more"] = json!(1);
    assert!(serde_json::from_value::<Record>(odd).is_err());
    assert_eq!(format!("{:?}", desk.records[0].act), "Act([redacted])");
}
