//! The review: by the privacy officers of the organizations concerned, in time, by somebody else, signed, and told.

use crate::emergency::journey::{NATURE, break_glass, grants, minutes, signed_in};
use crate::support::{Browser, Form, Page, TestPortal, denied};
use chrono::TimeDelta;
use domain::{
    id::{EmergencyId, PatientId, PersonId},
    party::{Membership, Role, Span},
};
use store::{Event, Stamp};

const QUEUE: &str = "/office/emergencies";

fn case(id: EmergencyId) -> String {
    format!("{QUEUE}/{id}")
}

async fn okafor_opened(portal: &TestPortal) -> (PatientId, EmergencyId) {
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = signed_in(portal, "Dr. Amara Okafor").await;
    break_glass(&mut okafor, patient).await;
    let id = grants(portal, patient).await[0].id;
    (patient, id)
}

fn found(page: &Page, justified: bool) -> Form {
    let found = if justified {
        "justified"
    } else {
        "not-justified"
    };
    page.form_with_field("found")
        .choose("found", found)
        .fill("reason", "Seen in the emergency room that evening.")
}

async fn judge(who: &mut Browser<'_>, id: EmergencyId, justified: bool) {
    let page = who.get(&case(id)).await.expect(200);
    let page = who.submit(&found(&page, justified)).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    let page = who.get("/step-up").await.expect(200);
    let page = page.shows("Record what you found about an emergency");
    let form = who.code_form(&page);
    let page = who.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some(case(id).as_str()));
    let page = who.get(&case(id)).await.expect(200);
    let page = page.shows("Your code was right");
    let form = page.form_with_button("Record the finding");
    who.submit(&form).await.expect(303);
}

/// Makes somebody a privacy officer where another one works, and nothing else.
async fn make_officer(portal: &TestPortal, name: &str, like: &str) -> PersonId {
    let store = portal.portal.store();
    let id = portal.person_id(name).await;
    let model = portal.person_id(like).await;
    let model = store
        .person(model)
        .await
        .expect("an answer")
        .expect("a person");
    let mut person = store
        .person(id)
        .await
        .expect("an answer")
        .expect("a person");
    person.memberships.push(Membership {
        organization: model.memberships[0].organization,
        role: Role::PrivacyOfficer,
        span: Span {
            from: portal.portal.now(),
            until: None,
        },
    });
    store
        .put_person(&Stamp::SYSTEM, person)
        .await
        .expect("kept");
    let mut account = store.accounts_of(id).await.expect("accounts").remove(0);
    account.roles = vec![Role::PrivacyOfficer];
    store
        .update_account(&Stamp::SYSTEM, account)
        .await
        .expect("another role");
    id
}

/// LAW E1: it waits for the officers with its due date, its record and what was opened; that they look is written down
/// before they do.
#[tokio::test]
async fn it_waits_with_its_due_date() {
    let portal = TestPortal::new().await;
    let mut solberg = signed_in(&portal, "Renata Solberg").await;
    solberg
        .get(QUEUE)
        .await
        .expect(200)
        .shows("Nothing waits for you.");
    let office = solberg.get("/office").await.expect(200);
    assert!(office.links().contains(&QUEUE.to_owned()));
    let (patient, id) = okafor_opened(&portal).await;
    let mut solberg = signed_in(&portal, "Renata Solberg").await;
    let place = portal.length(patient).await;
    let page = solberg.get(QUEUE).await.expect(200);
    let page = page
        .shows("Amara Okafor")
        .shows("Maple Street Family Practice")
        .shows("Open now")
        .hides("Overdue")
        .hides("Reyes")
        .hides("scaffolding");
    assert!(page.links().contains(&case(id)));
    assert_eq!(portal.length(patient).await, place);
    let page = solberg.get(&case(id)).await.expect(200);
    let page = page
        .shows(NATURE)
        .shows("The patient is unconscious.")
        .shows("Harbor Light Recovery")
        .shows("Only items that came from your organization are counted.")
        .shows("By kind:")
        .hides("Reyes")
        .hides("Buprenorphine")
        .hides("Opioid");
    assert!(page.title().starts_with("An emergency"));
    let entries = portal.since(patient, place).await;
    assert!(matches!(
        entries[..],
        [ref entry] if matches!(entry.body.event, Event::EmergencyLookedAt { emergency } if emergency == id)
    ));
    portal.assert_sound().await;
}

