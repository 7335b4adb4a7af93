//! What an entry of the house's chain says to the office, and who it was.

use crate::{Portal, Refusal, recovery};
use core::fmt;
use domain::clock::Instant;
use domain::duty::is_staff;
use domain::id::{AccountId, OrganizationId, PersonId};
use domain::party::Role;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::{Entry, Event};
use uuid::Uuid;

/// What entries can be about, to narrow the list by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Topic {
    /// Signing in and out, and fresh factors.
    SignIn,
    /// Accounts, invitations and what accounts sign in with.
    Accounts,
    /// Roles, and reviews of who has access.
    Staff,
    /// Organizations.
    Organizations,
    /// Attempts that were turned down.
    TurnedDown,
    /// Files that were taken in.
    Imports,
    /// The ledger itself, and keys.
    Ledger,
}

impl Topic {
    /// Every topic, in the order offered.
    pub const ALL: [Self; 7] = [
        Self::SignIn,
        Self::Accounts,
        Self::Staff,
        Self::Organizations,
        Self::TurnedDown,
        Self::Imports,
        Self::Ledger,
    ];

    /// The stable name in addresses and copies.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Accounts => "accounts",
            Self::Staff => "staff",
            Self::Organizations => "organizations",
            Self::TurnedDown => "turned-down",
            Self::Imports => "imports",
            Self::Ledger => "ledger",
        }
    }

    /// The topic of that [`Topic::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }

    /// What an event is about.
    pub(super) fn of(event: &Event) -> Self {
        What::of(event).topic()
    }
}

/// What an entry says. Names of people and organizations stand beside it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Somebody signed in.
    SignedIn,
    /// Somebody signed out.
    SignedOut,
    /// A wrong code.
    CodeFailed,
    /// A wrong password.
    PasswordFailed,
    /// A fresh factor was given.
    SteppedUp {
        /// For what, in the step-up's fixed word.
        action: String,
    },
    /// An account was made.
    AccountMade,
    /// What is kept of an account changed.
    AccountChanged,
    /// Something an account signs in with came or went.
    FactorChanged,
    /// Somebody came back with a recovery code.
    RecoveryCodeUsed,
    /// A passkey that may be a copy was refused.
    FactorSuspected,
    /// Sessions were ended.
    SessionsEnded,
    /// An account that nobody used closed.
    AccountClosed,
    /// Somebody was invited, or to set their account up anew.
    Invited,
    /// An invitation was taken up.
    InvitationUsed,
    /// An invitation was taken back.
    InvitationWithdrawn,
    /// The privacy notice was read.
    NoticeRead,
    /// Places of work changed, outside the pages of the staff.
    PlacesChanged,
    /// A case of recovery was opened for an account.
    RecoveryOpened,
    /// A second administrator agreed to one.
    RecoveryAgreed,
    /// One was stopped.
    RecoveryStopped,
    /// One ended with a code.
    RecoveryFinished,
    /// Somebody asked for an account to be recovered, and none was found.
    RecoveryNotOpened,
    /// The addresses changed at which an account's owner is told.
    AddressesChanged,
    /// Something waits for a second administrator.
    Proposed {
        /// A role; `None`: a new code.
        role: Option<Role>,
    },
    /// It was refused or taken back.
    ProposalRefused,
    /// It was agreed to.
    ProposalApproved,
    /// A role was given.
    RoleGiven {
        /// Which.
        role: Role,
    },
    /// Roles ended.
    RolesEnded {
        /// Which.
        roles: Vec<Role>,
    },
    /// Somebody works in another of their roles.
    RoleTaken {
        /// Which.
        role: Role,
    },
    /// It was reviewed who has access.
    AccessReviewed {
        /// How many keep it.
        kept: u64,
        /// How many lost it.
        removed: u64,
    },
    /// An organization was recorded.
    OrganizationAdded,
    /// Something of an organization changed.
    OrganizationChanged {
        /// What, in the ledger's fixed words.
        changed: Vec<String>,
    },
    /// An organization became a Part 2 program, or is none any more.
    ProgramChanged {
        /// Whether it is one.
        program: bool,
    },
    /// Somebody asked for what they may not see.
    Denied,
    /// Somebody asked for emergency access, and no record was opened.
    EmergencyNotOpened,
    /// A care relationship was to be assigned, and no record was found.
    NotAssigned,
    /// An end of sharing was to be written down, and no record was found.
    SharingNotFound,
    /// A file was taken in.
    Imported,
    /// Somebody looked at this list.
    LedgerRead,
    /// Somebody had it checked.
    LedgerChecked {
        /// What came of it; `None`: it took too long.
        sound: Option<bool>,
    },
    /// Somebody took a copy.
    LedgerTaken {
        /// Of how many entries.
        entries: u64,
    },
    /// Every key is wrapped by another wrapping key too.
    KeyRotated,
    /// The old wrapping key opens nothing here any more.
    OldWrappingsDropped,
    /// Everything was sealed anew with new keys.
    DataKeysRotated,
    /// A record was destroyed. Whose, and the reason in the operator's words, are for those who hold the keys.
    RecordShredded,
    /// Entries were copied out of the ledger on the command line.
    LedgerExported,
    /// A backup was made.
    BackupMade,
    /// All this came out of a backup; what happened after that was made is gone.
    BackupRestored,
    /// Anything else: what stands on patients' chains.
    Other,
}

