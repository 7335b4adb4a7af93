//! Exactly what a consent opens: the real items, by the real decision, as that recipient would see them (UX).

use super::seen_by::{SeenBy, seen_by};
use crate::actor::Actor;
use crate::disclosure::{self, Decided, Listed, Look, screened};
use crate::records::{PAGE, asks_step_up, newest_first, own_purpose, page_of};
use crate::{Portal, Refusal};
use chrono::TimeDelta;
use domain::clock::Instant;
use domain::consent::{Consent, ConsentState, Expiry, Signature, StandingConsent, Terms};
use domain::decide::{Action, Decider};
use domain::id::ConsentId;
use domain::item::{ItemFacts, ItemKind, KINDS};
use domain::label::LabelSet;
use domain::purpose::Purpose;
use domain::state::PolicyState;

/// Through whose eyes, for what, and which page of it. Beyond the last one it is the last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct View {
    /// Which recipient, from 1.
    pub recipient: usize,
    /// Which purpose, from 1.
    pub purpose: usize,
    /// Which page, from 1.
    pub page: usize,
}

impl Default for View {
    fn default() -> Self {
        Self {
            recipient: 1,
            purpose: 1,
            page: 1,
        }
    }
}

impl View {
    /// The same within what these terms name.
    #[must_use]
    pub fn within(self, terms: &Terms) -> Self {
        Self {
            recipient: self.recipient.clamp(1, terms.to.len().max(1)),
            purpose: self.purpose.clamp(1, terms.purposes.iter().count().max(1)),
            page: self.page,
        }
    }

    fn purpose(self, terms: &Terms) -> Option<Purpose> {
        terms.purposes.iter().nth(self.purpose.saturating_sub(1))
    }
}

/// How what a recipient sees changes with a consent, by everything that stands for them, not by this consent alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Change {
    /// Items they could not see before.
    pub opened: usize,
    /// Items of which they see more than before.
    pub more: usize,
    /// Items they can't see any more, or not as much of: of a consent that takes the place of a wider one.
    pub less: usize,
}

/// What a consent opens of the record as it is now.
#[derive(Debug)]
pub struct Opens {
    /// How many items it opens.
    pub total: usize,
    /// How many by kind.
    pub kinds: Vec<(ItemKind, usize)>,
    /// How many of the patient's items it leaves closed.
    pub closed: usize,
    /// How many it leaves closed by kind.
    pub closed_kinds: Vec<(ItemKind, usize)>,
    /// How it differs from what that recipient sees today; `None` for a consent that stands already, and for who acts for
    /// the patient in part.
    pub change: Option<Change>,
    /// Through whose eyes, and this page.
    pub view: View,
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
fn unsigned(terms: Terms, actor: &Actor) -> Option<StandingConsent> {
    let at = terms.start;
    let terms = Terms {
        grantor: actor.grantor(),
        ..terms
    };
    let consent = Consent::sign(
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
    .ok()?;
    Some(StandingConsent {
        consent,
        state: ConsentState::Active,
    })
}

/// What is looked at, and how.
struct Question<'a> {
    standing: &'a StandingConsent,
    /// With the difference to today, and in whose place it is to stand.
    #[expect(
        clippy::option_option,
        reason = "whether it is compared at all, and then in whose place"
    )]
    compared: Option<Option<ConsentId>>,
    view: View,
    reveal: bool,
    /// Whether items are shown, not only counted.
    items: bool,
}

/// Terms in the making are compared with today for the patient, and for whoever stands in their place for everything:
/// today's state tells who treats the patient, what others signed, and what is restricted (POLICY §5).
#[expect(
    clippy::option_option,
    reason = "whether it is compared at all, and then in whose place"
)]
fn compared(actor: &Actor, replaces: Option<ConsentId>) -> Option<Option<ConsentId>> {
    actor.is_whole().then_some(replaces)
}

/// What the terms would open, if they were signed now in the place of `replaces`. `None` when something required is
/// missing.
pub async fn of_terms(
    portal: &Portal,
    actor: &Actor,
    terms: Terms,
    replaces: Option<ConsentId>,
    view: View,
    reveal: bool,
) -> Result<Option<Opens>, Refusal> {
    let Some(standing) = unsigned(terms, actor) else {
        return Ok(None);
    };
    let question = Question {
        standing: &standing,
        compared: compared(actor, replaces),
        view,
        reveal,
        items: true,
    };
    answer(portal, actor, question).await.map(Some)
}

/// How many items terms in the making would open to their first recipient, how long they hold being left open. `None`
/// when something else is missing.
pub async fn counts(
    portal: &Portal,
    actor: &Actor,
    mut terms: Terms,
    replaces: Option<ConsentId>,
) -> Result<Option<Opens>, Refusal> {
    let soon: Instant = terms.start + TimeDelta::days(1);
    terms.expiry.get_or_insert(Expiry::At(soon));
    let Some(standing) = unsigned(terms, actor) else {
        return Ok(None);
    };
    let question = Question {
        standing: &standing,
        compared: compared(actor, replaces),
        view: View::default(),
        reveal: false,
        items: false,
    };
    answer(portal, actor, question).await.map(Some)
}

/// What a consent opens now, by itself.
pub async fn of_consent(
    portal: &Portal,
    actor: &Actor,
    standing: &StandingConsent,
    view: View,
    reveal: bool,
) -> Result<Opens, Refusal> {
    let question = Question {
        standing,
        compared: None,
        view,
        reveal,
        items: true,
    };
    answer(portal, actor, question).await
}

