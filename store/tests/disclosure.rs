//! Nothing opens without a committed entry, and no entry commits on a state that no longer stands.

use crate::world::{NOTE, TITLE, World};
use chrono::TimeDelta;
use domain::consent::{Consent, ConsentState, Expiry};
use domain::decide::Permit;
use domain::id::AccountId;
use domain::label::{Label, LabelSet};
use domain::party::{Party, Role};
use store::{DiscloseError, Error, Event, HistoryQuery, SealedItem, Shown};
use uuid::Uuid;

fn opioids() -> LabelSet {
    LabelSet::of([Label::Opioids, Label::General])
}

async fn clinicians_view(world: &World) -> (Vec<Permit>, Vec<SealedItem>) {
    let (viewer, _) = world.as_clinician();
    let chart = world.chart().await;
    world.permits(&viewer, &chart).await
}

async fn signed(world: &World) -> Consent {
    let consent = world.consent(opioids(), world.in_a_year());
    world
        .store()
        .sign_consent(
            &world.as_subject().1,
            consent.clone(),
            store::testing::document(),
        )
        .await
        .unwrap();
    consent
}

#[tokio::test]
async fn the_subject_sees_everything_after_it_is_logged() {
    let world = World::new().await;
    let (viewer, stamp) = world.as_subject();
    let chart = world.chart().await;
    let (permits, sealed) = world.permits(&viewer, &chart).await;
    assert_eq!(permits.len(), 3);
    let receipt = world
        .store()
        .disclose(&stamp, permits, &sealed)
        .await
        .unwrap();
    assert_eq!(
        receipt.seq(),
        world.store().history_count(world.patient).await.unwrap()
    );
    for item in sealed {
        let shown = world.store().vault().open(item, &receipt).unwrap();
        let Shown::Open {
            facts,
            resource,
            basis,
        } = &*shown
        else {
            panic!("the subject's items are open");
        };
        assert_eq!(resource["code"]["text"], TITLE);
        assert_eq!(resource["note"][0]["text"], NOTE);
        let reasons = basis.read().unwrap();
        assert_eq!(facts.parts.len(), reasons.len());
        assert!(reasons.iter().any(|why| !why.is_empty()));
    }
    let history = world
        .store()
        .history(world.patient, HistoryQuery::default())
        .await
        .unwrap();
    let newest = &history[0];
    assert_eq!(newest.seq, receipt.seq());
    assert!(matches!(&newest.body.event, Event::Disclosed { items, .. } if items.len() == 3));
}

#[tokio::test]
async fn a_consent_opens_its_parts_and_no_others() {
    let world = World::new().await;
    let (permits, _) = clinicians_view(&world).await;
    assert!(permits.is_empty(), "nothing without a consent");
    signed(&world).await;
    let (permits, sealed) = clinicians_view(&world).await;
    assert_eq!(permits.len(), 3);
    let receipt = world
        .store()
        .disclose(&world.as_clinician().1, permits, &sealed)
        .await
        .unwrap();
    for item in sealed {
        let shown = world.store().vault().open(item, &receipt).unwrap();
        let Shown::Open {
            facts, resource, ..
        } = &*shown
        else {
            panic!("not masked");
        };
        assert!(!facts.parts.iter().any(|part| part.path == "note[0]"));
        assert!(!resource.to_string().contains(NOTE));
        assert_eq!(resource["code"]["text"], TITLE);
        let identifying = usize::from(facts.identifying[0]);
        assert_eq!(facts.parts[identifying].path, "code");
    }
}

#[tokio::test]
async fn a_masked_permit_opens_no_content() {
    let world = World::new().await;
    let (viewer, stamp) = world.as_subject();
    let chart = world.chart().await;
    let (permits, sealed) = world.permits(&viewer, &chart).await;
    let permits = permits.into_iter().map(Permit::masked).collect();
    let receipt = world
        .store()
        .disclose(&stamp, permits, &sealed)
        .await
        .unwrap();
    for item in sealed {
        let shown = world.store().vault().open(item, &receipt).unwrap();
        assert!(matches!(&*shown, Shown::Masked { labels, .. } if labels.has(Label::MentalHealth)));
    }
}

