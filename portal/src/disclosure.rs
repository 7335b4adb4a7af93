//! The one way from permits to content: fetch sealed, log, open (ARCHITECTURE, "How a page comes about").

use crate::actor::Actor;
use crate::{Portal, Refusal};
use domain::decide::{Action, Permit};
use domain::id::{ItemId, PatientId};
use domain::item::ItemFacts;
use domain::label::LabelSet;
use domain::party::{Viewer, is_in_force};
use domain::purpose::Purpose;
use domain::state::PolicyState;
use std::sync::Arc;
use store::{Chart, DiscloseError, Event, Logged};
use store::{Released, Shown};

/// How often a view is decided anew when consents change under it (POLICY §6). Each try needs a change of the
/// same patient's policy within a few milliseconds, so a handful is many.
pub(crate) const DECIDE_AGAIN: usize = 8;

/// What one look rests on: who looks, what stands for the patient, what is in the record.
pub(crate) struct Look {
    pub viewer: Viewer,
    pub chart: Chart,
}

/// Which items a look is at.
#[derive(Clone, Copy)]
pub(crate) enum Of<'a> {
    /// All of the record.
    All,
    /// These, as far as they are of the record.
    These(&'a [ItemId]),
}

/// Reads what a look at a patient rests on: the state with its epoch first, then who looks, then the items.
///
/// INVARIANT: everything that a decision rests on is read after the epoch. Whatever changes later moves the epoch,
/// and then nothing decided on it commits; what changed before is what is read (POLICY §6).
///
/// `None`: no such patient, or `stands` says that this viewer has no standing. Both are told before any item is read,
/// so that they take alike (POLICY §5).
///
/// # Errors
/// [`Refusal::SignInFirst`] when the account is gone or no longer has the role it acts in.
pub(crate) async fn look(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
    of: Of<'_>,
    stands: impl Fn(&Viewer, &PolicyState) -> bool,
) -> Result<Option<Look>, Refusal> {
    let store = portal.store();
    let Some(state) = store.policy_state(patient).await? else {
        return Ok(None);
    };
    let viewer = viewer_now(portal, actor).await?;
    if !stands(&viewer, &state) {
        return Ok(None);
    }
    let items = match of {
        Of::All => store.items_at(patient, state.epoch).await?,
        Of::These(ids) => Arc::new(store.some_items(patient, ids).await?),
    };
    Ok(Some(Look {
        viewer,
        chart: Chart { state, items },
    }))
}

/// Who looks, as account and directory have them now, not as they were when the request came.
pub(crate) async fn viewer_now(portal: &Portal, actor: &Actor) -> Result<Viewer, Refusal> {
    let store = portal.store();
    let account = store
        .account(actor.account())
        .await?
        .filter(|account| account.roles.contains(&actor.role()))
        .ok_or(Refusal::SignInFirst)?;
    // Who acts for somebody may do so as the person whom the patient named.
    let theirs = account.person == actor.person()
        || (actor.on_behalf_of().is_some()
            && store.persons_of(&account).await?.contains(&actor.person()));
    if !theirs {
        return Err(Refusal::SignInFirst);
    }
    let person = store
        .person(actor.person())
        .await?
        .ok_or(Refusal::SignInFirst)?;
    if !is_in_force(actor.role(), &person.memberships, portal.now()) {
        return Err(Refusal::SignInFirst);
    }
    Ok(Viewer {
        memberships: person.memberships,
        ..actor.viewer()
    })
}

/// What was decided on one look: what is disclosed, and what else the page has to say about it.
pub(crate) struct Decided<T> {
    pub action: Action,
    pub purpose: Purpose,
    pub permits: Vec<Permit>,
    pub with: T,
}

/// The one way to show anything of a record: looks, lets `decide` decide, logs its permits in one entry and opens what
/// they allow, in their order. When the policy moves in between, nothing was disclosed and all of it happens again
/// (POLICY §6).
///
/// `None`: no such patient, no standing, or `decide` found nothing for this viewer. No item was read for the first two
/// and nothing is logged: [`denied`] does, where somebody is to be told so.
///
/// # Errors
/// What `decide` refuses, or that the store or the ledger can't be used; then nothing may be shown.
pub(crate) async fn show<T, Deciding>(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
    stands: impl Fn(&Viewer, &PolicyState) -> bool,
    decide: impl Fn(Look) -> Deciding,
) -> Result<Option<(T, Vec<Released<Shown>>)>, Refusal>
where
    Deciding: Future<Output = Result<Option<Decided<T>>, Refusal>>,
{
    show_of(portal, actor, patient, Of::All, stands, decide).await
}

