//! The answer to "why is this labelled?", as CLI.md writes it.

use serde_json::{Value, json};

use super::basis::Basis;
use super::propagate::Labelled;
use super::rules::{CodeVerdict, Rules};
use crate::label::{Label, LabelSet};

/// One JSON object a part, in the form of `confide label explain --json` (CLI.md).
pub fn explain(labelled: &Labelled) -> impl Iterator<Item = Value> + '_ {
    let resource = labelled.identity();
    labelled.parts.iter().map(move |part| {
        let mut line = axes(part.labels);
        line["resource"] = json!(resource);
        line["part"] = json!(part.path);
        line["review"] = json!(part.labels.has(Label::Unclassified));
        line["basis"] = part.basis.iter().map(basis).collect();
        if let Some(review) = part.review {
            line["review_reason"] = json!(review.name());
        }
        line
    })
}

/// What is known of one code on no particular day, in the same form (CLI.md). Labels that need a context are named with
/// it, and do not count.
pub fn explain_code(rules: &Rules, system: &str, code: &str) -> Value {
    let mut labels = LabelSet::EMPTY;
    let mut grounds: Vec<Value> = Vec::new();
    match rules.code(system, code, None) {
        CodeVerdict::UnknownSystem => labels = labels.with(Label::Unclassified),
        CodeVerdict::Ordinary => {}
        CodeVerdict::Labelled(found) => {
            labels = labels.join(found.labels());
            for found in &found {
                grounds.push(json!({
                    "kind": "code", "rule": found.rule, "system": system, "code": code, "from": null,
                    "label": found.label.name(), "note": found.note, "needs_context": found.context.is_some(),
                }));
            }
        }
    }
    let mut line = axes(labels);
    line["system"] = json!(system);
    line["code"] = json!(code);
    line["review"] = json!(labels.has(Label::Unclassified));
    line["basis"] = Value::Array(grounds);
    line
}

/// The four axes of a label set.
fn axes(labels: LabelSet) -> Value {
    let segments: Vec<&str> = labels
        .segments()
        .without(Label::General)
        .iter()
        .map(Label::name)
        .collect();
    let separated = if labels.has(Label::PsychotherapyNote) {
        Some(Label::PsychotherapyNote.name())
    } else if labels.has(Label::SudCounselingNote) {
        Some(Label::SudCounselingNote.name())
    } else {
        None
    };
    json!({
        "confidentiality": labels.confidentiality().code(),
        "segments": segments,
        "part2": labels.has(Label::Part2),
        "separated": separated,
    })
}

fn basis(basis: &Basis) -> Value {
    json!({
        "kind": basis.kind.name(),
        "rule": basis.rule,
        "system": basis.system,
        "code": basis.code,
        "from": basis.from,
        "label": basis.label.name(),
    })
}
