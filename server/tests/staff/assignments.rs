//! Care relationships that an administrator assigns.

use crate::staff::cast::{FIRST, confirm, length, practice, said, signed_in};
use crate::support::{Browser, Page, TestPortal};
use chrono::{NaiveDate, TimeDelta};
use domain::clock::Clock;
use domain::id::PersonId;
use domain::party::{Membership, RelationshipKind, Role, Span};
use store::{Event, Stamp};

const NEW: &str = "/office/assignments/new";
const LIST: &str = "/office/assignments";
const WHY: &str = "Covers for a colleague who is away.";

/// Morgan's whole name, as the record has it.
async fn whole_name(test: &TestPortal) -> String {
    let person = test.person_id("Morgan Ellis").await;
    let person = test.portal.store().person(person).await;
    person.expect("an answer").expect("Morgan").name
}

async fn born(test: &TestPortal) -> String {
    let patient = test.patient_id("Morgan Ellis").await;
    let birth = test.portal.store().birth_date(patient).await;
    birth.expect("an answer").expect("a birth date").to_string()
}

fn in_days(test: &TestPortal, days: i64) -> String {
    let today: NaiveDate = test.clock.now().date_naive();
    (today + TimeDelta::days(days)).to_string()
}

/// What is asked for.
struct Asked {
    name: String,
    birth: String,
    party: String,
    kind: &'static str,
    until: String,
    reason: &'static str,
}

impl Asked {
    async fn vasquez(test: &TestPortal) -> Self {
        let person = test.person_id("Dr. Elena Vasquez").await;
        Self {
            // Case and spaces don't matter.
            name: whole_name(test).await.to_uppercase().replace(' ', "  "),
            birth: born(test).await,
            party: format!("person-{person}"),
            kind: "treating",
            until: in_days(test, 30),
            reason: WHY,
        }
    }

    fn body(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .append_pair("name", &self.name)
            .append_pair("birth", &self.birth)
            .append_pair("party", &self.party)
            .append_pair("kind", self.kind)
            .append_pair("until", &self.until)
            .append_pair("reason", self.reason)
            .finish()
    }
}

/// Asks, gives the factor, and presses once more with the form that came back.
async fn assign(admin: &mut Browser<'_>, asked: &Asked) -> Page {
    let page = admin.post(NEW, asked.body()).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert_eq!(confirm(admin).await, NEW);
    let page = admin.get(NEW).await.expect(200).shows("once more");
    let form = page.form_with_field("birth");
    assert_eq!(
        form.value("kind"),
        Some(asked.kind),
        "the form is as it was"
    );
    admin.submit(&form).await
}

async fn opens(test: &TestPortal, name: &str) -> bool {
    let mut clinician = signed_in(test, name).await;
    let page = clinician.get("/patients").await.expect(200);
    page.text().contains("Morgan")
}

/// POLICY §4.6, §6 and issue "Staff": an assignment opens what care opens, from now until it ends; the patient reads who
/// got it, from whom and until when; the office never reads whose record it is (LAW B5).
#[tokio::test]
async fn a_care_relationship_is_assigned_and_ended() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Morgan Ellis").await;
    assert!(!opens(&test, "Dr. Elena Vasquez").await);
    let place = test.length(patient).await;
    let mut admin = signed_in(&test, FIRST).await;
    let asked = Asked::vasquez(&test).await;
    let page = assign(&mut admin, &asked).await.expect(303);
    let path = page.location().expect("its page").to_owned();
    assert!(path.starts_with("/office/assignments/"));
    let letters = test.portal.store().patient_reference(patient);
    for page in [&path, LIST] {
        let page = admin.get(page).await.expect(200);
        page.shows("Dr. Elena Vasquez")
            .shows("Treats the patient")
            .shows("In force")
            .shows(&letters)
            .hides("Morgan")
            .hides("Ellis")
            .hides(&asked.birth)
            .hides(&patient.to_string());
    }
    admin.get(&path).await.expect(200).shows(WHY).shows(FIRST);
    // The privacy officer looks, and changes nothing.
    let mut officer = test.solberg().await;
    officer.get(&path).await.expect(200).hides("End it now");
    officer.post(&path, "do=end").await.expect(404);
    officer.get(NEW).await.expect(404);

    let entries = test.since(patient, place).await;
    assert!(matches!(
        entries[0].body.event,
        Event::RelationshipAdded {
            assigned: true,
            kind: RelationshipKind::Treating,
            ..
        }
    ));
    assert_eq!(entries[0].body.stamp.actor.role, Some(Role::Administrator));
    assert!(opens(&test, "Dr. Elena Vasquez").await);
    let mut morgan = test.morgan().await;
    let page = morgan.get("/access-history").await.expect(200);
    page.shows(FIRST)
        .shows("was given a care relationship: treats you. Last day:")
        .hides(WHY);

    let page = admin.get(&path).await.expect(200);
    let form = page.form_with_button("End it now");
    admin.submit(&form).await.expect(303);
    let page = admin.get(&path).await.expect(200);
    page.shows("Ended").hides("End it now");
    assert!(!opens(&test, "Dr. Elena Vasquez").await);
    let page = morgan.get("/access-history").await.expect(200);
    page.shows("no longer has a care relationship");
    // Ended twice is ended.
    admin.post(&path, "do=end").await.expect(303);
    test.assert_sound().await;
}

