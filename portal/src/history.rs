//! Who looked, when, why and on what: the patient's own reading of the ledger (LAW F2, C2).

use crate::actor::Actor;
use crate::directory::{self, Name};
use crate::proxies::sight::{Sight, seen};
use crate::{Portal, Refusal, recovery};
use domain::clock::Instant;
use domain::decide::{Action, Ground};
use domain::id::{ConsentId, EmergencyId, ItemId, PersonId};
use domain::item::{ItemKind, KINDS};
use domain::party::{Party, RelationshipKind, Role};
use domain::purpose::Purpose;
use std::collections::{BTreeMap, BTreeSet};
use store::{Entry, Event, HistoryQuery};

/// How many lines stand on a page.
pub const PAGE: u64 = 50;

/// What happened, in the closed set of things a line can say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// Items were looked at.
    Viewed {
        /// How many, content and all.
        open: usize,
        /// How many only as masked lines.
        masked: usize,
    },
    /// Items were taken away as a file.
    Downloaded {
        /// How many.
        items: usize,
    },
    /// Items were looked at as somebody else would see them.
    Previewed {
        /// How many.
        items: usize,
    },
    /// A privacy officer looked at how items are labelled.
    LabelsLookedAt {
        /// How many.
        items: usize,
    },
    /// A privacy officer put the labels of an item right.
    LabelsReviewed,
    /// A privacy officer proposed to take labels off; nothing changed by that.
    LabelsProposed,
    /// A second privacy officer agreed: labels were taken off.
    LabelsLowered,
    /// A proposal to take labels off was refused.
    LabelsRefused,
    /// An item was marked to be kept private.
    KeptPrivate,
    /// The mark was taken back.
    NoLongerPrivate,
    /// Somebody asked and was refused.
    Denied,
    /// Signed in.
    SignedIn,
    /// A try to sign in or to confirm failed.
    SignInFailed,
    /// Somebody gave a wrong password for the account's name.
    PasswordFailed,
    /// Something the account signs in with came or went.
    FactorChanged,
    /// A passkey was refused, because a copy of it may be in use.
    FactorSuspected,
    /// Sessions were ended.
    SessionsEnded,
    /// Signed out.
    SignedOut,
    /// Confirmed with a second factor.
    SteppedUp,
    /// A consent was signed.
    ConsentSigned,
    /// A consent was revoked.
    ConsentRevoked,
    /// A consent was suspended, superseded or came to its end.
    ConsentEnded,
    /// Staff wrote down that sharing is to end.
    ToldToEnd,
    /// A copy of a signed document was taken.
    ConsentCopied,
    /// A care relationship began or ended.
    Relationship,
    /// An administrator gave somebody a care relationship.
    RelationshipGiven {
        /// Whom; `None`: somebody who is no longer here.
        to: Option<Name>,
        /// What about.
        kind: RelationshipKind,
        /// The first instant at which it is over.
        until: Option<Instant>,
    },
    /// A care relationship was ended.
    RelationshipEnded {
        /// With whom it was.
        with: Option<Name>,
    },
    /// The record was opened in an emergency.
    EmergencyOpened,
    /// The access of an emergency was ended.
    EmergencyEnded,
    /// A privacy officer looked at an emergency.
    EmergencyLookedAt,
    /// A privacy officer said whether an emergency was justified.
    EmergencyReviewed {
        /// What was found.
        justified: bool,
    },
    /// The patient read of an emergency.
    EmergencyAcknowledged {
        /// Whether they reported a concern.
        concern: bool,
    },
    /// The patient asked an organization to keep something back.
    RestrictionAsked,
    /// The organization agreed.
    RestrictionAgreed,
    /// The organization did not agree.
    RestrictionRefused,
    /// The organization asked whether it was paid in full.
    RestrictionQuestioned,
    /// A privacy officer read what was asked.
    RestrictionLookedAt,
    /// The organization ended it for what comes later.
    RestrictionLimited,
    /// It ended.
    RestrictionEnded,
    /// Records came in.
    Imported {
        /// New items.
        new: u64,
        /// Changed items.
        changed: u64,
    },
    /// Somebody came back with a recovery code.
    RecoveryCodeUsed,
    /// Staff were asked to help with the account, and checked who it was.
    RecoveryAsked,
    /// That was stopped.
    RecoveryStopped,
    /// A code was made, to set up anew what the account signs in with.
    RecoveryFinished,
    /// The addresses changed at which the owner is told.
    AddressesChanged,
    /// The privacy notice was read.
    NoticeRead,
    /// A file was taken that proves a line of this history.
    ProofTaken,
    /// The entries of this history were copied by the operator.
    LedgerCopied,
    /// Somebody may act for the patient from then on.
    ActorAdded,
    /// Somebody may not act for the patient any more.
    ActorEnded,
    /// Somebody asked the office to act for the patient.
    ApplicationMade,
    /// The office refused that.
    ApplicationRefused,
    /// A privacy officer looked at what was sent to prove it.
    DocumentOpened,
    /// A minor signed, and a parent or guardian has to sign too.
    ConsentAwaits,
    /// What waited for a second signature was taken back.
    ConsentWithdrawn,
    /// Something else that changes who may see what.
    Other,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its place in the order.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// Who; `None`: the system itself.
    pub who: Option<Name>,
    /// The same by id: two people may bear one name.
    pub person: Option<PersonId>,
    /// Whether it was the patient.
    pub by_me: bool,
    /// In which role.
    pub role: Option<Role>,
    /// What.
    pub what: What,
    /// Of a use of a consent: how many items of each kind came with their content, in the order people see kinds. Empty
    /// where the line is about something that whoever reads it may not see.
    pub kinds: Vec<(ItemKind, usize)>,
    /// Why.
    pub purpose: Option<Purpose>,
    /// The consents it rested on.
    pub consents: Vec<ConsentId>,
    /// Whether it rested on a care relationship.
    pub by_relationship: bool,
    /// The emergency it is about or rested on.
    pub emergency: Option<EmergencyId>,
}

