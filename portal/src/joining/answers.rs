//! The answers on the way, each taken at its own page; going back and answering again is always possible.

use super::{App, Progress, present, write};
use crate::authenticator::{self, Setup};
use crate::contacts::is_email;
use crate::passkeys::{self, registration};
use crate::passwords::{self, Weakness};
use crate::sign_in::Outcome;
use crate::{Portal, Refusal, accounts, recovery_codes};
use secrecy::SecretString;
use store::SecretBytes;
use tower_sessions::Session;

/// Why an e-mail is not taken. That somebody uses it here already is no reason, and nothing tells it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadEmail {
    /// Nothing was typed.
    Missing,
    /// Not an e-mail address.
    Unreadable,
}

/// Takes the e-mail to sign in with.
pub async fn email(
    portal: &Portal,
    session: &Session,
    typed: &str,
) -> Result<Result<(), BadEmail>, Refusal> {
    let mut progress = present(portal, session).await?;
    if progress.exists {
        return Err(Refusal::BadRequest);
    }
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(Err(BadEmail::Missing));
    }
    if !is_email(typed) {
        return Ok(Err(BadEmail::Unreadable));
    }
    progress.sign_in = Some(typed.to_owned());
    write(session, &progress).await?;
    Ok(Ok(()))
}

/// Takes the password.
pub async fn password(
    portal: &Portal,
    session: &Session,
    password: SecretString,
) -> Result<Result<(), Weakness>, Refusal> {
    let mut progress = present(portal, session).await?;
    let Some(sign_in) = progress.sign_in.clone() else {
        return Err(Refusal::BadRequest);
    };
    let name = name_of(portal, &progress).await?;
    if let Err(weakness) = passwords::check(portal, &password, &[&name, &sign_in]).await? {
        return Ok(Err(weakness));
    }
    progress.password_hash = Some(accounts::hash(portal, password).await?);
    progress.without_password = false;
    write(session, &progress).await?;
    Ok(Ok(()))
}

/// Takes no password: a passkey is to be the only way to sign in.
///
/// # Errors
/// [`Refusal::BadRequest`] where there are no passkeys, or the sign-in name isn't there yet.
pub async fn without_password(portal: &Portal, session: &Session) -> Result<(), Refusal> {
    let mut progress = present(portal, session).await?;
    if !passkeys::offered(portal) || progress.sign_in.is_none() {
        return Err(Refusal::BadRequest);
    }
    progress.password_hash = None;
    progress.without_password = true;
    write(session, &progress).await
}

/// Draws a secret for an app, unless one waits for its first code.
///
/// # Errors
/// [`Refusal::BadRequest`] without a password: an app alone is one factor.
pub async fn choose_app(portal: &Portal, session: &Session) -> Result<(), Refusal> {
    let mut progress = present(portal, session).await?;
    if progress.password_hash.is_none() {
        return Err(Refusal::BadRequest);
    }
    if progress.app_draft.is_none() {
        let secret = authenticator::draw(portal.store().entropy());
        progress.app_draft = Some(secret.expose().to_vec());
        write(session, &progress).await?;
    }
    Ok(())
}

/// What the app needs; `None`: no app is being set up.
pub async fn app_setup(portal: &Portal, session: &Session) -> Result<Option<Setup>, Refusal> {
    let progress = present(portal, session).await?;
    let owner = progress.sign_in.unwrap_or_default();
    Ok(progress
        .app_draft
        .and_then(|secret| authenticator::setup(&SecretBytes::new(secret), &owner)))
}

/// Takes the code that the app shows now.
pub async fn confirm_app(
    portal: &Portal,
    session: &Session,
    code: &SecretString,
) -> Result<Outcome, Refusal> {
    let mut progress = present(portal, session).await?;
    let Some(secret) = progress.app_draft.clone() else {
        return Err(Refusal::BadRequest);
    };
    let confirmed = SecretBytes::new(secret.clone());
    let Some(step) = authenticator::step(&confirmed, code, portal.now()) else {
        return Ok(Outcome::Refused);
    };
    progress.app = Some(App { secret, step });
    progress.app_draft = None;
    second_is_there(portal, &mut progress);
    write(session, &progress).await?;
    Ok(Outcome::Accepted)
}

/// Begins to make a passkey: what the browser needs, as JSON.
///
/// # Errors
/// [`Refusal::BadRequest`] before the questions that come first, or when there are enough passkeys.
pub async fn start_passkey(portal: &Portal, session: &Session) -> Result<String, Refusal> {
    let progress = present(portal, session).await?;
    let answered = progress.password_hash.is_some() || progress.without_password;
    if progress.sign_in.is_none() || !answered || progress.passkeys.len() >= passkeys::AT_MOST {
        return Err(Refusal::BadRequest);
    }
    let account = progress.account(portal.now());
    let name = name_of(portal, &progress).await?;
    registration::offer(portal, session, &account, &name).await
}

/// Takes the passkey that the browser made.
///
/// # Errors
/// [`Refusal::BadRequest`] when it is not JSON of that kind.
pub async fn finish_passkey(
    portal: &Portal,
    session: &Session,
    made: &[u8],
) -> Result<Outcome, Refusal> {
    let mut progress = present(portal, session).await?;
    let Some(passkey) = registration::first(portal, session, made).await? else {
        return Ok(Outcome::Refused);
    };
    progress.passkeys.push(passkey);
    second_is_there(portal, &mut progress);
    write(session, &progress).await?;
    Ok(Outcome::Accepted)
}

/// The recovery codes, until their owner has kept them.
pub async fn new_codes(portal: &Portal, session: &Session) -> Result<Vec<String>, Refusal> {
    let progress = present(portal, session).await?;
    Ok(progress
        .codes
        .map(|codes| codes.written)
        .unwrap_or_default())
}

/// The owner has kept them: only their hashes stay.
///
/// # Errors
/// [`Refusal::BadRequest`] before there are any.
pub async fn codes_kept(portal: &Portal, session: &Session) -> Result<(), Refusal> {
    let mut progress = present(portal, session).await?;
    let codes = progress.codes.as_mut().ok_or(Refusal::BadRequest)?;
    codes.written.clear();
    write(session, &progress).await
}

/// Draws the recovery codes as soon as there is something they stand in for.
fn second_is_there(portal: &Portal, progress: &mut Progress) {
    if progress.codes.is_none() {
        progress.codes = Some(recovery_codes::draw(portal, progress.account));
    }
}

async fn name_of(portal: &Portal, progress: &Progress) -> Result<String, Refusal> {
    let person = portal.store().person(progress.person).await?;
    Ok(person.map(|person| person.name).unwrap_or_default())
}