/// LAW E1: two business days, then it is overdue, in the list and on its page.
#[tokio::test]
async fn it_becomes_overdue() {
    let portal = TestPortal::new().await;
    let (patient, id) = okafor_opened(&portal).await;
    let due = grants(&portal, patient).await[0]
        .after
        .due
        .expect("a due date");
    portal
        .clock
        .advance(due - portal.portal.now() - TimeDelta::minutes(2));
    let mut solberg = signed_in(&portal, "Renata Solberg").await;
    solberg.get(QUEUE).await.expect(200).hides("Overdue");
    portal.clock.advance(TimeDelta::minutes(2));
    solberg
        .get(QUEUE)
        .await
        .expect(200)
        .shows("Overdue: was due by");
    solberg
        .get(&case(id))
        .await
        .expect(200)
        .shows("Overdue: was due by");
    judge(&mut solberg, id, true).await;
    solberg
        .get(QUEUE)
        .await
        .expect(200)
        .hides("Overdue")
        .shows("Justified");
}

/// LAW E1: the finding takes a reason and a fresh factor, is signed with account and instant, stands in the ledger, and
/// is made once.
#[tokio::test]
async fn a_finding_is_signed() {
    let portal = TestPortal::new().await;
    let (patient, id) = okafor_opened(&portal).await;
    let mut solberg = signed_in(&portal, "Renata Solberg").await;
    minutes(&mut solberg, 61).await;
    let page = solberg.get(&case(id)).await.expect(200);
    let form = page.form_with_field("found");
    solberg
        .submit(&form)
        .await
        .expect(422)
        .shows("Choose whether it was justified.")
        .shows("Say why, in 10 letters or more.");
    let place = portal.length(patient).await;
    judge(&mut solberg, id, true).await;
    let by = portal.person_id("Renata Solberg").await;
    let grant = grants(&portal, patient).await.remove(0);
    let review = &grant.after.reviews[0];
    assert_eq!(grant.after.reviews.len(), 1);
    assert!(review.justified && review.by == by);
    assert_eq!(review.reason, "Seen in the emergency room that evening.");
    let store = portal.portal.store();
    let account = store.accounts_of(by).await.expect("accounts").remove(0);
    assert_eq!(review.account, account.id);
    let entries = portal.since(patient, place).await;
    let signed = entries
        .iter()
        .find(|entry| {
            matches!(
                entry.body.event,
                Event::EmergencyReviewed {
                    justified: true,
                    ..
                }
            )
        })
        .expect("an entry");
    assert_eq!(signed.body.at, review.at);
    assert_eq!(signed.body.stamp.actor.account, Some(account.id));
    // The other officer of the same house finds it done.
    let mut castellano = signed_in(&portal, "Ibrahim Castellano").await;
    let page = castellano.get(&case(id)).await.expect(200);
    let page = page.shows("Justified").shows("Renata Solberg");
    assert_eq!(page.count("input[name=found]"), 0);
    let body = "do=judge&found=not-justified&reason=Nobody+saw+them+there.";
    let page = castellano.post(&case(id), body).await.expect(422);
    page.shows("it was reviewed already");
    // A justified one is no news to a patient who has read of it.
    let mut jordan = signed_in(&portal, "Jordan Reyes").await;
    let account = format!("/access-history/notices/{id}");
    let page = jordan.get(&account).await.expect(200);
    let page = page.shows("Harbor Light Recovery: it was right to open your record.");
    let form = page.form_with_button("I have read this");
    jordan.submit(&form).await.expect(303);
    jordan
        .get("/home")
        .await
        .expect(200)
        .hides("in an emergency on");
    portal.assert_sound().await;
}

/// LAW E1: one that was not justified is told to the patient, again where they had read of it.
#[tokio::test]
async fn one_that_was_not_justified_is_told() {
    let portal = TestPortal::new().await;
    let (_, id) = okafor_opened(&portal).await;
    let account = format!("/access-history/notices/{id}");
    let mut jordan = signed_in(&portal, "Jordan Reyes").await;
    let page = jordan.get(&account).await.expect(200);
    let form = page.form_with_button("I have read this");
    jordan.submit(&form).await.expect(303);
    let mut solberg = signed_in(&portal, "Renata Solberg").await;
    minutes(&mut solberg, 61).await;
    judge(&mut solberg, id, false).await;
    solberg.get(QUEUE).await.expect(200).shows("Not justified");
    let mut jordan = signed_in(&portal, "Jordan Reyes").await;
    let page = jordan.get("/home").await.expect(200);
    page.shows("It was checked: it was not right to do this.");
    let page = jordan.get(&account).await.expect(200);
    page.shows("Harbor Light Recovery: it was not right to open your record.");
    portal.assert_sound().await;
}

