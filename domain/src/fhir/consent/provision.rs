//! `Consent.provision`: an effect, its conditions, and the provisions that are exceptions to it.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde_json::Value;

use super::act_reason::ActReason;
use super::class::Class;
use super::condition::{Action, Actor, Coding, Data};
use super::labels::Named;
use super::reading::{Object, Reading};
use crate::clock::Instant;
use crate::fhir::dates;
use crate::fhir::security::ACT_REASON;

/// What a provision does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Effect {
    /// Permits.
    Permit,
    /// Denies.
    Deny,
    /// Doesn't say.
    #[default]
    Unsaid,
}

/// How deep provisions may nest; nobody writes a tenth exception to an exception.
const DEEPEST: usize = 16;

/// One provision. A condition that is `None` is not set, or could not be read: then the Consent has a fault.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Provision {
    /// What it does.
    pub effect: Effect,
    /// While it holds: first instant inside, first instant no longer inside.
    pub period: Option<(Option<Instant>, Option<Instant>)>,
    /// Whom it is about.
    pub actors: Option<Vec<Actor>>,
    /// What may be done.
    pub actions: Option<Vec<Action>>,
    /// The labels it names.
    pub labels: Option<Named>,
    /// For what; `None` in the list: a purpose that is not known.
    pub purposes: Option<Vec<Option<ActReason>>>,
    /// Kinds of thing.
    pub classes: Option<Vec<Class>>,
    /// Codes, each concept with its codings; an empty one has words alone.
    pub codes: Option<Vec<Vec<Coding>>>,
    /// First and last day of the service.
    pub data_period: Option<(Option<NaiveDate>, Option<NaiveDate>)>,
    /// Data by reference.
    pub data: Option<Vec<Data>>,
    /// The exceptions to it.
    pub provisions: Vec<Self>,
}

const ELEMENTS: [&str; 11] = [
    "type",
    "period",
    "actor",
    "action",
    "securityLabel",
    "purpose",
    "class",
    "code",
    "dataPeriod",
    "data",
    "provision",
];

impl Provision {
    pub(super) fn read(
        reading: &mut Reading,
        value: &Value,
        path: &str,
        is_root: bool,
    ) -> Option<Self> {
        if path.matches("provision").count() > DEEPEST {
            reading.fault(path, "is nested too deeply");
            return None;
        }
        let object = reading.object(value, path.to_owned())?;
        reading.element(&object, &ELEMENTS);
        let effect = match reading.text(&object, "type") {
            Some("permit") => Effect::Permit,
            Some("deny") => Effect::Deny,
            None if is_root && !object.map.contains_key("type") => Effect::Unsaid,
            _ => {
                reading.fault(object.at("type"), "says neither permit nor deny");
                // What can't be told may be a deny.
                Effect::Deny
            }
        };
        Some(Self {
            effect,
            period: period(reading, &object, "period")
                .map(|(start, end)| (start.map(|(first, _)| first), end.map(|(_, after)| after))),
            actors: reading.objects(&object, "actor").map(|list| {
                list.iter()
                    .map(|actor| Actor::read(reading, actor))
                    .collect()
            }),
            actions: reading
                .concepts(&object, "action")
                .map(|list| list.iter().map(|concept| Action::of(concept)).collect()),
            labels: Named::read(reading, &object),
            purposes: purposes(reading, &object),
            classes: codings(reading, &object, "class")
                .map(|list| list.into_iter().map(Class::of).collect()),
            codes: reading.concepts(&object, "code"),
            data_period: data_period(reading, &object),
            data: data(reading, &object),
            provisions: nested(reading, &object),
        })
    }

    /// Whether it says more than an effect and a period: whom, what or what for.
    pub fn is_conditioned(&self) -> bool {
        self.actors.is_some()
            || self.actions.is_some()
            || self.labels.is_some()
            || self.purposes.is_some()
            || self.classes.is_some()
            || self.codes.is_some()
            || self.data_period.is_some()
            || self.data.is_some()
    }

