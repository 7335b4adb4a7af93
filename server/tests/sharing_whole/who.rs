//! With whom: several at once, classes, an intermediary with its participants, and people who have no account (LAW A1, A2,
//! A5).

use super::making::{HOW_LONG, REVIEW, WHO, person, place};
use crate::support::{TestPortal, disclosures};
use domain::consent::{ConsentKind, Participants, Recipient};
use domain::id::OrganizationId;
use domain::party::Party;

/// LAW A1: several recipients stand in one consent, a tick outlives a search, and one can be taken out again.
#[tokio::test]
async fn several_at_once() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let okafor = person("prac-okafor");
    let page = jordan
        .answer(WHO, |form| {
            form.choose("to", &okafor)
                .choose("to", &place("org-riverside"))
                .fill("find", "podiatry")
        })
        .await
        .expect(303);
    // Enter in the field that finds people finds them.
    assert_eq!(page.location(), Some(WHO));
    let page = jordan
        .get(WHO)
        .await
        .expect(200)
        .shows("You share with")
        .shows("Dr. Amara Okafor")
        .shows("Dr. Tobias Lindqvist")
        .hides("Elena Vasquez");
    let page = jordan
        .submit(
            &page
                .form_with_button("Choose a go-between")
                .choose("to", &person("prac-lindqvist"))
                .press("Add and stay"),
        )
        .await
        .expect(303);
    assert_eq!(page.location(), Some(WHO));
    let page = jordan.get(WHO).await.expect(200);
    assert_eq!(page.count(".picked li"), 3);
    let page = jordan
        .submit(&page.form_with_button(&place("org-riverside")))
        .await
        .expect(303);
    assert_eq!(page.location(), Some(WHO));
    jordan
        .get(WHO)
        .await
        .shows("You share with")
        .form_with_button("Show all names");
    jordan.who_and_why(&[], &["treatment"]).await;
    jordan.what(&["general"]).await;
    jordan.ends("never").await;
    jordan
        .get(REVIEW)
        .await
        .expect(200)
        .shows("Dr. Amara Okafor")
        .shows("Dr. Tobias Lindqvist");
    let consent = jordan.signed(patient).await;
    let named: Vec<_> = ["Dr. Amara Okafor", "Dr. Tobias Lindqvist"].into();
    let mut expected = Vec::new();
    for name in named {
        expected.push(Recipient::Person(portal.person_id(name).await));
    }
    assert!(consent.terms.to == expected);
    // Both can use it.
    let mut lindqvist = portal.lindqvist().await;
    lindqvist.declare(patient, "treatment").await.expect(200);
    portal.assert_sound().await;
}

/// LAW A2: the rule's class stands alone.
#[tokio::test]
async fn the_class_of_the_rule_stands_alone() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    jordan
        .answer(WHO, |form| {
            form.choose("to", "tpo")
                .choose("to", &person("prac-okafor"))
        })
        .await
        .expect(422)
        .shows("The law's whole group needs an agreement of its own.");
    assert_eq!(
        jordan.get("/sharing/new/why").await.expect(303).location(),
        Some(WHO)
    );
}

/// LAW A1: the class of those who treat the patient is a recipient by itself, looked at as one of them would.
#[tokio::test]
async fn everyone_who_treats_me() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan.who_and_why(&["treating"], &["treatment"]).await;
    jordan.what(&["substance-use"]).await;
    jordan.ends("treatment").await;
    let review = jordan
        .get(REVIEW)
        .await
        .expect(200)
        .shows("Everyone who treats you");
    assert!(!review.articles().is_empty());
    let consent = jordan.signed(patient).await;
    assert_eq!(consent.terms.kind, ConsentKind::Specific);
    assert!(consent.terms.to == [Recipient::TreatingProviders]);
    // Dr. Okafor treats Jordan; Dr. Vasquez does not treat Morgan.
    let mut okafor = portal.okafor().await;
    let place = portal.length(patient).await;
    okafor.declare(patient, "treatment").await.expect(200);
    let looks = disclosures(&portal.since(patient, place).await);
    assert!(looks.iter().any(|look| look.rests_on(consent.id)));
    let morgans = portal.patient_id("Morgan Ellis").await;
    let mut morgan = portal.morgan().await;
    morgan.who_and_why(&["treating"], &["treatment"]).await;
    morgan.what(&["general"]).await;
    morgan.ends("treatment").await;
    morgan.signed(morgans).await;
    let mut vasquez = portal.vasquez().await;
    vasquez.declare(morgans, "treatment").await.expect(404);
    portal.assert_sound().await;
}

