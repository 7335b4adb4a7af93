//! Changing a consent begins with a draft of it: whatever the consent says, the draft says too (POLICY §3).

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use domain::consent::{
    Consent, ConsentKind, Discloser, ENDING_EVENTS, Expiry, Grantor, Participants, Recipient,
    Scope, Signature, Terms,
};
use domain::id::{AccountId, ConsentId, ItemId, OrganizationId, PatientId, PersonId};
use domain::item::{KINDS, KindSet};
use domain::label::{ALL as LABELS, Label, LabelSet};
use domain::notice::Statement;
use domain::party::Party;
use domain::purpose::{ALL as PURPOSES, Purpose, PurposeSet};
use portal::{days::end_of, sharing::draft::Draft};
use proptest::prelude::*;
use uuid::Uuid;

const ZONE: chrono_tz::Tz = chrono_tz::America::New_York;

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0)
        .single()
        .expect("an instant")
}

fn id() -> impl Strategy<Value = Uuid> {
    (1_u128..9).prop_map(Uuid::from_u128)
}

fn parties() -> impl Strategy<Value = Vec<Party>> {
    let party = prop_oneof![
        id().prop_map(|id| Party::Person(PersonId(id))),
        id().prop_map(|id| Party::Organization(OrganizationId(id))),
    ];
    prop::collection::vec(party, 1..4)
}

fn recipient() -> impl Strategy<Value = Recipient> {
    prop_oneof![
        id().prop_map(|id| Recipient::Person(PersonId(id))),
        id().prop_map(|id| Recipient::Organization(OrganizationId(id))),
        Just(Recipient::TreatingProviders),
        Just(Recipient::Named("Rosa Reyes".to_owned())),
        (id(), parties()).prop_map(|(id, named)| Recipient::Intermediary {
            organization: OrganizationId(id),
            participants: Participants::Named(named),
        }),
        id().prop_map(|id| Recipient::Intermediary {
            organization: OrganizationId(id),
            participants: Participants::TreatingProviders,
        }),
    ]
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (0_i64..9_000).prop_map(|days| {
        NaiveDate::from_ymd_opt(2026, 12, 1).expect("a day") + chrono::TimeDelta::days(days)
    })
}

fn expiry() -> impl Strategy<Value = Expiry> {
    prop_oneof![
        day().prop_map(|day| Expiry::At(end_of(day, ZONE))),
        (1_i64..90_000_000).prop_map(|s| Expiry::At(now() + chrono::TimeDelta::seconds(s))),
        prop::sample::select(ENDING_EVENTS.to_vec()).prop_map(domain::consent::EndingEvent::expiry),
        Just(Expiry::Event("the snow melts".to_owned())),
        Just(Expiry::None),
        Just(Expiry::EndOfTreatment),
        Just(Expiry::EndOfResearch),
    ]
}

fn labels() -> impl Strategy<Value = LabelSet> {
    prop::sample::subsequence(LABELS.to_vec(), 0..LABELS.len()).prop_map(LabelSet::of)
}

fn scope() -> impl Strategy<Value = Scope> {
    let kinds = prop_oneof![
        Just(KindSet::ALL),
        prop::sample::subsequence(KINDS.to_vec(), 0..KINDS.len()).prop_map(KindSet::of),
    ];
    let items = || prop::collection::vec(id().prop_map(ItemId), 0..3);
    (
        labels(),
        labels(),
        kinds,
        prop::option::of(day()),
        prop::option::of(day()),
        items(),
        items(),
        any::<bool>(),
    )
        .prop_map(
            |(include, exclude, kinds, from, until, put_in, left_out, future)| Scope {
                include,
                exclude,
                kinds,
                service_from: from,
                service_until: until,
                items_included: put_in,
                items_excluded: left_out,
                existing_at: (!future).then(now),
            },
        )
}

