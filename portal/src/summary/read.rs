//! Reading FHIR R4 data types out of JSON, whatever is left of them.

use serde_json::{Map, Value as Json};

use super::value::{Moment, Value};

/// Everything a dotted path leads to, going into each element of lists on the way.
pub(super) fn select<'a>(from: &'a Json, path: &str) -> Vec<&'a Json> {
    let mut found = vec![from];
    for name in path.split('.') {
        found = found
            .into_iter()
            .flat_map(flat)
            .filter_map(|value| value.get(name))
            .collect();
    }
    found.into_iter().flat_map(flat).collect()
}

/// The elements of a list, or the one value itself.
fn flat(value: &Json) -> Vec<&Json> {
    match value {
        Json::Array(elements) => elements.iter().collect(),
        other => vec![other],
    }
}

/// A string that says something, without space around it.
pub(super) fn string(value: &Json) -> Option<&str> {
    value
        .as_str()
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

/// The string under a key.
pub(super) fn field<'a>(value: &'a Json, key: &str) -> Option<&'a str> {
    value.get(key).and_then(string)
}

/// A number as the record writes it; some writers put numbers in strings.
pub(super) fn number(value: &Json) -> Option<String> {
    match value {
        Json::Number(number) => Some(number.to_string()),
        other => string(other)
            .filter(|text| text.parse::<f64>().is_ok())
            .map(str::to_owned),
    }
}

/// The words of a CodeableConcept or Coding: its author's text, else the display its author chose,
/// else the first.
pub(super) fn words(concept: &Json) -> Option<&str> {
    if let Some(text) = field(concept, "text").or_else(|| field(concept, "display")) {
        return Some(text);
    }
    let codings = concept.get("coding").and_then(Json::as_array)?;
    let chosen = codings
        .iter()
        .find(|coding| coding.get("userSelected").and_then(Json::as_bool) == Some(true));
    chosen
        .into_iter()
        .chain(codings)
        .find_map(|coding| field(coding, "display"))
}

/// The words of a concept, else its bare code. A plain string is taken for either.
pub(super) fn concept(value: &Json) -> Option<Value> {
    if let Some(text) = string(value) {
        return Some(Value::Text(text.to_owned()));
    }
    words(value)
        .or_else(|| code_of(value))
        .map(|text| Value::Text(text.to_owned()))
}

/// The code of a code, Coding or CodeableConcept of a closed set, else its words.
pub(super) fn code(value: &Json) -> Option<Value> {
    if let Some(text) = string(value).or_else(|| code_of(value)) {
        return Some(Value::Code(text.to_owned()));
    }
    words(value).map(|text| Value::Text(text.to_owned()))
}

fn code_of(value: &Json) -> Option<&str> {
    field(value, "code").or_else(|| {
        value
            .get("coding")
            .and_then(Json::as_array)?
            .iter()
            .find_map(|coding| field(coding, "code"))
    })
}

/// A date or time.
pub(super) fn moment(value: &Json) -> Option<Value> {
    let text = string(value)?;
    // A date we can't read is still something to read.
    Some(Moment::parse(text).map_or_else(|| Value::Text(text.to_owned()), Value::from))
}

/// A Period.
pub(super) fn period(value: &Json) -> Option<Value> {
    let start = field(value, "start").and_then(Moment::parse);
    let end = field(value, "end").and_then(Moment::parse);
    (start.is_some() || end.is_some()).then_some(Value::Period { start, end })
}

/// A Quantity, Age, Duration, Count or Money.
pub(super) fn quantity(value: &Json) -> Option<Value> {
    let amount = value.get("value").and_then(number)?;
    let comparator = field(value, "comparator")
        .map(|comparator| format!("{comparator} "))
        .unwrap_or_default();
    Some(Value::Quantity {
        value: format!("{comparator}{amount}"),
        unit: unit(value),
    })
}