/// A page of the history.
#[derive(Clone, Debug)]
pub struct History {
    /// The lines, newest first.
    pub lines: Vec<Line>,
    /// Where the next page begins; `None`: this is the last.
    pub older: Option<u64>,
}

/// Reads a page of the patient's history, newest first, from before that place in the order.
pub async fn page(portal: &Portal, actor: &Actor, before: Option<u64>) -> Result<History, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    if !actor.is_whole() {
        return part(portal, actor).await;
    }
    // No chain is that long: what can't be a place reads as no limit.
    let before = before.filter(|place| i64::try_from(*place).is_ok());
    let entries = portal
        .store()
        .history(
            patient,
            HistoryQuery {
                before,
                limit: PAGE + 1,
                ..HistoryQuery::default()
            },
        )
        .await?;
    let limit = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = entries.len() > limit;
    let mut names = Names::default();
    let mut lines = Vec::new();
    for entry in entries.into_iter().take(limit) {
        lines.push(names.line(portal, actor, entry).await?);
    }
    let older = more.then(|| lines.last().map(|line| line.seq)).flatten();
    Ok(History { lines, older })
}

/// The last lines that somebody reads who doesn't stand in the patient's place for everything. There is no older page:
/// an address of one would tell how much there is that they don't read (POLICY §5).
async fn part(portal: &Portal, actor: &Actor) -> Result<History, Refusal> {
    let limit = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let lines = last(portal, actor, limit, |_| true).await?;
    Ok(History { lines, older: None })
}

/// What one person did for the patient, newest first.
pub(crate) async fn of_person(
    portal: &Portal,
    actor: &Actor,
    person: PersonId,
    limit: usize,
) -> Result<Vec<Line>, Refusal> {
    last(portal, actor, limit, |entry| {
        entry.body.stamp.actor.person == Some(person)
            && entry.body.stamp.actor.role == Some(Role::Proxy)
    })
    .await
}

/// How far a look back goes at most, in entries read at once and in reads: pages that show the last few of
/// something say so, and the history has it all.
const LOOK_BACK: (u64, usize) = (100, 4);

/// The last times somebody other than the patient looked.
pub async fn lately(portal: &Portal, actor: &Actor, limit: usize) -> Result<Vec<Line>, Refusal> {
    last(portal, actor, limit, |entry| {
        entry.body.stamp.actor.person != Some(actor.person())
            && matches!(entry.body.event, Event::Disclosed { .. })
    })
    .await
}