#[tokio::test]
async fn after_a_revocation_old_permits_are_stale() {
    let world = World::new().await;
    let consent = signed(&world).await;
    let (permits, sealed) = clinicians_view(&world).await;
    let revoked = world
        .store()
        .revoke_consent(&world.as_subject().1, world.patient, consent.id)
        .await
        .unwrap();
    let refused = world
        .store()
        .disclose(&world.as_clinician().1, permits, &sealed)
        .await;
    assert!(matches!(refused, Err(DiscloseError::Stale)));
    assert_eq!(
        world.store().history_count(world.patient).await.unwrap(),
        revoked.seq,
        "a refused disclosure leaves no entry"
    );
    assert!(clinicians_view(&world).await.0.is_empty());
    let standing = world
        .store()
        .consent(world.patient, consent.id)
        .await
        .unwrap()
        .unwrap();
    assert!(matches!(standing.state, ConsentState::Revoked { .. }));
    let again = world
        .store()
        .revoke_consent(&world.as_subject().1, world.patient, consent.id)
        .await;
    assert!(matches!(again, Err(store::ChangeError::AlreadyEnded)));
}

#[tokio::test]
async fn a_consent_that_ran_out_since_the_decision_discloses_nothing() {
    let world = World::new().await;
    let now = domain::clock::Clock::now(world.temp.clock.as_ref());
    let consent = world.consent(opioids(), Expiry::At(now + TimeDelta::seconds(10)));
    world
        .store()
        .sign_consent(&world.as_subject().1, consent, store::testing::document())
        .await
        .unwrap();
    let (permits, sealed) = clinicians_view(&world).await;
    assert!(!permits.is_empty());
    world.temp.clock.advance(TimeDelta::seconds(10));
    let refused = world
        .store()
        .disclose(&world.as_clinician().1, permits, &sealed)
        .await;
    assert!(matches!(refused, Err(DiscloseError::Stale)));
}

#[tokio::test]
async fn an_old_decision_is_stale() {
    let world = World::new().await;
    signed(&world).await;
    let (permits, sealed) = clinicians_view(&world).await;
    world.temp.clock.advance(TimeDelta::seconds(31));
    let refused = world
        .store()
        .disclose(&world.as_clinician().1, permits, &sealed)
        .await;
    assert!(matches!(refused, Err(DiscloseError::Stale)));
}

#[tokio::test]
async fn permits_are_the_actors_own_and_have_their_items() {
    let world = World::new().await;
    signed(&world).await;
    let (permits, sealed) = clinicians_view(&world).await;
    let other = world
        .store()
        .disclose(&world.as_subject().1, permits, &sealed)
        .await;
    assert!(matches!(other, Err(DiscloseError::Store(_))));
    let (permits, _) = clinicians_view(&world).await;
    let without = world
        .store()
        .disclose(&world.as_clinician().1, permits, &sealed[1..])
        .await;
    assert!(matches!(without, Err(DiscloseError::Store(_))));
    let none = world
        .store()
        .disclose(&world.as_clinician().1, Vec::new(), &sealed)
        .await;
    assert!(matches!(none, Err(DiscloseError::Store(_))));
}

#[tokio::test]
async fn a_receipt_opens_only_what_it_names() {
    let world = World::new().await;
    let (viewer, stamp) = world.as_subject();
    let chart = world.chart().await;
    let (mut permits, sealed) = world.permits(&viewer, &chart).await;
    permits.truncate(1);
    let permitted = permits[0].item();
    let receipt = world
        .store()
        .disclose(&stamp, permits, &sealed)
        .await
        .unwrap();
    for item in sealed {
        let id = item.id();
        let opened = world.store().vault().open(item, &receipt);
        assert_eq!(opened.is_ok(), id == permitted);
    }
}

#[tokio::test]
async fn a_view_that_showed_nothing_is_logged_at_its_epoch_only() {
    let world = World::new().await;
    let stamp = world.as_clinician().1;
    let epoch = world.chart().await.state.epoch;
    let view = |epoch| {
        world.store().record_view(
            &stamp,
            world.patient,
            epoch,
            domain::decide::Action::View,
            domain::purpose::Purpose::Treatment,
        )
    };
    view(epoch).await.unwrap();
    signed(&world).await;
    assert!(matches!(view(epoch).await, Err(DiscloseError::Stale)));
}

#[tokio::test]
async fn a_new_version_supersedes_in_one_step() {
    let world = World::new().await;
    let stamp = world.as_subject().1;
    let first = signed(&world).await;
    let second = world.next_version(&first);
    let other = world.next_version(&first);
    world
        .store()
        .sign_consent(&stamp, second.clone(), store::testing::document())
        .await
        .unwrap();
    let state = world
        .store()
        .consent(world.patient, first.id)
        .await
        .unwrap()
        .unwrap()
        .state;
    assert!(matches!(state, ConsentState::Superseded { by, .. } if by == second.id));
    let late = world
        .store()
        .sign_consent(&stamp, other.clone(), store::testing::document())
        .await;
    assert!(matches!(late, Err(store::Error::AlreadyEnded)));
    let kept = world
        .store()
        .consent(world.patient, other.id)
        .await
        .unwrap();
    assert!(kept.is_none(), "nothing of a refused signature stays");
    assert!(world.store().verify(|_, _| {}).await.unwrap().is_sound());
}

