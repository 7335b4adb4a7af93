//! The first page after signing in: who can see my records now, who looked lately, what needs me (UX).

use crate::actor::Actor;
use crate::directory::{self, Name, RecipientName};
use crate::emergency::told::{self, News};
use crate::history::{self, Line};
use crate::proxies::{self, Newly, sight};
use crate::sharing::view_as;
use crate::{Portal, Refusal};
use chrono::TimeDelta;
use domain::clock::Instant;
use domain::consent::{Expiry, Recipient, Standing};
use domain::duty::Duty;
use domain::id::ConsentId;
use domain::label::LabelSet;
use domain::party::{Party, RelationshipKind, Role};
use uuid::Uuid;

/// A consent in force, in what its sentence needs.
#[derive(Clone, Debug)]
pub struct Sharing {
    /// The consent.
    pub consent: ConsentId,
    /// To whom.
    pub to: Vec<RecipientName>,
    /// What.
    pub labels: LabelSet,
    /// Until when.
    pub ends: Option<Expiry>,
    /// As whom the record can be looked at, if that is one person or organization.
    pub view_as: Option<Uuid>,
}

/// Somebody who treats the patient and so sees everyday health items.
#[derive(Clone, Debug)]
pub struct Treating {
    /// Who.
    pub name: Name,
    /// As whom the record can be looked at.
    pub id: Uuid,
}

/// The home page of a patient.
#[derive(Debug)]
pub struct Home {
    /// Consents in force.
    pub sharing: Vec<Sharing>,
    /// Current care relationships.
    pub treating: Vec<Treating>,
    /// Who looked lately.
    pub lately: Vec<Line>,
    /// Consents in force that end within 30 days.
    pub ending: Vec<Sharing>,
    /// Emergencies that the patient has not read about yet (LAW E1).
    pub emergencies: Vec<News>,
    /// People who may act for the patient by the office's word since lately (LAW D4, D6).
    pub act_for_me: Vec<Newly>,
    /// How many consents wait for a second signature (LAW D2).
    pub waiting: usize,
    /// When the page was true.
    pub as_of: Instant,
}

/// Reads the home page.
///
/// # Errors
/// [`Refusal::NotAvailable`] for whoever has no record here, or acts in a role without one.
pub async fn open(portal: &Portal, actor: &Actor) -> Result<Home, Refusal> {
    actor.must(Duty::OwnRecord)?;
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let state = portal
        .store()
        .policy_state(patient)
        .await?
        .ok_or(Refusal::NotAvailable)?;
    let now = portal.now();
    let mut sharing = Vec::new();
    for standing in &state.consents {
        if standing.standing(now) != Standing::Active || !sight::reads(actor, &standing.consent) {
            continue;
        }
        let terms = &standing.consent.terms;
        // On paper alone: nobody can see anything here with it.
        if terms.to.iter().all(|to| matches!(to, Recipient::Named(_))) {
            continue;
        }
        let to = directory::recipients(portal, &terms.to).await?;
        sharing.push(Sharing {
            consent: standing.consent.id,
            to,
            labels: terms.what.granted(),
            ends: terms.expiry.clone(),
            view_as: view_as::one(terms),
        });
    }
    let mut treating = Vec::new();
    for relationship in &state.relationships {
        // Who treats somebody can tell what for (POLICY §5).
        if !actor.is_whole()
            || relationship.kind != RelationshipKind::Treating
            || !relationship.span.holds(now)
        {
            continue;
        }
        let (name, id) = match relationship.party {
            Party::Person(person) => (directory::person(portal, person).await?, person.0),
            Party::Organization(organization) => (
                directory::organization(portal, organization).await?,
                organization.0,
            ),
        };
        if let Some(name) = name
            && !treating.iter().any(|known: &Treating| known.id == id)
        {
            treating.push(Treating { name, id });
        }
    }
    let soon = now + TimeDelta::days(30);
    let ending = sharing
        .iter()
        .filter(|sharing| matches!(sharing.ends, Some(Expiry::At(end)) if end <= soon))
        .cloned()
        .collect();
    // What an emergency was about is the patient's own to read.
    let emergencies = if actor.role() == Role::Patient {
        told::news(&state, now)
    } else {
        Vec::new()
    };
    let act_for_me = if actor.role() == Role::Patient {
        proxies::newly(portal, &state, now).await?
    } else {
        Vec::new()
    };
    Ok(Home {
        act_for_me,
        waiting: proxies::countersign::waiting(portal, actor).await?.len(),
        emergencies,
        sharing,
        treating,
        lately: history::lately(portal, actor, 5).await?,
        ending,
        as_of: now,
    })
}