impl What {
    fn of(event: &Event) -> Self {
        match event {
            Event::SignedIn { .. } => Self::SignedIn,
            Event::SignedOut => Self::SignedOut,
            Event::SignInFailed => Self::CodeFailed,
            Event::PasswordFailed => Self::PasswordFailed,
            Event::SteppedUp { action } => Self::SteppedUp {
                action: action.clone(),
            },
            Event::AccountCreated { .. } => Self::AccountMade,
            Event::AccountChanged { .. } => Self::AccountChanged,
            Event::FactorChanged { change, .. } if change == recovery::CODE_USED => {
                Self::RecoveryCodeUsed
            }
            Event::FactorChanged { .. } => Self::FactorChanged,
            Event::FactorSuspected { .. } => Self::FactorSuspected,
            Event::SessionsEnded { .. } => Self::SessionsEnded,
            Event::AccountClosed { .. } => Self::AccountClosed,
            Event::InvitationMade { .. } => Self::Invited,
            Event::InvitationUsed { .. } => Self::InvitationUsed,
            Event::InvitationWithdrawn { .. } => Self::InvitationWithdrawn,
            Event::NoticeAcknowledged { .. } => Self::NoticeRead,
            Event::RoleChanged { .. } => Self::PlacesChanged,
            Event::RecoveryCaseOpened { .. } => Self::RecoveryOpened,
            Event::RecoveryCaseAgreed { .. } => Self::RecoveryAgreed,
            Event::RecoveryCaseStopped { .. } => Self::RecoveryStopped,
            Event::RecoveryCaseFinished { .. } => Self::RecoveryFinished,
            Event::RecoveryCaseNotOpened => Self::RecoveryNotOpened,
            Event::ContactsChanged { .. } => Self::AddressesChanged,
            Event::StaffChangeProposed { role, .. } => Self::Proposed { role: *role },
            Event::StaffChangeRefused { .. } => Self::ProposalRefused,
            Event::StaffChangeApproved { .. } => Self::ProposalApproved,
            Event::RoleGiven { role, .. } => Self::RoleGiven { role: *role },
            Event::RolesEnded { roles, .. } => Self::RolesEnded {
                roles: roles.clone(),
            },
            Event::RoleTaken { role } => Self::RoleTaken { role: *role },
            Event::AccessReviewed { kept, removed, .. } => Self::AccessReviewed {
                kept: *kept,
                removed: *removed,
            },
            Event::OrganizationChanged {
                what,
                part2_program,
                ..
            } => match what.first().map(String::as_str) {
                Some("new") => Self::OrganizationAdded,
                Some("program") => Self::ProgramChanged {
                    program: *part2_program,
                },
                _ => Self::OrganizationChanged {
                    changed: what.clone(),
                },
            },
            Event::Denied { .. } => Self::Denied,
            Event::EmergencyNotOpened => Self::EmergencyNotOpened,
            Event::RelationshipNotAssigned => Self::NotAssigned,
            Event::SharingNotFound => Self::SharingNotFound,
            Event::Imported { .. } => Self::Imported,
            Event::HouseLedgerRead => Self::LedgerRead,
            Event::HouseLedgerChecked { sound } => Self::LedgerChecked { sound: *sound },
            Event::HouseLedgerTaken { entries } => Self::LedgerTaken { entries: *entries },
            Event::KeyRotated { .. } => Self::KeyRotated,
            Event::OldWrappingsDropped { .. } => Self::OldWrappingsDropped,
            Event::DataKeysRotated { .. } => Self::DataKeysRotated,
            Event::RecordShredded { .. } => Self::RecordShredded,
            Event::LedgerExported { .. } => Self::LedgerExported,
            Event::BackupMade { .. } => Self::BackupMade,
            Event::BackupRestored { .. } => Self::BackupRestored,
            _ => Self::Other,
        }
    }

