//! The table of what each role may do, and the page of the documentation that is made of it.

use crate::staff::cast::compare;
use domain::duty::{DUTIES, needs_second_person};
use domain::party::{ROLES, Role};
use std::fmt::Write as _;

const HEAD: &str = "\
# What each role may do

This page is made of the table in `domain/src/duty.rs`; `server/tests/staff/duties.rs` fails when they differ. A duty
opens a door and nothing behind it: what of a record somebody sees is decided part by part (`docs/decide.md`), whatever
their role. Support and administrators hold no duty that leads to content, and the decision denies them besides
(`domain/src/decide.rs`). What every address answers to every role stands in `server/tests/staff/roles_by_routes.txt`.

";

const FOOT: &str = "
Roles of the staff are given and ended by administrators, under `/office/people`:

- Each change takes a fresh second factor for this very change, and stands in the ledger.
- Nobody changes their own roles, makes a code for themselves, or agrees to anything of their own.
- Privacy officer and administrator are given only when a second administrator agrees. With a single
  administrator, `confide user add` on the server is the way.
- Ending a role ends the person's sessions, their open invitations and every decision made before, in one transaction.
- An account of the staff that was not used for 90 days closes when somebody tries to use it; its owner comes back as
  anybody who lost every way in ([recovery.md](recovery.md)).
- No page makes a code into an account that is there: that takes a case, with its identity check and its wait. Support
  helps patients and who acts for them; with accounts of the staff only administrators do, and for a privacy officer's or
  an administrator's a second one has to agree.
- Every quarter a privacy officer or an administrator goes through the whole staff and signs who keeps access; of the one
  who signs, somebody else says it.
- A role is given from a day until a day, or without an end. It ends by itself: at the next request there is nothing left
  to work in.

Administrators keep the organizations (`/office/organizations`), and assign care relationships where no record tells of
one (`/office/assignments`):

- Saying that an organization is a Part 2 program, or is none any more, takes a fresh second factor for exactly this, and
  voids every decision made before. Labels come and go at imports alone.
- An assignment takes a fresh second factor for exactly this, a reason and a last day, at most a year away. Nobody assigns
  to themselves, nor to an organization for which they look at records in another role.
- The patient is found by whole name and birth date. That there is none and that there are several is answered alike, and
  each such try waits longer. No page of the office names the patient: a few letters tell one from another. The patient
  reads in their history who got it, from whom and until when.

`/office/audit` shows the house's chain of the ledger to administrators and privacy officers. Nothing of a patient's chain
is read there, and no patient is named. Each session's looks are written down, at most one every 15 minutes; checks and
copies always are.
";

fn page() -> String {
    let mut page = HEAD.to_owned();
    let names: Vec<&str> = ROLES.iter().map(|role| role.name()).collect();
    let _ = writeln!(page, "| duty | {} |", names.join(" | "));
    let _ = writeln!(page, "| --- |{}", " --- |".repeat(ROLES.len()));
    for duty in DUTIES {
        let marks: Vec<&str> = ROLES
            .iter()
            .map(|role| if duty.is_of(*role) { "yes" } else { "–" })
            .collect();
        let _ = writeln!(page, "| {duty} | {} |", marks.join(" | "));
    }
    page.push_str(FOOT);
    page
}

/// The page of the documentation is the table.
#[test]
fn the_page_of_roles_is_the_table() {
    compare("docs/roles.md", &page());
}

/// POLICY §4.4: support and administrators hold nothing that leads to content; whoever looks after them does not give
/// such roles alone.
#[test]
fn support_and_administrators_hold_no_way_to_content() {
    for role in ROLES {
        let held: Vec<_> = DUTIES
            .into_iter()
            .filter(|duty| duty.is_of(role) && duty.leads_to_content())
            .collect();
        assert_eq!(
            held.is_empty(),
            role.never_sees_content(),
            "{role:?}: {held:?}"
        );
    }
    let two: Vec<Role> = ROLES
        .into_iter()
        .filter(|role| needs_second_person(*role))
        .collect();
    assert_eq!(two, [Role::PrivacyOfficer, Role::Administrator]);
}
