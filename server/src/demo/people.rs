//! Who can sign in to the demo. Passwords and secrets are drawn once and kept beside the database.

use super::{
    directory::{self, Directory},
    records,
};
use crate::{World, failure::Failure};
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use domain::{
    id::{OrganizationId, PersonId},
    party::{Membership, Role, Span},
};
use portal::Portal;
use serde::{Deserialize, Serialize};
use std::{fmt, fs, io::ErrorKind};
use store::{
    PersonRecord, SecretBytes, Stamp,
    entropy::{self, Entropy},
};

/// Somebody who can sign in, with everything it takes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// The name.
    pub name: String,
    /// `patient`, `proxy`, `clinician`, `privacy-officer`, `administrator` or `support`.
    pub role: String,
    /// The sign-in name.
    pub sign_in: String,
    /// The password.
    pub password: String,
    /// The authenticator's secret, base32 (RFC 4648).
    pub totp_secret: String,
    /// What to try with this person.
    pub what_for: String,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SignIn([redacted])")
    }
}

impl SignIn {
    /// The authenticator's secret.
    pub fn secret(&self) -> Option<SecretBytes> {
        BASE32_NOPAD
            .decode(self.totp_secret.as_bytes())
            .ok()
            .map(SecretBytes::new)
    }
}

/// Somebody of the demo, before there is a password.
struct Person {
    name: &'static str,
    sign_in: &'static str,
    role: Role,
    /// The resource they are in the imported files; for those whom no file names, the name they would have there.
    reference: &'static str,
    /// Where those work whom no file names.
    works_at: Option<&'static str>,
    what_for: &'static str,
}

const PEOPLE: [Person; 13] = [
    Person {
        name: "Jordan Reyes",
        sign_in: "jordan@demo.example",
        role: Role::Patient,
        reference: "Patient/demo-patient-1",
        works_at: None,
        what_for: "In treatment for opioid use, with ordinary, mental health and HIV care besides. Look at the \
            records, reveal one, share some with a clinician, revoke it, read who looked.",
    },
    Person {
        name: "Morgan Ellis",
        sign_in: "morgan@demo.example",
        role: Role::Patient,
        reference: "Patient/demo-patient-2",
        works_at: None,
        what_for: "A record without anything specially protected. Nothing is hidden here.",
    },
    Person {
        name: "Sam Ellis",
        sign_in: "sam@demo.example",
        role: Role::Proxy,
        reference: "RelatedPerson/demo-sam-ellis",
        works_at: None,
        what_for: "Morgan's chosen helper, for everyday health only. Open Helpers and switch to Morgan: each page says so.",
    },
    Person {
        name: "Casey Brandt",
        sign_in: "casey@demo.example",
        role: Role::Patient,
        reference: "Patient/demo-patient-4",
        works_at: None,
        what_for: "15 years old. Sees everything of their own; what they agreed to alone stays closed to their parent.",
    },
    Person {
        name: "Robin Brandt",
        sign_in: "robin@demo.example",
        role: Role::Proxy,
        reference: "RelatedPerson/demo-robin-brandt",
        works_at: None,
        what_for: "Casey's parent. Open Helpers and switch to Casey: asthma is there, Casey's own counseling is not.",
    },
    Person {
        name: "Dr. Amara Okafor",
        sign_in: "okafor@demo.example",
        role: Role::Clinician,
        reference: "Practitioner/prac-okafor",
        works_at: None,
        what_for: "Primary care at Maple Street Family Practice. Sees ordinary care, and what Jordan shares.",
    },
    Person {
        name: "Dr. Elena Vasquez",
        sign_in: "vasquez@demo.example",
        role: Role::SudClinician,
        reference: "Practitioner/prac-vasquez",
        works_at: None,
        what_for: "Psychiatrist at Harbor Light Recovery, the substance use treatment program.",
    },
    Person {
        name: "Dr. Tobias Lindqvist",
        sign_in: "lindqvist@demo.example",
        role: Role::Clinician,
        reference: "Practitioner/prac-lindqvist",
        works_at: None,
        what_for: "Podiatrist at Lakeside Foot & Ankle, elsewhere. Sees next to nothing.",
    },
    Person {
        name: "Renata Solberg",
        sign_in: "solberg@demo.example",
        role: Role::PrivacyOfficer,
        reference: "Practitioner/prac-solberg",
        works_at: Some("Organization/org-harbor-light"),
        what_for: "Privacy officer at Harbor Light Recovery. Checks the labels of what came from there, and nothing else.",
    },
    Person {
        name: "Ibrahim Castellano",
        sign_in: "castellano@demo.example",
        role: Role::PrivacyOfficer,
        reference: "Practitioner/prac-castellano",
        works_at: Some("Organization/org-harbor-light"),
        what_for: "The other privacy officer at Harbor Light Recovery. Agrees, or not, when a label is to be taken off.",
    },
    Person {
        name: "Noor Haddad",
        sign_in: "haddad@demo.example",
        role: Role::Administrator,
        reference: "Practitioner/prac-haddad",
        works_at: Some("Organization/org-harbor-light"),
        what_for: "Administrator. Invites staff, gives and ends roles, reviews who has access. Sees nobody's record.",
    },
    Person {
        name: "Pavel Dvorak",
        sign_in: "dvorak@demo.example",
        role: Role::Administrator,
        reference: "Practitioner/prac-dvorak",
        works_at: Some("Organization/org-harbor-light"),
        what_for: "The other administrator. Agrees, or not, when somebody is to be privacy officer or administrator.",
    },
    Person {
        name: "June Abernathy",
        sign_in: "abernathy@demo.example",
        role: Role::Support,
        reference: "Practitioner/prac-abernathy",
        works_at: Some("Organization/org-harbor-light"),
        what_for: "Support. Helps somebody back into their account, who then reads of it and can stop it. Type any address \
            you like: nothing of anybody's record opens.",
    },
];

