//! What a record item holds, in words.

use crate::{
    components::summary_list::Row,
    dates,
    i18n::{has_message, message},
    t,
};
use chrono_tz::Tz;
use portal::summary::{Fact, Field, Moment, Summary, Value};

/// The name of a field: "How to take it". Parts of a measurement and questions have the names
/// that the record gives them.
pub fn field(field: &Field) -> String {
    match field {
        Field::Component(name) | Field::Question(name) => name.clone(),
        _ => found(&format!("field-{}", field.key())).unwrap_or_else(|| t!("field-other")),
    }
}

/// What a field holds.
pub fn value(field: &Field, value: &Value, zone: Tz) -> String {
    match value {
        Value::Text(words) => words.clone(),
        Value::Code(written) => code(field, written),
        Value::Boolean(true) => t!("value-yes"),
        Value::Boolean(false) => t!("value-no"),
        Value::Year(year) => year.to_string(),
        Value::Month { year, month } => dates::month(*year, *month),
        Value::Date(date) => dates::day(*date),
        Value::Instant(instant) => dates::moment(*instant, zone),
        Value::Period { start, end } => {
            let start = start.map(|start| moment(start, zone));
            let end = end.map(|end| moment(end, zone));
            match (start, end) {
                (Some(start), Some(end)) if start == end => start,
                (Some(start), Some(end)) => t!("value-period", start = start, end = end),
                (Some(start), None) => t!("value-since", start = start),
                (None, Some(end)) => t!("value-until", end = end),
                (None, None) => String::new(),
            }
        }
        Value::Quantity { value, unit } => amount(value, unit),
        Value::Range { low, high, unit } => match (low, high) {
            (Some(low), Some(high)) => {
                t!("value-range", low = low, high = amount(high, unit))
            }
            (Some(low), None) => t!("value-at-least", low = amount(low, unit)),
            (None, Some(high)) => t!("value-at-most", high = amount(high, unit)),
            (None, None) => String::new(),
        },
        Value::Frequency {
            times,
            period,
            unit,
        } => frequency(times, period, unit),
        Value::Attachment { media_type, title } => attachment(media_type.as_ref(), title.as_ref()),
    }
}

/// A code of a closed set in words, such as a status; an unknown one as it is written.
fn code(field: &Field, written: &str) -> String {
    found(&format!("code-{}-{written}", field.key()))
        .or_else(|| found(&format!("code-{written}")))
        .unwrap_or_else(|| written.replace(['-', '_'], " "))
}

fn found(key: &str) -> Option<String> {
    has_message(key).then(|| message(key))
}

fn amount(value: &str, unit: &str) -> String {
    match unit {
        "" | "1" | "{score}" => value.to_owned(),
        "%" => format!("{value}%"),
        _ => format!("{value} {unit}"),
    }
}

fn moment(moment: Moment, zone: Tz) -> String {
    match moment {
        Moment::Year(year) => year.to_string(),
        Moment::Month { year, month } => dates::month(year, month),
        Moment::Date(date) => dates::day(date),
        Moment::Instant(instant) => dates::moment(instant, zone),
    }
}

/// "Once a day", "3 times every 2 weeks". UCUM has the units of time.
fn frequency(times: &str, period: &str, unit: &str) -> String {
    let times = match times {
        "1" => t!("frequency-once"),
        "2" => t!("frequency-twice"),
        _ => t!("frequency-times", times = times),
    };
    let one = period == "1";
    let unit = found(&format!("unit-{unit}-{}", if one { "one" } else { "many" }))
        .unwrap_or_else(|| unit.to_owned());
    if one {
        t!("frequency-each", times = times, unit = unit)
    } else {
        t!(
            "frequency-every",
            times = times,
            period = period,
            unit = unit
        )
    }
}

fn attachment(media_type: Option<&String>, title: Option<&String>) -> String {
    let kind = match media_type.map(|media_type| media_type.split(';').next().unwrap_or("")) {
        Some("application/pdf") => t!("file-pdf"),
        Some(kind) if kind.starts_with("image/") => t!("file-picture"),
        Some(kind) if kind.starts_with("audio/") => t!("file-sound"),
        Some(kind) if kind.starts_with("text/") => t!("file-text"),
        _ => t!("file-other"),
    };
    match title {
        Some(title) => t!("file-titled", kind = kind, title = title),
        None => kind,
    }
}

/// A fact's name and value.
pub fn fact(fact: &Fact, zone: Tz) -> (String, String) {
    (field(&fact.field), value(&fact.field, &fact.value, zone))
}

/// All facts as rows.
pub fn rows(summary: &Summary, zone: Tz) -> Vec<Row> {
    rows_of(&summary.facts, zone, |_| true)
}

/// The few facts that a line of a list has room for: results, doses, and where it stands.
pub fn brief(summary: &Summary, zone: Tz) -> Vec<Row> {
    rows_of(&summary.facts, zone, |field| {
        matches!(
            field,
            Field::Result | Field::Component(_) | Field::Dose | Field::Reaction
        )
    })
}

/// Facts of one field that follow each other share a row.
fn rows_of(facts: &[Fact], zone: Tz, wanted: impl Fn(&Field) -> bool) -> Vec<Row> {
    let mut rows: Vec<(String, String)> = Vec::new();
    for one in facts.iter().filter(|fact| wanted(&fact.field)) {
        let (name, value) = fact(one, zone);
        match rows.last_mut() {
            Some((before, values)) if *before == name => {
                *values = t!("value-and", first = values.as_str(), second = value);
            }
            _ => rows.push((name, value)),
        }
    }
    rows.into_iter()
        .map(|(name, value)| Row::new(name, value))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Field, Value, code, field, found, frequency, value};
    use crate::dates::DEFAULT_ZONE;

    #[test]
    fn every_field_has_its_words() {
        for key in Field::KEYS {
            if !matches!(*key, "component" | "question") {
                assert!(found(&format!("field-{key}")).is_some(), "{key}");
            }
        }
        assert_eq!(field(&Field::Component("Systolic".into())), "Systolic");
    }

    #[test]
    fn codes_read_as_words() {
        assert_eq!(code(&Field::Status, "active"), "Active now");
        assert_eq!(code(&Field::Status, "on-hold"), "On hold");
        assert_eq!(code(&Field::Status, "never-heard"), "never heard");
    }

    #[test]
    fn values_read_as_words() {
        let said = |given: Value| value(&Field::Result, &given, DEFAULT_ZONE);
        let quantity = |value: &str, unit: &str| Value::Quantity {
            value: value.into(),
            unit: unit.into(),
        };
        assert_eq!(said(quantity("7.2", "%")), "7.2%");
        assert_eq!(said(quantity("98", "mg/dL")), "98 mg/dL");
        assert_eq!(said(Value::Boolean(false)), "No");
        assert_eq!(
            said(Value::Range {
                low: Some("70".into()),
                high: Some("99".into()),
                unit: "mg/dL".into()
            }),
            "70 to 99 mg/dL"
        );
        assert_eq!(frequency("1", "1", "d"), "Once a day");
        assert_eq!(frequency("3", "2", "wk"), "3 times every 2 weeks");
    }
}
