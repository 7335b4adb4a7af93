//! Where days begin and end: in the time zone in which the portal's people read dates.

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta, TimeZone as _};
use chrono_tz::Tz;
use domain::clock::Instant;

/// The first instant of that day; a day that a change of clocks leaves without a midnight begins at its next hour.
pub fn start_of(day: NaiveDate, zone: Tz) -> Instant {
    let midnight = day.and_time(NaiveTime::MIN);
    let local = zone.from_local_datetime(&midnight);
    local
        .earliest()
        .or_else(|| {
            zone.from_local_datetime(&(midnight + TimeDelta::hours(1)))
                .earliest()
        })
        .map_or_else(|| midnight.and_utc(), |instant| instant.to_utc())
}

/// The first instant after that day.
pub fn end_of(day: NaiveDate, zone: Tz) -> Instant {
    start_of(day.checked_add_days(Days::new(1)).unwrap_or(day), zone)
}

/// The day of an instant.
pub fn of(at: Instant, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

#[cfg(test)]
mod tests {
    use super::{end_of, of, start_of};
    use chrono::NaiveDate;

    #[test]
    fn days_meet_also_where_clocks_change() {
        let zone = chrono_tz::America::New_York;
        let mut day: NaiveDate = "2026-03-01".parse().expect("a day");
        for _ in 0..300 {
            let next = day.succ_opt().expect("a day");
            assert_eq!(end_of(day, zone), start_of(next, zone));
            assert_eq!(of(start_of(day, zone), zone), day);
            day = next;
        }
        // Clocks in Santiago leave this day without a midnight.
        let santiago = chrono_tz::America::Santiago;
        let spring: NaiveDate = "2026-09-06".parse().expect("a day");
        assert_eq!(of(start_of(spring, santiago), santiago), spring);
    }
}