/// An assignment ends by itself after its last day.
#[tokio::test]
async fn an_assignment_ends_by_itself() {
    let test = TestPortal::new().await;
    let mut admin = signed_in(&test, FIRST).await;
    let asked = Asked::vasquez(&test).await;
    assign(&mut admin, &asked).await.expect(303);
    test.clock.advance(TimeDelta::days(30));
    assert!(opens(&test, "Dr. Elena Vasquez").await, "its last day");
    test.clock.advance(TimeDelta::days(1));
    assert!(!opens(&test, "Dr. Elena Vasquez").await);
    let mut admin = signed_in(&test, FIRST).await;
    admin.get(LIST).await.expect(200).shows("Over");
}

/// LAW B5: a name that nobody has, a birth date that is another and a name that two have are answered alike, each is
/// written down without a name, and each try waits longer.
#[tokio::test]
async fn no_answer_tells_who_has_a_record() {
    let test = TestPortal::new().await;
    let twin = test.add_twin().await;
    let mut admin = signed_in(&test, FIRST).await;
    let house = length(&test).await;
    let mut answers = Vec::new();
    let whole = whole_name(&test).await;
    for (name, birth) in [
        ("Nobody Here", twin.clone()),
        (whole.as_str(), "1971-01-01".to_owned()),
        (whole.as_str(), twin),
    ] {
        let asked = Asked {
            name: name.to_owned(),
            birth: birth.clone(),
            ..Asked::vasquez(&test).await
        };
        let page = assign(&mut admin, &asked).await.expect(422);
        let page = page.shows("or there is more than one");
        let form = page.form_with_field("birth");
        assert_eq!(form.value("name"), Some(name));
        answers.push(page.essence(&[name, birth.as_str()]));
        test.clock.advance(TimeDelta::minutes(2));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    let told = said(&test, house).await;
    let not_assigned = told
        .iter()
        .filter(|entry| matches!(entry.body.event, Event::RelationshipNotAssigned));
    assert_eq!(not_assigned.count(), 3);
    admin
        .get(LIST)
        .await
        .expect(200)
        .shows("No care relationship");
    // Many tries are slowed down, before a factor is used up for nothing.
    let asked = Asked {
        name: "Nobody Here".to_owned(),
        ..Asked::vasquez(&test).await
    };
    let mut waits = false;
    for _ in 0..8 {
        let page = admin.post(NEW, asked.body()).await;
        if page.status.as_u16() == 422 {
            page.shows("There were too many tries.");
            waits = true;
            break;
        }
        confirm(&mut admin).await;
        let page = admin.get(NEW).await.expect(200);
        admin.submit(&page.form_with_field("birth")).await;
    }
    assert!(waits, "no try was slowed down");
}

/// Nobody assigns to themselves, nor to an organization for which they look at records in another role.
#[tokio::test]
async fn nobody_assigns_to_themselves() {
    let test = TestPortal::new().await;
    let me = test.person_id(FIRST).await;
    let store = test.portal.store();
    let mut record = store.person(me).await.expect("an answer").expect("Haddad");
    let organization = domain::id::OrganizationId::parse(&practice()).expect("an id");
    record.memberships.push(Membership {
        organization,
        role: Role::Clinician,
        span: Span {
            from: test.clock.now(),
            until: None,
        },
    });
    let put = store.put_person(&Stamp::SYSTEM, record).await;
    put.expect("a person");
    let mut admin = signed_in(&test, FIRST).await;
    let house = length(&test).await;
    for party in [
        format!("person-{me}"),
        format!("organization-{organization}"),
    ] {
        let asked = Asked {
            party,
            ..Asked::vasquez(&test).await
        };
        let page = admin.post(NEW, asked.body()).await.expect(422);
        page.shows("Somebody else has to.");
    }
    assert!(said(&test, house).await.is_empty());
}

/// Each field is asked for, and what was typed stays; a term is at most a year; care is given by those who give care.
#[tokio::test]
async fn what_is_wrong_is_said() {
    let test = TestPortal::new().await;
    let mut admin = signed_in(&test, FIRST).await;
    let page = admin.post(NEW, "").await.expect(422);
    for words in [
        "Type the patient's full name.",
        "Type the patient's date of birth.",
        "Pick with whom.",
        "Pick what for.",
        "Pick a last day",
        "in 10 to 500 letters.",
    ] {
        assert!(page.text().contains(words), "{words}");
    }
    let abernathy = test.person_id("June Abernathy").await;
    let nobody = PersonId::derived("test", "nobody");
    for (change, why) in [
        (
            Change::Until(in_days(&test, 367)),
            "at most one year from now.",
        ),
        (Change::Until(in_days(&test, -1)), "today or later"),
        (
            Change::Party(format!("person-{abernathy}")),
            "Pick with whom.",
        ),
        (Change::Party(format!("person-{nobody}")), "Pick with whom."),
        (Change::Reason("short"), "in 10 to 500 letters."),
    ] {
        let mut asked = Asked::vasquez(&test).await;
        match change {
            Change::Until(until) => asked.until = until,
            Change::Party(party) => asked.party = party,
            Change::Reason(reason) => asked.reason = reason,
        }
        let page = admin.post(NEW, asked.body()).await.expect(422).shows(why);
        let form = page.form_with_field("birth");
        assert_eq!(form.value("birth"), Some(asked.birth.as_str()));
    }
    // Not on the last day that may be named.
    let asked = Asked {
        until: in_days(&test, 365),
        ..Asked::vasquez(&test).await
    };
    admin.post(NEW, asked.body()).await.expect(303);
}

enum Change {
    Until(String),
    Party(String),
    Reason(&'static str),
}

/// The factor is for exactly what was asked for: another reason asks again.
#[tokio::test]
async fn a_factor_is_for_one_assignment() {
    let test = TestPortal::new().await;
    let mut admin = signed_in(&test, FIRST).await;
    let asked = Asked::vasquez(&test).await;
    admin.post(NEW, asked.body()).await.expect(303);
    assert_eq!(confirm(&mut admin).await, NEW);
    let other = Asked {
        reason: "Another reason altogether.",
        ..Asked::vasquez(&test).await
    };
    let page = admin.post(NEW, other.body()).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert!(
        test.portal
            .store()
            .assignments()
            .await
            .expect("a list")
            .is_empty()
    );
}

impl TestPortal {
    /// Somebody else of Morgan's name and birth date; the birth date.
    async fn add_twin(&self) -> String {
        use crate::support::records::{MORGAN, import, ndjson, patient_of};
        let mut twin = patient_of(MORGAN);
        twin["id"] = "demo-twin".into();
        twin.as_object_mut()
            .expect("a patient")
            .remove("identifier");
        let taken = import(&self.portal, "twin.ndjson", &ndjson(&[twin])).await;
        taken.unwrap_or_else(|error| panic!("{error}"));
        born(self).await
    }
}
