//! One's own record exactly as somebody else would see it now (UX, `/sharing/view-as/{recipient}`).
//!
//! The page is decided by [`chart::leaf`], the function behind the chart itself, for the recipient as account and directory
//! have them now, on the very state that stands for the patient: no relationship is made up, nothing is left out. What came
//! of it is then narrowed to what the patient may see themselves, and logged as a preview by the patient.
//!
//! Two things can be missing that the recipient sees: what a provider withholds from the patient by law (POLICY §4.1), of
//! which nothing is said; and what is in a separated counseling note, which takes a fresh factor on its own page.

use crate::actor::Actor;
use crate::chart::{self, Leaf, OneItem, Opened, PURPOSES};
use crate::directory::{self, Name};
use crate::disclosure::{self, Decided, Look};
use crate::emergency::Open;
use crate::records::{asks_step_up, own_purpose};
use crate::{Portal, Refusal};
use domain::clock::Instant;
use domain::consent::{ConsentKind, Participants, Recipient, Terms};
use domain::decide::{Action, Decider, Permit};
use domain::duty::Duty;
use domain::id::{ItemId, OrganizationId, PatientId, PersonId};
use domain::item::ItemFacts;
use domain::party::{Membership, Party, ROLES, Role, Span, Viewer};
use domain::purpose::Purpose;
use domain::state::PolicyState;
use store::PersonRecord;
use uuid::Uuid;

/// As whom the record is looked at.
#[derive(Clone)]
pub struct Whom {
    /// Who it is; `None`: nobody whom the directory or the patient's own sharing names.
    pub name: Option<Name>,
    /// Whether it is an organization: then it is anybody who gives care there and has no care relationship of their own.
    pub is_organization: bool,
    /// The people who work there and open charts, for an organization.
    pub people: Vec<(PersonId, Name)>,
    /// The roles in which they open charts.
    pub roles: Vec<Role>,
    /// For what they can open a chart.
    pub purposes: Vec<Purpose>,
    /// The grant by which they have this record open in an emergency now.
    pub emergency: Option<Open>,
    viewer: Viewer,
}

impl core::fmt::Debug for Whom {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Whom([redacted])")
    }
}

/// A page of the record as somebody else.
pub struct Seen {
    /// The page as they have it; `None`: they are told that there is nothing they can be shown.
    pub opened: Option<Opened>,
    /// When it was true.
    pub as_of: Instant,
}

/// The person's own record, and nobody else's: a helper does not look around as somebody else.
fn own(actor: &Actor) -> Result<PatientId, Refusal> {
    match actor.role() {
        Role::Patient => actor.patient().ok_or(Refusal::NotAvailable),
        _ => Err(Refusal::NotAvailable),
    }
}

/// Who a recipient is, without opening anything.
///
/// What is no id of anybody, and whoever is not in the directory, is nobody: both answer alike.
///
/// # Errors
/// [`Refusal::NotAvailable`] for everybody but the patient.
pub async fn whom(portal: &Portal, actor: &Actor, recipient: Uuid) -> Result<Whom, Refusal> {
    let patient = own(actor)?;
    let state = portal
        .store()
        .policy_state(patient)
        .await?
        .ok_or(Refusal::NotAvailable)?;
    find(portal, &state, recipient).await
}

async fn find(portal: &Portal, state: &PolicyState, recipient: Uuid) -> Result<Whom, Refusal> {
    let store = portal.store();
    if let Some(person) = store.person(PersonId(recipient)).await? {
        if let Some(found) = a_person(portal, state, person).await? {
            return Ok(found);
        }
    } else if let Some(name) = directory::organization(portal, OrganizationId(recipient)).await? {
        return an_organization(portal, OrganizationId(recipient), name).await;
    }
    Ok(Whom {
        name: None,
        is_organization: false,
        people: Vec::new(),
        roles: Vec::new(),
        purposes: PURPOSES.to_vec(),
        emergency: None,
        viewer: nobody(),
    })
}

/// Somebody who sees nothing, whatever stands (POLICY §4.4).
fn nobody() -> Viewer {
    Viewer {
        person: PersonId::derived("view-as", ""),
        role: Role::Support,
        subject_of: None,
        memberships: Vec::new(),
    }
}

