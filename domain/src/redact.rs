//! Redaction: what is left of a resource when only some of its parts may be passed on (POLICY §1, §5).
//!
//! The result shows no sign of what is missing: lists close up, empty objects go, and the numbers by which a claim's
//! lines speak of each other are counted anew.

use serde_json::{Map, Value, json};

use crate::labeling::parts::{self, Nest};

/// Keeps the resource type, the id and the permitted parts; the parts are numbered as in
/// [`parts::split`](crate::labeling::parts::split). Of `meta` only the given security codings are there; the narrative
/// never is (POLICY §1). Not an object: nothing is left of it.
pub fn redact(resource: &Value, permitted: impl Fn(usize) -> bool, security: &[Value]) -> Value {
    let Some(map) = resource.as_object() else {
        return Value::Null;
    };
    redact_split(map, &parts::split(map), permitted, security)
}

/// The same of a resource's members that were split already: `split` is what [`parts::split`](crate::labeling::parts::split)
/// gives of them.
pub fn redact_split(
    map: &Map<String, Value>,
    split: &[parts::Part<'_>],
    permitted: impl Fn(usize) -> bool,
    security: &[Value],
) -> Value {
    let mut out = Map::new();
    for key in ["resourceType", "id"] {
        if let Some(value) = map.get(key).filter(|value| value.is_string()) {
            out.insert(key.to_owned(), value.clone());
        }
    }
    if !security.is_empty() {
        out.insert("meta".to_owned(), json!({ "security": security }));
    }
    let mut index = 0;
    while let Some(part) = split.get(index) {
        let next = next_of_same_level(split, index);
        if permitted(index) {
            let offset = index.saturating_add(1);
            let keep = |at: usize| permitted(offset.saturating_add(at));
            let inside = split.get(offset..next).unwrap_or_default();
            put(
                &mut out,
                part,
                &Inside {
                    parts: inside,
                    keep: &keep,
                },
            );
        }
        index = next;
    }
    let resource_type = map
        .get("resourceType")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if crate::labeling::is_claim(resource_type) {
        renumber(&mut out);
    }
    Value::Object(out)
}

/// The nested parts of a part, and which of them are kept.
struct Inside<'a, 'p> {
    parts: &'a [parts::Part<'p>],
    keep: &'a dyn Fn(usize) -> bool,
}

impl Inside<'_, '_> {
    /// Whether the nested part at that path is kept.
    fn has(&self, path: &str) -> bool {
        self.parts
            .iter()
            .position(|part| part.path == path)
            .is_some_and(|at| (self.keep)(at))
    }
}

