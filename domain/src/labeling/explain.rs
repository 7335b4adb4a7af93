//! The answer to "why is this labelled?", as CLI.md writes it.

use serde_json::{Map, Value, json};

use super::basis::Basis;
use super::propagate::Labelled;
use super::rules::{CodeVerdict, Rules};
use crate::label::{Label, LabelSet};

/// One JSON object a part, in the form of `confide label explain --json` (CLI.md).
pub fn explain(labelled: &Labelled) -> impl Iterator<Item = Value> + '_ {
    let resource = labelled.identity();
    labelled.parts.iter().map(move |part| {
        let mut line = Map::new();
        line.insert("resource".to_owned(), json!(resource));
        line.insert("part".to_owned(), json!(part.path));
        put_axes(&mut line, part.labels);
        let grounds = part
            .basis
            .iter()
            .map(|found| basis(found, &part.path))
            .collect();
        line.insert("basis".to_owned(), Value::Array(grounds));
        if let Some(review) = part.review {
            line.insert("review_reason".to_owned(), json!(review.name()));
        }
        if let Some(conflict) = part.conflict {
            line.insert("conflict".to_owned(), json!(conflict.name()));
        }
        Value::Object(line)
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
    let mut line = Map::new();
    line.insert("system".to_owned(), json!(system));
    line.insert("code".to_owned(), json!(code));
    put_axes(&mut line, labels);
    line.insert("basis".to_owned(), Value::Array(grounds));
    Value::Object(line)
}

/// Adds the four axes of a label set, and whether a person has to look at it.
fn put_axes(line: &mut Map<String, Value>, labels: LabelSet) {
    let segments: Vec<&str> = labels
        .segments()
        .without(Label::General)
        .iter()
        .map(Label::name)
        .collect();
    let separated = [Label::PsychotherapyNote, Label::SudCounselingNote]
        .into_iter()
        .find(|note| labels.has(*note))
        .map(Label::name);
    line.insert(
        "confidentiality".to_owned(),
        json!(labels.confidentiality().code()),
    );
    line.insert("segments".to_owned(), json!(segments));
    line.insert("part2".to_owned(), json!(labels.has(Label::Part2)));
    line.insert("separated".to_owned(), json!(separated));
    line.insert("review".to_owned(), json!(labels.has(Label::Unclassified)));
}

/// Evidence in the part itself comes from the part: the contract wants a path or a reference.
fn basis(basis: &Basis, part: &str) -> Value {
    json!({
        "kind": basis.kind.name(),
        "rule": basis.rule,
        "system": basis.system,
        "code": basis.code,
        "from": basis.from.as_deref().unwrap_or(part),
        "label": basis.label.name(),
    })
}
