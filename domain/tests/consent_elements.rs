//! LAW A, clause by clause: what can be signed, what a signed consent covers, when it ends.

use crate::decide_case as case;

use case::{
    Case, HOSPITAL, ITEM, PROGRAM, VIEWER, hours, membership, now, set, sign, signature, terms,
    terms_of,
};
use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};
use domain::consent::{
    Consent, ConsentKind, ConsentState, Deficiency, Discloser, Expiry, Participants, Recipient,
    Standing, Terms,
};
use domain::id::{ConsentId, OrganizationId};
use domain::item::{ItemKind, KindSet};
use domain::label::{Label, LabelSet};
use domain::minors::{Needs, majority, needs, table};
use domain::notice::{N1, N2, Statement, TPO_PURPOSE, TPO_RECIPIENTS};
use domain::party::{Party, RelationshipKind, Role};
use domain::purpose::{Purpose, PurposeSet};
use domain::redisclosure::{self, RecipientClass, Redisclosure};
use uuid::Uuid;

fn lacks(change: impl FnOnce(&mut Terms)) -> Vec<Deficiency> {
    let mut terms = terms(&[Label::Hiv]);
    change(&mut terms);
    let found = terms.deficiencies();
    // What can't be signed can't be in force either, should it come from a store (A11).
    let mut standing = sign(0, case::terms(&[Label::Hiv]));
    standing.consent.terms = terms;
    assert_eq!(found.is_empty(), standing.consent.is_sound());
    assert_eq!(
        found.is_empty(),
        standing.standing(now()) != Standing::Unsound
    );
    found
}

/// LAW A1: nothing lacks, and then each element in turn.
#[test]
fn a1_every_element_is_required() {
    assert_eq!(lacks(|_| ()), []);
    assert_eq!(lacks(|terms| terms.to.clear()), [Deficiency::Recipient]);
    assert_eq!(
        lacks(|terms| terms.to = vec![Recipient::Named(" ".to_owned())]),
        [Deficiency::Recipient]
    );
    assert_eq!(
        lacks(|terms| terms.purposes = PurposeSet::EMPTY),
        [Deficiency::Purpose]
    );
    assert_eq!(
        lacks(|terms| terms.from = Discloser::Organizations(vec![])),
        [Deficiency::Discloser]
    );
    assert_eq!(lacks(|terms| terms.expiry = None), [Deficiency::Expiration]);
    assert_eq!(
        lacks(|terms| terms.expiry = Some(Expiry::Event(String::new()))),
        [Deficiency::Expiration]
    );
    assert_eq!(
        lacks(|terms| terms.expiry = Some(Expiry::At(terms.start))),
        [Deficiency::ExpirationBeforeStart]
    );
    assert_eq!(
        lacks(|terms| terms.statements.clear()),
        [Deficiency::Statement]
    );
    for statement in Statement::required(ConsentKind::Specific) {
        assert_eq!(
            lacks(|terms| terms.statements.retain(|one| one != statement)),
            [Deficiency::Statement]
        );
    }
    let mut unnamed = signature();
    unnamed.typed_name = "  ".to_owned();
    let mut before_factor = signature();
    before_factor.stepped_up_at = before_factor.signed_at + TimeDelta::seconds(1);
    for signature in [unnamed, before_factor] {
        let refused = Consent::sign(
            ConsentId(Uuid::nil()),
            None,
            terms(&[Label::Hiv]),
            signature,
        );
        assert_eq!(refused.unwrap_err(), [Deficiency::Signature]);
    }
}

/// LAW A1: a description that describes nothing is missing.
#[test]
fn a1_the_information_is_described() {
    let nothing = [Deficiency::Information];
    assert_eq!(lacks(|terms| terms.what.include = LabelSet::EMPTY), nothing);
    assert_eq!(
        lacks(|terms| terms.what.include = set(&[Label::Part2])),
        nothing
    );
    assert_eq!(
        lacks(|terms| terms.what.include = set(&[Label::Unclassified, Label::MinorConsented])),
        nothing
    );
    assert_eq!(
        lacks(|terms| terms.what.exclude = set(&[Label::Hiv])),
        nothing
    );
    assert_eq!(lacks(|terms| terms.what.kinds = KindSet::EMPTY), nothing);
    assert_eq!(
        lacks(|terms| {
            terms.what.include = LabelSet::EMPTY;
            terms.what.items_included = vec![ITEM];
        }),
        []
    );
    let day = NaiveDate::from_ymd_opt(2026, 1, 1);
    assert_eq!(
        lacks(|terms| {
            terms.what.service_from = day;
            terms.what.service_until = day.and_then(|day| day.pred_opt());
        }),
        [Deficiency::DatesReversed]
    );
}

