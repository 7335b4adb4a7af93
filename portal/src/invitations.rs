//! Inviting people to make an account (LAW F5, F6; issue "Joining"): a code on paper, for one person, once.
//!
//! A patient's or a proxy's code opens only together with their birth date; a member of the staff gets theirs from an
//! administrator. Who may invite whom is for the caller to decide: the office's pages by role, the command line by
//! access to the machine.

use crate::announce::Announcement;
use crate::sign_in::delay;
use crate::written_code::WrittenCode;
use crate::{Portal, Refusal, recovery_case, session, sign_in};
use chrono::{NaiveDate, TimeDelta};
use core::fmt;
use domain::clock::Instant;
use domain::id::{AccountId, InvitationId, PatientId, PersonId};
use domain::party::Role;
use secrecy::SecretString;
use store::{Event, InvitationRecord, Stamp};

/// How long a letter to a patient or a proxy serves.
pub const LETTER_FOR: TimeDelta = TimeDelta::days(30);
/// How long the code of a member of the staff serves.
pub const STAFF_FOR: TimeDelta = TimeDelta::days(7);
/// How often a code may be tried with a birth date: whoever finds a letter must not try them all.
pub const TRIES: u32 = 10;

/// Who is to be invited.
#[derive(Clone)]
pub struct Invitee {
    /// The person; must be known to the store.
    pub person: PersonId,
    /// The roles of the account, the first of which is taken at sign-in.
    pub roles: Vec<Role>,
    /// The birth date, without which a patient or a proxy is not invited.
    pub birth: Option<NaiveDate>,
}

impl fmt::Debug for Invitee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Invitee([redacted])")
    }
}

/// An invitation, with the code that is not kept anywhere: it is handed over now or never.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Which.
    pub id: InvitationId,
    /// The code.
    pub code: WrittenCode,
    /// The first instant at which it opens nothing any more.
    pub expires: Instant,
    /// Whether the birth date must be given with it.
    pub with_birth_date: bool,
}

/// Why somebody is not invited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CantInvite {
    /// Nobody of that id.
    Nobody,
    /// The person has an account: it can be set up anew, by [`crate::recovery_case`], or by [`reset`] on the machine.
    HasAccount,
    /// A patient or a proxy whose birth date isn't known.
    BirthDateMissing,
    /// No role at all, or care for others and a record of one's own in one account.
    Roles,
}

fn is_staff(role: Role) -> bool {
    !matches!(role, Role::Patient | Role::Proxy)
}

/// Invites somebody. What was open for the same person before is withdrawn.
pub async fn invite(
    portal: &Portal,
    stamp: &Stamp,
    invitee: Invitee,
) -> Result<Result<Issued, CantInvite>, Refusal> {
    let store = portal.store();
    let staff = invitee.roles.iter().filter(|role| is_staff(**role)).count();
    if invitee.roles.is_empty() || (staff > 0 && staff < invitee.roles.len()) {
        return Ok(Err(CantInvite::Roles));
    }
    if staff == 0 && invitee.birth.is_none() {
        return Ok(Err(CantInvite::BirthDateMissing));
    }
    if store.person(invitee.person).await?.is_none() {
        return Ok(Err(CantInvite::Nobody));
    }
    if !store.accounts_of(invitee.person).await?.is_empty() {
        return Ok(Err(CantInvite::HasAccount));
    }
    issue(portal, stamp, invitee, None).await.map(Ok)
}

/// Invites the subject of a record, by the birth date that came with it.
pub async fn invite_patient(
    portal: &Portal,
    stamp: &Stamp,
    patient: PatientId,
) -> Result<Result<Issued, CantInvite>, Refusal> {
    let store = portal.store();
    let Some(person) = store.subject(patient).await? else {
        return Ok(Err(CantInvite::Nobody));
    };
    let birth = store.birth_date(patient).await?;
    let roles = vec![Role::Patient];
    let invitee = Invitee {
        person,
        roles,
        birth,
    };
    invite(portal, stamp, invitee).await
}

