//! Random worlds: few people, few organizations, few instants, so that names, edges and coincidences meet often.

use super::tape::Tape;
use chrono::{NaiveDate, TimeDelta};
use domain::clock::Instant;
use domain::consent::{
    Consent, ConsentKind, ConsentState, Countersignature, Discloser, Expiry, Grantor, Participants,
    Recipient, Scope, Signature, StandingConsent, Terms,
};
use domain::decide::Action;
use domain::id::{
    AccountId, AuthorityId, BatchId, ConsentId, EmergencyId, ItemId, OrganizationId, PatientId,
    PersonId, RelationshipId, RestrictionId,
};
use domain::item::{ItemFacts, ItemKind, KindSet, PartFacts};
use domain::label::{Label, LabelSet};
use domain::notice::Statement;
use domain::party::{Membership, Party, Relationship, RelationshipKind, Role, Span, Viewer};
use domain::purpose::{Purpose, PurposeSet};
use domain::state::{
    Afterwards, Authority, AuthorityKind, AuthorityState, Emergency, EmergencyRecipient,
    EmergencyState, PolicyState, Restriction, RestrictionState, Survivor,
};
use uuid::Uuid;

#[derive(Clone, Debug)]
pub struct World {
    pub viewer: Viewer,
    pub action: Action,
    pub purpose: Purpose,
    pub now: Instant,
    pub state: PolicyState,
    pub items: Vec<ItemFacts>,
}

pub const PATIENT: PatientId = PatientId(Uuid::from_u128(0x0a));

pub const fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(0x100 + n))
}

pub const fn organization(n: u128) -> OrganizationId {
    OrganizationId(Uuid::from_u128(0x200 + n))
}

pub const fn item_id(n: u128) -> ItemId {
    ItemId(Uuid::from_u128(0x300 + n))
}

/// The n-th of the few instants there are; the present is mostly 4.
pub fn instant(n: usize) -> Instant {
    let base = NaiveDate::from_ymd_opt(2026, 3, 1)
        .unwrap()
        .and_hms_opt(0, 0, 0)
        .unwrap()
        .and_utc();
    base + TimeDelta::hours(i64::try_from(n).unwrap())
}

fn day(n: usize) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1 + u32::try_from(n).unwrap()).unwrap()
}

const PEOPLE: [usize; 10] = [1, 1, 1, 1, 1, 1, 1, 1, 2, 0];
const PURPOSES: [(u16, Purpose); 8] = [
    (50, Purpose::Treatment),
    (8, Purpose::Payment),
    (6, Purpose::Operations),
    (6, Purpose::CareCoordination),
    (12, Purpose::Emergency),
    (4, Purpose::Legal),
    (4, Purpose::CriminalJustice),
    (10, Purpose::Family),
];
const ROLES: [(u16, Role); 9] = [
    (38, Role::Clinician),
    (26, Role::SudClinician),
    (16, Role::Proxy),
    (8, Role::Patient),
    (4, Role::CareCoordinator),
    (5, Role::Billing),
    (1, Role::Support),
    (1, Role::PrivacyOfficer),
    (1, Role::Administrator),
];
const LABELS: [(u16, Label); 13] = [
    (16, Label::Opioids),
    (12, Label::SubstanceUse),
    (8, Label::Alcohol),
    (14, Label::Hiv),
    (10, Label::MentalHealth),
    (5, Label::Personality),
    (14, Label::Part2),
    (4, Label::General),
    (5, Label::SudCounselingNote),
    (1, Label::PsychotherapyNote),
    (8, Label::MinorConsented),
    (3, Label::PatientRequested),
    (3, Label::Unclassified),
];

