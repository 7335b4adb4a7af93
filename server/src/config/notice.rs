//! `[notice]`: what is filled into the patient notice.

use super::raw::Check;
use chrono::NaiveDate;
use portal::notice::NoticeFacts;
use serde::Deserialize;

/// The longest text that is taken, in characters.
const LONGEST: usize = 200;

/// The keys as written.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawNotice {
    /// The program, or the programs, whose notice it is.
    program: Option<String>,
    /// The name or title of whom to ask.
    contact: Option<String>,
    /// Their phone and e-mail.
    reached: Option<String>,
    /// The day from which the notice is in effect, such as `"2026-02-16"`.
    effective: Option<String>,
}

/// Checks the keys; `None`: nothing was said, and the notice has general words.
pub(super) fn notice(check: &mut Check<'_>, raw: &RawNotice) -> Option<NoticeFacts> {
    let texts = [
        ("notice.program", &raw.program),
        ("notice.contact", &raw.contact),
        ("notice.reached", &raw.reached),
    ];
    if texts.iter().all(|(_, text)| text.is_none()) && raw.effective.is_none() {
        return None;
    }
    // A notice that is filled in by half would name nobody to ask.
    let [program, contact, reached] = texts.map(|(key, text)| line(check, key, text.as_deref()));
    let effective: Option<NaiveDate> = check.parse(
        "notice.effective",
        raw.effective.as_deref(),
        "a day such as \"2026-02-16\"",
    );
    if raw.effective.is_none() {
        check.fault(
            "notice.effective",
            "is needed: the day from which the notice is in effect",
        );
    }
    Some(NoticeFacts {
        program: program?,
        contact: contact?,
        reached: reached?,
        effective: effective?,
    })
}

fn line(check: &mut Check<'_>, key: &str, text: Option<&str>) -> Option<String> {
    let text = text.map(str::trim).unwrap_or_default();
    if text.is_empty() {
        check.fault(key, "is needed: the patient notice names it");
        return None;
    }
    if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        check.fault(
            key,
            format!("must be one line of at most {LONGEST} characters"),
        );
        return None;
    }
    Some(text.to_owned())
}
