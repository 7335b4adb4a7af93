//! What on the sharing page needs the patient: ends that come near, consents on hold, changes in who gives care.

use super::grid::ends_within;
use super::standing::Summary;
use crate::actor::Actor;
use crate::directory::{self, Name, RecipientName};
use crate::{Portal, Refusal};
use chrono::TimeDelta;
use domain::clock::Instant;
use domain::consent::{ConsentState, Expiry, Recipient, Standing};
use domain::id::{ConsentId, PersonId};
use domain::party::{Party, RelationshipKind};
use domain::state::PolicyState;
use uuid::Uuid;

/// How long somebody who began to treat the patient is news.
pub const NEW: TimeDelta = TimeDelta::days(30);

/// Something to look at, with what its sentence needs.
#[derive(Clone, Debug)]
pub enum Attention {
    /// A consent ends within 30 days.
    EndsSoon {
        /// Which.
        consent: ConsentId,
        /// To whom.
        to: Vec<RecipientName>,
        /// Until when.
        ends: Option<Expiry>,
    },
    /// A consent is on hold since staff recorded that the patient said to stop (LAW A12).
    OnHold {
        /// Which.
        consent: ConsentId,
        /// To whom.
        to: Vec<RecipientName>,
        /// Since when.
        at: Instant,
    },
    /// Who receives does not give the patient care any more; the consent still stands.
    CareEnded {
        /// Which.
        consent: ConsentId,
        /// To whom.
        to: Vec<RecipientName>,
        /// Since when.
        at: Instant,
    },
    /// Who receives left where they worked when it was signed; the consent still stands.
    Left {
        /// Which.
        consent: ConsentId,
        /// To whom.
        to: Vec<RecipientName>,
        /// Where they worked.
        place: Name,
        /// Since when.
        at: Instant,
    },
    /// Somebody began to treat the patient.
    NewCare {
        /// Who.
        name: Name,
        /// The person or organization, for a look as them.
        id: Uuid,
        /// Since when.
        since: Instant,
    },
}

/// All that needs the patient, what ends or is on hold first.
///
/// # Errors
/// When the store can't be used.
pub async fn of(
    portal: &Portal,
    actor: &Actor,
    consents: &[Summary],
) -> Result<Vec<Attention>, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    // It tells who cares for the patient, which can tell what for (POLICY §5).
    if !actor.is_whole() {
        return Ok(Vec::new());
    }
    let state = portal
        .store()
        .policy_state(patient)
        .await?
        .ok_or(Refusal::NotAvailable)?;
    let now = portal.now();
    let mut found = Vec::new();
    for summary in consents {
        let consent = &summary.standing.consent;
        let (id, to) = (consent.id, summary.to.clone());
        match (&summary.standing.state, summary.now) {
            (ConsentState::Suspended { at }, _) => found.push(Attention::OnHold {
                consent: id,
                to,
                at: *at,
            }),
            (_, Standing::Active) if ends_within(consent.terms.expiry.as_ref(), now) => {
                found.push(Attention::EndsSoon {
                    consent: id,
                    to,
                    ends: consent.terms.expiry.clone(),
                });
            }
            _ => {}
        }
    }
    for summary in consents.iter().filter(|one| one.now == Standing::Active) {
        let signed = summary.standing.consent.signature.signed_at;
        let consent = summary.standing.consent.id;
        for to in &summary.standing.consent.terms.to {
            let party = match to {
                Recipient::Person(person) => Party::Person(*person),
                Recipient::Organization(organization) => Party::Organization(*organization),
                _ => continue,
            };
            if let Some(at) = care_ended(&state, party, signed, now) {
                found.push(Attention::CareEnded {
                    consent,
                    to: vec![directory::recipient(portal, to).await?],
                    at,
                });
            }
            if let Party::Person(person) = party
                && let Some((place, at)) = left(portal, person, signed, now).await?
            {
                found.push(Attention::Left {
                    consent,
                    to: vec![directory::recipient(portal, to).await?],
                    place,
                    at,
                });
            }
        }
    }
    found.extend(new_care(portal, &state, now).await?);
    Ok(found)
}

/// When care by this party ended, if it did since then and they give none now.
fn care_ended(state: &PolicyState, party: Party, signed: Instant, now: Instant) -> Option<Instant> {
    let of_party = || {
        state.relationships.iter().filter(move |one| {
            one.party == party
                && matches!(
                    one.kind,
                    RelationshipKind::Treating | RelationshipKind::Coordinating
                )
        })
    };
    if of_party().any(|one| one.span.holds(now)) {
        return None;
    }
    of_party()
        .filter_map(|one| one.span.until)
        .filter(|until| *until > signed && *until <= now)
        .max()
}

/// The last place that a person left since then, unless they are there again.
async fn left(
    portal: &Portal,
    person: PersonId,
    signed: Instant,
    now: Instant,
) -> Result<Option<(Name, Instant)>, Refusal> {
    let Some(person) = portal.store().person(person).await? else {
        return Ok(None);
    };
    let there = |organization| {
        person
            .memberships
            .iter()
            .any(|place| place.organization == organization && place.span.holds(now))
    };
    let last = person
        .memberships
        .iter()
        .filter(|place| place.span.from <= signed && !there(place.organization))
        .filter_map(|place| Some((place.organization, place.span.until?)))
        .filter(|(_, until)| *until > signed && *until <= now)
        .max_by_key(|(_, until)| *until);
    let Some((organization, at)) = last else {
        return Ok(None);
    };
    let place = directory::organization(portal, organization).await?;
    Ok(place.map(|place| (place, at)))
}

/// Who began to treat the patient within [`NEW`], the last first.
async fn new_care(
    portal: &Portal,
    state: &PolicyState,
    now: Instant,
) -> Result<Vec<Attention>, Refusal> {
    let mut begun: Vec<(Party, Instant)> = Vec::new();
    for one in &state.relationships {
        if one.kind != RelationshipKind::Treating || !one.span.holds(now) {
            continue;
        }
        match begun.iter_mut().find(|(party, _)| *party == one.party) {
            // They treated the patient before: that is no news.
            Some((_, since)) => *since = (*since).min(one.span.from),
            None => begun.push((one.party, one.span.from)),
        }
    }
    begun.retain(|(_, since)| now - *since <= NEW);
    begun.sort_by_key(|(party, since)| (core::cmp::Reverse(*since), *party));
    let mut found = Vec::new();
    for (party, since) in begun {
        let (name, id) = match party {
            Party::Person(person) => (directory::person(portal, person).await?, person.0),
            Party::Organization(organization) => (
                directory::organization(portal, organization).await?,
                organization.0,
            ),
        };
        if let Some(name) = name {
            found.push(Attention::NewCare { name, id, since });
        }
    }
    Ok(found)
}