/// LAW A2: one signature for treatment, payment and operations, to the class in the rule's words; the class nowhere else.
#[test]
fn a2_treatment_payment_and_operations() {
    assert!(TPO_RECIPIENTS.starts_with("my treating providers, health plans"));
    assert_eq!(
        TPO_PURPOSE,
        "for treatment, payment, and health care operations"
    );
    let all = [Purpose::Treatment, Purpose::Payment, Purpose::Operations];
    let mut tpo = terms_of(ConsentKind::Tpo, &[Label::Hiv], &all);
    tpo.to = vec![Recipient::TpoClass];
    tpo.expiry = Some(Expiry::None);
    assert_eq!(tpo.deficiencies(), []);
    for purposes in [
        PurposeSet::of([Purpose::Treatment]),
        PurposeSet::TPO.with(Purpose::Research),
    ] {
        let mut other = tpo.clone();
        other.purposes = purposes;
        assert!(other.deficiencies().contains(&Deficiency::PurposesNotTpo));
    }
    assert_eq!(
        lacks(|terms| terms.to = vec![Recipient::TpoClass]),
        [Deficiency::ClassNotAllowed]
    );
    // Members of the class: each kind of relationship, and nobody without one.
    let case = Case::new(&[Label::Hiv]).consent(tpo);
    assert!(!case.permits());
    for kind in [
        RelationshipKind::Treating,
        RelationshipKind::Coordinating,
        RelationshipKind::Payer,
        RelationshipKind::Operations,
    ] {
        assert!(
            case.clone()
                .related(kind, Party::Organization(HOSPITAL))
                .permits()
        );
    }
}

/// LAW A3: it says that what is disclosed may be redisclosed, and what refusing means.
#[test]
fn a3_redisclosure_and_refusal_are_stated() {
    let all = [Purpose::Treatment, Purpose::Payment, Purpose::Operations];
    for statement in [Statement::Redisclosure, Statement::Refusal] {
        let mut tpo = terms_of(ConsentKind::Tpo, &[Label::Hiv], &all);
        tpo.statements.retain(|one| *one != statement);
        assert_eq!(tpo.deficiencies(), [Deficiency::Statement]);
    }
    assert!(
        Statement::Redisclosure
            .text()
            .contains("may be redisclosed")
    );
}

/// LAW A3, A4: what is signed here for treatment, payment or operations says what may come of it; what is signed for
/// anything else doesn't say so.
#[test]
fn a4_what_hipaa_permits_is_stated() {
    let says = |kind, purposes: &[Purpose]| {
        let said: Vec<_> =
            Statement::said_on(kind, PurposeSet::of(purposes.iter().copied())).collect();
        let mut once = said.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(said.len(), once.len());
        [Statement::Redisclosure, Statement::HipaaRedisclosure].map(|one| said.contains(&one))
    };
    let tpo = [Purpose::Treatment, Purpose::Payment, Purpose::Operations];
    assert_eq!(says(ConsentKind::Tpo, &tpo), [true, true]);
    for purpose in tpo {
        assert_eq!(says(ConsentKind::Specific, &[purpose]), [true, true]);
    }
    assert_eq!(
        says(ConsentKind::Specific, &[Purpose::Research]),
        [false, false]
    );
    assert_eq!(says(ConsentKind::Legal, &[Purpose::Legal]), [false, false]);
    let text = Statement::HipaaRedisclosure.text();
    assert!(
        text.contains("civil, criminal, administrative, and legislative proceedings against you")
    );
}

