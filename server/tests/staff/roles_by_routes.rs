//! What every address answers to every role: compared with `roles_by_routes.txt`, which a person has looked at.
//!
//! Addresses come from the lists that the router is made of, so that none is left out. Where an address names something,
//! it is asked for with something that exists and is somebody else's, and with something that nobody has: for whoever has
//! no duty there both answers are the same, byte for byte (POLICY §5).

use crate::staff::cast::{compare, newcomer, practice};
use crate::support::{Browser, ORIGIN, Page, Picks, TestPortal};
use app::router::{change_paths, page_paths};
use axum::body::Body;
use axum::http::{Request, header};
use chrono::TimeDelta;
use domain::duty::Duty;
use domain::id::{PatientId, RecoveryCaseId, RelationshipId};
use domain::identity_check::{How, IdentityCheck};
use domain::party::{Party, ROLES, Relationship, RelationshipKind, Role, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use store::{Assignment, Chain, RecoveryCase, Stamp};

/// Something that nobody has.
const UNKNOWN: &str = "0b6c7a52-2f0e-4a53-9d3d-0123456789ab";
const UNKNOWN_TOO: &str = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
/// The one after the roles, in every list.
const SIGNED_OUT: &str = "signed-out";

/// The pages for everybody, with what is under them; the rest is a duty's.
const PUBLIC: [&str; 9] = [
    "/",
    "/help",
    "/privacy-notice",
    "/sign-in",
    "/signed-out",
    "/join",
    "/recover",
    "/healthz",
    "/readyz",
];

/// Whose duty a page is: the longest that fits. What is under a page belongs to it.
const PAGES: [(&str, Duty); 27] = [
    ("/home", Duty::OwnRecord),
    ("/records", Duty::OwnRecord),
    ("/sharing", Duty::OwnRecord),
    ("/exports", Duty::OwnRecord),
    ("/access-history", Duty::OwnRecord),
    ("/restrictions", Duty::OwnRecord),
    ("/proxies", Duty::OwnRecord),
    ("/account", Duty::OwnAccount),
    ("/step-up", Duty::OwnAccount),
    ("/session", Duty::OwnAccount),
    ("/patients", Duty::OpenCharts),
    ("/patients/emergency", Duty::Emergency),
    ("/patients/{id}/emergency", Duty::Emergency),
    ("/office", Duty::Office),
    ("/office/told", Duty::RecordEndings),
    ("/office/labels", Duty::ReviewLabels),
    ("/office/emergencies", Duty::ReviewEmergencies),
    ("/office/restrictions", Duty::AnswerRestrictions),
    ("/office/proxies", Duty::VerifyProxies),
    ("/office/people", Duty::ManagePeople),
    ("/office/access-review", Duty::ReviewAccess),
    ("/office/organizations", Duty::SeeOrganizations),
    ("/office/organizations/new", Duty::ManageOrganizations),
    ("/office/assignments", Duty::SeeAssignments),
    ("/office/assignments/new", Duty::AssignCare),
    ("/office/audit", Duty::ReadHouseLedger),
    ("/office/recovery", Duty::HelpAccounts),
];

fn is_under(path: &str, place: &str) -> bool {
    path.strip_prefix(place)
        .is_some_and(|rest| rest.is_empty() || (rest.starts_with('/') && place != "/"))
}

/// The duty behind a page; `None`: it is for everybody.
fn duty(path: &str) -> Option<Duty> {
    let of_a_duty = PAGES
        .into_iter()
        .filter(|(place, _)| is_under(path, place))
        .max_by_key(|(place, _)| place.len());
    let public = PUBLIC.into_iter().any(|place| is_under(path, place));
    assert!(
        public != of_a_duty.is_some(),
        "{path}: neither for everybody nor a duty's, or both"
    );
    of_a_duty.map(|(_, duty)| duty)
}

/// Things that exist, by the beginning of the addresses that name them.
struct Things {
    patient: String,
    item: String,
    waiting: String,
    consent: String,
    person: String,
    organization: String,
    assignment: String,
    case: String,
}

impl Things {
    async fn make(test: &TestPortal) -> Self {
        use crate::support::records::{JORDAN, PROGRAM, note};
        let waits = note(
            "matrix-note",
            "Patient/demo-patient-1",
            PROGRAM,
            "Zorblax quintuple frimble wexley as before.",
            "2026-09-01T10:00:00Z",
        );
        test.add(JORDAN, &[waits]).await;
        let patient = test.patient_id("Jordan Reyes").await;
        let chart = test.portal.store().chart(patient).await;
        let items = chart.expect("an answer").expect("a chart").items;
        let waiting = items
            .iter()
            .find(|item| {
                item.when
                    .is_some_and(|when| when.date_naive().to_string() == "2026-09-01")
            })
            .expect("the note");
        let consent = test.jordan().await.share(&Picks::OKAFOR_TREATS).await;
        Self {
            patient: patient.to_string(),
            item: items[0].id.to_string(),
            waiting: waiting.id.to_string(),
            consent: consent.to_string(),
            person: test.person_id("Dr. Amara Okafor").await.to_string(),
            organization: practice(),
            assignment: assigned(test, patient).await.to_string(),
            case: case_of_jordan(test).await.to_string(),
        }
    }

    /// What stands in the place of `{…}`; of some kinds there is none here, and then nobody has it.
    fn first(&self, pattern: &str) -> &str {
        match pattern.split('/').nth(1) {
            Some("patients") => &self.patient,
            Some("records") => &self.item,
            Some("sharing") => &self.consent,
            Some("office") if pattern.starts_with("/office/labels") => &self.waiting,
            Some("office") if pattern.starts_with("/office/people") => &self.person,
            Some("office") if pattern.starts_with("/office/organizations") => &self.organization,
            Some("office") if pattern.starts_with("/office/assignments") => &self.assignment,
            Some("office") if pattern.starts_with("/office/recovery") => &self.case,
            _ => UNKNOWN_TOO,
        }
    }

    fn fill(&self, pattern: &str) -> String {
        fill(pattern, self.first(pattern), &self.item)
    }
}

/// A care relationship that an administrator gave to somebody who has nothing to do with these tests.
async fn assigned(test: &TestPortal, patient: PatientId) -> RelationshipId {
    let now = test.portal.now();
    let assignment = Assignment {
        patient,
        relationship: Relationship {
            id: RelationshipId::derived("test", "assigned"),
            party: Party::Person(test.person_id("Dr. Tobias Lindqvist").await),
            kind: RelationshipKind::Operations,
            span: Span {
                from: now,
                until: Some(now + TimeDelta::days(30)),
            },
        },
        reason: "for the matrix of roles".to_owned(),
        by: test.person_id("Noor Haddad").await,
        at: now,
        ended_by: None,
    };
    let store = test.portal.store();
    let made = store.assign_relationship(&Stamp::SYSTEM, &assignment);
    assert!(made.await.expect("an answer"));
    assignment.relationship.id
}

/// A case in which staff help somebody with their account.
async fn case_of_jordan(test: &TestPortal) -> RecoveryCaseId {
    let store = test.portal.store();
    let accounts = store
        .accounts_of(test.person_id("Jordan Reyes").await)
        .await;
    let now = test.portal.now();
    let how = How::Known;
    let case = RecoveryCase {
        id: RecoveryCaseId::derived("test", "case"),
        account: accounts.expect("an answer")[0].id,
        person: test.person_id("Jordan Reyes").await,
        check: IdentityCheck {
            how,
            document: None,
            note: String::new(),
        },
        by: test.person_id("June Abernathy").await,
        opened: now,
        ready: now + how.wait(),
        lapses: now + how.wait() + how.wait(),
        agreed: None,
        end: None,
    };
    let opened = store.open_recovery_case(&Stamp::SYSTEM, Chain::House, &case, &[]);
    assert!(opened.await.expect("an answer"));
    case.id
}

fn fill(pattern: &str, first: &str, second: &str) -> String {
    let mut ids = [first, second].into_iter();
    let parts = pattern.split('/').map(|part| {
        if part.starts_with('{') {
            ids.next().unwrap_or(UNKNOWN)
        } else {
            part
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Status and destination, without ids.
fn outcome(page: &Page) -> String {
    let status = page.status.as_u16();
    match page.location() {
        None => status.to_string(),
        Some(to) => {
            let parts = to
                .split('/')
                .map(|part| if uuid_like(part) { "{id}" } else { part });
            format!("{status} {}", parts.collect::<Vec<_>>().join("/"))
        }
    }
}

fn uuid_like(part: &str) -> bool {
    part.len() == 36 && part.bytes().filter(|byte| *byte == b'-').count() == 4
}

/// One browser for one role; signed in again whenever an answer signed it out.
struct Somebody<'a> {
    test: &'a TestPortal,
    entry: Option<confide::demo::people::SignIn>,
    browser: Option<Browser<'a>>,
}

impl Somebody<'_> {
    async fn ask(&mut self, method: &str, path: &str) -> Page {
        let Some(entry) = &self.entry else {
            // Nothing is left from one request to the next.
            let mut nobody = self.test.anonymous();
            return match method {
                "GET" => nobody.get(path).await,
                _ => nobody.send(post(path)).await,
            };
        };
        if self.browser.is_none() {
            self.browser = Some(self.test.anonymous().sign_in(entry).await);
        }
        let browser = self.browser.as_mut().expect("a browser");
        let page = match method {
            "GET" => browser.get(path).await,
            _ => browser.send(post(path)).await,
        };
        if browser.get("/account").await.status.as_u16() != 200 {
            self.browser = None;
        }
        page
    }
}

/// An empty form from one of our own pages; passkeys are asked for by the script, in JSON.
fn post(path: &str) -> Request<Body> {
    let json = path.ends_with("/start") || path.ends_with("/finish");
    let (kind, body) = if json {
        ("application/json", "{}")
    } else {
        ("application/x-www-form-urlencoded", "")
    };
    Request::post(path)
        .header(header::ACCEPT, "text/html")
        .header(header::ORIGIN, ORIGIN)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, kind)
        .body(Body::from(body))
        .expect("a request")
}

/// Every address with each method that means something at it.
fn routes() -> Vec<(&'static str, String)> {
    let mut routes = BTreeSet::new();
    let mut paths: BTreeSet<String> = page_paths().iter().cloned().collect();
    paths.extend(change_paths().iter().map(|path| (*path).to_owned()));
    paths.extend(["/healthz", "/readyz"].map(str::to_owned));
    for path in paths {
        routes.insert((path.clone(), "GET"));
        routes.insert((path, "POST"));
    }
    routes
        .into_iter()
        .map(|(path, method)| (method, path))
        .collect()
}

const HEAD: &str = "\
# Every address, and what it answers to every role: status and destination.
#
# Made by server/tests/staff/roles_by_routes.rs from the lists that the router is made of; the test fails when this file
# is not what comes out, and leaves what came out to be looked at. A POST here carries an empty form: 422 or 400 means
# that the form was taken and found wanting, 404 that there is none for this role. Staff work at an ordinary practice and
# treat nobody; things that addresses name belong to others. \"unknown:\" stands where something that exists and something that doesn't are told
# apart, which only the duty of that page allows.
";

/// Every role at every address; nobody without the duty gets further than the page for all that can't be shown, and
/// learns there what exists (POLICY §4.4, §5; LAW B5).
#[tokio::test]
async fn every_role_at_every_route() {
    let test = TestPortal::new().await;
    let things = Things::make(&test).await;
    let ids = [
        things.patient.as_str(),
        &things.item,
        &things.waiting,
        &things.consent,
        &things.person,
        &things.organization,
        &things.assignment,
        &things.case,
        UNKNOWN,
        UNKNOWN_TOO,
    ];
    // (path, method) → outcome → roles
    let mut told: BTreeMap<(String, &str), BTreeMap<String, Vec<&str>>> = BTreeMap::new();
    let mut faults = Vec::new();
    let routes = routes();
    for role in ROLES.into_iter().map(Some).chain([None]) {
        let entry = match role {
            // With a record of their own.
            Some(Role::Patient) => Some(test.person("Morgan Ellis").clone()),
            Some(role) => Some(newcomer(&test, role).await),
            None => None,
        };
        let mut somebody = Somebody {
            test: &test,
            entry,
            browser: None,
        };
        let name = role.map_or(SIGNED_OUT, Role::name);
        for (method, path) in &routes {
            let page = somebody.ask(method, &things.fill(path)).await;
            let mut said = outcome(&page);
            let what = format!("{method} {path} by {name}: {said}");
            if path.contains('{') {
                let unknown = fill(path, UNKNOWN, UNKNOWN_TOO);
                let unknown = somebody.ask(method, &unknown).await;
                let other = outcome(&unknown);
                if other != said {
                    let _ = write!(said, " (unknown: {other})");
                }
                let same = page.essence(&ids) == unknown.essence(&ids);
                if !same && !may_tell(path, role) {
                    faults.push(format!("{what} tells what exists: {other}"));
                }
            }
            faults.extend(fault(method, path, role, &page).map(|fault| format!("{what}: {fault}")));
            told.entry((path.clone(), *method))
                .or_default()
                .entry(said)
                .or_default()
                .push(name);
        }
    }
    let mut text = HEAD.to_owned();
    for ((path, method), outcomes) in &told {
        let _ = write!(text, "\n{method} {path}\n");
        for (said, roles) in outcomes {
            let all = roles.len() == ROLES.len() + 1;
            let roles = if all {
                "all".to_owned()
            } else {
                roles.join(", ")
            };
            let _ = writeln!(text, "    {said}: {roles}");
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    compare("server/tests/staff/roles_by_routes.txt", &text);
}

/// Whether an address may tell this role what exists: it is their duty, and leads to nobody's record.
fn may_tell(path: &str, role: Option<Role>) -> bool {
    duty_of(path)
        .zip(role)
        .is_some_and(|(duty, role)| duty.is_of(role) && !duty.leads_to_content())
}

/// What is wrong with an answer, if anything.
fn fault(method: &str, path: &str, role: Option<Role>, page: &Page) -> Option<&'static str> {
    let status = page.status.as_u16();
    if status >= 500 {
        return Some("a fault of ours");
    }
    let duty = duty_of(path)?;
    match role {
        // Who is led elsewhere is shown nothing here; what is shown there is told there.
        Some(role) if method == "GET" && !duty.is_of(role) => (status != 404
            && page.location().is_none())
        .then_some("shown to somebody whose duty it isn't"),
        None => {
            let closed = status == 404
                || status == 401
                || page.location() == Some("/sign-in")
                || path.starts_with("/session/");
            (!closed).then_some("answered to nobody")
        }
        Some(_) => None,
    }
}

/// The duty behind an address, server functions aside: those are nobody's page.
fn duty_of(path: &str) -> Option<Duty> {
    if path.starts_with("/api/") {
        None
    } else {
        duty(path)
    }
}