impl World {
    pub fn read(tape: &mut Tape<'_>) -> Self {
        let now = instant(tape.weigh(&[(24, 4), (1, 3), (1, 5), (1, 2), (1, 6)]));
        let viewer = viewer(tape);
        let purpose = if viewer.role == Role::Billing && tape.chance(70) {
            Purpose::Payment
        } else if viewer.role == Role::Proxy && tape.chance(70) {
            Purpose::Family
        } else {
            tape.weigh(&PURPOSES)
        };
        let mut state = PolicyState::empty(PATIENT);
        state.subject = (!tape.chance(5)).then_some(person(0));
        state.majority = tape.chance(12).then(|| instant(tape.pick(&[2, 4, 5, 6])));
        state.epoch = 7;
        state.last_entry = tape
            .chance(60)
            .then(|| instant(tape.weigh(&[(20, 0), (2, 4), (1, 5)])));
        state.unreadable = tape.chance(2);
        state.programs = (0..3)
            .filter(|_| tape.chance(60))
            .map(organization)
            .collect();
        for n in 0..tape.weigh(&[(4, 1), (4, 2), (1, 0)]) {
            state.relationships.push(relationship(tape, n));
        }
        for n in 0..tape.weigh(&[(4, 1), (3, 2), (1, 0)]) {
            state.authorities.push(authority(tape, n));
        }
        for n in 0..tape.weigh(&[(12, 0), (3, 1), (1, 2)]) {
            state.restrictions.push(restriction(tape, n));
        }
        for n in 0..tape.weigh(&[(3, 0), (4, 1), (1, 2)]) {
            state.emergencies.push(emergency(tape, n));
        }
        for n in 0..tape.weigh(&[(3, 2), (4, 3), (3, 4), (1, 0), (2, 1), (1, 6)]) {
            state.consents.push(consent(tape, n, purpose));
        }
        if tape.chance(6) {
            state.withheld.push(item_id(0));
        }
        let items = (0..tape.weigh(&[(3, 1), (2, 2)]))
            .map(|n| item(tape, n))
            .collect();
        let mut world = Self {
            viewer,
            action: Action::View,
            purpose,
            now,
            state,
            items,
        };
        world.for_review(tape);
        world.with_leads(tape);
        world
    }

    /// In some worlds parts lead to items, and restrictions know what bills an item. Drawn last too.
    fn with_leads(&mut self, tape: &mut Tape<'_>) {
        if !tape.chance(25) {
            return;
        }
        for part in self.items.iter_mut().flat_map(|item| &mut item.parts) {
            if tape.chance(50) {
                part.leads_to = vec![item_id(tape.pick(&[0, 1, 2]))];
            }
        }
        for restriction in &mut self.state.restrictions {
            if tape.chance(50) {
                restriction.billing = vec![item_id(tape.pick(&[0, 1, 2]))];
            }
        }
    }

    /// Some worlds are a privacy officer's, mostly one who may look. Drawn last, so that the others stay as they were.
    fn for_review(&mut self, tape: &mut Tape<'_>) {
        if !tape.chance(8) {
            return;
        }
        self.action = Action::Review;
        if !tape.chance(8) {
            self.purpose = Purpose::Operations;
        }
        if !tape.chance(8) {
            self.viewer.role = Role::PrivacyOfficer;
        }
        for membership in &mut self.viewer.memberships {
            if !tape.chance(8) {
                membership.role = Role::PrivacyOfficer;
            }
        }
        self.state.under_review = (0..4).filter(|_| !tape.chance(20)).map(item_id).collect();
    }
}

fn span(tape: &mut Tape<'_>) -> Span {
    Span {
        from: instant(tape.weigh(&[(20, 0), (2, 4), (1, 5), (1, 3)])),
        until: match tape.weigh(&[(20, 0), (2, 4), (2, 5), (1, 3)]) {
            0 => None,
            n => Some(instant(n)),
        },
    }
}

fn some_person(tape: &mut Tape<'_>) -> PersonId {
    person(tape.pick(&PEOPLE) as u128)
}

fn some_organization(tape: &mut Tape<'_>) -> OrganizationId {
    organization(tape.pick(&[0_u128, 0, 0, 0, 0, 0, 1, 2]))
}

fn party(tape: &mut Tape<'_>) -> Party {
    if tape.chance(50) {
        Party::Organization(some_organization(tape))
    } else {
        Party::Person(some_person(tape))
    }
}

