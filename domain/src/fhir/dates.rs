//! FHIR dates, which may be partial (FHIR R4, `date` and `dateTime`).

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use serde_json::{Map, Value};

use crate::clock::Instant;

/// The first and last day that a FHIR `date`, `dateTime` or `instant` names: a year is all its days.
///
/// The day is the one written, in the time zone it was written in. `None` when it is not a date.
pub fn days(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let year: i32 = text.get(..4)?.parse().ok()?;
    let rest = text.get(4..)?;
    if rest.is_empty() {
        let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
        return Some((first, NaiveDate::from_ymd_opt(year, 12, 31)?));
    }
    let month: u32 = rest.strip_prefix('-')?.get(..2)?.parse().ok()?;
    let rest = rest.get(3..)?;
    if rest.is_empty() {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        let last = first
            .checked_add_months(Months::new(1))?
            .checked_sub_days(Days::new(1))?;
        return Some((first, last));
    }
    let day: u32 = rest.strip_prefix('-')?.get(..2)?.parse().ok()?;
    if rest
        .get(3..4)
        .is_some_and(|next| next != "T" && next != " ")
    {
        return None;
    }
    let day = NaiveDate::from_ymd_opt(year, month, day)?;
    Some((day, day))
}

/// The instant that a FHIR `dateTime` names; of a partial one its first moment, in UTC.
pub fn instant(text: &str) -> Option<Instant> {
    if let Ok(exact) = DateTime::parse_from_rfc3339(text) {
        return Some(exact.with_timezone(&Utc));
    }
    let (first, _) = days(text)?;
    Some(first.and_time(NaiveTime::MIN).and_utc())
}

/// When something happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Times {
    /// First and last day of the service.
    pub service: Option<(NaiveDate, NaiveDate)>,
    /// The instant to sort by: the service's, else the recording's.
    pub when: Option<Instant>,
    /// The day on which it was written down, when that is told apart.
    pub recorded: Option<NaiveDate>,
}

/// Elements that tell when a service took place, the surest first.
const SERVICE: [&str; 29] = [
    "effectiveDateTime",
    "effectivePeriod",
    "effectiveInstant",
    "performedDateTime",
    "performedPeriod",
    "occurrenceDateTime",
    "occurrencePeriod",
    "period",
    "billablePeriod",
    "servicedDate",
    "servicedPeriod",
    "onsetDateTime",
    "onsetPeriod",
    "started",
    "whenHandedOver",
    "whenPrepared",
    "authoredOn",
    "authored",
    "date",
    "created",
    "start",
    "startDate",
    "sent",
    "recordedDate",
    "issued",
    "dateTime",
    "assertedDate",
    "dateAsserted",
    "recorded",
];

/// Elements that tell when it was written down.
const RECORDED: [&str; 9] = [
    "recordedDate",
    "issued",
    "authoredOn",
    "authored",
    "date",
    "created",
    "dateAsserted",
    "assertedDate",
    "recorded",
];

/// Reads the times of a resource.
pub fn times(resource: &Map<String, Value>) -> Times {
    let period = resource
        .get("context")
        .and_then(|context| context.get("period"))
        .filter(|_| {
            resource.get("resourceType").and_then(Value::as_str) == Some("DocumentReference")
        });
    let found = period.and_then(span).or_else(|| {
        SERVICE
            .iter()
            .find_map(|key| resource.get(*key).and_then(span))
    });
    let recorded = RECORDED
        .iter()
        .find_map(|key| resource.get(*key).and_then(Value::as_str).and_then(days))
        .map(|(first, _)| first);
    let (service, when) = found.map_or((None, None), |(service, when)| (Some(service), when));
    Times {
        service,
        // Not `meta.lastUpdated`: it moves with what may be hidden (POLICY §5).
        when,
        recorded,
    }
}

/// The days and the first instant of a date or a `Period`.
fn span(value: &Value) -> Option<((NaiveDate, NaiveDate), Option<Instant>)> {
    if let Some(text) = value.as_str() {
        return Some((days(text)?, instant(text)));
    }
    let start = value.get("start").and_then(Value::as_str);
    let end = value.get("end").and_then(Value::as_str);
    let first = start.and_then(days);
    let last = end.and_then(days);
    let from = first.or(last)?.0;
    let until = last.or(first)?.1;
    let until = if until < from { from } else { until };
    Some(((from, until), start.or(end).and_then(instant)))
}