async fn a_person(
    portal: &Portal,
    state: &PolicyState,
    person: PersonRecord,
) -> Result<Option<Whom>, Refusal> {
    let now = portal.now();
    let mut held: Vec<Role> = Vec::new();
    for account in portal.store().accounts_of(person.id).await? {
        held.extend(account.roles);
    }
    let works = |role: Role| {
        person
            .memberships
            .iter()
            .any(|place| place.span.holds(now) && place.role == role)
    };
    // Whom the directory has without an account is shown as they would be with one.
    let no_account = held.is_empty();
    let roles: Vec<Role> = ROLES
        .into_iter()
        .filter(|role| Duty::OpenCharts.is_of(*role))
        .filter(|role| held.contains(role) || (no_account && works(*role)))
        .collect();
    let in_directory = ROLES
        .into_iter()
        .any(|role| Duty::OpenCharts.is_of(role) && works(role));
    if !in_directory && !is_named(state, person.id) {
        return Ok(None);
    }
    let emergency = state
        .emergencies
        .iter()
        .filter(|grant| grant.person == person.id && grant.is_open(now))
        .min_by_key(|grant| grant.id)
        .and_then(|grant| {
            Some(Open {
                id: grant.id,
                since: grant.span.from,
                until: grant.span.until?,
            })
        });
    let mut purposes = PURPOSES.to_vec();
    purposes.extend(emergency.map(|_| Purpose::Emergency));
    Ok(Some(Whom {
        name: directory::person(portal, person.id).await?,
        is_organization: false,
        people: Vec::new(),
        viewer: Viewer {
            person: person.id,
            role: roles.first().copied().unwrap_or(Role::Support),
            subject_of: None,
            memberships: person.memberships,
        },
        roles,
        purposes,
        emergency,
    }))
}

/// Whether the patient's own sharing, care or emergencies name this person: then their name is known here already.
fn is_named(state: &PolicyState, person: PersonId) -> bool {
    let in_consents = state
        .consents
        .iter()
        .flat_map(|standing| &standing.consent.terms.to)
        .any(|to| match to {
            Recipient::Person(id) => *id == person,
            Recipient::Intermediary {
                participants: Participants::Named(list),
                ..
            } => list.contains(&Party::Person(person)),
            _ => false,
        });
    in_consents
        || state
            .relationships
            .iter()
            .any(|one| one.party == Party::Person(person))
        || state.emergencies.iter().any(|one| one.person == person)
}

async fn an_organization(portal: &Portal, id: OrganizationId, name: Name) -> Result<Whom, Refusal> {
    let now = portal.now();
    let mut people = Vec::new();
    for person in portal.store().all_people().await? {
        let here = person.memberships.iter().any(|place| {
            place.organization == id && place.span.holds(now) && Duty::OpenCharts.is_of(place.role)
        });
        if here && let Some(name) = directory::person(portal, person.id).await? {
            people.push((person.id, name));
        }
    }
    people.sort_by(|a, b| a.1.name.cmp(&b.1.name).then_with(|| a.0.cmp(&b.0)));
    Ok(Whom {
        name: Some(name),
        is_organization: true,
        people,
        roles: vec![Role::Clinician],
        purposes: PURPOSES.to_vec(),
        emergency: None,
        viewer: Viewer {
            role: Role::Clinician,
            memberships: vec![Membership {
                organization: id,
                role: Role::Clinician,
                span: Span {
                    from: now,
                    until: None,
                },
            }],
            ..nobody()
        },
    })
}

/// As whom, in which of their roles, for what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asked {
    /// A person or an organization.
    pub recipient: Uuid,
    /// In which role they open charts; one they don't have reads as their first.
    pub role: Option<Role>,
    /// For what.
    pub purpose: Purpose,
}

/// The recipient as they would come, with this look.
async fn viewer(portal: &Portal, state: &PolicyState, asked: Asked) -> Result<Viewer, Refusal> {
    let whom = find(portal, state, asked.recipient).await?;
    if !whom.purposes.contains(&asked.purpose) {
        return Err(Refusal::BadRequest);
    }
    let role = asked.role.filter(|role| whom.roles.contains(role));
    Ok(Viewer {
        role: role.unwrap_or(whom.viewer.role),
        ..whom.viewer
    })
}

