//! REMOVE once `domain::redact` is there: keeps of a resource only the top-level members that a permitted part's
//! path begins with. It keeps less than the real one, never more, save for the notes on a shared member below.

use domain::decide::Permit;
use domain::item::ItemFacts;
use serde_json::{Map, Value};

/// The members that say what a resource is.
const ALWAYS: [&str; 2] = ["resourceType", "id"];

pub(crate) fn resource(permit: &Permit, facts: &ItemFacts, resource: &Value) -> Value {
    if permit.is_whole() {
        return resource.clone();
    }
    let Some(members) = resource.as_object() else {
        return Value::Null;
    };
    let top = |path: &str| -> String {
        path.chars()
            .take_while(|c| *c != '.' && *c != '[')
            .collect()
    };
    let mut permitted = Vec::new();
    let mut denied = Vec::new();
    for (index, part) in facts.parts.iter().enumerate() {
        if permit.allows(index) {
            permitted.push(top(&part.path));
        } else {
            denied.push(top(&part.path));
        }
    }
    // A member of which any part is denied goes whole: this shim can't cut inside.
    let kept: Map<String, Value> = members
        .iter()
        .filter(|(name, _)| {
            ALWAYS.contains(&name.as_str()) || (permitted.contains(name) && !denied.contains(name))
        })
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Value::Object(kept)
}