/// Whether a text looks like a date: four digits and a hyphen, or four digits alone.
pub(crate) fn is_date(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.by_ref().take(4).filter(u8::is_ascii_digit).count() == 4
        && bytes.next().is_none_or(|byte| byte == b'-')
        && text.len() <= 35
        && days(text).is_some_and(|(first, _)| first.year() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn partial_dates_cover_all_their_days() {
        assert_eq!(days("2020"), Some((day("2020-01-01"), day("2020-12-31"))));
        assert_eq!(
            days("2020-02"),
            Some((day("2020-02-01"), day("2020-02-29")))
        );
        assert_eq!(
            days("2020-02-03T23:30:00-05:00"),
            Some((day("2020-02-03"), day("2020-02-03")))
        );
        assert_eq!(days("2020-13"), None);
        assert_eq!(days("soon"), None);
        assert_eq!(days("12/03/2020"), None);
    }

    #[test]
    fn a_period_is_read_from_start_to_end() {
        let resource = serde_json::json!({"resourceType": "Encounter", "period": {"start": "2020-01-02T10:00:00Z", "end": "2020-01-05"}});
        let times = times(resource.as_object().expect("an object"));
        assert_eq!(times.service, Some((day("2020-01-02"), day("2020-01-05"))));
    }

    #[test]
    fn after_a_day_comes_a_time_or_nothing() {
        for text in ["2020-02-03T10:00:00Z", "2020-02-03 10:00", "2020-02-03"] {
            assert_eq!(days(text), Some((day("2020-02-03"), day("2020-02-03"))));
        }
        assert_eq!(days("2020-02-03-04"), None);
        assert_eq!(days("2020-02-033"), None);
    }

    #[test]
    fn a_partial_date_begins_at_its_first_moment() {
        let moment = |text: &str| text.parse::<Instant>().expect("an instant");
        assert_eq!(instant("2020-02"), Some(moment("2020-02-01T00:00:00Z")));
        assert_eq!(
            instant("2020-02-03T23:30:00-05:00"),
            Some(moment("2020-02-04T04:30:00Z"))
        );
        assert_eq!(instant("soon"), None);
        let resource = serde_json::json!({"resourceType": "Encounter", "period": {"end": "2020-01-05"}, "issued": "2021"});
        let found = times(resource.as_object().expect("an object"));
        assert_eq!(found.when, Some(moment("2020-01-05T00:00:00Z")));
        assert_eq!(found.service, Some((day("2020-01-05"), day("2020-01-05"))));
        assert_eq!(found.recorded, Some(day("2021-01-01")));
    }

    #[test]
    fn a_period_that_ends_before_it_begins_is_its_first_day() {
        let resource = serde_json::json!({"resourceType": "Encounter", "period": {"start": "2020-03-02", "end": "2020-01-05"}});
        let found = times(resource.as_object().expect("an object"));
        assert_eq!(found.service, Some((day("2020-03-02"), day("2020-03-02"))));
    }

    /// Only a document's context tells when it was; elsewhere the element of that name is something else.
    #[test]
    fn a_documents_context_tells_its_time() {
        let of = |kind: &str| {
            let resource = serde_json::json!({"resourceType": kind, "context": {"period": {"start": "2020-01-02"}}, "date": "2024-05-06"});
            times(resource.as_object().expect("an object")).service
        };
        assert_eq!(
            of("DocumentReference"),
            Some((day("2020-01-02"), day("2020-01-02")))
        );
        assert_eq!(
            of("Composition"),
            Some((day("2024-05-06"), day("2024-05-06")))
        );
    }

    #[test]
    fn what_looks_like_a_date_is_one() {
        for text in [
            "2020",
            "2020-02",
            "2020-02-03",
            "2020-02-03T10:00:00.123456+05:00",
            "0001",
        ] {
            assert!(is_date(text), "{text}");
        }
        for text in [
            "",
            "soon",
            "20201",
            "2020/02",
            "202o-02",
            "+202-02",
            "0000",
            "2020-13",
            "12 2020",
            "2020-02-03T10:00:00.12345678901+05:0",
        ] {
            assert!(!is_date(text), "{text}");
        }
        assert_eq!("2020-02-03T10:00:00.12345678901+05:0".len(), 36);
    }
}
