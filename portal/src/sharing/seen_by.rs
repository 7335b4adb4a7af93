//! Through whose eyes a consent is looked at before it is signed: somebody like the recipient.

use crate::{Portal, Refusal};
use domain::clock::Instant;
use domain::consent::{ConsentKind, Recipient, StandingConsent, Terms};
use domain::duty::Duty;
use domain::id::{AuthorityId, OrganizationId, PersonId, RelationshipId};
use domain::party::{Membership, Party, Relationship, RelationshipKind, Role, Span, Viewer};
use domain::state::{Authority, AuthorityKind, AuthorityState};

/// Somebody like a recipient.
pub(super) struct SeenBy {
    /// As whom they look.
    pub viewer: Viewer,
    /// What makes them a member of a class, where the recipient is one.
    pub in_class: Option<Relationship>,
}

impl SeenBy {
    /// The authority that comes with being named as a helper in this consent, and nothing for anybody else (LAW D5).
    pub fn helps(&self, standing: &StandingConsent) -> Option<Authority> {
        let from = standing.consent.terms.start;
        let terms = &standing.consent.terms;
        (terms.kind == ConsentKind::Proxy).then(|| Authority {
            id: AuthorityId::derived("preview", ""),
            person: self.viewer.person,
            kind: AuthorityKind::ChosenByAdult,
            state: AuthorityState::Verified { at: from },
            span: Span { from, until: None },
        })
    }
}

/// Somebody like that recipient: a person as the directory has them; of an organization, of an intermediary and of a
/// class, a member with nothing else to rest on; of those who have no account, nobody.
pub(super) async fn seen_by(
    portal: &Portal,
    terms: &Terms,
    recipient: Option<&Recipient>,
) -> Result<SeenBy, Refusal> {
    let now = portal.now();
    let nobody = PersonId::derived("preview", "");
    let span = Span {
        from: now,
        until: None,
    };
    let anybody = Viewer {
        person: nobody,
        role: Role::Clinician,
        subject_of: None,
        memberships: Vec::new(),
    };
    let alone = |viewer| SeenBy {
        viewer,
        in_class: None,
    };
    let member_of_class = |kind| SeenBy {
        viewer: anybody.clone(),
        in_class: Some(Relationship {
            id: RelationshipId::derived("preview", ""),
            party: Party::Person(nobody),
            kind,
            span,
        }),
    };
    let member_of = |organization: OrganizationId| {
        let mut viewer = anybody.clone();
        viewer.memberships.push(Membership {
            organization,
            role: Role::Clinician,
            span,
        });
        alone(viewer)
    };
    Ok(match recipient {
        Some(Recipient::Person(id)) => alone(person(portal, terms, *id, now).await?),
        Some(
            Recipient::Organization(organization) | Recipient::Intermediary { organization, .. },
        ) => member_of(*organization),
        Some(Recipient::TreatingProviders) => member_of_class(RelationshipKind::Treating),
        // A class is met by a relationship; a payer's opens nothing by itself.
        Some(Recipient::TpoClass) => member_of_class(RelationshipKind::Payer),
        Some(Recipient::Named(_)) | None => alone(anybody),
    })
}

async fn person(
    portal: &Portal,
    terms: &Terms,
    id: PersonId,
    now: Instant,
) -> Result<Viewer, Refusal> {
    let memberships = match portal.store().person(id).await? {
        Some(person) => person.memberships,
        None => Vec::new(),
    };
    // A helper looks as a helper, wherever they work (LAW D5).
    let role = if terms.kind == ConsentKind::Proxy {
        Role::Proxy
    } else {
        // Of several, the one in which most is seen: that is what the consent opens to them.
        let works = |role: &Role| {
            memberships
                .iter()
                .any(|place| place.role == *role && place.span.holds(now))
        };
        let mut charts = Duty::OpenCharts.roles().iter().copied();
        charts
            .find(works)
            .or_else(|| {
                let mut held = memberships.iter().filter(|place| place.span.holds(now));
                held.next().map(|place| place.role)
            })
            .unwrap_or(Role::Clinician)
    };
    Ok(Viewer {
        person: id,
        role,
        subject_of: None,
        memberships,
    })
}
