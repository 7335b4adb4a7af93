//! A case from its beginning to its end, and everything that stops it.

use crate::joining::way;
use crate::recovery_case::letters::{self, assert_neutral};
use crate::recovery_case::recover::{
    Checked, IN_PERSON, NEW, SUPPORT, birth, form, make_code, open, press, send,
};
use crate::staff::cast::{FIRST, length, said, signed_in};
use crate::support::TestPortal;
use chrono::TimeDelta;
use domain::id::RecoveryCaseId;
use portal::letters::Kind;
use store::contacts::ContactsChange;
use store::{Chain, Event, Stamp};

const JORDAN: &str = "jordan@demo.example";
const FURTHER: &str = "jr@elsewhere.example";

/// Gives Jordan a further address, confirmed.
async fn further_address(test: &TestPortal) {
    let store = test.portal.store();
    let account = store.account_by_sign_in(JORDAN).await.expect("an answer");
    let account = account.expect("an account").id;
    let changed = store.change_contacts(&Stamp::SYSTEM, account, Chain::House, |_, contacts| {
        contacts.further.push(FURTHER.to_owned());
        Some(ContactsChange {
            made: (),
            said: None,
            letters: Vec::new(),
        })
    });
    changed.await.expect("an answer");
}

fn id_of(case: &str) -> RecoveryCaseId {
    let id = case.rsplit('/').next().expect("an id");
    RecoveryCaseId::parse(id).expect("an id")
}

/// LAW B6, F6, F7: staff record how they made sure, every address is told, nothing happens for a day, and then the code
/// takes everything away and lets nobody in but who has the birth date too. Staff see a name and nothing of the account.
#[tokio::test]
async fn a_case_from_its_beginning_to_its_end() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    further_address(&test).await;
    let birth = birth(&test, "Jordan Reyes").await;
    let mut jordan = test.jordan().await;
    let mut support = signed_in(&test, SUPPORT).await;
    letters::written(&test).await;
    let (house, place) = (length(&test).await, test.length(patient).await);
    let office = support.get("/office").await.expect(200);
    assert!(office.links().contains(&"/office/recovery".to_owned()));
    let case = open(&mut support, &JORDAN.to_uppercase(), &birth, IN_PERSON).await;

    let page = support.get(&case).await.expect(200);
    assert!(!page.title().contains("Jordan"));
    page.shows("Jordan Alexis Reyes")
        .shows("Waits until")
        .shows("They stood before me with a photo document")
        .shows("Driver's license")
        .shows("K9X4")
        .shows("They asked at the desk.")
        .hides(JORDAN)
        .hides(FURTHER)
        .hides(&birth);
    // The account is as it was, and its owner reads of it.
    let page = jordan.get("/home").await.expect(200);
    page.shows("Somebody asked to set up your sign-in anew")
        .shows("If it was not you, stop it.");
    let page = jordan.get("/account").await.expect(200);
    page.form("/api/stop-recovery");
    let page = jordan.open_history().await;
    let line = page
        .rows()
        .into_iter()
        .find(|row| row.contains("Checked who asked for help to get back into your account"))
        .expect("a line");
    assert!(line.contains(SUPPORT), "{line}");

    let told = letters::written(&test).await;
    assert_eq!(letters::to(&told, Kind::RecoveryAsked), [JORDAN, FURTHER]);
    for (_, letter) in &told {
        assert_neutral(letter, &["Jordan", "Reyes", SUPPORT, JORDAN]);
    }

    // Too early, by hand and to the second.
    let early = support.post(&case, "do=code").await.expect(422);
    early.shows("It is too early.");
    test.clock
        .advance(TimeDelta::hours(24) - TimeDelta::minutes(5));
    let mut support = signed_in(&test, SUPPORT).await;
    let page = support.get(&case).await.expect(200);
    assert!(!page.body.contains("value=\"code\""));
    support.post(&case, "do=code").await.expect(422);
    test.clock.advance(TimeDelta::minutes(5));
    let mut jordan = test.jordan().await;
    letters::written(&test).await;
    // Somebody else may finish it; the case shows who did what.
    let mut admin = signed_in(&test, FIRST).await;
    let code = make_code(&mut admin, &case).await;
    let page = admin.get(&case).await.expect(200).hides(&code);
    page.shows("The code was made on")
        .shows(SUPPORT)
        .shows(FIRST)
        .shows("This case is over.");
    assert_eq!(jordan.get("/home").await.location(), Some("/sign-in"));
    let entry = test.person("Jordan Reyes").clone();
    test.anonymous()
        .give_password(&entry.sign_in, &entry.password)
        .await
        .expect(422);
    let told = letters::written(&test).await;
    assert_eq!(letters::to(&told, Kind::FactorsReset), [JORDAN, FURTHER]);

    let mut back = test.anonymous();
    way::give_code(&mut back, &code, "1900-01-01")
        .await
        .expect(422);
    way::give_code(&mut back, &code, &birth).await.expect(303);
    way::give_password(&mut back, "/join/password", way::PASSWORD)
        .await
        .expect(303);
    way::set_up_app(&test, &mut back).await;
    way::keep_codes(&mut back).await;

    let entries = said(&test, house).await;
    let of_case = entries.iter().filter(|entry| {
        matches!(
            &entry.body.event,
            Event::RecoveryCaseOpened { .. } | Event::RecoveryCaseFinished { .. }
        )
    });
    assert_eq!(of_case.count(), 2);
    let own = test.since(patient, place).await;
    let own: Vec<&Event> = own.iter().map(|entry| &entry.body.event).collect();
    assert!(
        own.iter().any(
            |event| matches!(event, Event::RecoveryCaseOpened { how, .. } if how == "in-person")
        )
    );
    assert!(
        own.iter()
            .any(|event| matches!(event, Event::RecoveryCaseFinished { .. }))
    );
    test.assert_sound().await;
}