/// LAW A5: an intermediary is not taken without its participants; with them by name, they can use the consent.
#[tokio::test]
async fn an_intermediary_has_its_participants() {
    const THROUGH: &str = "/sharing/new/through";
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let page = jordan
        .answer(WHO, |form| form.press("Choose a go-between"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some(THROUGH));
    let northwind = place("org-northwind");
    jordan
        .answer(THROUGH, |form| form.press("Save and go back"))
        .await
        .expect(422)
        .shows("Pick the go-between.")
        .shows("Choose who may get your records from it.");
    let page = jordan
        .answer(THROUGH, |form| {
            form.choose("through", &northwind)
                .choose("whom", "named")
                .press("Save and go back")
        })
        .await
        .expect(422)
        .shows("Pick at least one person or place that may get your records from it.");
    let again = page.form_with_field("through");
    assert_eq!(again.value("through"), Some(northwind.as_str()));
    // Searching keeps what is picked.
    let page = jordan
        .submit(
            &again
                .choose("participants", &person("prac-lindqvist"))
                .fill("find", "okafor"),
        )
        .await
        .expect(303);
    assert_eq!(page.location(), Some(THROUGH));
    let page = jordan.get(THROUGH).await.expect(200);
    let form = page.form_with_field("through");
    assert_eq!(form.value("through"), Some(northwind.as_str()));
    let page = jordan
        .submit(
            &form
                .choose("participants", &person("prac-okafor"))
                .press("Save and go back"),
        )
        .await
        .expect(303);
    assert_eq!(page.location(), Some(WHO));
    jordan
        .get(WHO)
        .await
        .expect(200)
        .shows("Northwind Health Plan, and through it: ");
    jordan.who_and_why(&[], &["care-coordination"]).await;
    jordan.what(&["general"]).await;
    jordan
        .answer(HOW_LONG, |form| {
            form.choose("ends", "date").fill("date", "2027-02-28")
        })
        .await
        .expect(303);
    let consent = jordan.signed(patient).await;
    let okafor = portal.person_id("Dr. Amara Okafor").await;
    let lindqvist = portal.person_id("Dr. Tobias Lindqvist").await;
    let [
        Recipient::Intermediary {
            organization,
            participants: Participants::Named(named),
        },
    ] = consent.terms.to.as_slice()
    else {
        panic!("one intermediary with named participants");
    };
    assert_eq!(
        *organization,
        OrganizationId::derived("fhir", "Organization/org-northwind")
    );
    assert_eq!(named.len(), 2);
    assert!(named.contains(&Party::Person(okafor)) && named.contains(&Party::Person(lindqvist)));
    jordan
        .get(&format!("/sharing/{}", consent.id))
        .await
        .expect(200)
        .shows("Northwind Health Plan, and through it: ");
    let mut lindqvist = portal.lindqvist().await;
    lindqvist
        .declare(patient, "care-coordination")
        .await
        .expect(200);
    portal.assert_sound().await;
}

/// LAW A5: or its participants are the class of those who treat the patient.
#[tokio::test]
async fn an_intermediary_for_those_who_treat() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan
        .answer("/sharing/new/through", |form| {
            form.choose("through", &place("org-northwind"))
                .choose("whom", "treating")
                .press("Save and go back")
        })
        .await
        .expect(303);
    jordan.who_and_why(&[], &["treatment"]).await;
    jordan.what(&["hiv"]).await;
    jordan.ends("provider-changed").await;
    let consent = jordan.signed(patient).await;
    assert!(matches!(
        consent.terms.to.as_slice(),
        [Recipient::Intermediary {
            participants: Participants::TreatingProviders,
            ..
        }]
    ));
    let mut okafor = portal.okafor().await;
    let place = portal.length(patient).await;
    okafor.declare(patient, "treatment").await.expect(200);
    let looks = disclosures(&portal.since(patient, place).await);
    assert!(looks.iter().any(|look| look.rests_on(consent.id)));
}

/// LAW A1: somebody without an account is named on a paper; the pages say that nobody opens anything online with it.
#[tokio::test]
async fn family_on_paper() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan
        .answer(WHO, |form| {
            form.fill("named", &"x".repeat(201)).press("Go on")
        })
        .await
        .expect(422)
        .shows("Type a name of at most 200 letters.");
    let page = jordan
        .answer(WHO, |form| form.fill("named", "Rosa Reyes").press("Go on"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/sharing/new/why"));
    jordan
        .who_and_why(&[], &["family", "patient-request"])
        .await;
    jordan.what(&["general"]).await;
    jordan.ends("program-finished").await;
    let review = jordan
        .get(REVIEW)
        .await
        .expect(200)
        .shows("Rosa Reyes (on paper)")
        .shows("With this, no one can open anything online.");
    assert!(review.articles().is_empty());
    let consent = jordan.signed(patient).await;
    assert!(consent.terms.to == [Recipient::Named("Rosa Reyes".to_owned())]);
    jordan
        .get(&format!("/sharing/{}", consent.id))
        .await
        .expect(200)
        .shows("Your paper is ready")
        .shows("Save as PDF");
    jordan.get("/home").await.expect(200).hides("Rosa Reyes");
    portal.assert_sound().await;
}
