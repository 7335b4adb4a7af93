//! Words for the house's ledger: who, and what happened.

use crate::{i18n::list, t, words::staff};
use portal::house_ledger::{Line, Topic, What, Who};

/// A topic to narrow the list by.
pub fn topic(topic: Topic) -> String {
    match topic {
        Topic::SignIn => t!("audit-topic-sign-in"),
        Topic::Accounts => t!("audit-topic-accounts"),
        Topic::Staff => t!("audit-topic-staff"),
        Topic::Organizations => t!("audit-topic-organizations"),
        Topic::TurnedDown => t!("audit-topic-turned-down"),
        Topic::Imports => t!("audit-topic-imports"),
        Topic::Ledger => t!("audit-topic-ledger"),
    }
}

fn name(who: &Who) -> String {
    match who {
        Who::Staff(name) => name.clone(),
        Who::Patient => t!("audit-who-patient"),
        Who::Gone => t!("audit-who-gone"),
        Who::Nobody => t!("audit-who-nobody"),
        Who::System => t!("audit-who-system"),
    }
}

/// Who it was, with the role they acted in.
pub fn who(line: &Line) -> String {
    match (&line.who, line.role) {
        (Who::Staff(name), Some(role)) => t!(
            "audit-who-role",
            name = name.as_str(),
            role = staff::role(role)
        ),
        (who, _) => name(who),
    }
}

/// What happened.
pub fn what(line: &Line) -> String {
    let about = line.about.as_ref().map(name);
    let about = || about.clone().unwrap_or_else(|| t!("audit-who-gone"));
    let place = || {
        line.organization
            .clone()
            .unwrap_or_else(|| t!("organizations-none"))
    };
    match &line.what {
        What::SignedIn => t!("audit-what-signed-in"),
        What::SignedOut => t!("audit-what-signed-out"),
        What::CodeFailed => t!("audit-what-code-failed"),
        What::PasswordFailed if line.about.is_some() => {
            t!("audit-what-password-failed-for", about = about())
        }
        What::PasswordFailed => t!("audit-what-password-failed"),
        What::SteppedUp { .. } => t!("audit-what-stepped-up"),
        What::AccountMade => t!("audit-what-account-made", about = about()),
        What::AccountChanged => t!("audit-what-account-changed", about = about()),
        What::FactorChanged => t!("audit-what-factor-changed", about = about()),
        What::RecoveryCodeUsed => t!("audit-what-recovery"),
        What::FactorSuspected => t!("audit-what-factor-suspected", about = about()),
        What::SessionsEnded => t!("audit-what-sessions-ended", about = about()),
        What::AccountClosed => t!("audit-what-account-closed", about = about()),
        What::Invited => t!("audit-what-invited", about = about()),
        What::InvitationUsed => t!("audit-what-invitation-used", about = about()),
        What::InvitationWithdrawn => t!("audit-what-invitation-withdrawn"),
        What::NoticeRead => t!("audit-what-notice-read"),
        What::PlacesChanged => t!("audit-what-places", about = about()),
        What::RecoveryOpened => t!("audit-what-case-opened", about = about()),
        What::RecoveryAgreed => t!("audit-what-case-agreed", about = about()),
        What::RecoveryStopped => t!("audit-what-case-stopped", about = about()),
        What::RecoveryFinished => t!("audit-what-case-finished", about = about()),
        What::RecoveryNotOpened => t!("audit-what-case-not-opened"),
        What::AddressesChanged => t!("audit-what-addresses", about = about()),
        What::Proposed { role: Some(role) } => t!(
            "audit-what-proposed-role",
            role = staff::role(*role),
            about = about()
        ),
        What::Proposed { role: None } => t!("audit-what-proposed-code", about = about()),
        What::ProposalRefused => t!("audit-what-refused", about = about()),
        What::ProposalApproved => t!("audit-what-approved", about = about()),
        What::RoleGiven { role } => t!(
            "audit-what-role-given",
            about = about(),
            role = staff::role(*role),
            place = place()
        ),
        What::RolesEnded { roles } => {
            let roles: Vec<String> = roles.iter().copied().map(staff::role).collect();
            t!(
                "audit-what-roles-ended",
                about = about(),
                roles = list(&roles)
            )
        }
        What::RoleTaken { role } => t!("audit-what-role-taken", role = staff::role(*role)),
        What::AccessReviewed { kept, removed } => {
            t!("audit-what-reviewed", kept = *kept, removed = *removed)
        }
        What::OrganizationAdded => t!("audit-what-organization-added", place = place()),
        What::OrganizationChanged { changed } => {
            let words: Vec<String> = changed.iter().filter_map(|one| changed_word(one)).collect();
            if words.is_empty() {
                t!("audit-what-organization-put", place = place())
            } else {
                t!(
                    "audit-what-organization-changed",
                    place = place(),
                    what = list(&words)
                )
            }
        }
        What::ProgramChanged { program: true } => t!("audit-what-program-on", place = place()),
        What::ProgramChanged { program: false } => t!("audit-what-program-off", place = place()),
        What::Denied => t!("audit-what-denied"),
        What::EmergencyNotOpened => t!("audit-what-emergency"),
        What::NotAssigned => t!("audit-what-not-assigned"),
        What::SharingNotFound => t!("audit-what-sharing-not-found"),
        What::Imported => t!("audit-what-imported"),
        What::LedgerRead => t!("audit-what-read"),
        What::LedgerChecked { sound: Some(true) } => t!("audit-what-checked-sound"),
        What::LedgerChecked { sound: Some(false) } => t!("audit-what-checked-fault"),
        What::LedgerChecked { sound: None } => t!("audit-what-checked-long"),
        What::LedgerTaken { entries } => t!("audit-what-taken", entries = *entries),
        What::KeyRotated => t!("audit-what-key"),
        What::OldWrappingsDropped => t!("audit-what-key-dropped"),
        What::DataKeysRotated => t!("audit-what-keys"),
        What::RecordShredded => t!("audit-what-shredded"),
        What::LedgerExported => t!("audit-what-exported"),
        What::BackupMade => t!("audit-what-backup"),
        What::BackupRestored => t!("audit-what-restored"),
        What::Other => t!("audit-what-other"),
    }
}

/// A fixed word of the ledger for what changed of an organization.
fn changed_word(word: &str) -> Option<String> {
    Some(match word {
        "name" => t!("audit-changed-name"),
        "kind" => t!("audit-changed-kind"),
        "npi" => t!("audit-changed-npi"),
        "class" => t!("audit-changed-class"),
        "program" => t!("audit-changed-program"),
        _ => return None,
    })
}