/// LAW A4, B2 (2.33(b)), B4: what each class of recipient may do further.
#[test]
fn a4_b2_redisclosure_by_class_of_recipient() {
    use RecipientClass::{CoveredEntity, OtherLawfulHolder, Part2Program};
    let tpo = terms_of(
        ConsentKind::Tpo,
        &[Label::Hiv],
        &[Purpose::Treatment, Purpose::Payment, Purpose::Operations],
    );
    assert_eq!(
        redisclosure::of(CoveredEntity, &tpo),
        Redisclosure::AsHipaaPermits
    );
    assert_eq!(
        redisclosure::of(Part2Program, &tpo),
        Redisclosure::AsConsentSays
    );
    assert_eq!(
        redisclosure::of(OtherLawfulHolder, &tpo),
        Redisclosure::AsConsentSays
    );
    let pay = terms_of(ConsentKind::Specific, &[Label::Hiv], &[Purpose::Payment]);
    assert_eq!(
        redisclosure::of(OtherLawfulHolder, &pay),
        Redisclosure::ToContractorsForNamedPurposes
    );
    let family = terms_of(ConsentKind::Specific, &[Label::Hiv], &[Purpose::Family]);
    assert_eq!(
        redisclosure::of(CoveredEntity, &family),
        Redisclosure::AsConsentSays
    );
    for (kind, purpose) in [
        (ConsentKind::Legal, Purpose::Legal),
        (ConsentKind::CriminalJustice, Purpose::CriminalJustice),
        (ConsentKind::Notes, Purpose::Treatment),
    ] {
        let terms = terms_of(kind, &[Label::SudCounselingNote], &[purpose]);
        assert_eq!(
            redisclosure::of(CoveredEntity, &terms),
            Redisclosure::Nothing
        );
    }
}

/// LAW A5: an intermediary is named together with its participants, or with the class of those who treat.
#[test]
fn a5_an_intermediary_has_participants() {
    let exchange = OrganizationId(Uuid::from_u128(77));
    let through = |participants| Recipient::Intermediary {
        organization: exchange,
        participants,
    };
    let nobody = through(Participants::Named(vec![]));
    assert_eq!(
        lacks(|terms| terms.to = vec![nobody]),
        [Deficiency::IntermediaryWithoutParticipants]
    );
    let case = |participants| {
        let mut terms = terms(&[Label::Hiv]);
        terms.to = vec![through(participants)];
        Case::new(&[Label::Hiv]).consent(terms)
    };
    assert!(case(Participants::Named(vec![Party::Organization(HOSPITAL)])).permits());
    assert!(case(Participants::Named(vec![Party::Person(VIEWER)])).permits());
    assert!(!case(Participants::Named(vec![Party::Organization(PROGRAM)])).permits());
    assert!(!case(Participants::TreatingProviders).permits());
    assert!(
        case(Participants::TreatingProviders)
            .treating(Party::Organization(HOSPITAL))
            .permits()
    );
}

/// LAW A6: which expirations go with which purposes.
#[test]
fn a6_expirations_go_with_purposes() {
    let refused = |kind, purposes: &[Purpose], expiry| {
        let mut terms = terms_of(kind, &[Label::Hiv], purposes);
        terms.expiry = Some(expiry);
        terms
            .deficiencies()
            .contains(&Deficiency::ExpirationNotAllowed)
    };
    for open in [Expiry::None, Expiry::EndOfTreatment] {
        assert!(!refused(
            ConsentKind::Specific,
            &[Purpose::Treatment, Purpose::Payment],
            open.clone()
        ));
        assert!(refused(
            ConsentKind::Specific,
            &[Purpose::Treatment, Purpose::Research],
            open.clone()
        ));
        assert!(refused(
            ConsentKind::Specific,
            &[Purpose::Family],
            open.clone()
        ));
        assert!(refused(
            ConsentKind::Proxy,
            &[Purpose::Family],
            open.clone()
        ));
        assert!(refused(ConsentKind::Legal, &[Purpose::Legal], open.clone()));
        // LAW A13: a criminal-justice consent states how long.
        assert!(refused(
            ConsentKind::CriminalJustice,
            &[Purpose::CriminalJustice],
            open
        ));
    }
    assert!(!refused(
        ConsentKind::Specific,
        &[Purpose::Research],
        Expiry::EndOfResearch
    ));
    assert!(refused(
        ConsentKind::Specific,
        &[Purpose::Treatment],
        Expiry::EndOfResearch
    ));
}

