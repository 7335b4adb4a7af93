//! Dates, said as people say them and readable by machines.

use crate::dates;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use chrono_tz::Tz;
use leptos::prelude::*;

/// The time zone of the person who looks, provided by the context where it was chosen.
#[derive(Clone, Copy, Debug)]
pub struct Zone(pub Tz);

/// The time zone of the person who looks.
pub fn zone() -> Tz {
    use_context::<Zone>().map_or(dates::DEFAULT_ZONE, |zone| zone.0)
}

/// A day: "June 3, 2026".
#[component]
pub fn Day(
    /// The day.
    date: NaiveDate,
) -> impl IntoView {
    view! { <time datetime=date.to_string()>{dates::day(date)}</time> }
}

/// An instant, in the time zone of the person who looks: "June 3, 2026 at 2:05 p.m."
#[component]
pub fn Moment(
    /// The instant.
    at: DateTime<Utc>,
) -> impl IntoView {
    let machine = at.to_rfc3339_opts(SecondsFormat::Secs, true);
    view! { <time datetime=machine>{dates::moment(at, zone())}</time> }
}

/// A day, an instant, and the edges of the calendar.
pub fn sample() -> AnyView {
    view! {
        <p><Day date=NaiveDate::from_ymd_opt(2026, 6, 3).unwrap_or_default()/></p>
        <p><Moment at=DateTime::from_timestamp(1_780_455_900, 0).unwrap_or_default()/></p>
        <p><Day date=NaiveDate::from_ymd_opt(1899, 12, 31).unwrap_or_default()/></p>
    }
    .into_any()
}
