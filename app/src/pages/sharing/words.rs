//! A consent in words: to whom, why, what, until when.

use super::entry::day;
use crate::{
    components::time::zone,
    dates,
    i18n::{kind_name, label_name, list, purpose_name},
    t,
};
use chrono::TimeDelta;
use domain::{
    clock::Instant,
    consent::{ConsentKind, ConsentState, EndingEvent, Expiry, Scope, Standing, Terms},
    item::{KINDS, KindSet},
    label::{ALL, Label, LabelSet},
    purpose::{Purpose, PurposeSet},
};
use portal::{
    Shown,
    directory::{Name, RecipientName},
    disclosure::Listed,
    sharing::single::Seen,
    summary::summarize,
};

pub use crate::words::consent::recipients;

/// What tells a recipient apart: specialty and place of work.
pub fn recipient_detail(to: &[RecipientName]) -> Option<String> {
    match to {
        [
            RecipientName::Party(name)
            | RecipientName::Through {
                intermediary: name, ..
            },
        ] => party_detail(name),
        _ => None,
    }
}

/// Specialty or kind, and place of work.
pub fn party_detail(name: &Name) -> Option<String> {
    match (&name.detail, &name.organization) {
        (Some(detail), Some(place)) => {
            Some(t!("sharing-detail-place", detail = detail, place = place))
        }
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    }
}

/// Words with a capital at the start.
pub fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Purposes as a list.
pub fn purposes(purposes: PurposeSet) -> String {
    list(&purposes.iter().map(purpose).collect::<Vec<_>>())
}

/// A purpose, as the one who shares says it.
pub fn purpose(purpose: Purpose) -> String {
    match purpose {
        Purpose::PatientRequest => t!("sharing-why-request"),
        Purpose::CriminalJustice => t!("sharing-why-criminal-justice"),
        other => purpose_name(other),
    }
}

/// The last day of a term: a term ends with the first instant that is no longer inside.
pub fn last_day(end: Instant) -> String {
    let inside = end.checked_sub_signed(TimeDelta::seconds(1)).unwrap_or(end);
    dates::day(dates::day_in(inside, zone()))
}

/// Until when, as a phrase that begins a line: "Until June 3, 2027".
pub fn until(ends: Option<&Expiry>) -> String {
    match ends {
        Some(Expiry::At(end)) => t!("sharing-until-day", day = last_day(*end)),
        Some(Expiry::Event(words)) => event(words),
        Some(Expiry::EndOfTreatment) => t!("sharing-until-treatment"),
        Some(Expiry::EndOfResearch) => t!("sharing-until-research"),
        Some(Expiry::None) => t!("sharing-until-none"),
        None => t!("sharing-until-missing"),
    }
}

/// An event that a consent ends with, as a phrase that begins a line.
pub fn event(words: &str) -> String {
    match EndingEvent::from_words(words) {
        Some(EndingEvent::ProgramFinished) => t!("sharing-long-program-finished"),
        Some(EndingEvent::ProviderChanged) => t!("sharing-long-provider-changed"),
        Some(EndingEvent::ClaimPaid) => t!("sharing-long-claim-paid"),
        Some(EndingEvent::CaseClosed) => t!("sharing-long-case-closed"),
        Some(EndingEvent::FinalDisposition) => t!("sharing-long-final-disposition"),
        None => t!("sharing-until-event", event = words),
    }
}

/// What kind of agreement it is, where it is not the plain one.
pub fn kind(kind: ConsentKind) -> Option<String> {
    match kind {
        ConsentKind::Specific => None,
        ConsentKind::Tpo => Some(t!("sharing-kind-is-tpo")),
        ConsentKind::Notes => Some(t!("sharing-kind-is-notes")),
        ConsentKind::Legal => Some(t!("sharing-kind-is-legal")),
        ConsentKind::Proxy => Some(t!("sharing-kind-is-proxy")),
        ConsentKind::CriminalJustice => Some(t!("sharing-kind-is-criminal-justice")),
    }
}

/// The separated notes a scope opens.
pub fn notes(what: &Scope) -> Vec<String> {
    what.granted()
        .meet(LabelSet::NOTES)
        .iter()
        .map(|note| match note {
            Label::PsychotherapyNote => t!("sharing-notes-psychotherapy"),
            _ => t!("sharing-notes-sud"),
        })
        .collect()
}

/// The kinds of items, where they are limited.
pub fn item_kinds(kinds: KindSet) -> Option<Vec<String>> {
    (kinds != KindSet::ALL).then(|| {
        KINDS
            .into_iter()
            .filter(|kind| kinds.has(*kind))
            .map(kind_name)
            .collect()
    })
}

/// Whose records: names, or every provider.
pub fn disclosers(from: &[Name]) -> Vec<String> {
    if from.is_empty() {
        return vec![t!("sharing-from-any")];
    }
    from.iter().map(|name| name.name.clone()).collect()
}

/// Whether nobody can open anything online with it.
pub fn on_paper(to: &[RecipientName]) -> bool {
    !to.is_empty() && to.iter().all(|to| matches!(to, RecipientName::OnPaper(_)))
}