/// LAW A7: "at the request of the patient" only when the patient started it.
#[test]
fn a7_the_patients_request_is_the_patients() {
    let request = |started| {
        lacks(|terms| {
            terms.purposes = PurposeSet::of([Purpose::PatientRequest]);
            terms.patient_started = started;
        })
    };
    assert_eq!(request(true), []);
    assert_eq!(request(false), [Deficiency::NotPatientStarted]);
}

/// LAW A8: for fundraising, the way out is stated.
#[test]
fn a8_fundraising_has_a_way_out() {
    let mut terms = terms_of(
        ConsentKind::Specific,
        &[Label::Hiv],
        &[Purpose::Fundraising],
    );
    assert_eq!(terms.deficiencies(), []);
    terms
        .statements
        .retain(|one| *one != Statement::FundraisingOptOut);
    assert_eq!(terms.deficiencies(), [Deficiency::Statement]);
}

/// LAW A9: separated notes have a consent of their own, which opens them and nothing beside them.
#[test]
fn a9_notes_stand_alone() {
    let both = set(&[Label::SudCounselingNote, Label::PsychotherapyNote]);
    assert_eq!(
        lacks(|terms| terms.what.include = terms.what.include.join(both)),
        [Deficiency::NotesCombined]
    );
    let labels = [
        Label::SudCounselingNote,
        Label::PsychotherapyNote,
        Label::Part2,
        Label::SubstanceUse,
    ];
    let notes = terms_of(ConsentKind::Notes, &labels, &[Purpose::Treatment]);
    assert_eq!(notes.deficiencies(), []);
    let none = terms_of(ConsentKind::Notes, &[Label::Hiv], &[Purpose::Treatment]);
    assert_eq!(none.deficiencies(), [Deficiency::NotesCombined]);
    let mut unstated = notes.clone();
    unstated
        .statements
        .retain(|one| *one != Statement::NotesNeverACondition);
    assert_eq!(unstated.deficiencies(), [Deficiency::Statement]);
    let labelled = [Label::SudCounselingNote, Label::Part2, Label::Opioids];
    assert!(Case::new(&labelled).consent(notes.clone()).permits());
    assert!(
        !Case::new(&[Label::Part2, Label::Opioids])
            .consent(notes)
            .permits()
    );
    // A general consent, however wide, does not reach them.
    let mut wide = terms(&[Label::General]);
    wide.what.include = LabelSet::SEGMENTS.with(Label::Part2);
    wide.what.items_included = vec![ITEM];
    assert!(!Case::new(&labelled).consent(wide).permits());
}

/// LAW A10: a legal purpose is on a consent of its own.
#[test]
fn a10_legal_proceedings_stand_alone() {
    let with = |kind, purposes: &[Purpose]| terms_of(kind, &[Label::Hiv], purposes).deficiencies();
    assert_eq!(with(ConsentKind::Legal, &[Purpose::Legal]), []);
    for (kind, purposes) in [
        (ConsentKind::Specific, &[Purpose::Legal][..]),
        (ConsentKind::Specific, &[Purpose::Legal, Purpose::Treatment]),
        (ConsentKind::Legal, &[Purpose::Legal, Purpose::Treatment]),
        (ConsentKind::Legal, &[Purpose::Treatment]),
    ] {
        assert!(with(kind, purposes).contains(&Deficiency::LegalCombined));
    }
}