fn purposes(kind: ConsentKind) -> BoxedStrategy<PurposeSet> {
    match kind {
        ConsentKind::Tpo => Just(PurposeSet::TPO).boxed(),
        ConsentKind::Legal => Just(PurposeSet::of([Purpose::Legal])).boxed(),
        ConsentKind::CriminalJustice => Just(PurposeSet::of([Purpose::CriminalJustice])).boxed(),
        ConsentKind::Specific | ConsentKind::Notes | ConsentKind::Proxy => {
            prop::sample::subsequence(PURPOSES.to_vec(), 1..4)
                .prop_map(PurposeSet::of)
                .boxed()
        }
    }
}

/// Terms of that kind; most random ones lack something, so a few answers are put right.
fn terms(kind: ConsentKind) -> impl Strategy<Value = Terms> {
    let from = prop_oneof![
        Just(Discloser::AnyProvider),
        prop::collection::vec(id().prop_map(OrganizationId), 1..3)
            .prop_map(Discloser::Organizations),
    ];
    (
        from,
        prop::collection::vec(recipient(), 1..4),
        purposes(kind),
        any::<bool>(),
        scope(),
        expiry(),
        any::<bool>(),
    )
        .prop_map(
            move |(from, mut to, purposes, patient_started, mut what, expiry, with_class)| {
                what.include = what.include.minus(LabelSet::NOTES).with(Label::Hiv);
                what.exclude = what.exclude.without(Label::Hiv);
                match kind {
                    ConsentKind::Notes => {
                        what.include = what.include.with(Label::SudCounselingNote);
                    }
                    ConsentKind::Proxy => {
                        to = vec![Recipient::Person(PersonId(Uuid::from_u128(5)))];
                    }
                    // With the words of the rule, or with recipients named one by one.
                    ConsentKind::Tpo if with_class => to.push(Recipient::TpoClass),
                    _ => {}
                }
                Terms {
                    kind,
                    patient: PatientId(Uuid::from_u128(1)),
                    grantor: Grantor::Patient,
                    from,
                    to,
                    purposes,
                    patient_started,
                    what,
                    start: now(),
                    expiry: Some(expiry),
                    statements: Statement::said_on(kind, purposes).collect(),
                }
            },
        )
        .prop_filter("can be signed", |terms| terms.deficiencies().is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, max_global_rejects: 60_000, ..ProptestConfig::default() })]

    /// POLICY §3: of a consent of any kind, the draft to change it makes the very same terms again, but for when they
    /// begin.
    #[test]
    fn a_consent_comes_back_whole(terms in prop::sample::select(vec![
        ConsentKind::Specific,
        ConsentKind::Tpo,
        ConsentKind::Notes,
        ConsentKind::Legal,
        ConsentKind::Proxy,
        ConsentKind::CriminalJustice,
    ]).prop_flat_map(terms)) {
        let consent = Consent::sign(
            ConsentId(Uuid::from_u128(2)),
            None,
            terms.clone(),
            Signature {
                typed_name: "A Name".to_owned(),
                account: AccountId(Uuid::from_u128(3)),
                stepped_up_at: now(),
                signed_at: now(),
            },
        );
        let consent = consent.expect("nothing is missing");
        let draft = Draft::of_consent(Uuid::from_u128(4), &consent, ZONE);
        // What is kept between two pages is what comes back.
        let kept = serde_json::to_vec(&draft).expect("a draft is kept");
        let draft: Draft = serde_json::from_slice(&kept).expect("a draft is read");
        prop_assert!(draft.terms(terms.patient, now(), ZONE) == terms);
    }
}

/// A draft of the time before there were so many kinds still goes on.
#[test]
fn a_draft_of_an_earlier_version_is_read() {
    let mut value = serde_json::to_value(Draft::new(Uuid::from_u128(4))).expect("a draft");
    let members = value.as_object_mut().expect("an object");
    for new in ["apart", "patient_started", "from", "kinds", "replaces"] {
        assert!(members.remove(new).is_some(), "{new}");
    }
    let read: Draft = serde_json::from_value(value).expect("a draft");
    assert!(read == Draft::new(Uuid::from_u128(4)));
}
