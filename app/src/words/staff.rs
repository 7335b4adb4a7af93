//! Words about the staff: roles, how accounts stand, why a change can't be made.

use crate::{dates, forms::Errors, i18n::Text, t, text};
use chrono_tz::Tz;
use domain::{clock::Instant, party::Role};
use portal::staff::{
    Cant,
    people::{Place, Proposed, State, Waiting},
};

/// The role in words.
pub fn role(role: Role) -> String {
    match role {
        Role::Patient => t!("role-patient"),
        Role::Proxy => t!("role-proxy"),
        Role::SudClinician => t!("role-sud-clinician"),
        Role::Clinician => t!("role-clinician"),
        Role::CareCoordinator => t!("role-care-coordinator"),
        Role::Billing => t!("role-billing"),
        Role::Support => t!("role-support"),
        Role::PrivacyOfficer => t!("role-privacy-officer"),
        Role::Administrator => t!("role-administrator"),
    }
}

/// A role with where it is held, and for how long where that is not simply now.
pub fn place(place: &Place, zone: Tz) -> String {
    let role = role(place.role);
    let words = match &place.organization {
        Some((_, organization)) => t!("people-place", role = role, place = organization),
        None => role,
    };
    let from = place
        .span
        .filter(|_| !place.in_force)
        .map(|span| dates::day(dates::day_in(span.from, zone)));
    let until = place.span.and_then(|span| span.until);
    let until = until.map(|until| dates::last_day(until, zone));
    match (from, until) {
        (None, None) => words,
        (None, Some(until)) => t!("people-place-until", place = words, until = until),
        (Some(from), None) => t!("people-place-from", place = words, from = from),
        (Some(from), Some(until)) => t!(
            "people-place-from-until",
            place = words,
            from = from,
            until = until
        ),
    }
}

/// How an account stands.
pub fn state(state: State, zone: Tz) -> String {
    match state {
        State::Active => t!("people-state-active"),
        State::Invited(until) => t!("people-state-invited", until = dates::moment(until, zone)),
        State::InvitationOver => t!("people-state-over"),
        State::SetUpAnew => t!("people-state-anew"),
        State::Dormant => t!("people-state-dormant"),
        State::Closed => t!("people-state-closed"),
        State::NoAccount => t!("people-state-none"),
    }
}

/// When an account was used last.
pub fn last_used(at: Option<Instant>, zone: Tz) -> String {
    at.map_or_else(
        || t!("people-never-used"),
        |at| dates::day(dates::day_in(at, zone)),
    )
}

/// What waits for a second administrator.
pub fn proposed(waiting: &Waiting) -> String {
    match waiting.proposed {
        Proposed::Role { role: given, .. } => t!(
            "people-waits-role",
            role = role(given),
            place = waiting.organization.clone().unwrap_or_default()
        ),
        Proposed::Code => t!("people-waits-code"),
    }
}

/// Why a change can't be made, beside the field that it is about; `elsewhere`: the place for what is about none.
pub fn cant(cant: Cant, elsewhere: &'static str) -> Errors {
    let (field, words): (&'static str, Text) = match cant {
        Cant::Name => ("name", text!("people-cant-name")),
        Cant::Organization => ("organization", text!("people-cant-organization")),
        Cant::Role => ("role", text!("people-cant-role")),
        Cant::Begin => ("from", text!("people-cant-from")),
        Cant::End => ("until", text!("people-cant-until")),
        Cant::Yourself => (elsewhere, text!("people-cant-yourself")),
        Cant::SamePerson => (elsewhere, text!("people-cant-same")),
        Cant::HeldAlready => (elsewhere, text!("people-cant-held")),
        Cant::NotThere => (elsewhere, text!("people-cant-gone")),
        Cant::HasAccount => (elsewhere, text!("people-cant-account")),
    };
    let mut errors = Errors::default();
    errors.add(field, words);
    errors
}
