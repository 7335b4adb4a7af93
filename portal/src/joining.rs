//! Joining: from an invitation's code to an account, one question after the other; and setting an account up anew, after
//! a recovery code or with an invitation from staff. (LAW C5, F5, F6; issue "Joining".)
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`answers`] | what is asked and taken on the way |
//! | [`finish`](finish()) | the end: the account is there and its owner signed in, or nothing happened |
//!
//! What was answered lives in the session, sealed. There is no account, and nothing is signed in, before the last step:
//! a joining that was cut off begins again with the same code. What shall be an account is in [`Progress`], whole or not
//! at all.

mod answers;
mod finish;

pub use answers::{
    BadEmail, app_setup, choose_app, codes_kept, confirm_app, email, finish_passkey, new_codes,
    password, start_passkey, without_password,
};
pub use finish::{Finished, finish};

use crate::recovery_codes::Fresh;
use crate::sign_in::Outcome;
use crate::{Portal, Refusal, invitations};
use chrono::{NaiveDate, TimeDelta};
use domain::clock::Instant;
use domain::id::{AccountId, InvitationId, PersonId};
use domain::party::Role;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::Account;
use tower_sessions::Session;

const PROGRESS: &str = "joining";
/// How long it may take in all; without an answer the session ends earlier (LAW F1).
const AT_MOST: TimeDelta = TimeDelta::hours(1);

/// A step on the way, in order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Step {
    /// Which e-mail to sign in with.
    Email,
    /// Which password, or none.
    Password,
    /// The second factor.
    Second,
    /// The recovery codes.
    Codes,
    /// The privacy notice.
    Notice,
}

/// How somebody came to set up an account.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Way {
    /// By an invitation.
    Invited(InvitationId),
    /// By a recovery code, which is used up.
    Recovered,
}

/// An authenticator app that showed the code of its secret.
#[derive(Clone, Serialize, Deserialize)]
struct App {
    secret: Vec<u8>,
    /// The step of that code, which must not serve again.
    step: u64,
}

/// What was answered so far. Never prints; lives in the sealed session only.
#[derive(Serialize, Deserialize)]
struct Progress {
    way: Way,
    person: PersonId,
    roles: Vec<Role>,
    account: AccountId,
    /// Whether the account is there already and is set up anew.
    exists: bool,
    begun: Instant,
    /// The birth date that was given with the invitation.
    #[serde(default)]
    birth: Option<NaiveDate>,
    sign_in: Option<String>,
    password_hash: Option<String>,
    /// Whether a password is asked for: not when the account's own was just given.
    asks_password: bool,
    /// The person wants to sign in by passkey only.
    without_password: bool,
    /// What the account was when its recovery began.
    before: Option<[u8; 32]>,
    /// A secret that no app has confirmed yet.
    app_draft: Option<Vec<u8>>,
    app: Option<App>,
    passkeys: Vec<serde_json::Value>,
    /// The recovery codes; once they are kept, their hashes only.
    codes: Option<Fresh>,
}

impl Progress {
    /// Whether the recovery codes were kept, so that they are not shown again.
    fn codes_kept(&self) -> bool {
        self.codes
            .as_ref()
            .is_some_and(|codes| codes.written.is_empty())
    }

    /// Whether it is enough to sign in with two factors (LAW F5).
    fn has_factors(&self) -> bool {
        !self.passkeys.is_empty() || (self.password_hash.is_some() && self.app.is_some())
    }

    /// Whether the privacy notice is shown (LAW C5): to those whose records it is about, when they come first.
    fn needs_notice(&self) -> bool {
        matches!(self.way, Way::Invited(_))
            && self
                .roles
                .iter()
                .any(|role| matches!(role, Role::Patient | Role::Proxy))
    }

    /// The first step without an answer; `None`: only the end is left.
    fn step(&self) -> Option<Step> {
        if self.sign_in.is_none() {
            Some(Step::Email)
        } else if self.password_hash.is_none() && !self.without_password {
            Some(Step::Password)
        } else if !self.has_factors() {
            Some(Step::Second)
        } else if !self.codes_kept() {
            Some(Step::Codes)
        } else {
            self.needs_notice().then_some(Step::Notice)
        }
    }

    /// What the account will be.
    fn account(&self, created: Instant) -> Account {
        Account {
            id: self.account,
            sign_in: self.sign_in.clone().unwrap_or_default(),
            password_hash: self.password_hash.clone(),
            totp_secret: self
                .app
                .as_ref()
                .map(|app| store::SecretBytes::new(app.secret.clone())),
            recovery_codes: self
                .codes
                .as_ref()
                .map(|codes| codes.hashes.clone())
                .unwrap_or_default(),
            passkeys: self.passkeys.clone(),
            person: self.person,
            roles: self.roles.clone(),
            created,
        }
    }
}

/// Where somebody is on the way, for its pages.
#[derive(Clone)]
pub struct Standing {
    /// The first step without an answer; `None`: only the end is left.
    pub step: Option<Step>,
    /// The steps of this way, in order.
    pub steps: Vec<Step>,
    /// The e-mail that was answered.
    pub sign_in: Option<String>,
    /// Whether a password was taken.
    pub password: bool,
    /// Whether an app was set up.
    pub app: bool,
    /// How many passkeys were made.
    pub passkeys: usize,
    /// Whether the codes were kept, so that they are not shown again.
    pub codes_kept: bool,
}