    const fn topic(&self) -> Topic {
        match self {
            Self::SignedIn
            | Self::SignedOut
            | Self::CodeFailed
            | Self::PasswordFailed
            | Self::SteppedUp { .. }
            | Self::RoleTaken { .. } => Topic::SignIn,
            Self::AccountMade
            | Self::AccountChanged
            | Self::FactorChanged
            | Self::RecoveryCodeUsed
            | Self::FactorSuspected
            | Self::SessionsEnded
            | Self::AccountClosed
            | Self::Invited
            | Self::InvitationUsed
            | Self::InvitationWithdrawn
            | Self::NoticeRead
            | Self::RecoveryOpened
            | Self::RecoveryAgreed
            | Self::RecoveryStopped
            | Self::RecoveryFinished
            | Self::AddressesChanged => Topic::Accounts,
            Self::PlacesChanged
            | Self::Proposed { .. }
            | Self::ProposalRefused
            | Self::ProposalApproved
            | Self::RoleGiven { .. }
            | Self::RolesEnded { .. }
            | Self::AccessReviewed { .. } => Topic::Staff,
            Self::OrganizationAdded
            | Self::OrganizationChanged { .. }
            | Self::ProgramChanged { .. } => Topic::Organizations,
            Self::Denied
            | Self::EmergencyNotOpened
            | Self::NotAssigned
            | Self::SharingNotFound
            | Self::RecoveryNotOpened => Topic::TurnedDown,
            Self::Imported => Topic::Imports,
            Self::LedgerRead
            | Self::LedgerChecked { .. }
            | Self::LedgerTaken { .. }
            | Self::KeyRotated
            | Self::OldWrappingsDropped
            | Self::DataKeysRotated
            | Self::RecordShredded
            | Self::LedgerExported
            | Self::BackupMade
            | Self::BackupRestored
            | Self::Other => Topic::Ledger,
        }
    }
}

/// Who did something, or about whom it is.
#[derive(Clone, PartialEq, Eq)]
pub enum Who {
    /// Somebody of the staff, by name.
    Staff(String),
    /// A patient, or somebody who acts for one: never by name.
    Patient,
    /// Somebody who is no longer here.
    Gone,
    /// Somebody of whom nothing is known.
    Nobody,
    /// The portal itself, or a command on the server.
    System,
}

impl fmt::Debug for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Who([redacted])")
    }
}

/// One entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Its place in the chain.
    pub seq: u64,
    /// Its name for good.
    pub id: Uuid,
    /// When.
    pub at: Instant,
    /// Who.
    pub who: Who,
    /// In which role.
    pub role: Option<Role>,
    /// What it is about.
    pub topic: Topic,
    /// What happened.
    pub what: What,
    /// About whom.
    pub about: Option<Who>,
    /// About which organization, by name.
    pub organization: Option<String>,
}

/// Names, looked up once a page.
pub(super) struct Names<'a> {
    portal: &'a Portal,
    organizations: HashMap<OrganizationId, String>,
    people: HashMap<PersonId, Who>,
    accounts: HashMap<AccountId, Who>,
}

impl<'a> Names<'a> {
    pub(super) async fn new(portal: &'a Portal) -> Result<Self, Refusal> {
        let all = portal.store().all_organizations().await?;
        Ok(Self {
            portal,
            organizations: all.into_iter().map(|one| (one.id, one.name)).collect(),
            people: HashMap::new(),
            accounts: HashMap::new(),
        })
    }

