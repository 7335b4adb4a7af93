//! Exactly what a consent opens: the real items, by the real decision, as that recipient would see them (UX).

use crate::actor::Actor;
use crate::disclosure::{self, Decided, Listed, Look, screened};
use crate::records::{PAGE, asks_step_up, newest_first, own_purpose, page_of};
use crate::{Portal, Refusal};
use domain::consent::{
    Consent, ConsentState, Participants, Recipient, Signature, StandingConsent, Terms,
};
use domain::decide::{Action, Decider};
use domain::id::{ConsentId, OrganizationId, PersonId, RelationshipId};
use domain::item::{ItemFacts, ItemKind, KINDS};
use domain::label::LabelSet;
use domain::party::{Membership, Party, Relationship, RelationshipKind, Role, Span, Viewer};
use domain::state::PolicyState;

/// What a consent opens of the record as it is now.
#[derive(Debug)]
pub struct Opens {
    /// How many items it opens.
    pub total: usize,
    /// How many by kind.
    pub kinds: Vec<(ItemKind, usize)>,
    /// How many of the patient's items it leaves closed.
    pub closed: usize,
    /// The items of this page, newest first.
    pub entries: Vec<Listed>,
    /// This page, from 1.
    pub page: usize,
    /// The last page.
    pub pages: usize,
}

/// A consent made of terms that nobody has signed, to decide with.
///
/// It never reaches the store: `None` when something required is missing.
fn unsigned(terms: Terms, actor: &Actor) -> Option<Consent> {
    let at = terms.start;
    Consent::sign(
        ConsentId::derived("preview", ""),
        None,
        terms,
        Signature {
            typed_name: "preview".to_owned(),
            account: actor.account(),
            stepped_up_at: at,
            signed_at: at,
        },
    )
    .ok()
}

/// Somebody like whom the consent's first recipient looks, with nothing else to rest on.
async fn recipient(
    portal: &Portal,
    consent: &Consent,
    state: &mut PolicyState,
) -> Result<Viewer, Refusal> {
    let now = portal.now();
    let nobody = PersonId::derived("preview", "");
    let member_of = |organization: OrganizationId| Viewer {
        person: nobody,
        role: Role::Clinician,
        subject_of: None,
        memberships: vec![Membership {
            organization,
            role: Role::Clinician,
            span: Span {
                from: now,
                until: None,
            },
        }],
    };
    let anybody = Viewer {
        person: nobody,
        role: Role::Clinician,
        subject_of: None,
        memberships: Vec::new(),
    };
    state.relationships.clear();
    let viewer = match consent.terms.to.first() {
        Some(Recipient::Person(id)) => match portal.store().person(*id).await? {
            Some(person) => Viewer {
                person: person.id,
                role: person
                    .memberships
                    .iter()
                    .find(|membership| membership.span.holds(now))
                    .map_or(Role::Clinician, |membership| membership.role),
                subject_of: None,
                memberships: person.memberships,
            },
            None => anybody,
        },
        Some(
            Recipient::Organization(organization)
            | Recipient::Intermediary {
                organization,
                participants: Participants::Named(_) | Participants::TreatingProviders,
            },
        ) => member_of(*organization),
        Some(Recipient::TreatingProviders | Recipient::TpoClass) => {
            state.relationships.push(Relationship {
                id: RelationshipId::derived("preview", ""),
                party: Party::Person(nobody),
                // A class is met by a relationship; a payer's opens nothing by itself.
                kind: if matches!(consent.terms.to.first(), Some(Recipient::TpoClass)) {
                    RelationshipKind::Payer
                } else {
                    RelationshipKind::Treating
                },
                span: Span {
                    from: now,
                    until: None,
                },
            });
            anybody
        }
        Some(Recipient::Named(_)) | None => anybody,
    };
    Ok(viewer)
}

/// What the terms would open, if they were signed now. `None` when something required is missing.
pub async fn of_terms(
    portal: &Portal,
    actor: &Actor,
    terms: Terms,
    page: usize,
    reveal: bool,
) -> Result<Option<Opens>, Refusal> {
    let Some(consent) = unsigned(terms, actor) else {
        return Ok(None);
    };
    let standing = StandingConsent {
        consent,
        state: ConsentState::Active,
    };
    of_consent(portal, actor, &standing, page, reveal)
        .await
        .map(Some)
}

/// What a consent opens now, by itself.
pub async fn of_consent(
    portal: &Portal,
    actor: &Actor,
    standing: &StandingConsent,
    page: usize,
    reveal: bool,
) -> Result<Opens, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let decide = async |look: Look| {
        let Look { viewer: own, chart } = look;
        let now = portal.now();
        let mut supposed = chart.state.clone();
        supposed.consents = vec![standing.clone()];
        supposed.emergencies.clear();
        let theirs = recipient(portal, &standing.consent, &mut supposed).await?;
        let purpose = standing
            .consent
            .terms
            .purposes
            .iter()
            .next()
            .ok_or(Refusal::BadRequest)?;
        let mine = Decider::new(
            &own,
            Action::Preview,
            own_purpose(actor.role()),
            now,
            &chart.state,
        );
        let others = Decider::new(&theirs, Action::Preview, purpose, now, &supposed);
        let mut shown: Vec<&ItemFacts> = chart
            .items
            .iter()
            .filter(|item| item.kind.is_shown() && mine.labels(item).is_some())
            .collect();
        let all = shown.len();
        shown.retain(|item| others.labels(item).is_some());
        newest_first(&mut shown);
        let total = shown.len();
        let (page, pages) = page_of(total, page);
        let kinds = KINDS
            .into_iter()
            .map(|kind| (kind, shown.iter().filter(|item| item.kind == kind).count()))
            .filter(|(_, count)| *count > 0)
            .collect();
        let mut hidden = Vec::new();
        let mut permits = Vec::new();
        for item in shown.into_iter().skip((page - 1) * PAGE).take(PAGE) {
            let Some(permit) = mine
                .permit(item)
                .zip(others.permit(item))
                .and_then(|(mine, theirs)| mine.narrowed_to(&theirs))
            else {
                continue;
            };
            // A separated counseling note opens on its own page only, after a step-up (POLICY §4.1).
            let (permit, masked) = if reveal && !asks_step_up(&permit) {
                (permit, LabelSet::EMPTY)
            } else {
                screened(permit, item)
            };
            hidden.push(masked);
            permits.push(permit);
        }
        let opens = Opens {
            total,
            kinds,
            closed: all - total,
            page,
            pages,
            entries: Vec::new(),
        };
        Ok(Some(Decided {
            action: Action::Preview,
            purpose: own_purpose(actor.role()),
            permits,
            with: (opens, hidden),
        }))
    };
    let ((opens, hidden), opened) = disclosure::show(portal, actor, patient, |_, _| true, decide)
        .await?
        .ok_or(Refusal::NotAvailable)?;
    Ok(Opens {
        entries: disclosure::listed(opened, hidden),
        ..opens
    })
}