/// The same of some items, for a page that is about those and reads no more of the record.
pub(crate) async fn show_of<T, Deciding>(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
    of: Of<'_>,
    stands: impl Fn(&Viewer, &PolicyState) -> bool,
    decide: impl Fn(Look) -> Deciding,
) -> Result<Option<(T, Vec<Released<Shown>>)>, Refusal>
where
    Deciding: Future<Output = Result<Option<Decided<T>>, Refusal>>,
{
    for _ in 0..DECIDE_AGAIN {
        let Some(look) = look(portal, actor, patient, of, &stands).await? else {
            return Ok(None);
        };
        let epoch = look.chart.state.epoch;
        let Some(decided) = decide(look).await? else {
            return Ok(None);
        };
        let Decided {
            action,
            purpose,
            permits,
            with,
        } = decided;
        let plan = Plan {
            patient,
            epoch,
            action,
            purpose,
            permits,
        };
        match carry_out(portal, actor, plan).await {
            Err(DiscloseError::Stale) => {}
            Err(error) => return Err(error.into()),
            Ok(opened) => return Ok(Some((with, opened))),
        }
    }
    Err(DiscloseError::Stale.into())
}

/// What one request discloses of one patient: the epoch it was decided on, and the permits.
struct Plan {
    patient: PatientId,
    epoch: u64,
    action: Action,
    purpose: Purpose,
    permits: Vec<Permit>,
}

/// Logs the plan's permits in one entry and opens what they allow, in their order.
///
/// # Errors
/// `Stale`: the policy moved since; decide again.
async fn carry_out(
    portal: &Portal,
    actor: &Actor,
    plan: Plan,
) -> Result<Vec<Released<Shown>>, DiscloseError> {
    let store = portal.store();
    let stamp = actor.stamp();
    if plan.permits.is_empty() {
        let logged = store
            .record_view(&stamp, plan.patient, plan.epoch, plan.action, plan.purpose)
            .await?;
        actor.note(Logged {
            patient: plan.patient,
            seq: logged.seq,
        });
        return Ok(Vec::new());
    }
    let ids: Vec<ItemId> = plan.permits.iter().map(Permit::item).collect();
    let sealed = store.sealed_items(plan.patient, &ids).await?;
    let receipt = store.disclose(&stamp, plan.permits, &sealed).await?;
    actor.note(Logged {
        patient: plan.patient,
        seq: receipt.seq(),
    });
    let vault = store.vault();
    let mut opened = Vec::with_capacity(sealed.len());
    for item in sealed {
        opened.push(vault.open(item, &receipt)?);
    }
    Ok(opened)
}

/// An item on a page of the patient's own, with the labels of those of its parts that the privacy screen hides.
#[derive(Debug)]
pub struct Listed {
    /// The item, whole, in part, or masked.
    pub item: Released<Shown>,
    /// Labels of what is masked of it; they are the patient's to know.
    pub hidden: LabelSet,
}

/// The opened items with what is masked of each, in the same order.
pub(crate) fn listed(opened: Vec<Released<Shown>>, hidden: Vec<LabelSet>) -> Vec<Listed> {
    opened
        .into_iter()
        .zip(hidden)
        .map(|(item, hidden)| Listed { item, hidden })
        .collect()
}

/// Whether the privacy screen covers a part with these labels (UX: sensitive content is masked until asked for).
pub(crate) fn is_sensitive(labels: LabelSet) -> bool {
    !labels.minus(LabelSet::IDENTITY).is_ordinary()
}

/// Draws the privacy screen over a permit: all of it when the item's title is sensitive, else the sensitive parts.
pub(crate) fn screened(permit: Permit, item: &ItemFacts) -> (Permit, LabelSet) {
    let all = permit.labels();
    if !is_sensitive(all) {
        return (permit, LabelSet::EMPTY);
    }
    let title_is_sensitive = item
        .identifying
        .iter()
        .filter_map(|at| item.parts.get(usize::from(*at)))
        .any(|part| is_sensitive(part.labels));
    if title_is_sensitive {
        return (permit.masked(), all);
    }
    let hidden = item
        .parts
        .iter()
        .enumerate()
        .filter(|(index, part)| permit.allows(*index) && is_sensitive(part.labels))
        .fold(LabelSet::EMPTY, |hidden, (_, part)| {
            hidden.join(part.labels)
        });
    (
        permit.keeping(item, |part| !is_sensitive(part.labels)),
        hidden,
    )
}