/// One page of the record as they see it (UX). Logged as a preview, also when they see nothing.
///
/// # Errors
/// [`Refusal::NotAvailable`] for everybody but the patient; [`Refusal::BadRequest`] for a purpose they can't have.
pub async fn open(
    portal: &Portal,
    actor: &Actor,
    asked: Asked,
    page: usize,
) -> Result<Seen, Refusal> {
    let patient = own(actor)?;
    let decide = async |look: Look| {
        let Look { viewer: own, chart } = look;
        let now = portal.now();
        let purpose = own_purpose(actor.role());
        let theirs = viewer(portal, &chart.state, asked).await?;
        // Decided as a look of theirs; what is written down is the patient's own.
        let others = Decider::new(&theirs, Action::View, asked.purpose, now, &chart.state);
        let mine = Decider::new(&own, Action::Preview, purpose, now, &chart.state);
        let mut permits = Vec::new();
        let mut seen = None;
        if others.has_standing() {
            let items = chart
                .items
                .iter()
                .filter(|item| mine.labels(item).is_some());
            let Leaf {
                permits: decided,
                has_heading,
                opened,
            } = chart::leaf(&others, items, page, &chart.state, now);
            let mut headed = false;
            for (at, theirs) in decided.iter().enumerate() {
                let permit = chart
                    .items
                    .iter()
                    .find(|item| item.id == theirs.item())
                    .and_then(|item| narrowed(&mine, theirs, item));
                headed |= has_heading && at == 0 && permit.is_some();
                permits.extend(permit);
            }
            seen = Some((opened, headed));
        }
        Ok(Some(Decided {
            action: Action::Preview,
            purpose,
            permits,
            with: (seen, now),
        }))
    };
    let ((seen, as_of), entries) = disclosure::show(portal, actor, patient, |_, _| true, decide)
        .await?
        .ok_or(Refusal::NotAvailable)?;
    Ok(Seen {
        opened: seen.map(|(opened, headed)| opened.with(headed, entries)),
        as_of,
    })
}

/// The patient's own permit, narrowed to what the other sees. A counseling note stays masked here.
fn narrowed(mine: &Decider<'_>, theirs: &Permit, item: &ItemFacts) -> Option<Permit> {
    let own = mine.permit(item)?;
    let asks = asks_step_up(&own);
    let both = own.narrowed_to(theirs)?;
    Some(if asks { both.masked() } else { both })
}

/// One item of the record as they see it.
///
/// # Errors
/// [`Refusal::NotAvailable`] when they can't see it, when it takes a fresh factor of the patient, and for everybody else.
pub async fn item(
    portal: &Portal,
    actor: &Actor,
    asked: Asked,
    id: ItemId,
) -> Result<OneItem, Refusal> {
    let patient = own(actor)?;
    let purpose = own_purpose(actor.role());
    let decide = async |look: Look| {
        let Look { viewer: own, chart } = look;
        let now = portal.now();
        let theirs = viewer(portal, &chart.state, asked).await?;
        let others = Decider::new(&theirs, Action::View, asked.purpose, now, &chart.state);
        let mine = Decider::new(&own, Action::Preview, purpose, now, &chart.state);
        let decided = chart
            .items
            .iter()
            .find(|item| item.id == id && item.kind.is_shown())
            .and_then(|item| {
                let theirs = others.permit(item)?;
                let both = narrowed(&mine, &theirs, item).filter(|both| !both.is_masked())?;
                Some((both, theirs))
            });
        Ok(decided.map(|(both, theirs)| {
            let theirs = [theirs];
            let (rests_on, _, notice) = chart::grounds(&theirs, &chart.state);
            Decided {
                action: Action::Preview,
                purpose,
                permits: vec![both],
                with: (rests_on, notice, chart::asks_no_further_use(&theirs)),
            }
        }))
    };
    let shown = disclosure::show(portal, actor, patient, |_, _| true, decide).await?;
    let Some(((rests_on, notice, no_further_use), opened)) = shown else {
        let (doing, why) = (Action::Preview, Some(purpose));
        return Err(disclosure::denied(portal, actor, patient, doing, why, Some(id)).await);
    };
    let item = opened.into_iter().next().ok_or(Refusal::NotAvailable)?;
    Ok(OneItem {
        item,
        rests_on,
        notice,
        no_further_use,
    })
}

/// As whom the record can be looked at, of a consent to one person or organization that is no helper's (a helper sees the
/// pages of the record itself).
pub(crate) fn one(terms: &Terms) -> Option<Uuid> {
    if terms.kind == ConsentKind::Proxy || terms.to.len() != 1 {
        return None;
    }
    recipients(&terms.to).next().map(|(_, id)| id)
}

/// The recipients of a consent as whom the record can be looked at, each with its place among the recipients.
pub fn recipients(to: &[Recipient]) -> impl Iterator<Item = (usize, Uuid)> {
    to.iter().enumerate().filter_map(|(at, to)| match to {
        Recipient::Person(person) => Some((at, person.0)),
        Recipient::Organization(organization) | Recipient::Intermediary { organization, .. } => {
            Some((at, organization.0))
        }
        Recipient::TreatingProviders | Recipient::TpoClass | Recipient::Named(_) => None,
    })
}
