//! The rows: who, what is behind it, until when.

use super::cells::{self, Cell, KeptBack, Limit, State};
use crate::actor::Actor;
use crate::directory::{self, Name, RecipientName};
use crate::records::own_purpose;
use crate::sharing::standing::Summary;
use crate::sharing::view_as;
use crate::{Portal, Refusal};
use chrono::TimeDelta;
use domain::clock::Instant;
use domain::consent::{ConsentKind, Expiry, Recipient, Standing};
use domain::decide::{Action, Decider};
use domain::id::{ConsentId, EmergencyId, ItemId, OrganizationId};
use domain::item::{ItemFacts, ItemKind};
use domain::label::LabelSet;
use domain::party::{Membership, Party, RelationshipKind, Role};
use domain::state::{AuthorityKind, PolicyState, Restriction};
use std::collections::BTreeSet;
use uuid::Uuid;

/// How long before its end a consent is said to end soon.
pub const SOON: TimeDelta = TimeDelta::days(30);

/// What a row rests on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Behind {
    /// A consent.
    Consent(ConsentId),
    /// Caring for the patient, without a consent.
    Care,
    /// A record opened in an emergency (LAW E1).
    Emergency(EmergencyId),
    /// A right to act for the patient (LAW D).
    Helper,
}

/// Until when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Until {
    /// As the consent says.
    Consent(Option<Expiry>),
    /// While they care for the patient.
    Care,
    /// Until the emergency's access is over.
    Emergency(Instant),
    /// While the authority lasts; its end, if it has one.
    Helper(Option<Instant>),
}

/// A row of the grid.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it rests on.
    pub behind: Behind,
    /// To whom.
    pub to: Vec<RecipientName>,
    /// As whom the record can be looked at, if that is one person or organization.
    pub view_as: Option<Uuid>,
    /// One cell a column.
    pub cells: Vec<Cell>,
    /// What a substance use treatment program wrote.
    pub part2: Cell,
    /// What is to say of all that the row opens.
    pub limits: Vec<Limit>,
    /// Until when.
    pub until: Until,
    /// Whether it ends within 30 days.
    pub ends_soon: bool,
}

impl Row {
    /// What a cell opens, as the row's own limits leave it.
    fn limited(mut self) -> Self {
        if !self.limits.is_empty() {
            for cell in self.cells.iter_mut().chain([&mut self.part2]) {
                let by_care = cell.limits.contains(&Limit::ForCare);
                let kept = self.limits.iter().any(Limit::keeps_items);
                if cell.state == State::Open && (!by_care || kept) {
                    cell.state = State::Partly;
                }
            }
        }
        self
    }
}

/// Everything a row is worked out from.
struct Ground<'a> {
    portal: &'a Portal,
    actor: &'a Actor,
    state: &'a PolicyState,
    now: Instant,
    /// The items that a restriction may keep back one by one, as far as whoever looks may see them.
    items: Vec<ItemFacts>,
}

/// One recipient of a row, as care and restrictions name them.
struct Receiver {
    /// A person or an organization; `None`: nobody in particular.
    party: Option<Party>,
    /// Where a person works now.
    places: Vec<Membership>,
}

/// The rows: emergencies first, then the consents in force, then who cares for the patient, then helpers by right.
///
/// # Errors
/// When the store can't be used.
pub async fn rows(
    portal: &Portal,
    actor: &Actor,
    consents: &[Summary],
) -> Result<Vec<Row>, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let state = portal
        .store()
        .policy_state(patient)
        .await?
        .ok_or(Refusal::NotAvailable)?;
    let now = portal.now();
    let ground = Ground {
        portal,
        actor,
        state: &state,
        now,
        items: kept_by_name(portal, actor, &state, now).await?,
    };
    let mut rows = Vec::new();
    // What an emergency was about is the patient's own to read.
    if actor.role() == Role::Patient {
        rows.extend(ground.emergencies());
    }
    let in_force: Vec<&Summary> = consents
        .iter()
        .filter(|summary| summary.now == Standing::Active)
        .collect();
    for summary in &in_force {
        rows.push(ground.consent(summary).await?);
    }
    // Who cares for somebody can tell what for: for those alone who read all of it (POLICY §5).
    if actor.is_whole() {
        rows.extend(ground.care(&in_force).await?);
        rows.extend(ground.helpers().await?);
    }
    Ok(rows.into_iter().map(Row::limited).collect())
}

