//! Changing a consent: a new version takes the place of the old one in one step; drafts wait side by side (POLICY §3).

use crate::support::{Picks, TestPortal};
use domain::consent::ConsentState;

/// POLICY §3: the change is a new consent that supersedes the old one; the page tells in words what reads otherwise;
/// until it is signed, the old one stands.
#[tokio::test]
async fn a_new_version_says_what_changed() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let first = jordan.share(&Picks::OKAFOR_TREATS).await;
    let path = format!("/sharing/{first}");
    let page = jordan.get(&path).await.expect(200);
    let page = jordan
        .submit(&page.form_with_button("Change this agreement"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/sharing/new/review"));
    jordan
        .open_sharing()
        .await
        .shows("You began to change what you share with")
        .shows("You have 1 sharing agreement in force.");
    // Begun twice is begun once.
    let page = jordan.get(&path).await.expect(200);
    jordan
        .submit(&page.form_with_button("Change this agreement"))
        .await
        .expect(303);
    assert_eq!(jordan.open_sharing().await.count(".begun li"), 1);

    let page = jordan.get("/sharing/new/why").await.expect(200);
    let form = page
        .form_with_field("purposes")
        .choose("purposes", "payment");
    jordan.submit(&form).await.expect(303);
    let second = jordan.sign().await;
    assert_ne!(first, second);
    let consents = portal.consents(patient).await;
    let of = |id| {
        consents
            .iter()
            .find(|standing| standing.consent.id == id)
            .expect("the consent")
    };
    assert!(matches!(of(first).state, ConsentState::Superseded { by, .. } if by == second));
    assert_eq!(of(second).consent.version, 2);
    assert_eq!(of(second).consent.supersedes, Some(first));
    jordan
        .get(&format!("/sharing/{second}"))
        .await
        .expect(200)
        .shows("What changed")
        .shows("See the earlier one")
        .shows("Paying for care");
    jordan
        .get(&path)
        .await
        .expect(200)
        .hides("Change this agreement");
    // What has ended can't be changed, whatever is posted.
    jordan.post(&format!("{path}/change"), "").await.expect(404);
    portal.assert_sound().await;
}

/// A draft that is left for another one waits, and each goes on where it was (UX: nothing typed is lost).
#[tokio::test]
async fn drafts_wait_side_by_side() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    jordan.draft(&Picks::OKAFOR_TREATS).await;
    let page = jordan.open_sharing().await;
    let page = jordan
        .submit_and_follow(&page.form_with_button("Share with someone else"))
        .await
        .shows("Who do you want to share with?");
    drop(page);
    // Nothing is answered in the new one: the old one is the only one that shows.
    let page = jordan.open_sharing().await;
    assert_eq!(page.count(".begun li"), 1);
    let page = jordan
        .submit(&page.form_with_button("Go on"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/sharing/new/review"));
    let page = jordan.open_sharing().await;
    jordan
        .submit(&page.form_with_button("Throw this away"))
        .await
        .expect(303);
    assert_eq!(jordan.open_sharing().await.count(".begun li"), 0);
}