/// LAW A11: looked at again at every disclosure; a form this version does not read is none.
#[test]
fn a11_a_deficient_or_unreadable_consent_opens_nothing() {
    let case = Case::new(&[Label::Hiv]).consent(terms(&[Label::Hiv]));
    assert!(case.permits());
    let stored = serde_json::to_value(&case.state.consents[0].consent).unwrap();
    let damaged = |change: fn(&mut serde_json::Value)| {
        let mut stored = stored.clone();
        change(&mut stored);
        match serde_json::from_value::<Consent>(stored) {
            Ok(consent) => case
                .clone()
                .with(|case| case.state.consents[0].consent = consent)
                .permits(),
            // The store marks the state unreadable, and that denies.
            Err(_) => false,
        }
    };
    assert!(damaged(|_| ()));
    assert!(!damaged(|stored| stored["format"] = serde_json::json!(2)));
    assert!(!damaged(|stored| stored["version"] = serde_json::json!(0)));
    assert!(!damaged(
        |stored| stored["terms"]["what"]["include"] = serde_json::json!(["hiv", "mystery"])
    ));
    assert!(!damaged(
        |stored| stored["terms"]["purposes"] = serde_json::json!(32769)
    ));
    assert!(!damaged(
        |stored| stored["terms"]["statements"] = serde_json::json!([])
    ));
    assert!(!damaged(|stored| drop(
        stored["terms"]["what"]
            .as_object_mut()
            .unwrap()
            .remove("service_until")
    )));
    assert!(!damaged(
        |stored| stored["terms"]["what"]["only_on_sundays"] = serde_json::json!(true)
    ));
    assert!(
        !case
            .with(|case| case.state.consents[0].consent.terms.patient.0 = Uuid::nil())
            .permits()
    );
}

/// LAW A11, A6: in force from the later of start and signature, until its end: first instant inside, last outside.
#[test]
fn a11_the_term_is_exact() {
    let tick = TimeDelta::microseconds(1);
    let case = Case::new(&[Label::Hiv]).consent(terms(&[Label::Hiv]));
    assert!(!case.clone().at(hours(-12) - tick).permits());
    assert!(case.clone().at(hours(-12)).permits());
    assert!(case.clone().at(hours(12) - tick).permits());
    assert!(!case.clone().at(hours(12)).permits());
    let back_dated = case
        .clone()
        .with(|case| case.state.consents[0].consent.terms.start = hours(-20));
    assert!(!back_dated.clone().at(hours(-13) - tick).permits());
    assert!(back_dated.at(hours(-13)).permits());
    assert_eq!(
        case.state.consents[0].standing(hours(-20)),
        Standing::NotYet
    );
    assert_eq!(
        case.state.consents[0].standing(hours(12)),
        Standing::Expired
    );
}

/// An end is an instant: it does not matter in which time zone somebody wrote it down.
#[test]
fn a_time_zone_is_only_a_way_of_writing() {
    let case = Case::new(&[Label::Hiv]).consent(terms(&[Label::Hiv]));
    let mut stored = serde_json::to_value(&case.state.consents[0].consent).unwrap();
    let end: DateTime<FixedOffset> =
        hours(12).with_timezone(&FixedOffset::west_opt(8 * 3600).unwrap());
    stored["terms"]["expiry"]["At"] = serde_json::json!(end.to_rfc3339());
    let read: Consent = serde_json::from_value(stored).unwrap();
    assert_eq!(read, case.state.consents[0].consent);
    assert_eq!(read.digest(), case.state.consents[0].consent.digest());
}

/// LAW A12: revoking and suspending work at once; from an end nothing comes back.
#[test]
fn a12_revocation_and_oral_revocation() {
    let case = Case::new(&[Label::Hiv]).consent(terms(&[Label::Hiv]));
    let active = ConsentState::Active;
    let suspended = active.suspend(now()).unwrap();
    let revoked = suspended.revoke(now()).unwrap();
    let superseded = active.supersede(now(), ConsentId(Uuid::nil())).unwrap();
    let ended = suspended.end(now()).unwrap();
    for (state, word) in [
        (suspended, Standing::Suspended),
        (revoked.clone(), Standing::Revoked),
        (superseded.clone(), Standing::Superseded),
        (ended.clone(), Standing::Expired),
    ] {
        let case = case
            .clone()
            .with(|case| case.state.consents[0].state = state);
        assert!(!case.permits());
        assert_eq!(case.state.consents[0].standing(now()), word);
    }
    for state in [revoked, superseded, ended] {
        assert!(
            state.revoke(now()).is_err()
                && state.suspend(now()).is_err()
                && state.end(now()).is_err()
        );
        assert!(state.supersede(now(), ConsentId(Uuid::nil())).is_err());
    }
}