#[tokio::test]
async fn a_named_party_finds_the_patient() {
    let world = World::new().await;
    let party = Party::Person(world.clinician);
    let before = world.store().patients_reaching(&[party]).await.unwrap();
    assert!(before.is_empty());
    signed(&world).await;
    let after = world.store().patients_reaching(&[party]).await.unwrap();
    assert_eq!(after, vec![world.patient]);
}

#[tokio::test]
async fn a_role_or_program_change_makes_permits_stale() {
    let world = World::new().await;
    signed(&world).await;
    let (permits, sealed) = clinicians_view(&world).await;
    world
        .store()
        .put_organization(
            &store::Stamp::SYSTEM,
            store::OrganizationRecord {
                part2_program: true,
                ..store::OrganizationRecord::named(world.hospital, "General Hospital")
            },
        )
        .await
        .unwrap();
    let refused = world
        .store()
        .disclose(&world.as_clinician().1, permits, &sealed)
        .await;
    assert!(matches!(refused, Err(DiscloseError::Stale)));
    let state = world.chart().await.state;
    assert_eq!(state.programs, vec![world.hospital]);
}

#[tokio::test]
async fn other_roles_of_an_account_make_permits_stale() {
    let world = World::new().await;
    signed(&world).await;
    let mut account = store::Account {
        id: domain::id::AccountId(uuid::Uuid::from_u128(7)),
        sign_in: "ignatius@example.org".to_owned(),
        password_hash: None,
        totp_secret: None,
        recovery_codes: Vec::new(),
        passkeys: Vec::new(),
        person: world.clinician,
        roles: vec![Role::Clinician],
        created: domain::clock::Clock::now(world.temp.clock.as_ref()),
    };
    let store = world.store();
    store
        .create_account(&store::Stamp::SYSTEM, account.clone())
        .await
        .unwrap();
    let (permits, sealed) = clinicians_view(&world).await;
    let epoch = world.chart().await.state.epoch;
    account.password_hash = Some("$argon2id$".to_owned());
    store
        .update_account(&store::Stamp::SYSTEM, account.clone())
        .await
        .unwrap();
    assert_eq!(
        world.chart().await.state.epoch,
        epoch,
        "nothing to decide on"
    );
    account.roles = vec![Role::Support];
    store
        .update_account(&store::Stamp::SYSTEM, account.clone())
        .await
        .unwrap();
    let refused = store
        .disclose(&world.as_clinician().1, permits, &sealed)
        .await;
    assert!(matches!(refused, Err(DiscloseError::Stale)));
    let epoch = world.chart().await.state.epoch;
    store
        .change_account(&store::Stamp::SYSTEM, account.id, |account| {
            account.roles.clear();
            Some(())
        })
        .await
        .unwrap();
    assert!(world.chart().await.state.epoch > epoch);
}

#[tokio::test]
async fn a_look_in_nobodys_name_is_refused() {
    let world = World::new().await;
    signed(&world).await;
    let (permits, sealed) = clinicians_view(&world).await;
    let refused = world
        .store()
        .disclose(&store::Stamp::SYSTEM, permits, &sealed)
        .await;
    assert!(matches!(
        refused,
        Err(DiscloseError::Store(store::Error::Misuse(_)))
    ));
}

/// A draft is gone with its signature, in one transaction: whoever was never answered and sends it again signs nothing, also
/// when the consent was revoked since.
#[tokio::test]
async fn a_signature_takes_its_draft_along() {
    let world = World::with_items(1).await;
    let store = world.store();
    let draft = (AccountId(Uuid::from_u128(9)), Uuid::from_u128(10));
    let keep = async || store.save_draft(draft.0, draft.1, "consent", &1_u8).await;
    let kept = async || store.load_draft::<u8>(draft.0, draft.1, "consent").await;
    keep().await.unwrap();
    let consent = world.consent(LabelSet::of([Label::Opioids]), world.in_a_year());
    let stamp = world.as_subject().1;
    let sign = async || {
        let words = store::testing::document();
        store
            .sign_draft(&stamp, consent.clone(), words, draft)
            .await
    };
    sign().await.unwrap();
    assert_eq!(kept().await.unwrap(), None);
    store
        .revoke_consent(&stamp, world.patient, consent.id)
        .await
        .unwrap();
    keep().await.unwrap();
    assert!(matches!(sign().await, Err(Error::Exists)));
    assert_eq!(kept().await.unwrap(), Some(1), "nothing half done");
}