fn viewer(tape: &mut Tape<'_>) -> Viewer {
    let role = tape.weigh(&ROLES);
    let who = if role == Role::Patient && !tape.chance(10) {
        person(0)
    } else {
        some_person(tape)
    };
    let memberships = (0..tape.weigh(&[(6, 1), (2, 2), (1, 0)]))
        .map(|_| Membership {
            organization: some_organization(tape),
            role: if tape.chance(12) {
                tape.weigh(&ROLES)
            } else {
                role
            },
            span: span(tape),
        })
        .collect();
    Viewer {
        person: who,
        role,
        subject_of: match tape.weigh(&[(8, 0), (1, 1), (1, 2)]) {
            0 => Some(PATIENT),
            1 => None,
            _ => Some(PatientId(Uuid::from_u128(0x0b))),
        },
        memberships,
    }
}

fn relationship(tape: &mut Tape<'_>, n: usize) -> Relationship {
    Relationship {
        id: RelationshipId(Uuid::from_u128(0x400 + n as u128)),
        party: party(tape),
        kind: tape.weigh(&[
            (6, RelationshipKind::Treating),
            (2, RelationshipKind::Coordinating),
            (1, RelationshipKind::Payer),
            (1, RelationshipKind::Operations),
        ]),
        span: span(tape),
    }
}

fn authority(tape: &mut Tape<'_>, n: usize) -> Authority {
    let kind = match tape.weigh(&[(3, 0), (3, 1), (3, 2), (1, 3), (1, 4), (1, 5), (1, 6)]) {
        0 => AuthorityKind::ChosenByAdult,
        1 => AuthorityKind::ParentOfMinor {
            majority: instant(tape.pick(&[6, 5, 4, 3])),
        },
        2 => {
            let everything = LabelSet::SEGMENTS.with(Label::Part2);
            let scope = if tape.chance(50) {
                everything
            } else {
                scope_labels(tape, 40)
            };
            AuthorityKind::Guardian { scope }
        }
        3 => AuthorityKind::Director,
        4 => AuthorityKind::AfterDeath(Survivor::Executor),
        5 => AuthorityKind::AfterDeath(Survivor::Spouse),
        _ => AuthorityKind::AfterDeath(Survivor::Family),
    };
    let at = instant(tape.weigh(&[(8, 0), (1, 4), (1, 5)]));
    Authority {
        id: AuthorityId(Uuid::from_u128(0x500 + n as u128)),
        person: some_person(tape),
        kind,
        state: match tape.weigh(&[(8, 0), (1, 1), (1, 2)]) {
            0 => AuthorityState::Verified { at },
            1 => AuthorityState::Claimed,
            _ => AuthorityState::Refused {
                at,
                verified: tape.chance(50).then(|| instant(0)),
            },
        },
        span: span(tape),
    }
}

fn restriction(tape: &mut Tape<'_>, n: usize) -> Restriction {
    let recipients = (0..tape.weigh(&[(3, 1), (1, 2), (1, 0)]))
        .map(|_| party(tape))
        .collect();
    let at = instant(0);
    Restriction {
        id: RestrictionId(Uuid::from_u128(0x600 + n as u128)),
        recipients,
        labels: if tape.chance(2) {
            unreadable()
        } else {
            scope_labels(tape, 20)
        },
        items: if tape.chance(15) {
            vec![item_id(0)]
        } else {
            Vec::new()
        },
        billing: Vec::new(),
        paid_in_full: tape.chance(30),
        state: match tape.weigh(&[(4, 0), (2, 1), (1, 2), (1, 3)]) {
            0 => RestrictionState::Agreed { at },
            1 => RestrictionState::Requested,
            2 => RestrictionState::Refused { at },
            _ => RestrictionState::Ended { at },
        },
        span: span(tape),
    }
}