/// The owner stops it with one button and no code; nothing comes of it, everybody is told.
#[tokio::test]
async fn the_owner_stops_it() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let birth = birth(&test, "Jordan Reyes").await;
    let mut support = signed_in(&test, SUPPORT).await;
    let case = open(&mut support, JORDAN, &birth, IN_PERSON).await;
    let mut jordan = test.jordan().await;
    let place = test.length(patient).await;
    letters::written(&test).await;
    let page = jordan.get("/home").await.expect(200);
    let stop = page.form("/api/stop-recovery");
    let page = jordan.submit(&stop).await.expect(303);
    assert_eq!(page.location(), Some("/account"));
    let page = jordan.get("/account").await.expect(200);
    page.shows("It is stopped.").hides("/api/stop-recovery");
    let told = letters::written(&test).await;
    assert_eq!(letters::to(&told, Kind::RecoveryStopped), [JORDAN]);
    assert_neutral(&told[0].1, &["Jordan", "Reyes"]);
    let own = test.since(patient, place).await;
    assert!(own.iter().any(|entry| matches!(
        &entry.body.event,
        Event::RecoveryCaseStopped { by_owner: true, .. }
    )));
    // Once more does nothing, and says nothing.
    jordan.submit(&stop).await.expect(303);
    assert!(letters::written(&test).await.is_empty());

    test.clock.advance(TimeDelta::days(2));
    let mut support = signed_in(&test, SUPPORT).await;
    let page = support.get(&case).await.expect(200);
    page.shows("Stopped by the account's owner on");
    for what in ["do=code", "do=stop"] {
        let page = support.post(&case, what).await.expect(422);
        page.shows("This case is over");
    }
    test.jordan().await.get("/home").await.expect(200);
    test.assert_sound().await;
}

/// Who was not seen with a document waits for three days; there is one open case of an account at a time, and staff stop
/// one too.
#[tokio::test]
async fn all_else_waits_longer() {
    let test = TestPortal::new().await;
    let birth = birth(&test, "Jordan Reyes").await;
    for (how, document, hours) in [
        ("in-person", true, 24),
        ("by-video", true, 72),
        ("called-back", false, 72),
        ("known", false, 72),
    ] {
        let by = Checked { how, document };
        let mut support = signed_in(&test, SUPPORT).await;
        let case = open(&mut support, JORDAN, &birth, by).await;
        let kept = test.portal.store().recovery_case(id_of(&case)).await;
        let kept = kept.expect("an answer").expect("a case");
        assert_eq!(kept.ready - kept.opened, TimeDelta::hours(hours), "{how}");
        assert_eq!(kept.check.document.is_some(), document, "{how}");

        let form = form(&mut support, JORDAN, &birth, by).await;
        let page = send(&mut support, &form).await.expect(422);
        page.shows("There is an open case for this account already.");
        let page = support.get(&case).await.expect(200);
        let stop = page.form_with_button("Stop this case");
        let stop = stop.press("Stop this case");
        support.submit(&stop).await.expect(303);
        let page = support.get(&case).await.expect(200);
        page.shows("Stopped on").shows(SUPPORT);
    }
}

/// What was checked holds for a week after the wait, and no longer.
#[tokio::test]
async fn a_case_lapses() {
    let test = TestPortal::new().await;
    let birth = birth(&test, "Jordan Reyes").await;
    let mut support = signed_in(&test, SUPPORT).await;
    let case = open(&mut support, JORDAN, &birth, IN_PERSON).await;
    test.clock.advance(TimeDelta::days(8));
    let mut support = signed_in(&test, SUPPORT).await;
    let page = support.get(&case).await.expect(200);
    page.shows("Nobody made the code in time.");
    support.post(&case, "do=code").await.expect(422);
    test.jordan()
        .await
        .get("/home")
        .await
        .expect(200)
        .hides("/api/stop-recovery");
    // Another may be opened.
    open(&mut support, JORDAN, &birth, IN_PERSON).await;
}

/// LAW F7: the factor is for what was written down and for nothing else; one for opening makes no code.
#[tokio::test]
async fn a_factor_is_for_this_very_case() {
    let test = TestPortal::new().await;
    let birth = birth(&test, "Jordan Reyes").await;
    let mut support = signed_in(&test, SUPPORT).await;
    let form = form(&mut support, JORDAN, &birth, IN_PERSON).await;
    support.submit(&form).await.expect(303);
    crate::staff::cast::confirm(&mut support).await;
    let other = form.clone().fill("note", "Something else.");
    let page = support.submit(&other).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    // That one is given by now, and the first holds no more.
    crate::staff::cast::confirm(&mut support).await;
    let page = support.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    let page = support.get("/office/recovery").await.expect(200);
    page.shows("There is no case.");

    let case = open(&mut support, JORDAN, &birth, IN_PERSON).await;
    test.clock.advance(TimeDelta::days(1));
    let mut support = signed_in(&test, SUPPORT).await;
    let page = press(&mut support, &case, "Make the code").await;
    assert_eq!(page.expect(303).location(), Some(case.as_str()));
    // Made once, it is not made again.
    support.post(&case, "do=code").await.expect(422);
    support.get(NEW).await.expect(200);
}