async fn answer(portal: &Portal, actor: &Actor, asked: Question<'_>) -> Result<Opens, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let asked = &asked;
    let decide = async |look: Look| {
        let decided = decided(portal, actor, asked, &look).await?;
        Ok(Some(decided))
    };
    let ((opens, hidden), opened) = disclosure::show(portal, actor, patient, |_, _| true, decide)
        .await?
        .ok_or(Refusal::NotAvailable)?;
    Ok(Opens {
        entries: disclosure::listed(opened, hidden),
        ..opens
    })
}

async fn decided(
    portal: &Portal,
    actor: &Actor,
    asked: &Question<'_>,
    look: &Look,
) -> Result<Decided<(Opens, Vec<LabelSet>)>, Refusal> {
    let Look { viewer: own, chart } = look;
    let now = portal.now();
    let terms = &asked.standing.consent.terms;
    let view = asked.view.within(terms);
    let purpose = view.purpose(terms).ok_or(Refusal::BadRequest)?;
    let theirs = seen_by(portal, terms, terms.to.get(view.recipient - 1)).await?;
    let by_itself = supposed(actor, &chart.state, asked.standing, &theirs);
    let mine = Decider::new(
        own,
        Action::Preview,
        own_purpose(actor.role()),
        now,
        &chart.state,
    );
    let others = Decider::new(&theirs.viewer, Action::Preview, purpose, now, &by_itself);
    let own_items: Vec<&ItemFacts> = chart
        .items
        .iter()
        .filter(|item| item.kind.is_shown() && mine.labels(item).is_some())
        .collect();
    let (mut shown, closed): (Vec<&ItemFacts>, Vec<&ItemFacts>) = own_items
        .iter()
        .copied()
        .partition(|item| others.labels(item).is_some());
    newest_first(&mut shown);
    let (page, pages) = page_of(shown.len(), view.page);
    let mut opens = Opens {
        total: shown.len(),
        kinds: by_kind(&shown),
        closed: closed.len(),
        closed_kinds: by_kind(&closed),
        change: asked.compared.map(|replaces| {
            let states = states(&chart.state, asked.standing, replaces, &theirs);
            change(&own_items, &theirs, purpose, now, &states)
        }),
        view: View { page, ..view },
        page,
        pages,
        entries: Vec::new(),
    };
    if !asked.items {
        shown.clear();
        opens.pages = 1;
    }
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
        let (permit, masked) = if asked.reveal && !asks_step_up(&permit) {
            (permit, LabelSet::EMPTY)
        } else {
            screened(permit, item)
        };
        hidden.push(masked);
        permits.push(permit);
    }
    Ok(Decided {
        action: Action::Preview,
        purpose: own_purpose(actor.role()),
        permits,
        with: (opens, hidden),
    })
}

fn by_kind(items: &[&ItemFacts]) -> Vec<(ItemKind, usize)> {
    KINDS
        .into_iter()
        .map(|kind| (kind, items.iter().filter(|item| item.kind == kind).count()))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// The patient's state as if this consent were all that stands, beside what is restricted.
fn supposed(
    actor: &Actor,
    state: &PolicyState,
    standing: &StandingConsent,
    theirs: &SeenBy,
) -> PolicyState {
    let mut supposed = state.clone();
    // What is kept from whom is not theirs to learn who act for the patient in part (POLICY §5): to them a consent opens
    // what it says. What is kept from themselves is not among what they see anyway.
    if !actor.is_whole() {
        supposed.restrictions.clear();
    }
    supposed.consents = vec![standing.clone()];
    supposed.emergencies.clear();
    supposed.relationships = theirs.in_class.iter().cloned().collect();
    // Who is named as a helper is one with the signature (LAW D5).
    supposed.authorities.extend(theirs.helps(standing));
    supposed
}

/// The patient's state today, and as it would be with this consent in the place of the one it replaces.
fn states(
    state: &PolicyState,
    standing: &StandingConsent,
    replaces: Option<ConsentId>,
    theirs: &SeenBy,
) -> [PolicyState; 2] {
    let mut today = state.clone();
    today.emergencies.clear();
    today.relationships.extend(theirs.in_class.iter().cloned());
    let mut then = today.clone();
    then.consents
        .retain(|other| Some(other.consent.id) != replaces);
    then.consents.push(standing.clone());
    then.authorities.extend(theirs.helps(standing));
    [today, then]
}

fn change(
    items: &[&ItemFacts],
    theirs: &SeenBy,
    purpose: Purpose,
    now: Instant,
    [today, then]: &[PolicyState; 2],
) -> Change {
    let before = Decider::new(&theirs.viewer, Action::Preview, purpose, now, today);
    let after = Decider::new(&theirs.viewer, Action::Preview, purpose, now, then);
    let seen = |decider: &Decider<'_>, item: &ItemFacts| -> usize {
        if decider.labels(item).is_none() {
            return 0;
        }
        let on_item = decider.on(item);
        item.parts
            .iter()
            .filter(|part| on_item.part(part).permits())
            .count()
    };
    let mut change = Change::default();
    for item in items {
        match (seen(&before, item), seen(&after, item)) {
            (before, after) if after < before => change.less += 1,
            (0, after) if after > 0 => change.opened += 1,
            (before, after) if after > before => change.more += 1,
            _ => {}
        }
    }
    change
}