/// LAW A13 (2.35): a criminal-justice consent is for that alone and states how long; revoked at final disposition at
/// the latest, which is the event it ends with, and before it whenever the patient says.
#[test]
fn a13_criminal_justice() {
    let with = |kind, purposes: &[Purpose]| terms_of(kind, &[Label::Hiv], purposes).deficiencies();
    assert_eq!(
        with(ConsentKind::CriminalJustice, &[Purpose::CriminalJustice]),
        []
    );
    for (kind, purposes) in [
        (ConsentKind::Specific, &[Purpose::CriminalJustice][..]),
        (ConsentKind::CriminalJustice, &[Purpose::Treatment]),
        (
            ConsentKind::CriminalJustice,
            &[Purpose::CriminalJustice, Purpose::Treatment],
        ),
    ] {
        assert!(with(kind, purposes).contains(&Deficiency::CriminalJusticeCombined));
    }
    let mut terms = terms_of(
        ConsentKind::CriminalJustice,
        &[Label::Hiv],
        &[Purpose::CriminalJustice],
    );
    terms.expiry = Some(Expiry::Event("final disposition of the case".to_owned()));
    let case = Case::new(&[Label::Hiv])
        .purpose(Purpose::CriminalJustice)
        .consent(terms);
    assert!(case.clone().at(hours(9_000)).permits());
    let disposed = ConsentState::Active.end(now()).unwrap();
    assert!(
        !case
            .clone()
            .with(|case| case.state.consents[0].state = disposed)
            .permits()
    );
    assert!(ConsentState::Active.revoke(now()).is_ok());
}

/// POLICY §3: recipient, purpose, discloser, kind, date, the item itself, existing only: each of them narrows.
#[test]
fn a_consent_covers_what_it_says() {
    let case = |change: fn(&mut Terms)| {
        let mut terms = terms(&[Label::Hiv]);
        change(&mut terms);
        Case::new(&[Label::Hiv]).consent(terms).permits()
    };
    assert!(case(|_| ()));
    assert!(!case(
        |terms| terms.to = vec![Recipient::Named("An aunt".to_owned())]
    ));
    assert!(!case(
        |terms| terms.purposes = PurposeSet::of([Purpose::Payment])
    ));
    assert!(case(
        |terms| terms.from = Discloser::Organizations(vec![HOSPITAL])
    ));
    assert!(!case(
        |terms| terms.from = Discloser::Organizations(vec![PROGRAM])
    ));
    assert!(!case(
        |terms| terms.what.kinds = KindSet::of([ItemKind::Medication])
    ));
    let day = |n| NaiveDate::from_ymd_opt(2026, 1, n);
    assert_eq!(day(15), Case::new(&[]).item.service.map(|(first, _)| first));
    assert!(case(
        |terms| terms.what.service_from = NaiveDate::from_ymd_opt(2026, 1, 15)
    ));
    assert!(!case(
        |terms| terms.what.service_from = NaiveDate::from_ymd_opt(2026, 1, 16)
    ));
    assert!(case(
        |terms| terms.what.service_until = NaiveDate::from_ymd_opt(2026, 1, 15)
    ));
    assert!(!case(
        |terms| terms.what.service_until = NaiveDate::from_ymd_opt(2026, 1, 14)
    ));
    assert!(case(|terms| terms.what.existing_at = Some(hours(-100))));
    assert!(!case(|terms| terms.what.existing_at = Some(hours(-101))));
    assert!(!case(|terms| terms.what.items_excluded = vec![ITEM]));
    assert!(!case(|terms| {
        terms.what.include = set(&[Label::General]);
        terms.what.exclude = set(&[Label::Hiv]);
        terms.what.items_included = vec![ITEM];
    }));
    // An item of no known date is not inside a range of dates, one of no known source not from a named one.
    let mut dated = terms(&[Label::Hiv]);
    dated.what.service_from = day(1);
    assert!(
        !Case::new(&[Label::Hiv])
            .consent(dated)
            .with(|case| case.item.service = None)
            .permits()
    );
    let mut from = terms(&[Label::Hiv]);
    from.from = Discloser::Organizations(vec![HOSPITAL]);
    let sourceless = Case::new(&[Label::Hiv])
        .consent(from.clone())
        .with(|case| case.item.sources.clear());
    assert!(!sourceless.permits());
    assert!(
        !Case::new(&[Label::Hiv])
            .consent(from)
            .with(|case| case.item.sources.push(PROGRAM))
            .permits()
    );
}

