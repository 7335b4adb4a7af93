//! Break-glass: medical personnel open a record in a medical emergency when consent can't be had (LAW E1, 42 CFR 2.51).
//!
//! | module | who | what |
//! | --- | --- | --- |
//! | [`request`] | a clinician | what 2.51(c) wants recorded, before anything is looked up |
//! | [`opening`](open) | a clinician | finds the one record, opens it for an hour, ends it |
//! | [`told`] | the patient | reads who opened it and why, reports a concern |
//! | [`review`] | a privacy officer | looks at what was done and says whether it was justified |
//!
//! Nothing is looked up before the whole record of 2.51(c) is given and confirmed by a fresh factor: a guess costs what
//! an emergency costs, and one that is right is told to the patient and reviewed. So nobody learns who has a record here
//! without the patient learning that they did (LAW B5).

mod opening;
pub mod request;
pub mod review;
pub mod told;

pub use opening::{Open, Unopened, current, end, ended, open, over, resume};
pub use request::{Asking, Request, Whom, WithoutConsent, asking};

use chrono::TimeDelta;

/// How long a record stays open: one hour, never extended.
pub const LASTS: TimeDelta = TimeDelta::hours(domain::state::LONGEST_HOURS);
