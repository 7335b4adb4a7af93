//! What a permit holds: which parts, their labels, on what it rests; and how it is narrowed (POLICY §1, §4, §6).

use crate::decide_case as case;

use case::{Case, HOSPITAL, PROGRAM, SUBJECT, hours, now, set, terms};
use domain::decide::{Action, Decider, Ground, Permit};
use domain::id::{ConsentId, ItemId, PatientId};
use domain::item::{ItemFacts, PartFacts};
use domain::label::{Label, LabelSet};
use domain::party::{Party, Role};
use domain::purpose::Purpose;
use uuid::Uuid;

/// Parts enough for three words of bits; the n-th labelled by n.
const PARTS: usize = 130;

fn labels_of(n: usize) -> LabelSet {
    match n % 4 {
        1 => set(&[Label::Hiv]),
        2 => set(&[Label::Genetics]),
        3 => set(&[Label::Violence]),
        _ => LabelSet::EMPTY,
    }
}

fn large(mut case: Case) -> Case {
    case.item.parts = (0..PARTS)
        .map(|n| PartFacts {
            leads_to: Vec::new(),
            path: format!("part[{n}]"),
            labels: labels_of(n),
        })
        .collect();
    case
}

fn decider(case: &Case) -> Decider<'_> {
    Decider::new(
        &case.viewer,
        Action::View,
        case.purpose,
        case.now,
        &case.state,
    )
}

fn number(part: &PartFacts) -> usize {
    let digits = part.path.trim_start_matches("part[").trim_end_matches(']');
    digits.parse().expect("a number")
}

fn allowed(permit: &Permit) -> Vec<usize> {
    (0..PARTS + 64).filter(|n| permit.allows(*n)).collect()
}

/// The permit of the patient for some parts of the item.
fn some(case: &Case, keep: impl Fn(usize) -> bool) -> Permit {
    decider(case)
        .permit_of(&case.item, |part| keep(number(part)))
        .expect("the patient sees it")
}

/// POLICY §1: a permit says for whom, why, when and on which state, and which parts as bits.
#[test]
fn a_permit_tells_what_it_is_for() {
    let case = large(
        Case::new(&[])
            .by_patient()
            .with(|case| case.state.epoch = 7),
    );
    let permit = some(&case, |_| true);
    assert_eq!(permit.decided_at(), now());
    assert_eq!(permit.epoch(), 7);
    assert_eq!(permit.patient(), case.state.patient);
    assert_eq!(permit.item(), case.item.id);
    assert_eq!(permit.viewer(), SUBJECT);
    assert!(permit.role() == Role::Patient && permit.action() == Action::View);
    assert!(permit.purpose() == Purpose::PatientRequest);
    assert_eq!(permit.part_bits(), [u64::MAX, u64::MAX, 0b11]);
    assert_eq!(allowed(&permit), (0..PARTS).collect::<Vec<_>>());
    assert!(permit.is_whole() && !permit.is_masked());
    assert!(permit.masked().is_masked());
    let permit = some(&case, |n| n == 0 || n == 65);
    assert_eq!(permit.part_bits(), [1, 0b10, 0]);
    assert!(!permit.is_whole());
}

/// POLICY §1: narrowed to some parts, it has their labels and no others.
#[test]
fn a_permit_keeps_what_is_kept() {
    let case = large(Case::new(&[]).by_patient());
    let kept = some(&case, |_| true).keeping(&case.item, |part| number(part) % 4 == 2);
    assert_eq!(
        allowed(&kept),
        (0..PARTS).filter(|n| n % 4 == 2).collect::<Vec<_>>()
    );
    assert!(kept.labels() == set(&[Label::Genetics]));
    assert!(!kept.is_whole());
    let all = some(&case, |_| true).keeping(&case.item, |_| true);
    assert!(all == some(&case, |_| true) && all.is_whole());
    // What was not permitted does not come back.
    let few = some(&case, |n| n < 70).keeping(&case.item, |part| number(part) > 66);
    assert_eq!(allowed(&few), [67, 68, 69]);
    let none = some(&case, |_| true).keeping(&case.item, |_| false);
    assert!(allowed(&none).is_empty() && none.labels().is_empty() && !none.is_whole());
}

/// The facts of another item leave nothing.
#[test]
fn a_permit_keeps_nothing_by_anothers_facts() {
    let case = large(Case::new(&[]).by_patient());
    let mut other: ItemFacts = case.item.clone();
    other.id = ItemId(Uuid::from_u128(99));
    let kept = some(&case, |_| true).keeping(&other, |_| true);
    assert!(allowed(&kept).is_empty() && !kept.is_whole());
}

