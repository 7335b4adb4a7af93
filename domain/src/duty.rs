//! What each role may do in the portal: one table, from which pages are offered and opened (issue "Staff").
//!
//! A duty opens a door and nothing behind it: what of a record somebody sees is for [`crate::decide`] alone, part by
//! part. Support and administrators hold no duty that leads to content (POLICY §4.4).

use crate::party::Role;
use core::fmt;

/// Something that a role may do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Duty {
    /// Look after one's own account: password, passkeys, sessions.
    OwnAccount,
    /// Look at, share, restrict and take away a record, as its subject or for them.
    OwnRecord,
    /// Open what one may see of a patient's record.
    OpenCharts,
    /// Open a record in a medical emergency (LAW E1).
    Emergency,
    /// Write down that a patient takes sharing back, or that something happened with which it was to end (LAW A12).
    RecordEndings,
    /// Go into the office.
    Office,
    /// Put the labels of one's own organization right (POLICY §2).
    ReviewLabels,
    /// Look afterwards at records that were opened in an emergency.
    ReviewEmergencies,
    /// Answer what patients ask one's own organization to keep back (LAW C4).
    AnswerRestrictions,
    /// Look at applications to act for a patient, and verify or refuse them (LAW D4, D5).
    VerifyProxies,
    /// See who has access, review it every quarter and take it away (45 CFR 164.308(a)(3), (4)).
    ReviewAccess,
    /// Invite staff, give and end roles, agree to what another administrator asked for.
    ManagePeople,
    /// See the organizations, what they are, and who works there.
    SeeOrganizations,
    /// Record and change organizations, and say which are Part 2 programs (42 CFR 2.11).
    ManageOrganizations,
    /// See which care relationships administrators assigned, without whose record it is.
    SeeAssignments,
    /// Assign care relationships, and end them.
    AssignCare,
    /// Read the ledger of the house (45 CFR 164.308(a)(1)(ii)(D)).
    ReadHouseLedger,
    /// Check who somebody is who lost every way into their account, and help them back (LAW F6).
    HelpAccounts,
}

/// Every duty, in the order in which they are told.
pub const DUTIES: [Duty; 18] = [
    Duty::OwnAccount,
    Duty::OwnRecord,
    Duty::OpenCharts,
    Duty::Emergency,
    Duty::RecordEndings,
    Duty::Office,
    Duty::ReviewLabels,
    Duty::ReviewEmergencies,
    Duty::AnswerRestrictions,
    Duty::VerifyProxies,
    Duty::ReviewAccess,
    Duty::ManagePeople,
    Duty::SeeOrganizations,
    Duty::ManageOrganizations,
    Duty::SeeAssignments,
    Duty::AssignCare,
    Duty::ReadHouseLedger,
    Duty::HelpAccounts,
];

impl Duty {
    /// Who holds it: the table.
    pub const fn roles(self) -> &'static [Role] {
        use Role::{
            Administrator, Billing, CareCoordinator, Clinician, Patient, PrivacyOfficer, Proxy,
            SudClinician, Support,
        };
        match self {
            Self::OwnAccount => &crate::party::ROLES,
            Self::OwnRecord => &[Patient, Proxy],
            Self::OpenCharts => &[SudClinician, Clinician, CareCoordinator, Billing],
            Self::Emergency => &[SudClinician, Clinician],
            Self::RecordEndings => &[
                SudClinician,
                Clinician,
                CareCoordinator,
                Support,
                PrivacyOfficer,
            ],
            Self::Office => &[Support, PrivacyOfficer, Administrator],
            Self::ReviewLabels
            | Self::ReviewEmergencies
            | Self::AnswerRestrictions
            | Self::VerifyProxies => &[PrivacyOfficer],
            Self::ReviewAccess
            | Self::SeeOrganizations
            | Self::SeeAssignments
            | Self::ReadHouseLedger => &[PrivacyOfficer, Administrator],
            Self::ManagePeople | Self::ManageOrganizations | Self::AssignCare => &[Administrator],
            Self::HelpAccounts => &[Support, Administrator],
        }
    }

    /// Whether somebody in this role may.
    pub fn is_of(self, role: Role) -> bool {
        self.roles().contains(&role)
    }

    /// Whether it leads to content of a record, as far as a decision permits.
    pub const fn leads_to_content(self) -> bool {
        match self {
            Self::OwnRecord
            | Self::OpenCharts
            | Self::Emergency
            | Self::ReviewLabels
            | Self::ReviewEmergencies
            | Self::AnswerRestrictions => true,
            Self::OwnAccount
            | Self::RecordEndings
            | Self::Office
            | Self::VerifyProxies
            | Self::ReviewAccess
            | Self::ManagePeople
            | Self::SeeOrganizations
            | Self::ManageOrganizations
            | Self::SeeAssignments
            | Self::AssignCare
            | Self::ReadHouseLedger
            | Self::HelpAccounts => false,
        }
    }

    /// What it is, in a few words for the documentation.
    pub const fn words(self) -> &'static str {
        match self {
            Self::OwnAccount => "look after one's own account: password, passkeys, sessions",
            Self::OwnRecord => {
                "look at, share, restrict and take away a record, as its subject or for them"
            }
            Self::OpenCharts => "open what one may see of a patient's record",
            Self::Emergency => "open a record in a medical emergency",
            Self::RecordEndings => {
                "write down that a patient takes sharing back, or that what it was to end with has happened"
            }
            Self::Office => "go into the office",
            Self::ReviewLabels => "put the labels of one's own organization right",
            Self::ReviewEmergencies => {
                "look afterwards at records that were opened in an emergency"
            }
            Self::AnswerRestrictions => {
                "answer what patients ask one's own organization to keep back"
            }
            Self::VerifyProxies => {
                "look at applications to act for a patient, and verify or refuse them"
            }
            Self::ReviewAccess => "see who has access, review it every quarter, take it away",
            Self::ManagePeople => {
                "invite staff, give and end roles, agree to what another administrator asked for"
            }
            Self::SeeOrganizations => "see the organizations and who works there",
            Self::ManageOrganizations => {
                "record and change organizations, say which are Part 2 programs"
            }
            Self::SeeAssignments => {
                "see which care relationships were assigned, without whose record it is"
            }
            Self::AssignCare => "assign care relationships and end them",
            Self::ReadHouseLedger => "read and check the ledger of the house, and take a copy",
            Self::HelpAccounts => {
                "check who somebody is who lost every way into their account, help them back"
            }
        }
    }
}

impl fmt::Display for Duty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// Whether giving this role takes a second administrator: whoever holds it could hide what others do.
pub const fn needs_second_person(role: Role) -> bool {
    matches!(role, Role::PrivacyOfficer | Role::Administrator)
}

/// Whether somebody is given this role by an administrator, rather than by being a patient or by a patient's word.
pub const fn is_staff(role: Role) -> bool {
    !matches!(role, Role::Patient | Role::Proxy)
}