/// What is kept between runs.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The state of the records that was imported last; `None` while setting up.
    records: Option<String>,
    people: Vec<SignIn>,
}

/// Imports the records and makes the accounts, as far as that hasn't been done.
///
/// Passwords are kept before the accounts are made, so that a start that was cut short can be taken up again.
///
/// # Errors
/// When the directory or the database can't be written.
pub async fn prepare(
    portal: &Portal,
    directory: &Directory,
    world: &World,
) -> Result<Vec<SignIn>, Failure> {
    let mut kept = if let Some(kept) = read(directory)? {
        kept
    } else {
        let fresh = Kept {
            records: None,
            people: PEOPLE
                .iter()
                .map(|person| draw(person, world.entropy.as_ref()))
                .collect(),
        };
        write(directory, &fresh)?;
        fresh
    };
    let now = records::digest();
    if kept.records.as_deref() != Some(now.as_str()) {
        records::import(portal).await?;
        for (person, sign_in) in PEOPLE.iter().zip(&kept.people) {
            employ(portal, person).await?;
            create(portal, person, sign_in).await?;
        }
        kept.records = Some(now);
        write(directory, &kept)?;
    }
    Ok(kept.people)
}

/// Puts somebody whom no file names where they work.
async fn employ(portal: &Portal, person: &Person) -> Result<(), Failure> {
    // Helpers stand in no file either, and work nowhere.
    if person.works_at.is_none() && person.role != Role::Proxy {
        return Ok(());
    }
    let id = PersonId::derived("fhir", person.reference);
    let store = portal.store();
    if store.person(id).await?.is_some() {
        return Ok(());
    }
    let place = person.works_at.map(|organization| Membership {
        organization: OrganizationId::derived("fhir", organization),
        role: person.role,
        span: Span {
            from: portal.now(),
            until: None,
        },
    });
    let record = PersonRecord {
        memberships: place.into_iter().collect(),
        ..PersonRecord::named(id, person.name)
    };
    store.put_person(&Stamp::SYSTEM, record).await?;
    Ok(())
}