/// The place of the first part after `index` that is not inside it.
fn next_of_same_level(split: &[parts::Part<'_>], index: usize) -> usize {
    let mut next = index.saturating_add(1);
    while split
        .get(next)
        .is_some_and(|part| part.parent.is_some_and(|parent| parent >= index))
    {
        next = next.saturating_add(1);
    }
    next
}

fn put(out: &mut Map<String, Value>, part: &parts::Part<'_>, inside: &Inside<'_, '_>) {
    let is_listed = part.path.ends_with(']');
    if let Some(value) = part
        .value
        .and_then(|value| cleaned(value, &part.path, part.nests, inside))
    {
        if is_listed {
            match out
                .entry(part.element)
                .or_insert_with(|| Value::Array(Vec::new()))
            {
                Value::Array(list) => list.push(value),
                _ => return,
            }
        } else {
            out.insert(part.element.to_owned(), value);
        }
    }
    if let Some(beside) = part
        .beside
        .and_then(|value| cleaned(value, "", None, inside))
    {
        out.insert(format!("_{}", part.element), beside);
    }
}

/// The value without narratives, without nested parts that are not kept, and without what is then empty.
fn cleaned(
    value: &Value,
    path: &str,
    nests: Option<Nest>,
    inside: &Inside<'_, '_>,
) -> Option<Value> {
    match value {
        Value::Null => Some(Value::Null),
        Value::Array(list) => {
            let list: Vec<Value> = list
                .iter()
                .filter_map(|item| cleaned(item, path, nests, inside))
                .collect();
            (!list.iter().all(Value::is_null)).then_some(Value::Array(list))
        }
        Value::Object(map) => {
            let mut out = Map::new();
            for (key, value) in map {
                if is_narrative(key, value, nests)
                    || (key == "meta" && map.contains_key("resourceType"))
                {
                    continue;
                }
                let kept = match nests {
                    Some(nest) if key == nest.element() && value.is_array() => {
                        nested(value, path, nest, inside)
                    }
                    Some(Nest::Items) if key == "answer" => answers(value, path, inside),
                    _ => cleaned(value, "", None, inside),
                };
                if let Some(kept) = kept {
                    out.insert(key.clone(), kept);
                }
            }
            (!out.is_empty()).then_some(Value::Object(out))
        }
        other => Some(other.clone()),
    }
}

/// A generated narrative; that of a composition's section is its content.
fn is_narrative(key: &str, value: &Value, nests: Option<Nest>) -> bool {
    key == "text" && value.get("div").is_some() && nests != Some(Nest::Sections)
}

/// The kept ones of a list of nested parts.
fn nested(value: &Value, path: &str, nest: Nest, inside: &Inside<'_, '_>) -> Option<Value> {
    let list = value.as_array()?;
    let element = nest.element();
    let kept: Vec<Value> = list
        .iter()
        .enumerate()
        .filter_map(|(index, item)| {
            let path = format!("{path}.{element}[{index}]");
            if inside.has(&path) {
                cleaned(item, &path, Some(nest), inside)
            } else {
                None
            }
        })
        .collect();
    (!kept.is_empty()).then_some(Value::Array(kept))
}

/// The answers to a question, each with the kept ones of the questions under it.
fn answers(value: &Value, path: &str, inside: &Inside<'_, '_>) -> Option<Value> {
    let list = value.as_array()?;
    let kept: Vec<Value> = list
        .iter()
        .enumerate()
        .filter_map(|(index, answer)| {
            cleaned(
                answer,
                &format!("{path}.answer[{index}]"),
                Some(Nest::Items),
                inside,
            )
        })
        .collect();
    (!kept.is_empty()).then_some(Value::Array(kept))
}

/// The lists of a claim whose members are numbered, and the elements that name the numbers.
const NUMBERED: [(&str, &[&str]); 7] = [
    ("diagnosis", &["diagnosisSequence", "diagnosisLinkId"]),
    ("procedure", &["procedureSequence", "procedureLinkId"]),
    ("careTeam", &["careTeamSequence", "careTeamLinkId"]),
    (
        "supportingInfo",
        &["informationSequence", "informationLinkId"],
    ),
    ("insurance", &[]),
    ("item", &["itemSequence"]),
    ("addItem", &[]),
];

/// Counts a claim's lines anew, so that no gap tells of a line that is not there.
fn renumber(claim: &mut Map<String, Value>) {
    for (element, names) in NUMBERED {
        let mut old: Vec<Value> = Vec::new();
        if let Some(Value::Array(list)) = claim.get_mut(element) {
            let mut number = 0_u64;
            for member in list.iter_mut().filter_map(Value::as_object_mut) {
                if let Some(sequence) = member.get_mut("sequence") {
                    number = number.saturating_add(1);
                    old.push(core::mem::replace(sequence, json!(number)));
                }
            }
        }
        if names.is_empty() {
            continue;
        }
        let new = |value: &Value| -> Option<Value> {
            let at = old.iter().position(|old| old == value)?;
            Some(json!(at.saturating_add(1)))
        };
        for value in claim.values_mut() {
            replace(value, names, &new);
        }
    }
    claim.retain(|_, value| !is_empty(value));
}

/// Replaces numbers under these names; those that name nothing any more go, and what is empty without them.
fn replace(value: &mut Value, names: &[&str], new: &dyn Fn(&Value) -> Option<Value>) {
    match value {
        Value::Array(list) => {
            for item in list.iter_mut() {
                replace(item, names, new);
            }
            list.retain(|item| !is_empty(item));
        }
        Value::Object(map) => {
            for name in names {
                match map.get_mut(*name) {
                    Some(Value::Array(numbers)) => {
                        *numbers = numbers.iter().filter_map(new).collect();
                    }
                    Some(number) => *number = new(number).unwrap_or(Value::Array(Vec::new())),
                    None => {}
                }
            }
            for value in map.values_mut() {
                replace(value, names, new);
            }
            map.retain(|_, value| !is_empty(value));
        }
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}