impl Standing {
    /// Whether a step's page may be shown: all before it are answered, and it is on this way.
    pub fn reaches(&self, step: Step) -> bool {
        self.steps.contains(&step) && self.step.is_none_or(|present| step <= present)
    }
}

impl core::fmt::Debug for Standing {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Standing([redacted])")
    }
}

/// Where this session is on the way; `None`: it is on none.
pub async fn standing(portal: &Portal, session: &Session) -> Result<Option<Standing>, Refusal> {
    Ok(read(portal, session).await?.map(|progress| {
        let mut steps = Vec::new();
        if !progress.exists {
            steps.push(Step::Email);
        }
        if progress.asks_password {
            steps.push(Step::Password);
        }
        steps.extend([Step::Second, Step::Codes]);
        if progress.needs_notice() {
            steps.push(Step::Notice);
        }
        Standing {
            step: progress.step(),
            steps,
            password: progress.password_hash.is_some(),
            app: progress.app.is_some(),
            passkeys: progress.passkeys.len(),
            codes_kept: progress.codes_kept(),
            sign_in: progress.sign_in,
        }
    }))
}

/// Takes an invitation's code with the birth date. Whatever was wrong, the answer is the same.
pub async fn begin(
    portal: &Portal,
    session: &Session,
    code: &SecretString,
    birth: Option<NaiveDate>,
) -> Result<Outcome, Refusal> {
    let Some(invitation) = invitations::open(portal, code, birth).await? else {
        return Ok(Outcome::Refused);
    };
    let store = portal.store();
    let known = match invitation.account {
        Some(account) => store.account(account).await?,
        None => None,
    };
    if invitation.account.is_some() && known.is_none() {
        return Ok(Outcome::Refused);
    }
    let fresh = || AccountId::from_random(store::entropy::random(store.entropy()));
    let progress = Progress {
        way: Way::Invited(invitation.id),
        person: invitation.person,
        roles: invitation.roles,
        account: invitation.account.unwrap_or_else(fresh),
        exists: invitation.account.is_some(),
        begun: portal.now(),
        birth: invitation.birth,
        sign_in: known.map(|account| account.sign_in),
        password_hash: None,
        asks_password: true,
        without_password: false,
        before: None,
        app_draft: None,
        app: None,
        passkeys: Vec::new(),
        codes: None,
    };
    enter(session, &progress).await?;
    Ok(Outcome::Accepted)
}

/// Begins to set an account up anew, after its recovery code was used up. The password stays; what was lost is not known,
/// so everything else goes when the new factor is there.
pub(crate) async fn begin_recovery(
    portal: &Portal,
    session: &Session,
    account: &Account,
) -> Result<(), Refusal> {
    let progress = Progress {
        way: Way::Recovered,
        person: account.person,
        roles: account.roles.clone(),
        account: account.id,
        exists: true,
        begun: portal.now(),
        birth: None,
        sign_in: Some(account.sign_in.clone()),
        asks_password: account.password_hash.is_none(),
        without_password: false,
        before: Some(mark(account)),
        password_hash: account.password_hash.clone(),
        app_draft: None,
        app: None,
        passkeys: Vec::new(),
        codes: None,
    };
    enter(session, &progress).await
}

/// What an account signs in with, as one value: a recovery that began before it was reset must not bring anything back.
fn mark(account: &Account) -> [u8; 32] {
    let mut hash = Sha256::new();
    let password = account.password_hash.as_deref().unwrap_or_default();
    let app = account.totp_secret.as_ref().map(store::SecretBytes::expose);
    let has_passkeys = [u8::from(!account.passkeys.is_empty())];
    let parts = [password.as_bytes(), app.unwrap_or_default(), &has_passkeys];
    let codes = account.recovery_codes.iter().map(String::as_bytes);
    for part in parts.into_iter().chain(codes) {
        hash.update(Sha256::digest(part));
    }
    hash.finalize().into()
}

/// A new session, under a new id, with nothing in it but this.
async fn enter(session: &Session, progress: &Progress) -> Result<(), Refusal> {
    session.clear().await;
    session.cycle_id().await?;
    write(session, progress).await
}

async fn read(portal: &Portal, session: &Session) -> Result<Option<Progress>, Refusal> {
    let progress: Option<Progress> = session.get(PROGRESS).await?;
    let now = portal.now();
    Ok(progress.filter(|progress| progress.begun <= now && now - progress.begun < AT_MOST))
}

/// What was answered so far.
///
/// # Errors
/// [`Refusal::SignInFirst`] when this session is on no way, or the time for it is over.
async fn present(portal: &Portal, session: &Session) -> Result<Progress, Refusal> {
    read(portal, session).await?.ok_or(Refusal::SignInFirst)
}

async fn write(session: &Session, progress: &Progress) -> Result<(), Refusal> {
    Ok(session.insert(PROGRESS, progress).await?)
}

/// Leaves: nothing of it stays.
pub async fn leave(session: &Session) -> Result<(), Refusal> {
    Ok(session.flush().await?)
}
