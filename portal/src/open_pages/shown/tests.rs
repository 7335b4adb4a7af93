//! What closes an open page, and what does not, decided on items made up for it.

use super::next_end;
use super::seen::Seen;
use chrono::TimeDelta;
use domain::clock::Instant;
use domain::decide::{Action, Decider};
use domain::id::{
    AuthorityId, BatchId, ItemId, OrganizationId, PatientId, PersonId, RelationshipId,
};
use domain::item::{ItemFacts, ItemKind, PartFacts};
use domain::label::{Label, LabelSet};
use domain::party::{Membership, Party, Relationship, RelationshipKind, Role, Span, Viewer};
use domain::purpose::Purpose;
use domain::state::{Authority, AuthorityKind, AuthorityState, PolicyState};
use serde_json::json;
use uuid::Uuid;

const ITEM: ItemId = ItemId(Uuid::from_u128(1));
const PROGRAM: OrganizationId = OrganizationId(Uuid::from_u128(2));
const WHO: PersonId = PersonId(Uuid::from_u128(3));
const PATIENT: PatientId = PatientId(Uuid::from_u128(4));

/// What the care relationship opens, what the program opens to its own, and what neither does.
const PLAIN: LabelSet = LabelSet::EMPTY;
const OPENED: LabelSet = LabelSet::EMPTY.with(Label::MentalHealth);
const CLOSED: LabelSet = LabelSet::EMPTY.with(Label::PsychotherapyNote);