/// The items that restrictions name, and every claim, as far as whoever looks may see them: that something is kept from
/// somebody tells of it. Where none names any, the record is not looked at.
async fn kept_by_name(
    portal: &Portal,
    actor: &Actor,
    state: &PolicyState,
    now: Instant,
) -> Result<Vec<ItemFacts>, Refusal> {
    let binding = state.restrictions.iter().filter(|one| one.binds(now));
    let named: BTreeSet<ItemId> = binding
        .flat_map(|one| one.items.iter().chain(&one.billing).copied())
        .collect();
    if named.is_empty() || !actor.is_whole() {
        return Ok(Vec::new());
    }
    let items = portal.store().items_at(state.patient, state.epoch).await?;
    let viewer = actor.viewer();
    let purpose = own_purpose(actor.role());
    let decider = Decider::new(&viewer, Action::Preview, purpose, now, state);
    let nameable = items
        .iter()
        .filter(|item| item.kind == ItemKind::Claim || named.contains(&item.id));
    Ok(nameable
        .filter(|item| decider.labels(item).is_some())
        .cloned()
        .collect())
}

impl Ground<'_> {
    fn emergencies(&self) -> Vec<Row> {
        let open = self
            .state
            .emergencies
            .iter()
            .filter(|grant| grant.is_open(self.now));
        open.filter_map(|grant| {
            let (cells, part2) = cells::all(&Cell::of(State::Emergency));
            Some(Row {
                behind: Behind::Emergency(grant.id),
                to: vec![RecipientName::Party(Name {
                    name: grant.recipient.name.clone(),
                    detail: None,
                    organization: Some(grant.recipient.affiliation.clone()),
                })],
                view_as: Some(grant.person.0),
                cells,
                part2,
                limits: Vec::new(),
                until: Until::Emergency(grant.span.until?),
                ends_soon: false,
            })
        })
        .collect()
    }

    async fn consent(&self, summary: &Summary) -> Result<Row, Refusal> {
        let consent = &summary.standing.consent;
        let terms = &consent.terms;
        let (mut cells, mut part2) = cells::of_labels(terms.what.granted());
        let mut limits = cells::of_scope(terms);
        if terms.kind == ConsentKind::Notes {
            cells::notes_alone(&mut cells);
            limits.push(Limit::NotesAlone);
        }
        let included: Vec<ItemId> = terms
            .what
            .items_included
            .iter()
            .copied()
            .filter(|item| !terms.what.items_excluded.contains(item))
            .collect();
        if !included.is_empty() {
            let store = self.portal.store();
            let items = store.some_items(terms.patient, &included).await?;
            cells::put_in(&mut cells, &self.seen(&items));
        }
        let receivers = self.receivers(&terms.to).await?;
        // Who treats the patient, and what is kept from whom, is told to those alone who read all of it (POLICY §5).
        let whole = self.actor.is_whole();
        if terms.kind == ConsentKind::Proxy && !terms.to.iter().any(|to| self.helps(to)) {
            // It opens nothing by itself: nobody has the right to act yet, or any more (LAW D5).
            (cells, part2) = cells::all(&Cell::of(State::Closed));
            limits.clear();
        } else if whole
            && let [one] = receivers.as_slice()
            && let Some(party) = one.party
            && let Some(program) = self.cares(party, &one.places)
        {
            cells::with_care(&mut cells, &mut part2, program);
        }
        if whole {
            self.restrict(&receivers, &mut cells, &mut part2, &mut limits);
        }
        Ok(Row {
            behind: Behind::Consent(consent.id),
            to: summary.to.clone(),
            view_as: view_as::one(terms),
            cells,
            part2,
            limits,
            ends_soon: ends_within(terms.expiry.as_ref(), self.now),
            until: Until::Consent(terms.expiry.clone()),
        })
    }

    /// Those who care for the patient and have no row of their own yet.
    async fn care(&self, in_force: &[&Summary]) -> Result<Vec<Row>, Refusal> {
        let mut parties: Vec<Party> = self
            .state
            .relationships
            .iter()
            .filter(|one| is_care(one.kind) && one.span.holds(self.now))
            .map(|one| one.party)
            .collect();
        parties.sort_unstable();
        parties.dedup();
        let mut rows = Vec::new();
        for party in parties {
            let (name, id, to) = match party {
                Party::Person(person) => (
                    directory::person(self.portal, person).await?,
                    person.0,
                    Recipient::Person(person),
                ),
                Party::Organization(organization) => (
                    directory::organization(self.portal, organization).await?,
                    organization.0,
                    Recipient::Organization(organization),
                ),
            };
            let has_row = in_force.iter().any(|summary| {
                let terms = &summary.standing.consent.terms;
                terms.kind != ConsentKind::Proxy && terms.to == [to.clone()]
            });
            let Some(name) = name.filter(|_| !has_row) else {
                continue;
            };
            let receiver = self.receiver(Some(party)).await?;
            let Some(program) = self.cares(party, &receiver.places) else {
                continue;
            };
            let (mut cells, mut part2) = cells::all(&Cell::of(State::Closed));
            let mut limits = Vec::new();
            cells::with_care(&mut cells, &mut part2, program);
            self.restrict(&[receiver], &mut cells, &mut part2, &mut limits);
            rows.push(Row {
                behind: Behind::Care,
                to: vec![RecipientName::Party(name)],
                view_as: Some(id),
                cells,
                part2,
                limits,
                until: Until::Care,
                ends_soon: false,
            });
        }
        rows.sort_by_cached_key(|row| row.to.iter().map(key).collect::<Vec<_>>());
        Ok(rows)
    }

    /// Those who may look by right; who was chosen by an adult sees what a consent says, and has its row (LAW D5).
    async fn helpers(&self) -> Result<Vec<Row>, Refusal> {
        let mut rows = Vec::new();
        for authority in &self.state.authorities {
            if !authority.in_force(self.now) {
                continue;
            }
            let (granted, limit) = match &authority.kind {
                // Of what a Part 2 program wrote, what the minor's own hand opens stands in that consent's row (LAW D1).
                AuthorityKind::ParentOfMinor { .. } => {
                    (LabelSet::SEGMENTS, Some(Limit::NotOwnServices))
                }
                AuthorityKind::Guardian { scope } => (scope.with_children(), None),
                AuthorityKind::ChosenByAdult
                | AuthorityKind::Director
                | AuthorityKind::AfterDeath(_) => continue,
            };
            let Some(name) = directory::person(self.portal, authority.person).await? else {
                continue;
            };
            let (mut cells, mut part2) = cells::of_labels(granted);
            let mut limits: Vec<Limit> = limit.into_iter().collect();
            let receiver = Receiver {
                party: Some(Party::Person(authority.person)),
                places: Vec::new(),
            };
            self.restrict(&[receiver], &mut cells, &mut part2, &mut limits);
            rows.push(Row {
                behind: Behind::Helper,
                to: vec![RecipientName::Party(name)],
                view_as: None,
                cells,
                part2,
                limits,
                until: Until::Helper(match authority.kind {
                    AuthorityKind::ParentOfMinor { majority } => Some(majority),
                    _ => authority.span.until,
                }),
                ends_soon: false,
            });
        }
        Ok(rows)
    }

    /// Whether somebody named in a consent to a helper has the right to act now.
    fn helps(&self, to: &Recipient) -> bool {
        matches!(to, Recipient::Person(person) if self
            .state
            .authorities
            .iter()
            .any(|authority| authority.person == *person && authority.in_force(self.now)))
    }

    /// The labels of these items, as far as whoever looks may see them: what they may not see tells nothing of itself.
    fn seen(&self, items: &[ItemFacts]) -> Vec<LabelSet> {
        let viewer = self.actor.viewer();
        let purpose = own_purpose(self.actor.role());
        let decider = Decider::new(&viewer, Action::Preview, purpose, self.now, self.state);
        items
            .iter()
            .filter_map(|item| decider.labels(item))
            .collect()
    }

    /// A person or an organization, with where a person works now.
    async fn receiver(&self, party: Option<Party>) -> Result<Receiver, Refusal> {
        let person = match party {
            Some(Party::Person(person)) => self.portal.store().person(person).await?,
            _ => None,
        };
        let mut places = person.map_or_else(Vec::new, |person| person.memberships);
        places.retain(|place| place.span.holds(self.now));
        Ok(Receiver { party, places })
    }

    /// Each recipient of a consent.
    async fn receivers(&self, to: &[Recipient]) -> Result<Vec<Receiver>, Refusal> {
        let mut receivers = Vec::new();
        for to in to {
            let party = match to {
                Recipient::Person(person) => Some(Party::Person(*person)),
                Recipient::Organization(organization) => Some(Party::Organization(*organization)),
                _ => None,
            };
            receivers.push(self.receiver(party).await?);
        }
        Ok(receivers)
    }

    /// Whether a party cares for the patient now, and the treatment program it does so for, if it is one.
    ///
    /// The same as the decision's own reading (POLICY §4.6, §4.7a), for somebody whose part is to give care.
    #[expect(
        clippy::option_option,
        reason = "whether at all, and then by which program, if by one"
    )]
    fn cares(&self, party: Party, places: &[Membership]) -> Option<Option<OrganizationId>> {
        let serves: Vec<OrganizationId> = match party {
            Party::Organization(organization) => vec![organization],
            Party::Person(_) => places
                .iter()
                .filter(|place| place.role.gives_care())
                .map(|place| place.organization)
                .collect(),
        };
        let related = |is: &dyn Fn(Party) -> bool| {
            self.state
                .relationships
                .iter()
                .any(|one| is_care(one.kind) && one.span.holds(self.now) && is(one.party))
        };
        let program = serves.iter().copied().find(|place| {
            self.state.programs.contains(place)
                && related(&|one| one == party || one == Party::Organization(*place))
        });
        let gives_care = match party {
            Party::Organization(_) => true,
            Party::Person(_) => {
                places.is_empty() || places.iter().any(|place| place.role.gives_care())
            }
        };
        let cares = gives_care
            && related(&|one| {
                one == party || matches!(one, Party::Organization(place) if serves.contains(&place))
            });
        cares.then_some(program)
    }

    /// Takes off what restrictions keep back (LAW C4) from these recipients, each looked at by themselves.
    fn restrict(
        &self,
        receivers: &[Receiver],
        cells: &mut [Cell],
        part2: &mut Cell,
        limits: &mut Vec<Limit>,
    ) {
        let kept: Vec<KeptBack> = receivers.iter().map(|one| self.kept_from(one)).collect();
        cells::take_off(&kept, cells, part2);
        limits.extend(cells::kept_one_by_one(&kept));
    }

    /// What restrictions keep back from one: those that bind everybody, and those that name this one.
    fn kept_from(&self, receiver: &Receiver) -> KeptBack {
        let is_receiver = |bound: &Party| {
            Some(*bound) == receiver.party
                || receiver
                    .places
                    .iter()
                    .any(|place| *bound == Party::Organization(place.organization))
        };
        // What is kept from somebody who acts for the patient is not told to them (POLICY §5).
        let is_own = self.actor.on_behalf_of().is_some()
            && receiver.party == Some(Party::Person(self.actor.person()));
        let binds = |restriction: &&Restriction| {
            restriction.binds(self.now)
                && (restriction.recipients.is_empty()
                    || (!is_own && restriction.recipients.iter().any(is_receiver)))
        };
        let mut kept = KeptBack::default();
        let mut named: BTreeSet<ItemId> = BTreeSet::new();
        let mut billing: BTreeSet<ItemId> = BTreeSet::new();
        for restriction in self.state.restrictions.iter().filter(binds) {
            kept.everything |= !restriction.labels.is_readable();
            kept.labels = kept.labels.join(restriction.labels.with_children());
            named.extend(restriction.items.iter().copied());
            billing.extend(
                restriction
                    .items
                    .iter()
                    .chain(&restriction.billing)
                    .copied(),
            );
        }
        for item in &self.items {
            if bills(item, &billing) {
                kept.bills.insert(item.id);
            } else if named.contains(&item.id) {
                kept.items.insert(item.id);
            }
        }
        kept
    }
}

/// Whether an item bills a service that is kept back: the claim itself, or one that leads to it.
///
/// The same as the decision's own reading (POLICY §4.2).
fn bills(item: &ItemFacts, billing: &BTreeSet<ItemId>) -> bool {
    let mut leads = item.parts.iter().flat_map(|part| &part.leads_to);
    item.kind == ItemKind::Claim
        && (billing.contains(&item.id) || leads.any(|to| billing.contains(to)))
}

const fn is_care(kind: RelationshipKind) -> bool {
    matches!(
        kind,
        RelationshipKind::Treating | RelationshipKind::Coordinating
    )
}

/// Whether a term ends within [`SOON`].
pub(crate) fn ends_within(ends: Option<&Expiry>, now: Instant) -> bool {
    matches!(ends, Some(Expiry::At(end)) if *end - now <= SOON)
}

fn key(name: &RecipientName) -> String {
    match name {
        RecipientName::Party(name)
        | RecipientName::OnPaper(name)
        | RecipientName::Through {
            intermediary: name, ..
        } => name.name.to_lowercase(),
        RecipientName::TreatingProviders | RecipientName::TpoClass | RecipientName::Unknown => {
            String::new()
        }
    }
}