/// The last copies of the record that this person took away.
pub async fn own_downloads(
    portal: &Portal,
    actor: &Actor,
    limit: usize,
) -> Result<Vec<Line>, Refusal> {
    last(portal, actor, limit, |entry| {
        entry.body.stamp.actor.person == Some(actor.person())
            && matches!(
                entry.body.event,
                Event::Disclosed {
                    action: Action::Download | Action::Export,
                    ..
                }
            )
    })
    .await
}

/// The last entries of a kind, newest first, within the bounds of a look back.
async fn last(
    portal: &Portal,
    actor: &Actor,
    limit: usize,
    wanted: impl Fn(&Entry) -> bool + Send + Sync,
) -> Result<Vec<Line>, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let sight = Sight::of(portal, actor, patient).await?;
    let mut names = Names::default();
    let mut lines = Vec::new();
    let mut before = None;
    let (at_once, reads) = match sight {
        Sight::Whole => LOOK_BACK,
        // How much there is between what they read must not show in how much of that there is (POLICY §5). INVARIANT: each
        // read begins below the one before it, so it ends with the chain.
        Sight::Part { .. } => (AT_ONCE, usize::MAX),
    };
    for _ in 0..reads {
        let query = HistoryQuery {
            before,
            limit: at_once,
            ..HistoryQuery::default()
        };
        let entries = portal.store().history(patient, query).await?;
        let Some(oldest) = entries.last() else { break };
        before = Some(oldest.seq);
        for entry in entries
            .into_iter()
            .filter_map(|entry| sight.of_entry(entry))
        {
            if lines.len() < limit && wanted(&entry) {
                lines.push(names.line(portal, actor, entry).await?);
            }
        }
        if lines.len() >= limit {
            break;
        }
    }
    Ok(lines)
}

/// How many entries are read at once to find the uses of one consent.
const AT_ONCE: u64 = 500;

/// Every disclosure to others that rested on one consent, newest first. Nothing rests on a consent before it was signed,
/// so nothing older is read.
pub async fn on_consent(
    portal: &Portal,
    actor: &Actor,
    consent: ConsentId,
    signed: Instant,
) -> Result<Vec<Line>, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let sight = Sight::of(portal, actor, patient).await?;
    // Of which items the kind may be named. Who reads a part of the history is told of no kinds: facts are of whole looks.
    let named = match &sight {
        Sight::Whole => seen(portal, actor, patient).await?,
        Sight::Part { .. } => BTreeSet::new(),
    };
    let mut names = Names::default();
    let mut lines = Vec::new();
    let mut before = None;
    // INVARIANT: each read begins below the one before it, so it ends with the chain.
    loop {
        let query = HistoryQuery {
            before,
            limit: AT_ONCE,
            from: Some(signed),
            ..HistoryQuery::default()
        };
        let entries = portal.store().history(patient, query).await?;
        let Some(last) = entries.last() else { break };
        before = Some(last.seq);
        for entry in entries
            .into_iter()
            .filter_map(|entry| sight.of_entry(entry))
        {
            let on_it = matches!(&entry.body.event, Event::Disclosed { basis, .. }
                if basis.iter().any(|ground| matches!(ground, Ground::Consent(id, _) if *id == consent)));
            if on_it && entry.body.stamp.actor.person != Some(actor.person()) {
                let kinds = kinds(&entry.body.event, &named);
                let line = names.line(portal, actor, entry).await?;
                lines.push(Line { kinds, ..line });
            }
        }
    }
    Ok(lines)
}

/// Names looked up once a page.
#[derive(Default)]
struct Names {
    known: BTreeMap<PersonId, Option<Name>>,
}

