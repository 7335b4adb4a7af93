//! Who looks at the page: decides the navigation and the banners, nothing else. What may be
//! shown is decided in `portal` with the actor, never with this.

use crate::State;
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
/// can put one there); without one, nobody is signed in.
#[expect(clippy::unused_async, reason = "the session is read from the database")]
pub async fn of(_state: &State, parts: &Parts) -> Viewer {
    parts
        .extensions
        .get::<Viewer>()
        .cloned()
        .unwrap_or_default()
}