/// The segments a scope opens, in words: parents whole, parents "without" some children, children alone.
pub fn segments(what: &Scope) -> Vec<String> {
    let granted = what.granted();
    let mut words = Vec::new();
    for parent in ALL
        .into_iter()
        .filter(|label| label.is_segment() && label.parent().is_none())
    {
        let children: Vec<Label> = children(parent).collect();
        let names = |wanted: bool| -> Vec<String> {
            children
                .iter()
                .filter(|child| granted.has(**child) == wanted)
                .map(|child| label_name(*child))
                .collect()
        };
        if granted.has(parent) {
            let without = names(false);
            words.push(if without.is_empty() {
                label_name(parent)
            } else {
                t!(
                    "sharing-segment-without",
                    segment = label_name(parent),
                    without = list(&without)
                )
            });
        } else {
            let only = names(true);
            if !only.is_empty() {
                words.push(t!(
                    "sharing-segment-only",
                    segment = label_name(parent),
                    only = list(&only)
                ));
            }
        }
    }
    words
}

/// The children of a segment.
pub fn children(parent: Label) -> impl Iterator<Item = Label> {
    ALL.into_iter()
        .filter(move |label| label.parent() == Some(parent))
}

/// Whether records of a treatment program are in.
pub fn part2(included: bool) -> String {
    if included {
        t!("sharing-part2-yes-short")
    } else {
        t!("sharing-part2-no-short")
    }
}

/// From which days the records are.
pub fn service_dates(what: &Scope) -> String {
    match (what.service_from, what.service_until) {
        (None, None) => t!("sharing-dates-all"),
        (Some(from), None) => t!("sharing-dates-from", from = dates::day(from)),
        (None, Some(until)) => t!("sharing-dates-until", until = dates::day(until)),
        (Some(from), Some(until)) => t!(
            "sharing-dates-between",
            from = dates::day(from),
            until = dates::day(until)
        ),
    }
}

/// Whether what comes later is in.
pub fn future(existing_at: Option<Instant>) -> String {
    match existing_at {
        None => t!("sharing-future-yes"),
        Some(at) => t!(
            "sharing-future-no",
            day = dates::day(dates::day_in(at, zone()))
        ),
    }
}

/// How many single items are put in and left out; `None` when there are none.
pub fn single_items(put_in: usize, left_out: usize) -> Option<String> {
    match (put_in, left_out) {
        (0, 0) => None,
        (0, _) => Some(t!("sharing-items-out", count = left_out)),
        (_, 0) => Some(t!("sharing-items-in", count = put_in)),
        _ => Some(t!(
            "sharing-items-both",
            put_in = t!("sharing-items-in", count = put_in),
            left_out = t!("sharing-items-out", count = left_out)
        )),
    }
}

/// Single items one by one, a line each, as they were shown.
#[derive(Clone, Default)]
pub struct NamedItems {
    /// Those put in.
    pub put_in: Vec<String>,
    /// Those left out.
    pub left_out: Vec<String>,
}

impl NamedItems {
    /// All lines, what is put in first.
    pub fn lines(&self) -> impl Iterator<Item = &String> {
        self.put_in.iter().chain(&self.left_out)
    }
}

/// The single items of a scope that somebody sees, one by one: what each is called, its kind and its date.
pub fn named_items(what: &Scope, seen: &Seen) -> NamedItems {
    let put_in = seen.put_in(what);
    let left_out = seen.left_out(what);
    NamedItems {
        put_in: put_in
            .map(|listed| t!("sharing-item-is-in", item = named_item(listed)))
            .collect(),
        left_out: left_out
            .map(|listed| t!("sharing-item-is-out", item = named_item(listed)))
            .collect(),
    }
}

/// An item; behind the privacy screen what it is about takes the place of what it is called.
fn named_item(listed: &Listed) -> String {
    match &*listed.item {
        Shown::Masked {
            kind, when, labels, ..
        } => {
            let about: Vec<String> = chips(labels.broad()).into_iter().map(label_name).collect();
            t!(
                "sharing-item-masked",
                kind = kind_name(*kind),
                date = day(*when),
                labels = list(&about)
            )
        }
        Shown::Open {
            facts, resource, ..
        } => {
            let title = summarize(resource)
                .title
                .unwrap_or_else(|| kind_name(facts.kind));
            // On one line: nothing that a sender wrote reads like a line of the legal wording.
            let title: Vec<&str> = title.split_whitespace().collect();
            t!(
                "sharing-item-titled",
                title = title.join(" "),
                kind = kind_name(facts.kind),
                date = day(facts.when)
            )
        }
    }
}

/// Where a consent stands, in a word or two.
pub fn standing(now: Standing) -> String {
    match now {
        Standing::Active => t!("sharing-standing-active"),
        Standing::NotYet => t!("sharing-standing-not-yet"),
        Standing::Expired => t!("sharing-standing-expired"),
        Standing::Revoked => t!("sharing-standing-revoked"),
        Standing::Suspended => t!("sharing-standing-suspended"),
        Standing::Superseded => t!("sharing-standing-superseded"),
        Standing::Unsound => t!("sharing-standing-unsound"),
    }
}

/// When it ended, if it did.
pub fn ended_at(state: &ConsentState, terms: &Terms) -> Option<Instant> {
    match state {
        ConsentState::Revoked { at }
        | ConsentState::Suspended { at }
        | ConsentState::Superseded { at, .. }
        | ConsentState::Ended { at } => Some(*at),
        ConsentState::Active => match terms.expiry {
            Some(Expiry::At(end)) => Some(end),
            _ => None,
        },
    }
}

/// The labels worth a chip: all but "ordinary".
pub fn chips(labels: LabelSet) -> Vec<Label> {
    labels.without(Label::General).iter().collect()
}
