//! The same resource twice in one file: allowed word for word, a fault otherwise.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use super::{ReadFault, fault};

/// What the file has held so far, as digests only.
#[derive(Default)]
pub(super) struct Seen(HashMap<u64, u64>);

impl Seen {
    /// Whether this resource has not been seen before.
    ///
    /// # Errors
    /// When another content stood under the same `fullUrl` or the same type and id.
    pub fn is_new(
        &mut self,
        full_url: Option<&str>,
        resource: &Value,
        index: usize,
    ) -> Result<bool, ReadFault> {
        let kind = resource
            .get("resourceType")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let id = resource.get("id").and_then(Value::as_str);
        let content = digest(|hasher| content(resource, hasher));
        let mut is_new = true;
        let names = [
            full_url.map(|url| digest(|hasher| ("url", url).hash(hasher))),
            id.map(|id| digest(|hasher| (kind, id).hash(hasher))),
        ];
        for name in names.into_iter().flatten() {
            if let Some(before) = self.0.insert(name, content) {
                if before != content {
                    return Err(fault(
                        Some(index),
                        "id",
                        "the file holds two different resources under this identity",
                    ));
                }
                is_new = false;
            }
        }
        Ok(is_new)
    }
}

fn digest(feed: impl FnOnce(&mut DefaultHasher)) -> u64 {
    let mut hasher = DefaultHasher::new();
    feed(&mut hasher);
    hasher.finish()
}

/// Feeds a JSON value; the order of an object's elements does not matter to FHIR, but a copy keeps it.
fn content(value: &Value, hasher: &mut DefaultHasher) {
    match value {
        Value::Null => 0_u8.hash(hasher),
        Value::Bool(bool) => (1_u8, bool).hash(hasher),
        Value::Number(number) => (2_u8, number).hash(hasher),
        Value::String(text) => (3_u8, text).hash(hasher),
        Value::Array(list) => {
            (4_u8, list.len()).hash(hasher);
            for item in list {
                content(item, hasher);
            }
        }
        Value::Object(map) => {
            (5_u8, map.len()).hash(hasher);
            for (key, item) in map {
                key.hash(hasher);
                content(item, hasher);
            }
        }
    }
}