type Parts<'p> = &'p [(&'p str, LabelSet)];

fn now() -> Instant {
    Instant::from_timestamp(1_795_348_800, 0).expect("an instant")
}

fn since_yesterday() -> Span {
    Span {
        from: now() - TimeDelta::days(1),
        until: None,
    }
}

/// A clinician of the program.
fn viewer() -> Viewer {
    Viewer {
        person: WHO,
        role: Role::SudClinician,
        subject_of: None,
        memberships: vec![Membership {
            organization: PROGRAM,
            role: Role::SudClinician,
            span: since_yesterday(),
        }],
    }
}

/// They treat the patient.
fn state() -> PolicyState {
    let mut state = PolicyState::empty(PATIENT);
    state.programs.push(PROGRAM);
    state.relationships.push(Relationship {
        id: RelationshipId(Uuid::from_u128(5)),
        party: Party::Person(WHO),
        kind: RelationshipKind::Treating,
        span: since_yesterday(),
    });
    state
}

fn part((path, labels): &(&str, LabelSet)) -> PartFacts {
    serde_json::from_value(json!({ "path": path, "labels": labels })).expect("a part")
}

/// An item whose first part is its title.
fn item(parts: Parts<'_>) -> ItemFacts {
    ItemFacts {
        id: ITEM,
        resource_type: "Condition".to_owned(),
        kind: ItemKind::Condition,
        sources: vec![PROGRAM],
        authors: Vec::new(),
        service: None,
        when: None,
        recorded: now(),
        batch: BatchId(Uuid::nil()),
        parts: parts.iter().map(part).collect(),
        identifying: vec![0],
    }
}

fn seen(then: Parts<'_>, parts: &[usize]) -> Seen {
    Seen {
        item: ITEM,
        masked: false,
        parts: parts.to_vec(),
        facts: Some(item(then)),
    }
}

fn stands(seen: &mut Seen, state: &PolicyState, parts: Parts<'_>) -> bool {
    let viewer = viewer();
    let (action, purpose) = (Action::View, Purpose::Treatment);
    let decider = Decider::new(&viewer, action, purpose, now(), state);
    seen.stands(&decider, &item(parts))
}

/// POLICY §5: wherever a part comes, or goes, that the viewer may not see, the page stays.
#[test]
fn hidden_parts_come_and_go() {
    let then = [("code", PLAIN), ("note[0]", PLAIN), ("note[1]", OPENED)];
    let others: [Parts<'_>; 5] = [
        &then,
        &[
            ("code", PLAIN),
            ("extension[0]", CLOSED),
            ("note[0]", PLAIN),
            ("note[1]", OPENED),
        ],
        &[
            ("code", PLAIN),
            ("note[0]", CLOSED),
            ("note[1]", PLAIN),
            ("note[2]", OPENED),
        ],
        &[
            ("code", PLAIN),
            ("note[0]", PLAIN),
            ("note[1]", CLOSED),
            ("note[2]", OPENED),
            ("note[3]", CLOSED),
        ],
        &then,
    ];
    for other in others {
        let mut fresh = seen(&then, &[0, 1, 2]);
        assert!(stands(&mut fresh, &state(), other), "{other:?}");
    }
    // One after the other as well.
    let mut kept = seen(&then, &[0, 1, 2]);
    for other in others {
        assert!(stands(&mut kept, &state(), other), "{other:?}");
    }
}

/// What was shown and is closed now closes the page, whatever comes with it.
#[test]
fn what_is_closed_closes_the_page() {
    let then = [("code", PLAIN), ("note[0]", OPENED), ("note[1]", CLOSED)];
    let closing: [Parts<'_>; 6] = [
        // As it was, but for a label.
        &[("code", PLAIN), ("note[0]", CLOSED), ("note[1]", CLOSED)],
        // The same element in the same order, though another of it opens.
        &[
            ("code", PLAIN),
            ("extension[0]", PLAIN),
            ("note[0]", CLOSED),
            ("note[1]", OPENED),
        ],
        // What comes has less of a label than what was shown.
        &[
            ("code", PLAIN),
            ("note[0]", CLOSED),
            ("note[1]", CLOSED),
            ("note[2]", PLAIN),
        ],
        // It is gone.
        &[("code", PLAIN), ("note[0]", CLOSED)],
        &[("code", PLAIN), ("extension[0]", PLAIN)],
        // The title is closed, and with it all of the item.
        &[
            ("code", CLOSED),
            ("extension[0]", CLOSED),
            ("note[0]", OPENED),
            ("note[1]", CLOSED),
        ],
    ];
    for other in closing {
        let mut fresh = seen(&then, &[0, 1]);
        assert!(!stands(&mut fresh, &state(), other), "{other:?}");
    }
}

/// When something came beside what was shown, and one of both closes later, it may be the one that was shown.
#[test]
fn what_came_since_does_not_stand_in_for_what_was_shown() {
    let (then, both) = (
        [("code", PLAIN), ("note[0]", PLAIN)],
        [("code", PLAIN), ("note[0]", PLAIN), ("note[1]", PLAIN)],
    );
    let raised = [("code", PLAIN), ("note[0]", CLOSED), ("note[1]", PLAIN)];
    let mut kept = seen(&then, &[0, 1]);
    assert!(stands(&mut kept, &state(), &both));
    assert!(!stands(&mut kept, &state(), &raised));
}

/// What opened it is over, and at the same time an ordinary part came.
#[test]
fn an_end_counts_whatever_came_with_it() {
    let then = [("code", PLAIN), ("note[0]", OPENED)];
    let other = [("code", PLAIN), ("note[0]", OPENED), ("note[1]", PLAIN)];
    let mut ended = state();
    ended.programs.clear();
    assert!(stands(&mut seen(&then, &[0, 1]), &state(), &other));
    assert!(!stands(&mut seen(&then, &[0, 1]), &ended, &other));
    assert!(stands(&mut seen(&then, &[0]), &ended, &other));
}

/// Of what the privacy screen covers no part was shown; without its title it is gone all the same.
#[test]
fn a_masked_item_has_no_parts_to_close() {
    let mut masked = seen(&[("code", OPENED), ("note[0]", OPENED)], &[0, 1]);
    masked.masked = true;
    let note = [("code", OPENED), ("note[0]", CLOSED)];
    assert!(stands(&mut masked, &state(), &note));
    let title = [("code", CLOSED), ("note[0]", OPENED)];
    assert!(!stands(&mut masked, &state(), &title));
}

/// What time alone takes away: work that ends, or begins where a restriction waits; authorities likewise, and a
/// parent's with the eighteenth birthday.
#[test]
fn what_ends_or_begins_by_its_date() {
    let at = |days| now() + TimeDelta::days(days);
    let span = |from, until| Span {
        from: at(from),
        until: Some(at(until)),
    };
    let end = |state: &PolicyState, viewer: &Viewer| next_end(state, viewer, now());
    let (mut state, mut viewer) = (state(), viewer());
    assert_eq!(end(&state, &viewer), None);
    let parent = |majority| Authority {
        id: AuthorityId(Uuid::from_u128(6)),
        person: WHO,
        kind: AuthorityKind::ParentOfMinor { majority },
        state: AuthorityState::Verified { at: at(-2) },
        span: span(-1, 90),
    };
    state.authorities.push(parent(at(100)));
    assert_eq!(end(&state, &viewer), Some(at(90)));
    state.authorities.push(parent(at(80)));
    assert_eq!(end(&state, &viewer), Some(at(80)));
    viewer.memberships[0].span = span(-1, 70);
    assert_eq!(end(&state, &viewer), Some(at(70)));
    viewer.memberships[0].span = span(60, 70);
    assert_eq!(end(&state, &viewer), Some(at(60)));
    state.authorities[0].span = span(50, 90);
    assert_eq!(end(&state, &viewer), Some(at(50)));
    viewer.memberships[0].span = span(-3, -1);
    state.authorities.clear();
    assert_eq!(end(&state, &viewer), None);
}