/// Records that somebody asked for what they may not have, and gives the one answer there is (LAW B5, G3).
pub(crate) async fn denied(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
    action: Action,
    purpose: Option<Purpose>,
    item: Option<ItemId>,
) -> Refusal {
    let event = Event::Denied {
        action,
        purpose,
        item,
    };
    let store = portal.store();
    let stamp = actor.stamp();
    let logged = match store
        .append(&stamp, store::Chain::Patient(patient), event.clone())
        .await
    {
        // No such patient: the house keeps the attempt, so that both answers cost the same.
        Err(store::Error::NotFound(_)) => store.append(&stamp, store::Chain::House, event).await,
        logged => logged,
    };
    match logged {
        Ok(_) => Refusal::NotAvailable,
        Err(error) => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Of, look};
    use crate::actor::Actor;
    use crate::{Options, Portal, Refusal};
    use domain::id::{AccountId, OrganizationId, PatientId, PersonId, SessionId};
    use domain::party::{Membership, Role, Span};
    use std::sync::Mutex;
    use store::testing::TempStore;
    use store::{Account, ImportCounts, PersonRecord, Stamp};
    use uuid::Uuid;

    const SYSTEM: &Stamp = &Stamp::SYSTEM;

    fn account(portal: &Portal, person: PersonId) -> Account {
        Account {
            id: AccountId(Uuid::from_u128(1)),
            sign_in: "clinician@example.org".to_owned(),
            password_hash: None,
            totp_secret: None,
            recovery_codes: Vec::new(),
            passkeys: Vec::new(),
            person,
            roles: vec![Role::Clinician],
            created: portal.now(),
        }
    }

    /// A clinician of some house, and a patient; the request has come, and nothing is read yet.
    async fn arrived(portal: &Portal) -> (Actor, PatientId) {
        let store = portal.store();
        let mut import = store.begin_import(SYSTEM).await.expect("an import");
        let (patient, _) = import.patient("Patient/1").await.expect("a patient");
        let kept = import.commit(ImportCounts::default()).await;
        kept.expect("it is kept");
        let mut person =
            PersonRecord::named(PersonId(Uuid::from_u128(2)), "Ignatius Featherstonehaugh");
        person.memberships.push(Membership {
            organization: OrganizationId(Uuid::from_u128(3)),
            role: Role::Clinician,
            span: Span {
                from: portal.now(),
                until: None,
            },
        });
        let put = store.put_person(SYSTEM, person.clone()).await;
        put.expect("a person");
        let account = account(portal, person.id);
        let actor = Actor {
            account: account.id,
            person,
            role: Role::Clinician,
            session: SessionId(Uuid::from_u128(4)),
            request: None,
            own_record: None,
            on_behalf_of: None,
            shown: Mutex::default(),
            acts_by: Vec::new(),
            acting_for: None,
        };
        let made = store.create_account(SYSTEM, account).await;
        made.expect("an account");
        (actor, patient)
    }

    #[tokio::test]
    async fn who_looks_is_read_after_the_epoch() {
        let temp = TempStore::new().await;
        let portal = Portal::new(temp.store.clone(), Options::default());
        let (actor, patient) = arrived(&portal).await;
        let looked = look(&portal, &actor, patient, Of::All, |_, _| true).await;
        let before = looked.expect("no fault").expect("a look");
        assert_eq!(before.viewer.memberships, actor.person.memberships);
        let mut person = actor.person.clone();
        person.memberships.clear();
        let put = portal.store().put_person(SYSTEM, person).await;
        put.expect("the person left");
        let looked = look(&portal, &actor, patient, Of::All, |_, _| true).await;
        let after = looked.expect("no fault").expect("a look");
        assert!(after.viewer.memberships.is_empty());
        assert!(after.chart.state.epoch > before.chart.state.epoch);
    }

    #[tokio::test]
    async fn a_role_that_was_taken_away_looks_at_nothing() {
        let temp = TempStore::new().await;
        let portal = Portal::new(temp.store.clone(), Options::default());
        let (actor, patient) = arrived(&portal).await;
        let mut changed = account(&portal, actor.person());
        changed.roles = vec![Role::Support];
        let put = portal.store().update_account(SYSTEM, changed).await;
        put.expect("another role");
        let looked = look(&portal, &actor, patient, Of::All, |_, _| true).await;
        assert!(matches!(looked, Err(Refusal::SignInFirst)));
    }

    #[tokio::test]
    async fn without_standing_it_is_as_if_there_were_no_such_patient() {
        let temp = TempStore::new().await;
        let portal = Portal::new(temp.store.clone(), Options::default());
        let (actor, patient) = arrived(&portal).await;
        for (id, stands) in [(patient, false), (PatientId(Uuid::from_u128(9)), true)] {
            let looked = look(&portal, &actor, id, Of::All, |_, _| stands).await;
            assert!(looked.expect("no fault").is_none());
        }
    }
}
