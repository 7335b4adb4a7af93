//! Who looks at the page: decides the navigation and the banners, nothing else. What may be
//! shown is decided in `portal` with the actor, never with this.

use crate::visit::{Arrival, Visit};
use axum::http::request::Parts;
use std::{fmt, time::Duration};

/// The part of the house a person is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Role {
    /// Nobody signed in (or only half way).
    #[default]
    SignedOut,
    /// A patient, or a proxy acting for one.
    Patient,
    /// Somebody who acts for nobody now, and has no record of their own here.
    Helper,
    /// A clinician.
    Clinician,
    /// Privacy officer, administrator, support.
    Office,
}

/// Who looks.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Viewer {
    /// The part of the house.
    pub role: Role,
    /// The name of the person signed in.
    pub name: Option<String>,
    /// The name of the person acted for, when a proxy acts.
    pub acting_for: Option<String>,
    /// How long the session lasts without a request; `None` when nobody is signed in.
    pub idle: Option<Duration>,
}

impl fmt::Debug for Viewer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Viewer({:?}, [redacted])", self.role)
    }
}

/// The viewer of a request. A `Viewer` among the request's extensions wins (only a layer of ours
/// can put one there); without one, it follows from who arrived.
pub(crate) fn of(arrival: &Arrival, parts: &Parts) -> Viewer {
    match (parts.extensions.get::<Viewer>(), arrival) {
        (Some(viewer), _) => viewer.clone(),
        (None, Arrival::SignedIn(visit)) => signed_in(visit),
        (None, Arrival::ActingEnded) => Viewer {
            role: Role::Helper,
            ..Viewer::default()
        },
        (None, Arrival::SignedOut | Arrival::Failed) => Viewer::default(),
    }
}

fn signed_in(visit: &Visit) -> Viewer {
    use domain::party::Role as Acts;
    Viewer {
        role: match visit.actor.role() {
            Acts::Proxy if visit.actor.on_behalf_of().is_none() => Role::Helper,
            Acts::Patient | Acts::Proxy => Role::Patient,
            Acts::SudClinician | Acts::Clinician | Acts::CareCoordinator | Acts::Billing => {
                Role::Clinician
            }
            Acts::Support | Acts::PrivacyOfficer | Acts::Administrator => Role::Office,
        },
        name: Some(visit.actor.name().to_owned()),
        acting_for: visit.actor.acting_for().map(ToOwned::to_owned),
        idle: visit.portal.options().idle.to_std().ok(),
    }
}