impl Names {
    async fn line(
        &mut self,
        portal: &Portal,
        actor: &Actor,
        entry: Entry,
    ) -> Result<Line, Refusal> {
        let stamp = &entry.body.stamp;
        let who = match stamp.actor.person {
            None => None,
            Some(person) => {
                if let Some(known) = self.known.get(&person) {
                    known.clone()
                } else {
                    let name = directory::person(portal, person).await?;
                    self.known.insert(person, name.clone());
                    name
                }
            }
        };
        let (mut what, purpose, basis) = told(&entry.body.event);
        if let Some(told) = relationship(portal, &entry.body.event).await? {
            what = told;
        }
        let mut consents = Vec::new();
        let mut by_relationship = false;
        let mut emergency = emergency_of(&entry.body.event);
        for ground in basis {
            match ground {
                Ground::Consent(id, _) => consents.push(*id),
                Ground::Relationship(_) | Ground::Program(_) => by_relationship = true,
                Ground::Emergency(id) => emergency = Some(*id),
                _ => {}
            }
        }
        Ok(Line {
            seq: entry.seq,
            at: entry.body.at,
            by_me: stamp.actor.person == Some(actor.person()),
            role: stamp.actor.role,
            person: stamp.actor.person,
            who,
            what,
            kinds: Vec::new(),
            purpose,
            consents,
            by_relationship,
            emergency,
        })
    }
}

/// What is said of a care relationship that an administrator gave, and of the end of one.
async fn relationship(portal: &Portal, event: &Event) -> Result<Option<What>, Refusal> {
    let name = async |party| match party {
        Party::Person(person) => directory::person(portal, person).await,
        Party::Organization(organization) => directory::organization(portal, organization).await,
    };
    Ok(match event {
        Event::RelationshipAdded {
            party,
            kind,
            span,
            assigned: true,
            ..
        } => Some(What::RelationshipGiven {
            to: name(*party).await?,
            kind: *kind,
            until: span.until,
        }),
        Event::RelationshipEnded {
            party: Some(party), ..
        } => Some(What::RelationshipEnded {
            with: name(*party).await?,
        }),
        _ => None,
    })
}