    /// Whether one of its exceptions is of that effect.
    pub fn has(&self, effect: Effect) -> bool {
        self.provisions.iter().any(|inner| inner.effect == effect)
    }
}

fn nested(reading: &mut Reading, object: &Object<'_>) -> Vec<Provision> {
    let list = reading.list(object, "provision").unwrap_or_default();
    list.into_iter()
        .filter_map(|(value, path)| Provision::read(reading, value, &path, false))
        .collect()
}

/// The codings of a list; `None` when it is not there or one of them can't be read.
fn codings(reading: &mut Reading, object: &Object<'_>, key: &str) -> Option<Vec<Coding>> {
    let list = reading.objects(object, key)?;
    list.iter().map(|coding| reading.coding(coding)).collect()
}

fn purposes(reading: &mut Reading, object: &Object<'_>) -> Option<Vec<Option<ActReason>>> {
    let list = codings(reading, object, "purpose")?;
    let mut purposes = Vec::with_capacity(list.len());
    for coding in list {
        let is_reason = coding.system.as_deref().is_some_and(|system| {
            [
                ACT_REASON,
                "http://hl7.org/fhir/v3/ActReason",
                "urn:oid:2.16.840.1.113883.5.8",
            ]
            .contains(&system)
        });
        let known = ActReason::of_code(&coding.code).filter(|_| is_reason);
        if known.is_none() {
            reading.note(
                object.at("purpose"),
                "is not a purpose we know: a permit takes it for none, a deny for any",
            );
        }
        purposes.push(known);
    }
    Some(purposes)
}

fn data(reading: &mut Reading, object: &Object<'_>) -> Option<Vec<Data>> {
    let list = reading.objects(object, "data")?;
    list.iter().map(|data| Data::read(reading, data)).collect()
}

fn data_period(
    reading: &mut Reading,
    object: &Object<'_>,
) -> Option<(Option<NaiveDate>, Option<NaiveDate>)> {
    period(reading, object, "dataPeriod")?;
    let days = |key: &str| {
        let text = object
            .map
            .get("dataPeriod")
            .and_then(|period| period.get(key))
            .and_then(Value::as_str);
        text.and_then(dates::days)
    };
    Some((
        days("start").map(|(first, _)| first),
        days("end").map(|(_, last)| last),
    ))
}

/// A moment: its first instant and the first instant after it.
type Moment = (Instant, Instant);

/// A `Period`: its start and its end, each a moment.
fn period(
    reading: &mut Reading,
    object: &Object<'_>,
    key: &str,
) -> Option<(Option<Moment>, Option<Moment>)> {
    let value = object.map.get(key)?;
    let period = reading.object(value, object.at(key))?;
    reading.element(&period, &["start", "end"]);
    let faults = reading.faults.len();
    let mut read = |key: &str| {
        let text = reading.text(&period, key)?;
        let found = moment(text);
        if found.is_none() {
            reading.fault(period.at(key), "is not a date");
        }
        found
    };
    let (start, end) = (read("start"), read("end"));
    if let (Some((start, _)), Some((_, end))) = (start, end)
        && end <= start
    {
        reading.fault(period.path, "ends before it begins");
        return None;
    }
    if start.is_none() && end.is_none() && faults == reading.faults.len() {
        reading.fault(object.at(key), "has neither start nor end");
    }
    (faults == reading.faults.len()).then_some((start, end))
}

/// The first instant of a `dateTime` and the first instant after it: a day lasts until midnight, UTC.
pub(super) fn moment(text: &str) -> Option<Moment> {
    if text.len() > 10 {
        let exact = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc);
        return Some((exact, exact.checked_add_signed(TimeDelta::microseconds(1))?));
    }
    let (first, last) = dates::days(text)?;
    let after = last.checked_add_days(Days::new(1))?;
    let midnight = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc();
    Some((midnight(first), midnight(after)))
}
