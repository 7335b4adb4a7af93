//! Those who act for patients (LAW D, POLICY §4.3).
//!
//! | module | who | what |
//! | --- | --- | --- |
//! | [`acting`] | a helper, parent, guardian … | for whom they act now, and changing that |
//! | [`helpers`] | an adult patient | who acts for them: naming, limiting, ending |
//! | [`joining`] | a helper with an account | taking up a patient's invitation |
//! | [`countersign`] | a minor, a parent or guardian | consents that need both hands (LAW D2) |
//! | [`applying`] | anybody with an account | asking the office to act for somebody (LAW D4) |
//! | [`office`] | a privacy officer | verifying and refusing that (LAW D5) |
//!
//! What somebody who acts for a patient sees of the record is decided part by part like everything else, by
//! `domain::decide`, rule 3. `sight` says what they read of the lists around the record: the consents and the history.

pub mod acting;
pub mod applying;
pub mod countersign;
pub mod document;
pub mod helpers;
pub mod joining;
pub mod office;
pub(crate) mod sight;

use crate::{Portal, Refusal};
use chrono::TimeDelta;
use domain::clock::Instant;
use domain::state::{Authority, AuthorityKind, AuthorityState, PolicyState};
use store::PersonRecord;

/// For how long the start page tells of somebody who acts by the office's word.
const NEWS_FOR: TimeDelta = TimeDelta::days(30);

/// Somebody who acts for the patient by the office's word since lately.
#[derive(Clone, PartialEq, Eq)]
pub struct Newly {
    /// The name.
    pub name: String,
    /// Since when.
    pub since: Instant,
}

impl core::fmt::Debug for Newly {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Newly([redacted])")
    }
}

/// Whom the office verified lately, and who acts now.
pub(crate) async fn newly(
    portal: &Portal,
    state: &PolicyState,
    now: Instant,
) -> Result<Vec<Newly>, Refusal> {
    let mut found = Vec::new();
    for authority in &state.authorities {
        let AuthorityState::Verified { at: since } = authority.state else {
            continue;
        };
        let lately = now - since < NEWS_FOR && authority.in_force(now);
        if lately && authority.kind != AuthorityKind::ChosenByAdult {
            let name = name_of(portal, authority).await?;
            found.push(Newly { name, since });
        }
    }
    Ok(found)
}

/// The name of whoever acts by an authority.
async fn name_of(portal: &Portal, authority: &Authority) -> Result<String, Refusal> {
    let person = portal.store().person(authority.person).await?;
    Ok(person
        .map(|person: PersonRecord| person.name)
        .unwrap_or_default())
}
