//! People and organizations by name: whom a patient can share with, and who stands behind an id.

use crate::actor::Actor;
use crate::{Portal, Refusal};
use domain::consent::{Discloser, Participants, Recipient};
use domain::id::{OrganizationId, PersonId};
use domain::party::{Party, Role};
use store::{OrganizationRecord, PersonRecord};

/// A name that was looked up, with what tells people of the same name apart.
#[derive(Clone, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub name: String,
    /// Specialty, or what kind of organization.
    pub detail: Option<String>,
    /// Where a person works.
    pub organization: Option<String>,
}

impl core::fmt::Debug for Name {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Name([redacted])")
    }
}

/// Somebody a consent can name.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// How it is named in a form.
    pub party: Party,
    /// Who it is.
    pub name: Name,
}

/// The words for a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecipientName {
    /// A person or an organization.
    Party(Name),
    /// Somebody who has no account here: what they get, they get on paper.
    OnPaper(Name),
    /// An intermediary with those it passes records on to (LAW A5).
    Through {
        /// The intermediary.
        intermediary: Name,
        /// By name; `None`: the class of those who treat the patient.
        participants: Option<Vec<Name>>,
    },
    /// The class of treating providers.
    TreatingProviders,
    /// The class of LAW A2.
    TpoClass,
    /// Somebody who left the directory.
    Unknown,
}

/// Everybody and every organization that can receive: staff who can see content, and their organizations.
pub async fn candidates(portal: &Portal, _actor: &Actor) -> Result<Vec<Candidate>, Refusal> {
    let store = portal.store();
    let organizations = store.all_organizations().await?;
    let now = portal.now();
    let mut found = Vec::new();
    for person in store.all_people().await? {
        // The office is not whom people share with: it never sees content, or puts labels right without being asked.
        let shared_with = |role: Role| !role.never_sees_content() && role != Role::PrivacyOfficer;
        let Some(membership) = person
            .memberships
            .iter()
            .find(|place| place.span.holds(now) && shared_with(place.role))
        else {
            continue;
        };
        let organization = organizations
            .iter()
            .find(|organization| organization.id == membership.organization);
        found.push(Candidate {
            party: Party::Person(person.id),
            name: of_person(&person, organization),
        });
    }
    for organization in &organizations {
        found.push(Candidate {
            party: Party::Organization(organization.id),
            name: of_organization(organization),
        });
    }
    found.sort_by(|a, b| {
        a.name
            .name
            .to_lowercase()
            .cmp(&b.name.name.to_lowercase())
            .then_with(|| a.party.cmp(&b.party))
    });
    Ok(found)
}

fn of_person(person: &PersonRecord, organization: Option<&OrganizationRecord>) -> Name {
    Name {
        name: match &person.qualification {
            Some(qualification) if !qualification.is_empty() => {
                format!("{}, {qualification}", person.name)
            }
            _ => person.name.clone(),
        },
        detail: person.specialty.clone(),
        organization: organization.map(|organization| organization.name.clone()),
    }
}

fn of_organization(organization: &OrganizationRecord) -> Name {
    Name {
        name: organization.name.clone(),
        detail: Some(organization.kind.clone()).filter(|kind| !kind.is_empty()),
        organization: None,
    }
}

/// The name behind a person's id.
pub async fn person(portal: &Portal, id: PersonId) -> Result<Option<Name>, Refusal> {
    let store = portal.store();
    let Some(person) = store.person(id).await? else {
        return Ok(None);
    };
    let now = portal.now();
    let place = person
        .memberships
        .iter()
        .find(|membership| membership.span.holds(now));
    let organization = match place {
        Some(membership) => store.organization(membership.organization).await?,
        None => None,
    };
    Ok(Some(of_person(&person, organization.as_ref())))
}

/// The name behind an organization's id.
pub async fn organization(portal: &Portal, id: OrganizationId) -> Result<Option<Name>, Refusal> {
    Ok(portal
        .store()
        .organization(id)
        .await?
        .as_ref()
        .map(of_organization))
}

/// The name behind a person's or an organization's id.
pub async fn party(portal: &Portal, id: Party) -> Result<Option<Name>, Refusal> {
    match id {
        Party::Person(id) => person(portal, id).await,
        Party::Organization(id) => organization(portal, id).await,
    }
}

/// The words for a recipient of a consent.
pub async fn recipient(portal: &Portal, recipient: &Recipient) -> Result<RecipientName, Refusal> {
    let name = match recipient {
        Recipient::Person(id) => person(portal, *id).await?,
        Recipient::Organization(id) => organization(portal, *id).await?,
        Recipient::TreatingProviders => return Ok(RecipientName::TreatingProviders),
        Recipient::TpoClass => return Ok(RecipientName::TpoClass),
        Recipient::Intermediary {
            organization: id,
            participants,
        } => {
            let Some(intermediary) = organization(portal, *id).await? else {
                return Ok(RecipientName::Unknown);
            };
            let participants = match participants {
                Participants::TreatingProviders => None,
                Participants::Named(named) => {
                    let mut names = Vec::new();
                    for one in named {
                        names.extend(party(portal, *one).await?);
                    }
                    Some(names)
                }
            };
            return Ok(RecipientName::Through {
                intermediary,
                participants,
            });
        }
        Recipient::Named(name) => {
            return Ok(RecipientName::OnPaper(Name {
                name: name.clone(),
                detail: None,
                organization: None,
            }));
        }
    };
    Ok(name.map_or(RecipientName::Unknown, RecipientName::Party))
}

/// The words for the recipients of a consent, in their order.
pub async fn recipients(portal: &Portal, to: &[Recipient]) -> Result<Vec<RecipientName>, Refusal> {
    let mut names = Vec::new();
    for one in to {
        names.push(recipient(portal, one).await?);
    }
    Ok(names)
}

/// The names of those whose records a consent opens; none: those of every provider.
pub async fn disclosers(portal: &Portal, from: &Discloser) -> Result<Vec<Name>, Refusal> {
    let mut names = Vec::new();
    if let Discloser::Organizations(list) = from {
        for id in list {
            // Who left the directory still counts: the list must not read as "every provider".
            names.push(organization(portal, *id).await?.unwrap_or_else(|| Name {
                name: id.to_string(),
                detail: None,
                organization: None,
            }));
        }
    }
    Ok(names)
}