    /// By name only who is of the staff: by a place of work, past or present, or by the roles of their account. Whoever
    /// is a patient besides is told as one.
    async fn person(&mut self, id: PersonId) -> Result<Who, Refusal> {
        if let Some(known) = self.people.get(&id) {
            return Ok(known.clone());
        }
        let store = self.portal.store();
        let who = match store.person(id).await? {
            None => Who::Gone,
            Some(person) => {
                let accounts = store.accounts_of(id).await?;
                let mut roles = accounts.iter().flat_map(|account| &account.roles);
                let works = person.memberships.iter().any(|one| is_staff(one.role));
                let patient = store.patient_of_subject(id).await?.is_some()
                    || roles.clone().any(|role| !is_staff(*role));
                if !patient && (works || roles.any(|role| is_staff(*role))) {
                    Who::Staff(person.name)
                } else {
                    Who::Patient
                }
            }
        };
        self.people.insert(id, who.clone());
        Ok(who)
    }

    async fn account(&mut self, id: AccountId) -> Result<Who, Refusal> {
        if let Some(known) = self.accounts.get(&id) {
            return Ok(known.clone());
        }
        let who = match self.portal.store().account(id).await? {
            None => Who::Gone,
            Some(account) => self.person(account.person).await?,
        };
        self.accounts.insert(id, who.clone());
        Ok(who)
    }

    /// Who did it. Whoever acted in a role of the staff is told by name, also where they are a patient elsewhere.
    async fn actor(&mut self, entry: &Entry) -> Result<Who, Refusal> {
        let actor = entry.body.stamp.actor;
        match (actor.person, actor.role) {
            (Some(_), Some(role)) if !is_staff(role) => Ok(Who::Patient),
            (Some(person), Some(_)) => {
                let person = self.portal.store().person(person).await?;
                Ok(person.map_or(Who::Gone, |person| Who::Staff(person.name)))
            }
            (Some(person), None) => self.person(person).await,
            (None, _) if matches!(entry.body.event, Event::PasswordFailed) => Ok(Who::Nobody),
            (None, _) => Ok(Who::System),
        }
    }

    async fn about(&mut self, entry: &Entry) -> Result<Option<Who>, Refusal> {
        Ok(Some(match &entry.body.event {
            Event::AccountCreated { account }
            | Event::AccountChanged { account }
            | Event::AccountClosed { account }
            | Event::FactorChanged { account, .. }
            | Event::FactorSuspected { account }
            | Event::InvitationUsed { account, .. }
            | Event::RecoveryCaseOpened { account, .. }
            | Event::RecoveryCaseAgreed { account, .. }
            | Event::RecoveryCaseStopped { account, .. }
            | Event::RecoveryCaseFinished { account, .. }
            | Event::ContactsChanged { account, .. }
            | Event::SessionsEnded { account } => self.account(*account).await?,
            Event::PasswordFailed => match entry.body.stamp.actor.account {
                Some(account) => self.account(account).await?,
                None => return Ok(None),
            },
            Event::InvitationMade { roles, .. } if roles.iter().any(|role| !is_staff(*role)) => {
                Who::Patient
            }
            Event::InvitationMade { person, .. } | Event::RoleChanged { person, .. } => {
                self.person(*person).await?
            }
            // These are about the staff alone.
            Event::StaffChangeProposed { person, .. }
            | Event::StaffChangeRefused { person, .. }
            | Event::StaffChangeApproved { person, .. }
            | Event::RoleGiven { person, .. }
            | Event::RolesEnded { person, .. } => {
                let person = self.portal.store().person(*person).await?;
                person.map_or(Who::Gone, |person| Who::Staff(person.name))
            }
            _ => return Ok(None),
        }))
    }

    fn organization(&self, event: &Event) -> Option<String> {
        let id = match event {
            Event::RoleGiven { organization, .. }
            | Event::OrganizationChanged { organization, .. } => Some(*organization),
            Event::RolesEnded { organization, .. } => *organization,
            _ => None,
        };
        id.and_then(|id| self.organizations.get(&id).cloned())
    }

    /// What an entry says.
    pub(super) async fn line(&mut self, entry: Entry) -> Result<Line, Refusal> {
        let what = What::of(&entry.body.event);
        Ok(Line {
            who: self.actor(&entry).await?,
            about: self.about(&entry).await?,
            organization: self.organization(&entry.body.event),
            seq: entry.seq,
            id: entry.id,
            at: entry.body.at,
            role: entry.body.stamp.actor.role,
            topic: what.topic(),
            what,
        })
    }
}