async fn create(portal: &Portal, person: &Person, sign_in: &SignIn) -> Result<(), Failure> {
    if portal
        .store()
        .account_by_sign_in(person.sign_in)
        .await?
        .is_some()
    {
        return Ok(());
    }
    let secret = sign_in.secret().ok_or_else(|| {
        Failure::environment("the demo's sign-in sheet is broken: start over with --fresh")
    })?;
    portal::accounts::create(
        portal,
        &Stamp::SYSTEM,
        portal::accounts::NewAccount {
            sign_in: person.sign_in.to_owned(),
            password: sign_in.password.as_str().into(),
            person: PersonId::derived("fhir", person.reference),
            roles: vec![person.role],
            totp_secret: secret,
        },
    )
    .await?;
    Ok(())
}

fn read(directory: &Directory) -> Result<Option<Kept>, Failure> {
    let path = directory.people_file();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(Failure::environment(format!(
                "{}: {}",
                path.display(),
                error.kind()
            )));
        }
    };
    let kept: Kept = serde_json::from_str(&text).map_err(|_| {
        Failure::environment(format!(
            "{}: not a sign-in sheet: start over with --fresh",
            path.display()
        ))
    })?;
    // Another version of the program may have other people.
    let same = kept.people.len() == PEOPLE.len()
        && kept
            .people
            .iter()
            .zip(&PEOPLE)
            .all(|(kept, person)| kept.sign_in == person.sign_in);
    if same {
        Ok(Some(kept))
    } else {
        Err(Failure::environment(format!(
            "{}: made by another version of the demo: start over with --fresh",
            path.display()
        )))
    }
}

fn write(directory: &Directory, kept: &Kept) -> Result<(), Failure> {
    let path = directory.people_file();
    serde_json::to_vec_pretty(kept)
        .map_err(std::io::Error::other)
        .and_then(|bytes| directory::write_private(&path, &bytes))
        .map_err(|error| Failure::environment(format!("{}: {}", path.display(), error.kind())))
}

fn draw(person: &Person, entropy: &dyn Entropy) -> SignIn {
    SignIn {
        name: person.name.to_owned(),
        role: match person.role {
            Role::Patient => "patient",
            Role::Proxy | Role::PrivacyOfficer | Role::Administrator | Role::Support => {
                person.role.name()
            }
            _ => "clinician",
        }
        .to_owned(),
        sign_in: person.sign_in.to_owned(),
        password: password(entropy),
        totp_secret: BASE32_NOPAD.encode(&entropy::random::<20>(entropy)),
        what_for: person.what_for.to_owned(),
    }
}

/// A password that can be read out and typed: four words of 64 and six digits of 16, 48 bits in all. The demo
/// shows it anyway.
fn password(entropy: &dyn Entropy) -> String {
    let mut words: Vec<&str> = entropy::random::<4>(entropy)
        .iter()
        .filter_map(|byte| WORDS.get(usize::from(byte % 64)).copied())
        .collect();
    let digits = HEXLOWER.encode(&entropy::random::<3>(entropy));
    words.push(&digits);
    words.join("-")
}

const WORDS: [&str; 64] = [
    "acorn", "amber", "apple", "aspen", "badger", "basket", "beach", "birch", "bison", "bridge",
    "brook", "candle", "canoe", "cedar", "cherry", "clover", "cobalt", "copper", "coral", "cotton",
    "daisy", "delta", "eagle", "ember", "falcon", "fern", "finch", "forest", "garden", "ginger",
    "harbor", "hazel", "heron", "indigo", "island", "ivory", "juniper", "kettle", "lantern",
    "lemon", "lilac", "linen", "maple", "marble", "meadow", "nutmeg", "oak", "olive", "orchid",
    "otter", "pebble", "pepper", "pine", "plum", "quartz", "raven", "river", "saffron", "silver",
    "spruce", "thistle", "tulip", "violet", "willow",
];