fn emergency(tape: &mut Tape<'_>, n: usize) -> Emergency {
    let from = tape.pick(&[
        instant(3) + TimeDelta::seconds(1),
        instant(3) + TimeDelta::minutes(45),
        instant(4),
        instant(5),
    ]);
    let words = |tape: &mut Tape<'_>| {
        if tape.chance(4) {
            " ".to_owned()
        } else {
            "words".to_owned()
        }
    };
    Emergency {
        id: EmergencyId(Uuid::from_u128(0x700 + n as u128)),
        person: some_person(tape),
        role: tape.weigh(&[
            (9, Role::Clinician),
            (3, Role::SudClinician),
            (1, Role::Administrator),
        ]),
        affiliation: organization(0),
        recipient: EmergencyRecipient {
            name: "words".to_owned(),
            affiliation: "words".to_owned(),
        },
        discloser: words(tape),
        disclosers: Vec::new(),
        nature: words(tape),
        without_consent: words(tape),
        state: match tape.weigh(&[(8, 0), (1, 1), (1, 2)]) {
            0 => EmergencyState::Open,
            _ => EmergencyState::Closed { at: instant(3) },
        },
        span: Span {
            from,
            until: match tape.weigh(&[(8, 0), (1, 1), (1, 2), (1, 3)]) {
                0 => Some(
                    from + TimeDelta::minutes(15 * (1 + i64::try_from(tape.below(4)).unwrap())),
                ),
                1 => None,
                2 => Some(from + TimeDelta::hours(1)),
                _ => Some(from + TimeDelta::hours(1) + TimeDelta::seconds(1)),
            },
        },
        after: Afterwards::default(),
    }
}

/// A label set with a bit that no label has.
pub fn unreadable() -> LabelSet {
    serde_json::from_value(serde_json::json!(1_u64 << 60)).unwrap()
}

fn scope_labels(tape: &mut Tape<'_>, percent: usize) -> LabelSet {
    let mut labels = LabelSet::EMPTY;
    for label in [
        Label::General,
        Label::SubstanceUse,
        Label::Opioids,
        Label::Alcohol,
        Label::Hiv,
        Label::MentalHealth,
        Label::Personality,
        Label::Part2,
    ] {
        if tape.chance(percent) {
            labels = labels.with(label);
        }
    }
    labels
}

fn signature(at: Instant, tape: &mut Tape<'_>) -> Signature {
    Signature {
        typed_name: if tape.chance(2) {
            " ".to_owned()
        } else {
            "A Name".to_owned()
        },
        account: AccountId(Uuid::from_u128(0x0c)),
        stepped_up_at: if tape.chance(2) {
            at + TimeDelta::seconds(1)
        } else {
            at
        },
        signed_at: at,
    }
}