/// Seen as somebody else sees it: what both may see, masked when either is.
#[test]
fn two_permits_leave_what_both_allow() {
    let case = large(Case::new(&[]).by_patient());
    let even = |n: usize| n.is_multiple_of(2);
    let narrowed = some(&case, even)
        .narrowed_to(&some(&case, |n| n % 3 == 0))
        .expect("something is left");
    assert_eq!(
        allowed(&narrowed),
        (0..PARTS).filter(|n| n % 6 == 0).collect::<Vec<_>>()
    );
    assert!(!narrowed.is_whole() && !narrowed.is_masked());
    let left = some(&case, even)
        .narrowed_to(&some(&case, |n| n % 4 < 2))
        .expect("something is left");
    assert!(left.labels() == some(&case, even).labels().meet(set(&[Label::Hiv])));
    for (one, other, masked) in [
        (false, false, false),
        (true, false, true),
        (false, true, true),
        (true, true, true),
    ] {
        let permit = |mask: bool| {
            let permit = some(&case, |_| true);
            if mask { permit.masked() } else { permit }
        };
        let narrowed = permit(one)
            .narrowed_to(&permit(other))
            .expect("all is left");
        assert_eq!(narrowed.is_masked(), masked);
        assert!(narrowed.is_whole());
    }
    for (one, other) in [(true, false), (false, true), (false, false)] {
        let permit = |whole: bool| some(&case, |n| whole || n < 100);
        let narrowed = permit(one)
            .narrowed_to(&permit(other))
            .expect("most is left");
        assert!(!narrowed.is_whole());
    }
    assert!(
        some(&case, even)
            .narrowed_to(&some(&case, |n| !even(n)))
            .is_none()
    );
}

/// POLICY §6: permits of different items, patients or epochs have nothing in common.
#[test]
fn permits_of_different_things_leave_nothing() {
    let case = large(Case::new(&[]).by_patient());
    let item = large(Case::new(&[]).by_patient()).with(|case| {
        case.item.id = ItemId(Uuid::from_u128(99));
    });
    let epoch = large(Case::new(&[]).by_patient()).with(|case| case.state.epoch = 1);
    let patient = large(Case::new(&[]).by_patient()).with(|case| {
        case.state.patient = PatientId(Uuid::from_u128(98));
        case.viewer.subject_of = Some(case.state.patient);
    });
    for other in [item, epoch, patient] {
        let narrowed = some(&case, |_| true).narrowed_to(&some(&other, |_| true));
        assert!(narrowed.is_none());
    }
}

/// POLICY §4.7: one consent for several parts is one ground with all that it covered; two consents are two.
#[test]
fn grounds_of_parts_are_joined() {
    let parts = |case: &mut Case| {
        case.item.parts = [Label::Hiv, Label::Genetics, Label::Hiv]
            .into_iter()
            .map(|label| PartFacts {
                leads_to: Vec::new(),
                path: label.name().to_owned(),
                labels: set(&[label]),
            })
            .collect();
    };
    let id = |n: u128| ConsentId(Uuid::from_u128(100 + n));
    let one = Case::new(&[])
        .consent(terms(&[Label::Hiv, Label::Genetics]))
        .with(parts);
    let permit = decider(&one)
        .permit(&one.item)
        .expect("a consent covers it");
    let both = set(&[Label::Hiv, Label::Genetics]);
    assert!(permit.basis() == [Ground::Consent(id(0), both)]);
    let two = Case::new(&[])
        .consent(terms(&[Label::Genetics]))
        .consent(terms(&[Label::Hiv]))
        .with(parts);
    let permit = decider(&two).permit(&two.item).expect("consents cover it");
    assert!(
        permit.basis()
            == [
                Ground::Consent(id(0), set(&[Label::Genetics])),
                Ground::Consent(id(1), set(&[Label::Hiv]))
            ]
    );
}

/// POLICY §4: standing comes of a relationship with a role that gives care, or of a consent; neither alone of a role nor
/// of a relationship.
#[test]
fn standing_needs_both_a_relationship_and_a_role_that_gives_care() {
    let standing = |case: &Case| decider(case).has_standing();
    assert!(!standing(&Case::new(&[])));
    let related = || Case::new(&[]).treating(Party::Organization(HOSPITAL));
    assert!(standing(&related()));
    assert!(!standing(&related().role(Role::Billing)));
    assert!(!standing(&related().role(Role::Administrator)));
    assert!(!standing(
        &related().with(|case| case.state.unreadable = true)
    ));
    assert!(standing(&Case::new(&[]).consent(terms(&[Label::Hiv]))));
    assert!(!standing(
        &Case::new(&[]).consent(terms(&[Label::Hiv])).at(hours(13))
    ));
    assert!(standing(&Case::new(&[]).in_program()));
    assert!(!standing(
        &Case::new(&[]).with(|case| case.item.sources = vec![PROGRAM])
    ));
}

/// The labels of an item are those of its parts (POLICY §1), and a consent's scope is asked of the item as a whole.
#[test]
fn an_items_labels_are_those_of_its_parts() {
    let case = large(Case::new(&[]));
    assert!(case.item.labels() == set(&[Label::Hiv, Label::Genetics, Label::Violence]));
    let consent = case::sign(1, terms(&[Label::Hiv])).consent;
    assert!(consent.grants_on(&case.item).has(Label::Hiv));
    assert!(!consent.grants_on(&case.item).has(Label::Genetics));
    let mut other = terms(&[Label::Hiv]);
    other.what.items_excluded = vec![case.item.id];
    assert!(
        case::sign(2, other)
            .consent
            .grants_on(&case.item)
            .is_empty()
    );
}
