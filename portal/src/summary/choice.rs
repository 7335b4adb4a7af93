//! Choice elements: `value[x]`, `onset[x]` and the like, read by the type their name ends in.

use serde_json::Value as Json;

use super::read;
use super::value::Value;

/// What is under `{stem}{Type}`, for whichever type is there.
pub(super) fn choice(root: &Json, holder: &Json, stem: &str) -> Vec<Value> {
    read::entries(holder)
        .filter_map(|(key, value)| {
            let kind = key
                .strip_prefix(stem)
                .filter(|kind| kind.starts_with(|c: char| c.is_ascii_uppercase()))?;
            typed(root, kind, value)
        })
        .collect()
}

fn typed(root: &Json, kind: &str, value: &Json) -> Option<Value> {
    match kind {
        "Quantity" | "Age" | "Duration" | "Count" | "SimpleQuantity" | "Distance" | "Money" => {
            read::quantity(value)
        }
        "CodeableConcept" | "Coding" => read::concept(value),
        "String" | "Markdown" | "Code" | "Uri" | "Url" | "Canonical" | "Time" => {
            read::string(value).map(|text| Value::Text(text.to_owned()))
        }
        "Boolean" => value.as_bool().map(Value::Boolean),
        "Integer" | "Decimal" | "PositiveInt" | "UnsignedInt" => {
            read::number(value).map(|value| Value::Quantity {
                value,
                unit: String::new(),
            })
        }
        "Date" | "DateTime" | "Instant" => read::moment(value),
        "Period" => read::period(value),
        "Range" => read::range(value),
        "Ratio" => read::ratio(value),
        "Reference" => read::reference(root, value),
        "Timing" => read::select(value, "event")
            .into_iter()
            .find_map(read::moment)
            .or_else(|| frequency(value)),
        _ => None,
    }
}

/// How often, from a Timing: in words, else as a rate.
pub(super) fn frequency(timing: &Json) -> Option<Value> {
    if let Some(words) = timing.get("code").and_then(read::words) {
        return Some(Value::Text(words.to_owned()));
    }
    let repeat = timing.get("repeat")?;
    let period = repeat.get("period").and_then(read::number)?;
    let unit = read::field(repeat, "periodUnit")?.to_owned();
    let times = repeat
        .get("frequency")
        .and_then(read::number)
        .unwrap_or_else(|| "1".to_owned());
    Some(Value::Frequency {
        times,
        period,
        unit,
    })
}
