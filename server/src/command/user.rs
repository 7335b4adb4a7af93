//! `confide user`: the first administrator, and emergencies on the machine. Who may run it has the database and the key,
//! so nobody is asked for a factor; every change stands in the ledger as the system's.

use crate::{
    World,
    cli::{OneAccount, Place, User, UserAdd, UserList},
    command::configuration,
    config::Config,
    failure::{Exit, Failure},
    output, wiring,
};
use domain::{
    id::{AccountId, PersonId},
    party::{Membership, Role, Span},
};
use portal::{
    Portal,
    accounts::{self, Standing},
    invitations::{self, CantInvite, Invitee, Issued},
    letters, session,
};
use serde_json::{Value, json};
use store::{PersonRecord, Stamp, entropy};

/// Runs one of them.
pub async fn run(command: User, world: &World) -> Result<Exit, Failure> {
    match command {
        User::Add(arguments) => add(arguments, world).await,
        User::List(arguments) => list(&arguments, world).await,
        User::EndSessions(arguments) => end_sessions(&arguments, world).await,
        User::ResetFactors(arguments) => reset(&arguments, world).await,
    }
}

/// The portal of that place; a database is looked at, never made, but for the first administrator.
async fn open(place: &Place, world: &World, make: bool) -> Result<(Portal, Config), Failure> {
    let config = configuration(place, world)?;
    if make {
        super::make_directory(place)?;
    } else {
        wiring::must_exist(&config.storage)?;
    }
    let store = wiring::open_store(&config.storage, world).await?;
    Ok((Portal::new(store, wiring::portal_options(&config)), config))
}

async fn add(arguments: UserAdd, world: &World) -> Result<Exit, Failure> {
    let roles = roles(&arguments.role)?;
    let (portal, config) = open(&arguments.place, world, true).await?;
    let issued = if let Some(reference) = &arguments.patient {
        patient(&portal, reference).await?
    } else {
        let person = match (&arguments.person, &arguments.name) {
            (Some(reference), _) => known(&portal, reference).await?,
            (None, Some(name)) => {
                let place = arguments.organization.as_deref();
                new_person(&portal, name, &roles, place).await?
            }
            (None, None) => return Err(Failure::bad_input("--name: nobody was named")),
        };
        let invitee = Invitee {
            person,
            roles,
            birth: None,
        };
        invitations::invite(&portal, &Stamp::SYSTEM, invitee).await?
    };
    let issued = issued.map_err(cant)?;
    tell(&issued, &config, arguments.json);
    Ok(Exit::Done)
}

fn roles(names: &[String]) -> Result<Vec<Role>, Failure> {
    let mut roles = Vec::new();
    for name in names {
        match Role::from_name(name) {
            Some(Role::Patient | Role::Proxy) => {
                return Err(Failure::bad_input(format!(
                    "--role {name}: patients are invited with --patient, proxies by the patient"
                )));
            }
            Some(role) if !roles.contains(&role) => roles.push(role),
            Some(_) => {}
            None => return Err(Failure::bad_input(format!("--role {name}: no such role"))),
        }
    }
    Ok(roles)
}

async fn patient(portal: &Portal, reference: &str) -> Result<Result<Issued, CantInvite>, Failure> {
    let patient = portal.store().patient_by_identity(reference).await?;
    let Some(patient) = patient else {
        return Ok(Err(CantInvite::Nobody));
    };
    Ok(invitations::invite_patient(portal, &Stamp::SYSTEM, patient).await?)
}

async fn known(portal: &Portal, reference: &str) -> Result<PersonId, Failure> {
    portal
        .store()
        .person_by_reference(reference)
        .await?
        .map(|person| person.id)
        .ok_or_else(|| Failure::bad_input("--person: nobody was imported under this reference"))
}

async fn new_person(
    portal: &Portal,
    name: &str,
    roles: &[Role],
    organization: Option<&str>,
) -> Result<PersonId, Failure> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Failure::bad_input("--name: nobody was named"));
    }
    let store = portal.store();
    let id = PersonId::from_random(entropy::random(store.entropy()));
    let mut person = PersonRecord::named(id, name);
    if let Some(reference) = organization {
        let organization = store
            .organization_by_reference(reference)
            .await?
            .ok_or_else(|| {
                Failure::bad_input(
                    "--organization: no organization was imported under this reference",
                )
            })?;
        let span = Span {
            from: portal.now(),
            until: None,
        };
        person.memberships = roles
            .iter()
            .map(|role| Membership {
                organization: organization.id,
                role: *role,
                span,
            })
            .collect();
    }
    store.put_person(&Stamp::SYSTEM, person).await?;
    Ok(id)
}