/// How many items of each kind a disclosure gave with their content; nothing for one that doesn't say so item by item, and
/// nothing where one of them is not among those that may be named: a psychotherapy note, something that is withheld, an
/// item that is kept from a guardian. To name the kinds of the others alone would tell how many such there are.
fn kinds(event: &Event, named: &BTreeSet<ItemId>) -> Vec<(ItemKind, usize)> {
    let Event::Disclosed {
        items,
        facts: Some(facts),
        ..
    } = event
    else {
        return Vec::new();
    };
    let of_items = facts.kinds().unwrap_or_default();
    let mut open = items.iter().filter(|item| !item.masked);
    if of_items.len() != items.len() || !open.all(|item| named.contains(&item.item)) {
        return Vec::new();
    }
    let open: Vec<ItemKind> = items
        .iter()
        .zip(of_items)
        .filter(|(item, _)| !item.masked)
        .map(|(_, kind)| kind)
        .collect();
    KINDS
        .into_iter()
        .map(|kind| (kind, open.iter().filter(|one| **one == kind).count()))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// The emergency an event is about.
const fn emergency_of(event: &Event) -> Option<EmergencyId> {
    match event {
        Event::EmergencyOpened { emergency, .. }
        | Event::EmergencyEnded { emergency }
        | Event::EmergencyLookedAt { emergency }
        | Event::EmergencyReviewed { emergency, .. }
        | Event::EmergencyAcknowledged { emergency, .. } => Some(*emergency),
        _ => None,
    }
}

/// What an event says in a history.
fn told(event: &Event) -> (What, Option<Purpose>, &[Ground]) {
    match event {
        Event::Disclosed {
            action,
            purpose,
            items,
            basis,
            ..
        } => {
            let masked = items.iter().filter(|item| item.masked).count();
            let what = match action {
                Action::View => What::Viewed {
                    open: items.len() - masked,
                    masked,
                },
                Action::Download | Action::Export => What::Downloaded { items: items.len() },
                Action::Preview => What::Previewed { items: items.len() },
                Action::Review => What::LabelsLookedAt { items: items.len() },
            };
            (what, Some(*purpose), basis)
        }
        Event::Denied { purpose, .. } => (What::Denied, *purpose, &[]),
        Event::SignedIn { .. } => (What::SignedIn, None, &[]),
        Event::SignInFailed => (What::SignInFailed, None, &[]),
        Event::SignedOut => (What::SignedOut, None, &[]),
        Event::SteppedUp { .. } => (What::SteppedUp, None, &[]),
        Event::ConsentSigned { .. } => (What::ConsentSigned, None, &[]),
        Event::ConsentRevoked { .. } => (What::ConsentRevoked, None, &[]),
        Event::ConsentSuspended { .. }
        | Event::ConsentSuperseded { .. }
        | Event::ConsentEnded { .. } => (What::ConsentEnded, None, &[]),
        Event::SharingToldToEnd { .. } => (What::ToldToEnd, None, &[]),
        Event::ConsentCopied { .. } => (What::ConsentCopied, None, &[]),
        Event::RelationshipAdded { .. } | Event::RelationshipEnded { .. } => {
            (What::Relationship, None, &[])
        }
        Event::Imported { new, changed, .. } => (
            What::Imported {
                new: *new,
                changed: *changed,
            },
            None,
            &[],
        ),
        Event::EmergencyOpened { .. } => (What::EmergencyOpened, Some(Purpose::Emergency), &[]),
        Event::EmergencyEnded { .. } => (What::EmergencyEnded, None, &[]),
        Event::EmergencyLookedAt { .. } => (What::EmergencyLookedAt, None, &[]),
        Event::EmergencyReviewed { justified, .. } => {
            let justified = *justified;
            (What::EmergencyReviewed { justified }, None, &[])
        }
        Event::EmergencyAcknowledged { concern, .. } => {
            let concern = *concern;
            (What::EmergencyAcknowledged { concern }, None, &[])
        }
        Event::RestrictionAsked { .. } => (What::RestrictionAsked, None, &[]),
        Event::RestrictionAdded { .. } => (What::RestrictionAgreed, None, &[]),
        Event::RestrictionRefused { .. } => (What::RestrictionRefused, None, &[]),
        Event::RestrictionQuestioned { .. } => (What::RestrictionQuestioned, None, &[]),
        Event::RestrictionLookedAt { .. } => (What::RestrictionLookedAt, None, &[]),
        Event::RestrictionLimited { .. } => (What::RestrictionLimited, None, &[]),
        Event::RestrictionEnded { .. } => (What::RestrictionEnded, None, &[]),
        Event::LabelsReviewed { .. } => (What::LabelsReviewed, None, &[]),
        Event::LabelsProposed { .. } => (What::LabelsProposed, None, &[]),
        Event::LabelsLowered { .. } => (What::LabelsLowered, None, &[]),
        Event::LabelsRefused { .. } => (What::LabelsRefused, None, &[]),
        Event::KeptPrivate { private: true, .. } => (What::KeptPrivate, None, &[]),
        Event::KeptPrivate { private: false, .. } => (What::NoLongerPrivate, None, &[]),
        Event::PasswordFailed => (What::PasswordFailed, None, &[]),
        Event::FactorChanged { change, .. } if change == recovery::CODE_USED => {
            (What::RecoveryCodeUsed, None, &[])
        }
        Event::FactorChanged { .. } => (What::FactorChanged, None, &[]),
        Event::RecoveryCaseOpened { .. } => (What::RecoveryAsked, None, &[]),
        Event::RecoveryCaseStopped { .. } => (What::RecoveryStopped, None, &[]),
        Event::RecoveryCaseFinished { .. } => (What::RecoveryFinished, None, &[]),
        Event::ContactsChanged { .. } => (What::AddressesChanged, None, &[]),
        Event::NoticeAcknowledged { .. } => (What::NoticeRead, None, &[]),
        Event::ProofTaken { .. } => (What::ProofTaken, None, &[]),
        Event::LedgerExported { .. } => (What::LedgerCopied, None, &[]),
        Event::FactorSuspected { .. } => (What::FactorSuspected, None, &[]),
        Event::SessionsEnded { .. } => (What::SessionsEnded, None, &[]),
        Event::AuthorityAdded { .. } => (What::ActorAdded, None, &[]),
        Event::AuthorityEnded { .. } => (What::ActorEnded, None, &[]),
        Event::ApplicationMade { .. } => (What::ApplicationMade, None, &[]),
        Event::ApplicationRefused { .. } => (What::ApplicationRefused, None, &[]),
        Event::DocumentOpened { .. } => (What::DocumentOpened, None, &[]),
        Event::ConsentAwaits { .. } => (What::ConsentAwaits, None, &[]),
        Event::ConsentWithdrawn { .. } => (What::ConsentWithdrawn, None, &[]),
        _ => (What::Other, None, &[]),
    }
}