/// POLICY §3: a private item, and an item whatever its segment, only by name; the law still has to be named.
#[test]
fn an_item_by_name_opens_its_segments_and_no_law() {
    let private = [Label::Hiv, Label::PatientRequested];
    assert!(!Case::new(&private).consent(terms(&[Label::Hiv])).permits());
    let mut named = terms(&[Label::General]);
    named.what.items_included = vec![ITEM];
    assert!(Case::new(&private).consent(named.clone()).permits());
    assert!(
        !Case::new(&[Label::Opioids, Label::Part2])
            .consent(named)
            .permits()
    );
}

/// POLICY §2: a parent includes its children, a child not its parent; an excluded child stays out.
#[test]
fn a_parent_includes_its_children_unless_excluded() {
    assert!(
        Case::new(&[Label::Opioids])
            .consent(terms(&[Label::SubstanceUse]))
            .permits()
    );
    assert!(
        !Case::new(&[Label::SubstanceUse])
            .consent(terms(&[Label::Opioids]))
            .permits()
    );
    let mut without = terms(&[Label::SubstanceUse]);
    without.what.exclude = set(&[Label::Opioids]);
    assert!(
        !Case::new(&[Label::Opioids])
            .consent(without.clone())
            .permits()
    );
    assert!(Case::new(&[Label::Alcohol]).consent(without).permits());
}

/// POLICY §3: a member in good standing of the organization; a treating provider treats.
#[test]
fn recipients_are_members_in_good_standing() {
    let to = |recipient| {
        let mut terms = terms(&[Label::Hiv]);
        terms.to = vec![recipient];
        Case::new(&[Label::Hiv]).consent(terms)
    };
    let member = to(Recipient::Organization(HOSPITAL));
    assert!(member.permits());
    assert!(
        !member
            .clone()
            .with(|case| case.viewer.memberships[0].span.until = Some(now()))
            .permits()
    );
    assert!(
        !member
            .with(|case| case.viewer.memberships = vec![membership(PROGRAM, Role::Clinician)])
            .permits()
    );
    let class = to(Recipient::TreatingProviders);
    assert!(!class.permits());
    let hospital = Party::Organization(HOSPITAL);
    assert!(class.clone().treating(hospital).permits());
    assert!(
        !class
            .clone()
            .related(RelationshipKind::Coordinating, hospital)
            .permits()
    );
    // The privacy officer of a hospital that treats is no treating provider.
    assert!(
        !class
            .treating(hospital)
            .role(Role::PrivacyOfficer)
            .permits()
    );
}

/// LAW D5: a helper is a person by name.
#[test]
fn d5_a_helper_is_a_person() {
    let access = terms_of(ConsentKind::Proxy, &[Label::Hiv], &[Purpose::Family]);
    assert_eq!(access.deficiencies(), []);
    let mut to_all = access;
    to_all.to = vec![Recipient::Organization(HOSPITAL)];
    assert_eq!(to_all.deficiencies(), [Deficiency::HelperNotNamed]);
}

/// LAW B1: the prescribed texts have not drifted: of the long form the beginning and the end of each paragraph and its
/// length, of the short form all.
#[test]
fn b1_the_prescribed_texts() {
    assert_eq!(
        N2,
        "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
    );
    assert_eq!(N1.len(), 5);
    assert!(
        N1[0].starts_with("This record which has been disclosed to you is protected by Federal")
    );
    assert!(N1[0].ends_with("unless at least one of the following applies:"));
    assert!(N1[4].ends_with("(see 42 CFR 2.31)."));
    // Wording from before 2024.
    assert!(
        N1.iter()
            .all(|paragraph| !paragraph.contains("criminally investigate"))
    );
}

