//! What a fact is, kept apart by kind so that the page can write it in the reader's language.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};

/// A point in time, as exactly as the record gives it (FHIR R4 `date`, `dateTime`, `instant`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Only the year.
    Year(i32),
    /// Year and month (1 to 12).
    Month {
        /// The year.
        year: i32,
        /// 1 to 12.
        month: u32,
    },
    /// A day.
    Date(NaiveDate),
    /// An instant.
    Instant(DateTime<Utc>),
}

impl Moment {
    /// Reads a FHIR date or time.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        match text.len() {
            4 if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().ok().map(Self::Year)
            }
            7 => {
                let (year, month) = text.split_once('-')?;
                let first = day(&format!("{year}-{month}-01"))?;
                Some(Self::Month {
                    year: first.year(),
                    month: first.month(),
                })
            }
            10 => day(text).map(Self::Date),
            _ => DateTime::parse_from_rfc3339(text)
                .map(|instant| instant.with_timezone(&Utc))
                .or_else(|_| {
                    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
                        .map(|local| local.and_utc())
                })
                .ok()
                .map(Self::Instant),
        }
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Moment [redacted]")
    }
}

/// What a fact is. Numbers are text, as the record writes them. Prints as `[redacted]`.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// Words of the record.
    Text(String),
    /// A FHIR code of a closed set, such as a status; the page has words for the known ones.
    Code(String),
    /// Yes or no.
    Boolean(bool),
    /// Only a year.
    Year(i32),
    /// A month.
    Month {
        /// The year.
        year: i32,
        /// 1 to 12.
        month: u32,
    },
    /// A day.
    Date(NaiveDate),
    /// An instant.
    Instant(DateTime<Utc>),
    /// From and until; an end that is missing is open or unknown. At least one is there.
    Period {
        /// First moment.
        start: Option<Moment>,
        /// Last moment.
        end: Option<Moment>,
    },
    /// A measured amount.
    Quantity {
        /// The number, with a comparator such as `<` before it where there is one.
        value: String,
        /// The unit in words, else its UCUM code; may be empty.
        unit: String,
    },
    /// Between two amounts; at least one end is there.
    Range {
        /// The lower end.
        low: Option<String>,
        /// The upper end.
        high: Option<String>,
        /// As for a quantity.
        unit: String,
    },
    /// So many times in each period.
    Frequency {
        /// How many times.
        times: String,
        /// How many units of time the period has.
        period: String,
        /// UCUM unit of time: `s`, `min`, `h`, `d`, `wk`, `mo`, `a`.
        unit: String,
    },
    /// A file that isn't shown: "attached file of type …".
    Attachment {
        /// Its media type, if told.
        media_type: Option<String>,
        /// Its title, if it has one.
        title: Option<String>,
    },
}

impl From<Moment> for Value {
    fn from(moment: Moment) -> Self {
        match moment {
            Moment::Year(year) => Self::Year(year),
            Moment::Month { year, month } => Self::Month { year, month },
            Moment::Date(date) => Self::Date(date),
            Moment::Instant(instant) => Self::Instant(instant),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Value [redacted]")
    }
}