/// A consent that is mostly one that can stand, and now and then lacks something.
#[allow(clippy::too_many_lines, reason = "one field after the other")]
fn consent(tape: &mut Tape<'_>, n: usize, asked: Purpose) -> StandingConsent {
    let kind = match asked {
        Purpose::Legal if !tape.chance(20) => ConsentKind::Legal,
        Purpose::CriminalJustice if !tape.chance(20) => ConsentKind::CriminalJustice,
        Purpose::Family if tape.chance(70) => ConsentKind::Proxy,
        _ => tape.weigh(&[
            (14, ConsentKind::Specific),
            (3, ConsentKind::Tpo),
            (3, ConsentKind::Notes),
            (1, ConsentKind::Proxy),
            (1, ConsentKind::Legal),
            (1, ConsentKind::CriminalJustice),
        ]),
    };
    let mut purposes = match kind {
        ConsentKind::Tpo => PurposeSet::TPO,
        ConsentKind::Legal => PurposeSet::of([Purpose::Legal]),
        ConsentKind::CriminalJustice => PurposeSet::of([Purpose::CriminalJustice]),
        _ => PurposeSet::of([asked]),
    };
    for more in [
        Purpose::Treatment,
        Purpose::Payment,
        Purpose::Fundraising,
        Purpose::Legal,
        Purpose::Research,
    ] {
        if tape.chance(3) {
            purposes = purposes.with(more);
        }
    }
    let mut include = if tape.chance(65) {
        LabelSet::SEGMENTS.with(Label::Part2)
    } else {
        scope_labels(tape, 45)
    };
    if (kind == ConsentKind::Notes) != tape.chance(2) {
        include = include.with(tape.pick(&[Label::SudCounselingNote, Label::PsychotherapyNote]));
    }
    for odd in [
        Label::Unclassified,
        Label::PatientRequested,
        Label::MinorConsented,
    ] {
        if tape.chance(2) {
            include = include.with(odd);
        }
    }
    let mut exclude = if tape.chance(20) {
        scope_labels(tape, 15)
    } else {
        LabelSet::EMPTY
    };
    for odd in [
        Label::MinorConsented,
        Label::PatientRequested,
        Label::SudCounselingNote,
    ] {
        if tape.chance(2) {
            exclude = exclude.with(odd);
        }
    }
    let start = instant(tape.weigh(&[(16, 0), (1, 4), (1, 5)]));
    let mut statements: Vec<Statement> = Statement::required_for(kind, purposes).collect();
    if tape.chance(2) {
        statements.pop();
    }
    let signed_at = instant(tape.weigh(&[(16, 1), (1, 4), (1, 5), (2, 2)]));
    let terms = Terms {
        kind,
        patient: if tape.chance(2) {
            PatientId(Uuid::from_u128(0x0b))
        } else {
            PATIENT
        },
        grantor: if tape.chance(15) {
            Grantor::Proxy {
                person: some_person(tape),
                authority: AuthorityId(Uuid::from_u128(0x500)),
            }
        } else {
            Grantor::Patient
        },
        from: if tape.chance(20) {
            let some: Vec<u128> = tape.some(&[0, 1, 2], 60);
            Discloser::Organizations(some.into_iter().map(organization).collect())
        } else {
            Discloser::AnyProvider
        },
        to: recipients(tape, kind),
        purposes,
        patient_started: !tape.chance(10),
        what: Scope {
            include,
            exclude,
            kinds: match tape.weigh(&[(20, 0), (3, 1), (1, 2)]) {
                0 => KindSet::ALL,
                1 => KindSet::of([ItemKind::Condition, ItemKind::Claim]),
                _ => KindSet::EMPTY,
            },
            service_from: tape.chance(7).then(|| day(tape.pick(&[0, 5, 10]))),
            service_until: tape.chance(7).then(|| day(tape.pick(&[20, 5, 10]))),
            items_included: if tape.chance(12) {
                vec![item_id(0)]
            } else {
                Vec::new()
            },
            items_excluded: if tape.chance(6) {
                vec![item_id(0)]
            } else {
                Vec::new()
            },
            existing_at: tape.chance(7).then(|| instant(tape.pick(&[1, 0, 2]))),
        },
        start,
        expiry: match tape.weigh(&[(20, 0), (2, 1), (2, 2), (1, 3), (2, 4), (1, 5), (1, 6)]) {
            0 => Some(Expiry::At(instant(9))),
            1 => Some(Expiry::At(instant(tape.pick(&[4, 5, 3])))),
            2 => Some(Expiry::None),
            3 => Some(Expiry::EndOfTreatment),
            4 => Some(Expiry::Event(if tape.chance(20) {
                String::new()
            } else {
                "it happens".to_owned()
            })),
            5 => Some(Expiry::EndOfResearch),
            _ => None,
        },
        statements,
    };
    StandingConsent {
        consent: signed(tape, n, terms, signed_at),
        state: match tape.weigh(&[(24, 0), (1, 1), (1, 2), (1, 3), (1, 4)]) {
            0 => ConsentState::Active,
            1 => ConsentState::Revoked { at: instant(3) },
            2 => ConsentState::Suspended { at: instant(3) },
            3 => ConsentState::Superseded {
                at: instant(3),
                by: ConsentId(Uuid::from_u128(0x8ff)),
            },
            _ => ConsentState::Ended { at: instant(3) },
        },
    }
}

fn recipients(tape: &mut Tape<'_>, kind: ConsentKind) -> Vec<Recipient> {
    if tape.chance(2) {
        return Vec::new();
    }
    let mut to = vec![if kind == ConsentKind::Tpo && tape.chance(60) {
        Recipient::TpoClass
    } else if kind == ConsentKind::Proxy && !tape.chance(5) {
        Recipient::Person(some_person(tape))
    } else {
        recipient(tape)
    }];
    if tape.chance(15) {
        to.push(recipient(tape));
    }
    to
}