fn cant(reason: CantInvite) -> Failure {
    Failure::bad_input(match reason {
        CantInvite::Nobody => "nobody was imported under this reference",
        CantInvite::HasAccount => {
            "this person has an account: see `confide user list`, and `confide user reset-factors` to set it up anew"
        }
        CantInvite::BirthDateMissing => {
            "the record has no birth date, without which the code would open for anybody"
        }
        CantInvite::Roles => "--role: no role was named",
    })
}

/// Prints the code: it is kept nowhere and can't be printed again.
fn tell(issued: &Issued, config: &Config, as_json: bool) {
    if as_json {
        output::json(&json!({
            "invitation": issued.id.to_string(),
            "code": issued.code.written(),
            "expires": issued.expires.to_rfc3339(),
            "birth_date": issued.with_birth_date,
        }));
        return;
    }
    output::line(&format!("code     {}", issued.code.written()));
    let until = issued
        .expires
        .with_timezone(&config.time_zone)
        .format("%Y-%m-%d %H:%M %Z");
    output::line(&format!("until    {until}"));
    let place = config
        .public_url
        .as_ref()
        .and_then(|url| url.join("/join").ok());
    if let Some(place) = place {
        output::line(&format!("type at  {place}"));
    }
    if issued.with_birth_date {
        output::line("with     the person's birth date");
    }
    output::note("The code is not kept and can't be printed again. Hand it over yourself.");
}

async fn list(arguments: &UserList, world: &World) -> Result<Exit, Failure> {
    let (portal, _) = open(&arguments.place, world, false).await?;
    for line in accounts::overview(&portal).await? {
        let state = match line.standing {
            Standing::Active => "active",
            Standing::Reset => "reset",
        };
        let mut told = json!({
            "account": line.account.to_string(),
            "roles": names(&line.roles),
            "created": line.created.to_rfc3339(),
            "last_used": line.last_used.map(|at| at.to_rfc3339()),
            "state": state,
        });
        if arguments.names {
            told["name"] = line.name.into();
            told["sign_in"] = line.sign_in.into();
        }
        show(&told, arguments.json);
    }
    for waiting in invitations::waiting(&portal).await? {
        // One that sets an account up anew is told with the account.
        if waiting.account.is_some() {
            continue;
        }
        let state = if portal.now() < waiting.expires {
            "invited"
        } else {
            "expired"
        };
        let mut told = json!({
            "invitation": waiting.id.to_string(),
            "roles": names(&waiting.roles),
            "created": waiting.made.to_rfc3339(),
            "expires": waiting.expires.to_rfc3339(),
            "state": state,
        });
        if arguments.names {
            let person = portal.store().person(waiting.person).await?;
            told["name"] = person.map(|person| person.name).into();
        }
        show(&told, arguments.json);
    }
    Ok(Exit::Done)
}

fn names(roles: &[Role]) -> Vec<&'static str> {
    roles.iter().map(|role| role.name()).collect()
}

/// As JSON, or as `key value` pairs on one line.
fn show(told: &Value, as_json: bool) {
    if as_json {
        output::json(told);
        return;
    }
    let Some(members) = told.as_object() else {
        return;
    };
    let words: Vec<String> = [
        "account",
        "invitation",
        "state",
        "roles",
        "created",
        "expires",
        "last_used",
        "name",
        "sign_in",
    ]
    .iter()
    .filter_map(|key| {
        let words = match members.get(*key)? {
            Value::String(text) => text.clone(),
            Value::Array(all) => {
                let all: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
                all.join(",")
            }
            _ => return None,
        };
        Some(format!("{key} {words}"))
    })
    .collect();
    output::line(&words.join("  "));
}

fn account(text: &str) -> Result<AccountId, Failure> {
    AccountId::parse(text).ok_or_else(|| Failure::bad_input("ACCOUNT: not an account's id"))
}

fn unknown() -> Failure {
    Failure::bad_input("ACCOUNT: there is no account of this id")
}

async fn end_sessions(arguments: &OneAccount, world: &World) -> Result<Exit, Failure> {
    let account = account(&arguments.account)?;
    let (portal, _) = open(&arguments.place, world, false).await?;
    if portal.store().account(account).await?.is_none() {
        return Err(unknown());
    }
    let ended = session::end_all_of(&portal, &Stamp::SYSTEM, account).await?;
    if ended > 0 {
        letters::post(portal.store(), account, letters::Kind::SessionsEnded).await?;
    }
    if arguments.json {
        output::json(&json!({"account": account.to_string(), "ended": ended}));
    } else {
        output::line(&format!("sessions ended: {ended}"));
    }
    Ok(Exit::Done)
}

async fn reset(arguments: &OneAccount, world: &World) -> Result<Exit, Failure> {
    let account = account(&arguments.account)?;
    let (portal, config) = open(&arguments.place, world, false).await?;
    let issued = invitations::reset(&portal, &Stamp::SYSTEM, account)
        .await?
        .ok_or_else(unknown)?;
    tell(&issued, &config, arguments.json);
    Ok(Exit::Done)
}
