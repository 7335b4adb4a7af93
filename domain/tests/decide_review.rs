//! Looking at an item to put its labels right: who may, and who never (POLICY §2, review queue; LAW B2, B5).

use crate::decide_case;

use decide_case::{
    Case, HOSPITAL, PROGRAM, VIEWER, authority, emergency, hours, membership, restriction, terms,
};
use domain::decide::{Action, Decider, Ground};
use domain::label::{ALL, Label};
use domain::party::{Party, ROLES, Role};
use domain::purpose::{ALL as PURPOSES, Purpose};
use domain::state::{AuthorityKind, PolicyState, RestrictionState};

/// POLICY §2: an unclassified part is closed to everyone but the patient and the program; a review opens it.
#[test]
fn the_privacy_officer_of_the_source_reviews() {
    let case = Case::new(&[Label::Unclassified]).in_review();
    assert_eq!(case.grounds(), [Ground::Review(HOSPITAL)]);
    assert_eq!(case.obligations(), ["log", "persist-label"]);
    let ordinary = Case::new(&[]).in_review();
    assert_eq!(ordinary.obligations(), ["log"]);
}

/// POLICY §4.4 and §2: no other role, whatever else it may do.
#[test]
fn no_other_role_reviews() {
    for role in ROLES
        .into_iter()
        .filter(|role| *role != Role::PrivacyOfficer)
    {
        let case = Case::new(&[])
            .in_review()
            .treating(Party::Person(VIEWER))
            .consent(terms(&[Label::General]))
            .with(|case| {
                case.viewer.role = role;
                case.viewer.memberships = vec![membership(HOSPITAL, role)];
                case.state.authorities = vec![authority(AuthorityKind::ChosenByAdult)];
                case.state.emergencies = vec![emergency()];
            });
        assert!(!case.permits(), "{role:?}");
        let decider = Decider::new(
            &case.viewer,
            case.action,
            case.purpose,
            case.now,
            &case.state,
        );
        assert!(!decider.has_standing(), "{role:?}");
    }
    let patient = Case::new(&[]).in_review().by_patient();
    assert!(
        !patient
            .with(|case| case.purpose = Purpose::Operations)
            .permits()
    );
}

/// LAW B2: a privacy officer without the review sees what any workforce sees: nothing by that role.
#[test]
fn the_role_opens_nothing_but_the_review() {
    let case = Case::new(&[]).in_review();
    for action in [
        Action::View,
        Action::Export,
        Action::Download,
        Action::Preview,
    ] {
        assert!(!case.clone().with(|case| case.action = action).permits());
    }
}

/// Nobody puts the labels of their own record right: a privacy officer who is the patient leaves it to another.
#[test]
fn nobody_reviews_their_own_record() {
    let case = Case::new(&[])
        .in_review()
        .with(|case| case.state.subject = Some(VIEWER));
    assert!(!case.permits());
    let decider = Decider::new(
        &case.viewer,
        case.action,
        case.purpose,
        case.now,
        &case.state,
    );
    assert!(!decider.has_standing());
}

/// POLICY §3: for health care operations and nothing else.
#[test]
fn for_no_other_purpose() {
    for purpose in PURPOSES {
        let case = Case::new(&[]).in_review().purpose(purpose);
        assert_eq!(
            case.permits(),
            purpose == Purpose::Operations,
            "{purpose:?}"
        );
    }
}

/// LAW B5: no view across organizations: of another, of two, of none, no longer or not yet there.
#[test]
fn only_of_the_one_source_and_only_as_long_as_they_are_there() {
    let case = Case::new(&[]).in_review();
    for sources in [vec![PROGRAM], vec![HOSPITAL, PROGRAM], vec![]] {
        assert!(
            !case
                .clone()
                .with(|case| case.item.sources = sources)
                .permits()
        );
    }
    let twice = vec![HOSPITAL, HOSPITAL];
    assert!(
        case.clone()
            .with(|case| case.item.sources = twice)
            .permits()
    );
    let mut ended = membership(HOSPITAL, Role::PrivacyOfficer);
    ended.span.until = Some(case.now);
    let mut later = membership(HOSPITAL, Role::PrivacyOfficer);
    later.span.from = hours(1);
    // A clinician there and a privacy officer elsewhere is not the privacy officer there.
    let elsewhere = vec![
        membership(HOSPITAL, Role::Clinician),
        membership(PROGRAM, Role::PrivacyOfficer),
    ];
    for memberships in [vec![ended], vec![later], elsewhere, vec![]] {
        assert!(
            !case
                .clone()
                .with(|case| case.viewer.memberships = memberships)
                .permits()
        );
    }
}

/// POLICY §2: what waits for nobody is not looked at.
#[test]
fn only_what_is_up_for_review() {
    let case = Case::new(&[Label::Unclassified]).in_review();
    assert!(!case.with(|case| case.state.under_review.clear()).permits());
}

/// POLICY §2: separated notes are kept apart from the rest; the patient's wish holds toward reviewers too.
#[test]
fn separated_notes_and_private_items_stay_closed() {
    for label in ALL {
        let case = Case::new(&[label]).in_review();
        let closed = matches!(
            label,
            Label::SudCounselingNote | Label::PsychotherapyNote | Label::PatientRequested
        );
        assert_eq!(case.permits(), !closed, "{label:?}");
    }
}

/// POLICY §4.2: a restriction binds the reviewer as everybody.
#[test]
fn restrictions_bind() {
    let case = Case::new(&[Label::Hiv]).in_review();
    let restricted = case.clone().with(|case| {
        case.state.restrictions = vec![restriction(&[Label::Hiv])];
    });
    assert!(!restricted.permits());
    let asked = case.with(|case| {
        let mut asked = restriction(&[Label::Hiv]);
        asked.state = RestrictionState::Requested;
        case.state.restrictions = vec![asked];
    });
    assert!(asked.permits());
}

/// POLICY §4, "any error on the way": an unreadable state, a clock before the last entry.
#[test]
fn errors_deny() {
    let case = Case::new(&[]).in_review();
    assert!(
        !case
            .clone()
            .with(|case| case.state.unreadable = true)
            .permits()
    );
    let early = case.with(|case| case.state.last_entry = Some(hours(1)));
    assert!(!early.permits());
}

/// POLICY §5: whether somebody may look at all does not depend on what the record holds.
#[test]
fn standing_does_not_look_into_the_record() {
    let case = Case::new(&[]).in_review();
    let standing = |state: &PolicyState| {
        Decider::new(&case.viewer, case.action, case.purpose, case.now, state).has_standing()
    };
    let mut empty = case.state.clone();
    empty.under_review.clear();
    assert!(standing(&case.state) && standing(&empty));
}
