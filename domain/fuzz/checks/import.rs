//! Whatever the bytes: they are refused with a fault, or they become labelled parts. Nothing panics.

use domain::fhir::reader;
use domain::fhir::security::{self, CONFIDENTIALITY};
use domain::label::{Label, LabelSet};
use domain::labeling::{
    Context, Examined, Examiner, Fault, Labelled, Part2Programs, parts, settle,
};
use domain::redact::redact;
use serde_json::Value;

/// The largest resource here, in bytes: what takes longer finds no more.
const LARGEST: usize = 256 * 1024;

/// An organization that the seeds name, as a Part 2 program.
const PROGRAM: &str = "Organization/program";

/// # Panics
/// When one of the promises below does not hold.
pub fn check(data: &[u8]) {
    let mut examiner = Examiner::default();
    let mut resources = Vec::new();
    let mut examined = Vec::new();
    // A fault late in the file takes everything back in the importer; what came before it is looked at here all the same.
    let _ = reader::read_limited(data, LARGEST, |entry| {
        assert!(entry.resource.is_object(), "only objects are given out");
        examined.push(examiner.examine(&entry.resource, entry.full_url.as_deref())?);
        resources.push(entry.resource);
        Ok::<(), Fault>(())
    });
    let there = labelled(examined.clone());
    assert_eq!(there.len(), resources.len());
    for (resource, labelled) in resources.iter().zip(&there) {
        parts_are_sound(resource, labelled);
        incoming_is_kept(resource, labelled);
        redaction_is_sound(resource, labelled);
    }
    examined.reverse();
    let mut back = labelled(examined);
    back.reverse();
    for (one, other) in there.iter().zip(&back) {
        for (part, again) in one.parts.iter().zip(&other.parts) {
            assert!(part.labels == again.labels, "the order gives no label");
        }
    }
}

fn labelled(examined: Vec<Examined>) -> Vec<Labelled> {
    let programs = Part2Programs::of([PROGRAM]);
    settle(
        examined,
        &Context {
            part2_programs: &programs,
        },
    )
}

/// POLICY §1: a part at least, one of them identifying; each label has its basis; what waits for review is hidden.
fn parts_are_sound(resource: &Value, labelled: &Labelled) {
    let split = parts::split(resource.as_object().expect("an object"));
    assert!(!labelled.parts.is_empty(), "at least one part");
    assert_eq!(labelled.parts.len(), split.len(), "one order of parts");
    assert!(!labelled.identifying.is_empty(), "something identifies it");
    for index in &labelled.identifying {
        assert!(usize::from(*index) < labelled.parts.len(), "a part of it");
    }
    for (part, split) in labelled.parts.iter().zip(&split) {
        assert_eq!(part.path, split.path);
        assert!(part.labels.is_readable());
        assert_eq!(
            part.labels.has(Label::Unclassified),
            part.review.is_some(),
            "who waits for review is unclassified, and nobody else"
        );
        for label in part.labels.without(Label::Unclassified).iter() {
            let rests = part.basis.iter().any(|basis| basis.label == label);
            assert!(rests, "every label rests on something");
        }
    }
}

/// POLICY §2: labels that came with the resource are never weakened.
fn incoming_is_kept(resource: &Value, labelled: &Labelled) {
    let codings = resource["meta"]["security"].as_array();
    let incoming = security::read(codings.into_iter().flatten());
    let labels = incoming.labels.without(Label::General);
    for part in &labelled.parts {
        assert!(part.labels.contains(labels), "incoming labels stay");
        assert!(
            !incoming.unreadable || part.labels.has(Label::Unclassified),
            "what can't be read hides"
        );
    }
}

/// LAW G1: a copy carries one v3-Confidentiality code and no narrative; of nothing permitted, nothing is left.
fn redaction_is_sound(resource: &Value, labelled: &Labelled) {
    let all = labelled.labels();
    let codings = security::security(all, &[]);
    let copy = redact(resource, |_| true, &codings);
    let confidentiality = copy["meta"]["security"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|coding| coding["system"] == CONFIDENTIALITY)
        .count();
    assert_eq!(confidentiality, 1, "exactly one confidentiality");
    assert!(
        copy.get("text").is_none(),
        "the narrative is never passed on"
    );
    assert!(
        security::read(&codings)
            .labels
            .contains(all.minus(silent())),
        "labels read back"
    );
    let bare = redact(resource, |_| false, &[]);
    let left = bare.as_object().expect("an object");
    assert!(
        left.keys().all(|key| key == "resourceType" || key == "id"),
        "nothing else is left"
    );
}

/// Labels that a copy does not name: ordinary health has no code, and nothing unclassified is copied.
fn silent() -> LabelSet {
    LabelSet::of([Label::General, Label::Unclassified])
}