/// LAW E1: nobody reviews what they did themselves, in whatever role they come back.
#[tokio::test]
async fn nobody_reviews_their_own() {
    let portal = TestPortal::new().await;
    let (patient, id) = okafor_opened(&portal).await;
    make_officer(&portal, "Dr. Amara Okafor", "Renata Solberg").await;
    let mut okafor = signed_in(&portal, "Dr. Amara Okafor").await;
    minutes(&mut okafor, 61).await;
    let page = okafor.get(&case(id)).await.expect(200);
    let page = page.shows("Somebody else has to review it.");
    assert_eq!(page.count("input[name=found]"), 0);
    let body = "do=judge&found=justified&reason=I+know+best+what+I+did.";
    let page = okafor.post(&case(id), body).await.expect(422);
    page.shows("Somebody else has to review it.");
    assert!(grants(&portal, patient).await[0].after.reviews.is_empty());
}

/// LAW B5: an officer of the clinician's house alone reads the same whatever the record holds: no discloser, no count,
/// no kind. Each organization reviews for itself.
#[tokio::test]
async fn the_clinicians_house_learns_nothing_of_the_record() {
    let portal = TestPortal::new().await;
    let (patient, id) = okafor_opened(&portal).await;
    // Lindqvist's house is not concerned; Okafor's is.
    make_officer(&portal, "Dr. Tobias Lindqvist", "Dr. Amara Okafor").await;
    let store = portal.portal.store();
    let grant = grants(&portal, patient).await.remove(0);
    let program = grant
        .disclosers
        .iter()
        .copied()
        .find(|one| *one != grant.affiliation)
        .expect("another discloser");
    let program = store.organization(program).await.expect("an answer");
    let program = program.expect("an organization").name;
    let mut officer = signed_in(&portal, "Dr. Tobias Lindqvist").await;
    minutes(&mut officer, 61).await;
    let page = officer.get(&case(id)).await.expect(200);
    page.shows(NATURE)
        .shows("Maple Street Family Practice")
        .hides(&program)
        .hides("Harbor Light");
    judge(&mut officer, id, true).await;
    // The program's own review still waits.
    let mut solberg = signed_in(&portal, "Renata Solberg").await;
    let page = solberg.get(QUEUE).await.expect(200);
    assert!(page.links().contains(&case(id)));
    let page = solberg.get(&case(id)).await.expect(200);
    page.shows("Nobody has said yet whether it was justified.");
    judge(&mut solberg, id, false).await;
    assert_eq!(grants(&portal, patient).await[0].after.reviews.len(), 2);
}

/// LAW B5, F1: whom it does not concern, and who is no officer, gets the one answer; the house writes it down, and no
/// patient's chain.
#[tokio::test]
async fn others_review_nothing() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Morgan Ellis").await;
    let mut okafor = signed_in(&portal, "Dr. Amara Okafor").await;
    break_glass(&mut okafor, patient).await;
    let id = grants(&portal, patient).await[0].id;
    let nobody = EmergencyId::parse(crate::emergency::journey::NOBODY).expect("an id");
    // The program has nothing of this record.
    let mut officer = signed_in(&portal, "Renata Solberg").await;
    officer.get(QUEUE).await.expect(200).hides("Okafor");
    let place = portal.length(patient).await;
    let house = u64::try_from(portal.house_since(0).await.len()).expect("a number");
    let there = officer.get(&case(id)).await.expect(404).essence(&[]);
    let nowhere = officer.get(&case(nobody)).await.expect(404).essence(&[]);
    assert_eq!(there, nowhere);
    officer.post(&case(id), "do=end").await.expect(404);
    let body = "do=judge&found=justified&reason=Nothing+to+do+with+us.";
    officer.post(&case(id), body).await.expect(404);
    assert_eq!(denied(&portal.house_since(house).await).len(), 4);
    for name in ["Jordan Reyes", "Dr. Amara Okafor"] {
        let mut other = signed_in(&portal, name).await;
        for path in [QUEUE.to_owned(), case(id)] {
            other.get(&path).await.expect(404);
        }
        other.post(&case(id), "do=end").await.expect(404);
    }
    assert_eq!(portal.length(patient).await, place);
    assert!(grants(&portal, patient).await[0].is_open(portal.portal.now()));
}
