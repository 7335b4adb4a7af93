//! Whether a change of staff can be made, before anybody is asked for a factor, and again when it is.

use super::people::{self, Member};
use super::{Change, Term};
use crate::actor::Actor;
use crate::{Portal, Refusal, days};
use domain::duty::{Duty, is_staff};
use domain::id::OrganizationId;
use domain::party::Role;
use store::Proposed;

/// The longest name, in characters.
const LONGEST_NAME: usize = 200;

/// Why a change can't be made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cant {
    /// No name, or one longer than 200 characters.
    Name,
    /// No such organization.
    Organization,
    /// Not a role that an administrator gives.
    Role,
    /// It is about who asks: nobody gives, ends or agrees to anything of their own.
    Yourself,
    /// Who asked for it can't agree to it too.
    SamePerson,
    /// It would begin before today.
    Begin,
    /// It would end before it begins, or be over already.
    End,
    /// The person has this role there already, or somebody asked for it already.
    HeldAlready,
    /// The person doesn't have it, or it was settled in the meantime.
    NotThere,
    /// There is an account already: it is set up anew by a case ([`crate::recovery_case`]), with its wait.
    HasAccount,
}

/// Whether a change can be made, before anybody is asked for a factor.
///
/// # Errors
/// [`Refusal::NotAvailable`] when who asks is no administrator, or it is about nobody of the staff.
pub async fn check(
    portal: &Portal,
    actor: &Actor,
    change: &Change,
) -> Result<Result<(), Cant>, Refusal> {
    actor.must(Duty::ManagePeople)?;
    let member = match change.person() {
        Some(person) if person == actor.person() => return Ok(Err(Cant::Yourself)),
        Some(person) => Some(people::one(portal, actor, person).await?),
        None => None,
    };
    let known = async |organization: OrganizationId| -> Result<bool, Refusal> {
        Ok(portal.store().organization(organization).await?.is_some())
    };
    Ok(match (change, member) {
        (
            Change::Invite {
                name,
                organization,
                role,
                term,
            },
            _,
        ) => {
            let name = name.trim();
            if name.is_empty() || name.chars().count() > LONGEST_NAME {
                Err(Cant::Name)
            } else if !known(*organization).await? {
                Err(Cant::Organization)
            } else if is_staff(*role) {
                in_time(portal, *term)
            } else {
                Err(Cant::Role)
            }
        }
        (
            Change::Give {
                organization,
                role,
                term,
                ..
            },
            Some(member),
        ) => {
            if !known(*organization).await? {
                Err(Cant::Organization)
            } else if !is_staff(*role) {
                Err(Cant::Role)
            } else if has(&member, Some(*organization), *role)
                || asked_for(&member, *organization, *role)
            {
                Err(Cant::HeldAlready)
            } else {
                in_time(portal, *term)
            }
        }
        (
            Change::End {
                organization, role, ..
            },
            Some(member),
        ) => there(has(&member, *organization, *role)),
        (Change::Code { .. }, Some(member)) => {
            let asked = |one: &people::Waiting| one.proposed == Proposed::Code;
            if member.has_account() {
                Err(Cant::HasAccount)
            } else if member.waiting.iter().any(asked) {
                Err(Cant::HeldAlready)
            } else {
                there(member.has_access())
            }
        }
        (Change::Agree { proposal, .. }, Some(member)) => {
            match member.waiting.iter().find(|one| one.id == *proposal) {
                Some(one) if one.by_me => Err(Cant::SamePerson),
                found => there(found.is_some()),
            }
        }
        (_, None) => Err(Cant::NotThere),
    })
}

/// Whether a role can be given for that long.
fn in_time(portal: &Portal, term: Term) -> Result<(), Cant> {
    let now = portal.now();
    let zone = portal.options().time_zone;
    if term.from.is_some_and(|from| from < days::of(now, zone)) {
        return Err(Cant::Begin);
    }
    term.span(now, zone).map(|_| ()).ok_or(Cant::End)
}

pub(super) const fn there(found: bool) -> Result<(), Cant> {
    if found { Ok(()) } else { Err(Cant::NotThere) }
}

fn has(member: &Member, organization: Option<OrganizationId>, role: Role) -> bool {
    member.places.iter().any(|place| {
        place.role == role && place.organization.as_ref().map(|(id, _)| *id) == organization
    })
}

fn asked_for(member: &Member, organization: OrganizationId, role: Role) -> bool {
    member.waiting.iter().any(|one| {
        matches!(one.proposed, Proposed::Role { role: asked, organization: place, .. }
            if asked == role && place == organization)
    })
}