fn recipient(tape: &mut Tape<'_>) -> Recipient {
    match tape.weigh(&[(9, 0), (7, 1), (4, 2), (1, 3), (2, 4), (1, 5)]) {
        0 => Recipient::Person(some_person(tape)),
        1 => Recipient::Organization(some_organization(tape)),
        2 => Recipient::TreatingProviders,
        3 => Recipient::TpoClass,
        4 => Recipient::Intermediary {
            organization: some_organization(tape),
            participants: match tape.weigh(&[(3, 0), (3, 1), (1, 2)]) {
                0 => Participants::Named(vec![party(tape)]),
                1 => Participants::TreatingProviders,
                _ => Participants::Named(Vec::new()),
            },
        },
        _ => Recipient::Named(tape.pick(&["An aunt", " "]).to_owned()),
    }
}

/// A consent as a store could hand it over, also one that could never have been signed.
pub fn signed(tape: &mut Tape<'_>, n: usize, terms: Terms, at: Instant) -> Consent {
    let simple = Terms {
        kind: ConsentKind::Specific,
        patient: PATIENT,
        grantor: Grantor::Patient,
        from: Discloser::AnyProvider,
        to: vec![Recipient::TreatingProviders],
        purposes: PurposeSet::of([Purpose::Treatment]),
        patient_started: true,
        what: Scope::labels(LabelSet::of([Label::Hiv])),
        start: at,
        expiry: Some(Expiry::At(at + TimeDelta::hours(1))),
        statements: Statement::required(ConsentKind::Specific).to_vec(),
    };
    let id = ConsentId(Uuid::from_u128(0x800 + n as u128));
    let good = Signature {
        typed_name: "A Name".to_owned(),
        account: AccountId(Uuid::from_u128(0x0c)),
        stepped_up_at: at,
        signed_at: at,
    };
    let mut consent = Consent::sign(id, None, simple, good.clone()).unwrap();
    if tape.chance(25) {
        let other = Countersignature {
            person: some_person(tape),
            authority: AuthorityId(Uuid::from_u128(0x500)),
            signature: Signature {
                signed_at: instant(tape.pick(&[1, 4, 5])).max(at),
                ..good
            },
        };
        consent = consent.countersign(other).unwrap();
    }
    if tape.chance(2) {
        let mut stored = serde_json::to_value(&consent).unwrap();
        stored["format"] = serde_json::json!(2);
        consent = serde_json::from_value(stored).unwrap();
    }
    if tape.chance(2) {
        consent.version = 0;
    }
    consent.signature = signature(at, tape);
    consent.terms = terms;
    consent
}

pub fn item(tape: &mut Tape<'_>, n: usize) -> ItemFacts {
    let sources: Vec<OrganizationId> = match tape.weigh(&[(8, 1), (1, 0), (1, 2)]) {
        0 => Vec::new(),
        1 => vec![some_organization(tape)],
        _ => vec![some_organization(tape), some_organization(tape)],
    };
    let kind = tape.weigh(&[
        (5, ItemKind::Condition),
        (2, ItemKind::Claim),
        (2, ItemKind::Document),
        (1, ItemKind::Demographics),
        (1, ItemKind::Plan),
    ]);
    let paths = ["code", "note[0]", "name[1]", "subject", "onsetDateTime"];
    let parts: Vec<PartFacts> = (0..tape.weigh(&[(3, 1), (3, 2), (2, 3)]))
        .map(|at| PartFacts {
            path: if at == 0 {
                "code".to_owned()
            } else {
                tape.pick(&paths).to_owned()
            },
            labels: part_labels(tape),
            leads_to: Vec::new(),
        })
        .collect();
    let first = tape.pick(&[5, 0, 10]);
    ItemFacts {
        id: item_id(n as u128),
        resource_type: "Condition".to_owned(),
        kind,
        sources,
        authors: if tape.chance(25) {
            vec![some_person(tape)]
        } else {
            Vec::new()
        },
        service: (!tape.chance(20)).then(|| (day(first), day(first + tape.pick(&[0, 5])))),
        when: Some(instant(tape.below(4))),
        recorded: instant(tape.pick(&[1, 0, 2])),
        batch: BatchId(Uuid::from_u128(0x900)),
        identifying: vec![0],
        parts,
    }
}

pub fn part_labels(tape: &mut Tape<'_>) -> LabelSet {
    if tape.chance(1) {
        return unreadable();
    }
    let count = tape.weigh(&[(6, 0), (8, 1), (4, 2), (1, 3)]);
    (0..count).map(|_| tape.weigh(&LABELS)).collect()
}
