//! Dates as people say them, in their time zone.
//!
//! Nothing here asks what time it is; whoever needs "today" passes it in.

use crate::t;
use chrono::{DateTime, Datelike, Days, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;

/// The time zone of people who have chosen none.
pub const DEFAULT_ZONE: Tz = chrono_tz::America::New_York;

/// "June 3, 2026".
pub fn day(date: NaiveDate) -> String {
    t!(
        "date-day",
        month = month_name(date.month()),
        day = date.day().to_string(),
        year = date.year().to_string()
    )
}

/// "Today", "Yesterday", or the day.
pub fn recent_day(date: NaiveDate, today: NaiveDate) -> String {
    if date == today {
        t!("date-today")
    } else if date.checked_add_days(Days::new(1)) == Some(today) {
        t!("date-yesterday")
    } else {
        day(date)
    }
}

/// "June 2026".
pub fn month(year: i32, month: u32) -> String {
    t!(
        "date-month",
        month = month_name(month),
        year = year.to_string()
    )
}

/// The day of an instant in a time zone.
pub fn day_in(instant: DateTime<Utc>, zone: Tz) -> NaiveDate {
    instant.with_timezone(&zone).date_naive()
}

/// The last day before an instant at which something is over.
pub fn last_day(end: DateTime<Utc>, zone: Tz) -> String {
    day(day_in(end - chrono::TimeDelta::microseconds(1), zone))
}

/// "June 3, 2026 at 2:05 p.m."
pub fn moment(instant: DateTime<Utc>, zone: Tz) -> String {
    let local = instant.with_timezone(&zone);
    let (afternoon, hour) = local.hour12();
    t!(
        "date-moment",
        day = day(local.date_naive()),
        hour = hour.to_string(),
        minute = format!("{:02}", local.minute()),
        half = if afternoon {
            t!("date-half-pm")
        } else {
            t!("date-half-am")
        }
    )
}

/// "2:05 p.m."
pub fn time(instant: DateTime<Utc>, zone: Tz) -> String {
    let local = instant.with_timezone(&zone);
    let (afternoon, hour) = local.hour12();
    t!(
        "date-time",
        hour = hour.to_string(),
        minute = format!("{:02}", local.minute()),
        half = if afternoon {
            t!("date-half-pm")
        } else {
            t!("date-half-am")
        }
    )
}

/// A FHIR `date` or `dateTime` (<https://hl7.org/fhir/R4/datatypes.html#dateTime>) as precise as
/// it was written: "2021", "March 2021", "March 4, 2021", or the day of the instant in `zone`.
/// `None` when it is none of these.
pub fn partial(written: &str, zone: Tz) -> Option<String> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(written) {
        return Some(day(day_in(instant.to_utc(), zone)));
    }
    if let Ok(date) = NaiveDate::parse_from_str(written, "%Y-%m-%d") {
        return Some(day(date));
    }
    let first = NaiveDate::parse_from_str(&format!("{written}-01"), "%Y-%m-%d");
    if let Ok(first) = first {
        return Some(month(first.year(), first.month()));
    }
    (written.len() == 4 && written.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| written.to_owned())
}

fn month_name(month: u32) -> String {
    t!("date-month-name", month = month)
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT_ZONE, day, moment, partial, recent_day};
    use chrono::{DateTime, NaiveDate, Utc};

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn dates_read_as_people_say_them() {
        assert_eq!(day(date("2026-06-03")), "June 3, 2026");
        assert_eq!(day(date("1988-12-31")), "December 31, 1988");
        assert_eq!(recent_day(date("2026-03-01"), date("2026-03-01")), "Today");
        assert_eq!(
            recent_day(date("2026-02-28"), date("2026-03-01")),
            "Yesterday"
        );
        assert_eq!(
            recent_day(date("2026-02-27"), date("2026-03-01")),
            "February 27, 2026"
        );
    }

    #[test]
    fn instants_are_shown_in_the_time_zone() {
        let at: DateTime<Utc> = "2026-06-03T03:05:00Z".parse().expect("an instant");
        assert_eq!(moment(at, DEFAULT_ZONE), "June 2, 2026 at 11:05 p.m.");
        assert_eq!(moment(at, chrono_tz::UTC), "June 3, 2026 at 3:05 a.m.");
    }

    #[test]
    fn partial_dates_stay_partial() {
        let said = |written| partial(written, DEFAULT_ZONE);
        assert_eq!(said("2021").as_deref(), Some("2021"));
        assert_eq!(said("2021-03").as_deref(), Some("March 2021"));
        assert_eq!(said("2021-03-04").as_deref(), Some("March 4, 2021"));
        assert_eq!(
            said("2021-03-04T01:00:00Z").as_deref(),
            Some("March 3, 2021")
        );
        assert_eq!(said("soon"), None);
        assert_eq!(said(""), None);
    }
}