/// POLICY §3, RFC 8785: the signed bytes are those of another, independent writer of the canonical form.
#[test]
fn the_canonical_form_is_rfc_8785() {
    let mut terms = terms(&[Label::Hiv, Label::Part2]);
    terms.expiry = Some(Expiry::Event(
        "\u{8}\t\n\u{c}\r\"\\/ é € 😀 \u{1f} \u{7f}".to_owned(),
    ));
    terms.to.push(Recipient::Named("Ångström".to_owned()));
    let consent = sign(0, terms).consent;
    let value = serde_json::to_value(&consent).unwrap();
    assert_eq!(
        String::from_utf8(consent.canonical()).unwrap(),
        canonical(&value)
    );
    assert!(numbers(&value));
    // It reads back, and any change changes the digest.
    let back: Consent = serde_json::from_slice(&consent.canonical()).unwrap();
    assert_eq!(back.digest(), consent.digest());
    let mut changed = consent.clone();
    changed.version += 1;
    assert_ne!(changed.digest(), consent.digest());
}

/// Whether every number can be read by those whose numbers are doubles.
fn numbers(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Number(number) => number.as_u64().is_some_and(|number| number < 1 << 53),
        serde_json::Value::Array(list) => list.iter().all(numbers),
        serde_json::Value::Object(map) => map.values().all(numbers),
        _ => true,
    }
}

/// RFC 8785, written out plainly.
fn canonical(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => number.as_u64().unwrap().to_string(),
        Value::String(text) => {
            let mut out = "\"".to_owned();
            for c in text.chars() {
                match c {
                    '"' => out.push_str("\\\""),
                    '\\' => out.push_str("\\\\"),
                    '\u{8}' => out.push_str("\\b"),
                    '\t' => out.push_str("\\t"),
                    '\n' => out.push_str("\\n"),
                    '\u{c}' => out.push_str("\\f"),
                    '\r' => out.push_str("\\r"),
                    c if (c as u32) < 0x20 => {
                        let code = format!("{:04x}", c as u32);
                        out.push_str("\\u");
                        out.push_str(&code);
                    }
                    c => out.push(c),
                }
            }
            out.push('"');
            out
        }
        Value::Array(list) => format!(
            "[{}]",
            list.iter().map(canonical).collect::<Vec<_>>().join(",")
        ),
        Value::Object(map) => {
            let mut names: Vec<&String> = map.keys().collect();
            names.sort_by_key(|name| name.encode_utf16().collect::<Vec<u16>>());
            let members: Vec<String> = names
                .into_iter()
                .map(|name| {
                    format!(
                        "{}:{}",
                        canonical(&Value::String(name.clone())),
                        canonical(&map[name])
                    )
                })
                .collect();
            format!("{{{}}}", members.join(","))
        }
    }
}

/// LAW D3: the table reads, every row with a statute; California is 12.
#[test]
fn d3_the_table_of_ages_reads() {
    let rules = table().unwrap();
    assert!(rules.len() >= 40);
    assert!(rules.windows(2).all(|two| two[0].state < two[1].state));
    let california = rules.iter().find(|rule| rule.state == "CA").unwrap();
    assert_eq!(california.age, 12);
    assert!(california.source.contains("6929"));
}

/// LAW D1, D2, D6: to the day, in a State with an age, without one, and in none that we know.
#[test]
fn d1_d2_whose_consent_a_minor_needs() {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let birth = day(2012, 6, 10);
    assert_eq!(needs("DE", birth, day(2026, 6, 9)), Needs::Both);
    assert_eq!(needs("DE", birth, day(2026, 6, 10)), Needs::MinorAlone);
    assert_eq!(needs("tx", birth, day(2020, 1, 1)), Needs::MinorAlone);
    assert_eq!(needs("tx", birth, day(2030, 6, 10)), Needs::Adult);
    assert_eq!(needs("XX", birth, day(2030, 6, 9)), Needs::Both);
    assert!(matches!(
        needs("CA", birth, day(2024, 6, 10)),
        Needs::MinorAloneWithin(_)
    ));
    assert_eq!(needs("TX", birth, day(2000, 1, 1)), Needs::Both);
    assert_eq!(
        majority(day(2008, 2, 29)),
        NaiveDate::from_ymd_opt(2026, 2, 28)
    );
}
