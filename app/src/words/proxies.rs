//! Those who act for a patient, in words.

use crate::{components::time::zone, dates, t};
use domain::{
    clock::Instant,
    state::{AuthorityKind, Survivor},
};
use portal::ApplicationKind;

/// By what right somebody acts: "Parent".
pub fn right(kind: &AuthorityKind) -> String {
    match kind {
        AuthorityKind::ParentOfMinor { .. } => t!("proxies-right-parent"),
        AuthorityKind::Guardian { .. } => t!("proxies-right-guardian"),
        AuthorityKind::Director => t!("proxies-right-director"),
        AuthorityKind::AfterDeath(survivor) => after_death(*survivor),
        AuthorityKind::ChosenByAdult => t!("proxies-right-chosen"),
    }
}

/// As what somebody asks to act.
pub fn applied_as(kind: ApplicationKind) -> String {
    match kind {
        ApplicationKind::Parent => t!("proxies-right-parent"),
        ApplicationKind::Guardian => t!("proxies-right-guardian"),
        ApplicationKind::AfterDeath(survivor) => after_death(survivor),
    }
}

/// The place in the line of those who act for a deceased patient.
pub fn after_death(survivor: Survivor) -> String {
    match survivor {
        Survivor::Executor => t!("proxies-right-executor"),
        Survivor::Spouse => t!("proxies-right-spouse"),
        Survivor::Family => t!("proxies-right-family"),
    }
}

/// Until when, in words; a term ends with the first instant that is no longer inside.
pub fn until(until: Option<Instant>) -> String {
    until.map_or_else(
        || t!("proxies-until-open"),
        |until| {
            let inside = until - chrono::TimeDelta::seconds(1);
            let day = dates::day(dates::day_in(inside, zone()));
            t!("sharing-until-day", day = day)
        },
    )
}
