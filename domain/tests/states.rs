//! What may follow what: restrictions, emergencies, second signatures (POLICY §3, §4; LAW A12, B6, D2, E1). And purposes
//! of HL7 as ours.

use crate::decide_case as case;

use case::{Case, VIEWER, authority, emergency, hours, restriction, sign, signature, terms};
use chrono::TimeDelta;
use domain::consent::{Countersignature, Deficiency, Grantor};
use domain::fhir::consent::ActReason;
use domain::label::Label;
use domain::purpose::Purpose;
use domain::state::{
    AuthorityKind, EmergencyFault, Restriction, RestrictionFault, RestrictionState,
};

fn restricted(paid_in_full: bool, state: RestrictionState) -> Restriction {
    Restriction {
        billing: Vec::new(),
        paid_in_full,
        state,
        ..restriction(&[Label::Hiv])
    }
}

/// What was paid in full must be kept from the health plan: there the organization has no choice (45 CFR 164.522(a)).
#[test]
fn a_restriction_moves_only_forward() {
    let at = hours(0);
    let agreed = RestrictionState::Agreed { at: hours(-5) };
    let refused = RestrictionState::Refused { at: hours(-5) };
    let ended = RestrictionState::Ended { at: hours(-5) };
    let asked = RestrictionState::Requested;
    let moved = RestrictionFault::Moved;
    for paid in [false, true] {
        let of = |state: &RestrictionState| restricted(paid, *state);
        assert!(of(&asked).agree(at) == Ok(RestrictionState::Agreed { at }));
        assert!(of(&asked).withdraw(at) == Ok(RestrictionState::Ended { at }));
        assert!(of(&agreed).withdraw(at) == Ok(RestrictionState::Ended { at }));
        assert!(of(&asked).end(at) == Err(moved));
        assert!(of(&agreed).agree(at) == Err(moved));
        assert!(of(&agreed).refuse(at) == Err(moved));
        for over in [&refused, &ended] {
            assert!(of(over).agree(at) == Err(moved));
            assert!(of(over).refuse(at) == Err(moved));
            assert!(of(over).end(at) == Err(moved));
            assert!(of(over).withdraw(at) == Err(moved));
            assert!(!of(over).binds(at));
        }
        assert!(of(&agreed).binds(at));
        assert_eq!(of(&asked).binds(at), paid);
    }
    let must = RestrictionFault::MustAgree;
    assert!(restricted(true, agreed).end(at) == Err(must));
    assert!(restricted(true, asked).refuse(at) == Err(must));
    assert!(restricted(false, agreed).end(at) == Ok(RestrictionState::Ended { at }));
    assert!(restricted(false, asked).refuse(at) == Ok(RestrictionState::Refused { at }));
}

/// LAW E1: a grant has an end after its beginning, and not too late.
#[test]
fn an_emergency_has_an_end() {
    let lasting = |lasts: TimeDelta| {
        let mut grant = emergency();
        grant.span.until = Some(grant.span.from + lasts);
        grant.checked().err()
    };
    assert!(lasting(TimeDelta::microseconds(1)).is_none());
    assert!(lasting(TimeDelta::zero()) == Some(EmergencyFault::TooLong));
    assert!(lasting(TimeDelta::microseconds(-1)) == Some(EmergencyFault::TooLong));
    let longest = (1..200)
        .take_while(|n| lasting(TimeDelta::hours(*n)).is_none())
        .last()
        .expect("an hour is not too long");
    assert!(
        lasting(TimeDelta::hours(longest) + TimeDelta::microseconds(1))
            == Some(EmergencyFault::TooLong)
    );
    let mut endless = emergency();
    endless.span.until = None;
    assert!(endless.checked().err() == Some(EmergencyFault::TooLong));
}

/// LAW D2: only a minor's own consent bears a second signature, and that one has a name under it.
#[test]
fn a_second_signature_stands_beside_the_patients_own() {
    let parent = authority(AuthorityKind::ParentOfMinor {
        majority: hours(1_000),
    });
    let by = |name: &str| {
        let mut signature = signature();
        name.clone_into(&mut signature.typed_name);
        Countersignature {
            person: VIEWER,
            authority: parent.id,
            signature,
        }
    };
    let own = || sign(1, terms(&[Label::Hiv])).consent;
    let mut others = terms(&[Label::Hiv]);
    others.grantor = Grantor::Proxy {
        person: VIEWER,
        authority: parent.id,
    };
    let others = || sign(2, others.clone()).consent;
    assert!(
        own()
            .countersign(by("A Parent"))
            .is_ok_and(|signed| signed.is_sound())
    );
    assert!(own().countersign(by(" ")).err() == Some(Deficiency::Signature));
    assert!(others().countersign(by("A Parent")).err() == Some(Deficiency::Signature));
    assert!(others().countersign(by(" ")).err() == Some(Deficiency::Signature));
}

/// POLICY §4: whose standing a proxy has ends with the authority.
#[test]
fn a_restriction_on_one_keeps_nothing_from_another() {
    let case = || Case::new(&[Label::Hiv]).consent(terms(&[Label::Hiv]));
    assert!(case().permits());
    let bound = |state: RestrictionState| {
        case().with(|case| case.state.restrictions.push(restricted(false, state)))
    };
    assert!(!bound(RestrictionState::Agreed { at: hours(-5) }).permits());
    assert!(bound(RestrictionState::Requested).permits());
}

/// LAW G1: HL7's purposes as ours, each by the nearest above it that we know.
#[test]
fn purposes_of_hl7_are_ours() {
    for (code, purpose) in [
        ("TREAT", Purpose::Treatment),
        ("CLINTRL", Purpose::Treatment),
        ("ETREAT", Purpose::Emergency),
        ("BTG", Purpose::Emergency),
        ("CAREMGT", Purpose::CareCoordination),
        ("COC", Purpose::CareCoordination),
        ("HPAYMT", Purpose::Payment),
        ("HLEGAL", Purpose::Legal),
        ("HOPERAT", Purpose::Operations),
        ("HRESCH", Purpose::Research),
        ("DSRCH", Purpose::Research),
        ("FAMRQT", Purpose::Family),
        ("PATRQT", Purpose::PatientRequest),
        ("PWATRNY", Purpose::PatientRequest),
        ("PUBHLTH", Purpose::PublicHealth),
        ("THREAT", Purpose::PublicHealth),
        ("HMARKT", Purpose::Fundraising),
        ("PurposeOfUse", Purpose::Operations),
    ] {
        let reason = ActReason::of_code(code).expect("a purpose of HL7");
        assert_eq!(reason.code(), code);
        assert_eq!(reason.purpose(), purpose, "{code}");
        assert_eq!(reason.is_abstract(), code == "PurposeOfUse");
        assert!(reason.is_a(reason));
        assert!(reason.is_a(ActReason::of_code("PurposeOfUse").expect("the root")));
    }
    assert!(ActReason::of_code("").is_none());
    let of = |code: &str| ActReason::of_code(code).expect("a purpose of HL7");
    assert!(of("BTG").is_a(of("TREAT")) && !of("TREAT").is_a(of("BTG")));
    assert!(!of("HPAYMT").is_a(of("TREAT")));
}
