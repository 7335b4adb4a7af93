//! The ways in which one part of a resource speaks of another.

use serde_json::Value;

use super::examined::Link;
use super::parts::Part;
use super::roles;

/// The ways in which one part of the resource speaks of another.
pub(super) fn links(resource_type: &str, split: &[Part<'_>]) -> Vec<Link> {
    let mut links = Vec::new();
    let index = |index: usize| u32::try_from(index).ok();
    for (to, part) in split.iter().enumerate() {
        // What stands under a question or a section is about what that is about.
        if let (Some(from), Some(to)) = (part.parent.and_then(index), index(to)) {
            links.push(Link { from, to: Some(to) });
        }
        if !roles::is_claim(resource_type) {
            continue;
        }
        if let ("item" | "addItem", Some(value)) = (part.element, part.value) {
            for (sequence, element) in [
                ("diagnosisSequence", "diagnosis"),
                ("procedureSequence", "procedure"),
                ("informationSequence", "supportingInfo"),
            ] {
                let wanted = value.get(sequence).and_then(Value::as_array);
                for number in wanted.into_iter().flatten() {
                    let from = split.iter().position(|other| {
                        other.element == element
                            && other.value.and_then(|value| value.get("sequence")) == Some(number)
                    });
                    if let (Some(from), Some(to)) = (from.and_then(index), index(to)) {
                        links.push(Link { from, to: Some(to) });
                    }
                }
            }
        }
        // Sums tell of what they sum up.
        if matches!(
            part.element,
            "total" | "payment" | "adjudication" | "benefitBalance"
        ) {
            for (from, other) in split.iter().enumerate() {
                if matches!(other.element, "item" | "addItem")
                    && let (Some(from), Some(to)) = (index(from), index(to))
                {
                    links.push(Link { from, to: Some(to) });
                }
            }
        }
    }
    links
}