/// Takes away everything an account signs in with, ends its sessions, and invites its owner to set it up anew; `None`:
/// no such account. For those who lost every way in, or whose account somebody else may hold: at the end of a case
/// ([`crate::recovery_case`]), or at once by who has the machine.
pub async fn reset(
    portal: &Portal,
    stamp: &Stamp,
    account: AccountId,
) -> Result<Option<Issued>, Refusal> {
    let store = portal.store();
    let Some(kept) = store.account(account).await? else {
        return Ok(None);
    };
    store
        .change_account(stamp, account, |account| {
            account.take_factors_away();
            Some(())
        })
        .await?;
    session::end_all_of(portal, stamp, account).await?;
    sign_in::forgive(portal, &kept).await?;
    let event = Event::FactorChanged {
        account,
        change: "reset-by-staff".to_owned(),
    };
    let chain = sign_in::chain_of(portal, kept.person).await?;
    store.append(stamp, chain, event).await?;
    let birth = if kept.roles.iter().any(|role| !is_staff(*role)) {
        recovery_case::birth_of(portal, &kept).await?
    } else {
        None
    };
    let invitee = Invitee {
        person: kept.person,
        roles: kept.roles,
        birth,
    };
    let issued = issue(portal, stamp, invitee, Some(account)).await?;
    portal.announce(account, Announcement::FactorsReset).await;
    Ok(Some(issued))
}

async fn issue(
    portal: &Portal,
    stamp: &Stamp,
    invitee: Invitee,
    account: Option<AccountId>,
) -> Result<Issued, Refusal> {
    let store = portal.store();
    let code = WrittenCode::draw(store.entropy());
    let made = portal.now();
    let serves = if invitee.roles.iter().any(|role| is_staff(*role)) {
        STAFF_FOR
    } else {
        LETTER_FOR
    };
    let invitation = InvitationRecord {
        id: InvitationId::from_random(store::entropy::random(store.entropy())),
        person: invitee.person,
        roles: invitee.roles,
        birth: invitee.birth,
        account,
        made,
        expires: made + serves,
    };
    let issued = Issued {
        id: invitation.id,
        code,
        expires: invitation.expires,
        with_birth_date: invitation.birth.is_some(),
    };
    store
        .put_invitation(stamp, invitation, issued.code.plain())
        .await?;
    Ok(issued)
}

/// Invitations that nobody took up yet; those that are over too.
pub async fn waiting(portal: &Portal) -> Result<Vec<InvitationRecord>, Refusal> {
    Ok(portal.store().invitations().await?)
}

/// Takes an invitation back; `false`: there is none of that id.
pub async fn withdraw(
    portal: &Portal,
    stamp: &Stamp,
    invitation: InvitationId,
) -> Result<bool, Refusal> {
    Ok(portal
        .store()
        .withdraw_invitation(stamp, invitation)
        .await?)
}

/// The invitation that a code and a birth date open. A wrong code, a wrong date, too many tries: all the same `None`.
/// Tries are counted before they are answered, for codes that exist and codes that don't alike.
pub(crate) async fn open(
    portal: &Portal,
    code: &SecretString,
    birth: Option<NaiveDate>,
) -> Result<Option<InvitationRecord>, Refusal> {
    let store = portal.store();
    // A slip of the pen is found by the check symbol: it is no try at anybody's code.
    let Some(code) = WrittenCode::parse(code) else {
        return Ok(None);
    };
    let key = store.attempt_key("invitation", code.plain());
    let now = portal.now();
    let may = store
        .begin_attempt(&key, TRIES, |failures| {
            let wait = delay(failures);
            (wait > TimeDelta::zero()).then(|| now + wait)
        })
        .await?;
    let found = store.invitation_by_code(code.plain()).await?;
    let opened =
        found.filter(|invitation| may && (invitation.birth.is_none() || invitation.birth == birth));
    if opened.is_some() {
        store.clear_attempts(&key).await?;
    }
    Ok(opened)
}