fn unit(quantity: &Json) -> String {
    field(quantity, "unit")
        .or_else(|| field(quantity, "code"))
        .or_else(|| field(quantity, "currency"))
        // UCUM's unity and its annotations are no words.
        .filter(|unit| *unit != "1" && !(unit.starts_with('{') && unit.ends_with('}')))
        .unwrap_or_default()
        .to_owned()
}

/// A Range, or an Observation's reference range, which may be in words.
pub(super) fn range(value: &Json) -> Option<Value> {
    let end = |name: &str| {
        value
            .get(name)
            .and_then(|end| end.get("value"))
            .and_then(number)
    };
    let (low, high) = (end("low"), end("high"));
    if low.is_none() && high.is_none() {
        return field(value, "text").map(|text| Value::Text(text.to_owned()));
    }
    let unit = ["low", "high"]
        .into_iter()
        .filter_map(|name| value.get(name))
        .map(unit)
        .find(|unit| !unit.is_empty())
        .unwrap_or_default();
    Some(Value::Range { low, high, unit })
}

/// A Ratio, such as a titre: "1 : 64".
pub(super) fn ratio(value: &Json) -> Option<Value> {
    let part = |name: &str| {
        let quantity = value.get(name)?;
        let amount = quantity.get("value").and_then(number)?;
        let unit = unit(quantity);
        Some(if unit.is_empty() {
            amount
        } else {
            format!("{amount} {unit}")
        })
    };
    Some(Value::Text(format!(
        "{} : {}",
        part("numerator")?,
        part("denominator")?
    )))
}

/// Who or what a reference means, where it says so itself or what it means is contained.
pub(super) fn reference(root: &Json, value: &Json) -> Option<Value> {
    if let Some(display) = field(value, "display") {
        return Some(Value::Text(display.to_owned()));
    }
    let target = contained(root, value)?;
    let name = target.get("name").and_then(name).or_else(|| {
        ["code", "vaccineCode", "type"]
            .into_iter()
            .find_map(|key| words(target.get(key)?))
            .map(str::to_owned)
    })?;
    Some(Value::Text(name))
}

/// The contained resource a reference such as `#med1` points to.
pub(super) fn contained<'a>(root: &'a Json, reference: &Json) -> Option<&'a Json> {
    let id = field(reference, "reference")?.strip_prefix('#')?;
    root.get("contained")?
        .as_array()?
        .iter()
        .find(|resource| field(resource, "id") == Some(id))
}

/// A name: a string, a HumanName, or the best of several HumanNames.
pub(super) fn name(value: &Json) -> Option<String> {
    match value {
        Json::Array(names) => {
            let official = |name: &&Json| field(name, "use") == Some("official");
            names
                .iter()
                .find(official)
                .into_iter()
                .chain(names)
                .find_map(one_name)
        }
        other => one_name(other),
    }
}

fn one_name(value: &Json) -> Option<String> {
    if let Some(text) = string(value).or_else(|| field(value, "text")) {
        return Some(text.to_owned());
    }
    let parts = ["prefix", "given", "family", "suffix"]
        .into_iter()
        .flat_map(|part| select(value, part))
        .filter_map(string)
        .collect::<Vec<_>>();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// An Address on one line.
pub(super) fn address(value: &Json) -> Option<Value> {
    if let Some(text) = field(value, "text") {
        return Some(Value::Text(text.replace(['\n', '\r'], ", ")));
    }
    let parts = ["line", "city", "state", "postalCode", "country"]
        .into_iter()
        .flat_map(|part| select(value, part))
        .filter_map(string)
        .collect::<Vec<_>>();
    (!parts.is_empty()).then(|| Value::Text(parts.join(", ")))
}

/// A ContactPoint.
pub(super) fn contact(value: &Json) -> Option<Value> {
    field(value, "value").map(|text| Value::Text(text.to_owned()))
}

/// The keys and values of an object; none for anything else.
pub(super) fn entries(value: &Json) -> impl Iterator<Item = (&String, &Json)> {
    value.as_object().into_iter().flat_map(Map::iter)
}
