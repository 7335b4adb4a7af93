//! A patient's chart as somebody else may see it: just what is permitted, and nothing that tells more (POLICY §5).

use crate::actor::Actor;
use crate::disclosure::{self, Decided, Look};
use crate::records::{PAGE, newest_first, page_of};
use crate::{Portal, Refusal, summary};
use domain::clock::Instant;
use domain::consent::{Expiry, Standing};
use domain::decide::{Action, Decider, Ground, Obligation, Permit};
use domain::duty::Duty;
use domain::id::{ConsentId, ItemId, PatientId};
use domain::item::{ItemFacts, ItemKind};
use domain::label::{Label, LabelSet};
use domain::party::Viewer;
use domain::purpose::Purpose;
use domain::state::PolicyState;
use store::{Released, Shown};

/// The purposes a clinician may declare.
pub const PURPOSES: [Purpose; 4] = [
    Purpose::Treatment,
    Purpose::CareCoordination,
    Purpose::Payment,
    Purpose::Operations,
];

/// A consent that something on the page rests on.
#[derive(Clone, PartialEq, Eq)]
pub struct RestsOn {
    /// Which.
    pub consent: ConsentId,
    /// When it was signed.
    pub signed: Instant,
    /// Until when, in the consent's own terms.
    pub ends: Option<Expiry>,
    /// For which purposes.
    pub purposes: Vec<Purpose>,
    /// What it opened of this page: only labels of content that stands on it.
    pub labels: LabelSet,
}

/// A chart, opened.
pub struct Opened {
    /// The patient's name and birth date, as far as they may be seen.
    pub heading: Option<Released<Heading>>,
    /// The items of this page, newest first.
    pub entries: Vec<Released<Shown>>,
    /// How many items there are for this viewer.
    pub total: usize,
    /// This page, from 1.
    pub page: usize,
    /// The last page.
    pub pages: usize,
    /// Why it was opened.
    pub purpose: Purpose,
    /// The consents this page rests on.
    pub rests_on: Vec<RestsOn>,
    /// Whether something on the page rests on the care relationship.
    pub by_relationship: bool,
    /// Whether the notice of 42 CFR 2.32 stands on the page (LAW B1).
    pub notice: bool,
    /// Whether a restriction yielded to an emergency for something on the page: the viewer is asked not to use it
    /// further (POLICY §4.2).
    pub no_further_use: bool,
    /// When the page was true.
    pub as_of: Instant,
}

/// Charts are opened by those who look for their work. A patient or a proxy has the privacy screen and the step-up of
/// their own pages, which this way would go around.
pub(crate) fn may_open(actor: &Actor) -> Result<(), Refusal> {
    actor.must(Duty::OpenCharts)
}

/// Opens a page of a patient's chart for a clinician, for a declared purpose.
pub async fn open(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
    purpose: Purpose,
    page: usize,
) -> Result<Opened, Refusal> {
    may_open(actor)?;
    let decide = async |look: Look| {
        let Look { viewer, chart } = look;
        let now = portal.now();
        let decider = Decider::new(&viewer, Action::View, purpose, now, &chart.state);
        let Leaf {
            permits,
            has_heading,
            opened,
        } = leaf(&decider, chart.items.iter(), page, &chart.state, now);
        Ok(Some(Decided {
            action: Action::View,
            purpose,
            permits,
            with: (opened, has_heading),
        }))
    };
    let stands = stands(portal, Action::View, purpose);
    let shown = disclosure::show(portal, actor, patient, stands, decide).await?;
    let Some(((opened, has_heading), entries)) = shown else {
        let (doing, why) = (Action::View, Some(purpose));
        return Err(disclosure::denied(portal, actor, patient, doing, why, None).await);
    };
    Ok(opened.with(has_heading, entries))
}

impl Opened {
    /// The page with what was opened of it; the heading's item was put first, and is no line of the page.
    pub(crate) fn with(self, has_heading: bool, mut entries: Vec<Released<Shown>>) -> Self {
        let heading = (has_heading && !entries.is_empty()).then(|| heading_of(entries.remove(0)));
        Self {
            heading,
            entries,
            ..self
        }
    }
}

/// Whether a viewer has any standing toward a patient for this.
pub(crate) fn stands(
    portal: &Portal,
    doing: Action,
    purpose: Purpose,
) -> impl Fn(&Viewer, &PolicyState) -> bool {
    move |viewer, state| Decider::new(viewer, doing, purpose, portal.now(), state).has_standing()
}

/// One page of a chart, decided and not opened yet.
pub(crate) struct Leaf {
    /// First the heading's (name and birth date), if there is one, then the items' in their order.
    pub permits: Vec<Permit>,
    /// Whether the first permit is the heading's.
    pub has_heading: bool,
    /// What the page says beside its content.
    pub opened: Opened,
}

/// Decides one page of a chart: which items there are for this viewer, and what the page rests on.
///
/// The one function behind the chart and behind the patient's view of it as somebody else.
pub(crate) fn leaf<'i>(
    decider: &Decider<'_>,
    items: impl IntoIterator<Item = &'i ItemFacts>,
    page: usize,
    state: &PolicyState,
    now: Instant,
) -> Leaf {
    let mut shown: Vec<&ItemFacts> = items
        .into_iter()
        .filter(|item| item.kind.is_shown() && decider.labels(item).is_some())
        .collect();
    newest_first(&mut shown);
    let heading = shown
        .iter()
        .find(|item| item.kind == ItemKind::Demographics)
        .copied();
    shown.retain(|item| item.kind != ItemKind::Demographics);
    let total = shown.len();
    let (page, pages) = page_of(total, page);
    let mut permits = Vec::new();
    let heading = heading.and_then(|item| heading_permit(decider, item));
    let has_heading = heading.is_some();
    permits.extend(heading);
    permits.extend(
        shown
            .into_iter()
            .skip((page - 1) * PAGE)
            .take(PAGE)
            .filter_map(|item| decider.permit(item)),
    );
    let (rests_on, by_relationship, notice) = grounds(&permits, state);
    Leaf {
        opened: Opened {
            heading: None,
            entries: Vec::new(),
            total,
            page,
            pages,
            purpose: decider.purpose(),
            rests_on,
            by_relationship,
            notice,
            no_further_use: asks_no_further_use(&permits),
            as_of: now,
        },
        permits,
        has_heading,
    }
}

/// A permit for the name and the birth date alone.
pub(crate) fn heading_permit(decider: &Decider<'_>, item: &ItemFacts) -> Option<Permit> {
    decider.permit_of(item, |part| {
        part.path.starts_with("name") || part.path == "birthDate"
    })
}

/// Who a chart is of.
#[derive(Clone, PartialEq, Eq)]
pub struct Heading {
    /// The name.
    pub name: Option<String>,
    /// The birth date, as the record has it (FHIR `date`).
    pub birth_date: Option<String>,
}

/// The name and the birth date out of an opened heading.
pub(crate) fn heading_of(item: Released<Shown>) -> Released<Heading> {
    item.map(|shown| match shown {
        Shown::Open { resource, .. } => Heading {
            name: summary::summarize(&resource).title,
            birth_date: resource
                .get("birthDate")
                .and_then(|date| date.as_str())
                .map(ToOwned::to_owned),
        },
        Shown::Masked { .. } => Heading {
            name: None,
            birth_date: None,
        },
    })
}

impl core::fmt::Debug for RestsOn {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("RestsOn")
            .field("consent", &self.consent)
            .finish_non_exhaustive()
    }
}

/// What the page's permits rest on: consents with their terms, the relationship, and whether a notice is owed.
pub(crate) fn grounds(permits: &[Permit], state: &PolicyState) -> (Vec<RestsOn>, bool, bool) {
    let mut rests_on: Vec<RestsOn> = Vec::new();
    let mut by_relationship = false;
    let mut notice = false;
    for permit in permits {
        notice |= permit.obligations().has(Obligation::Notice) || permit.labels().has(Label::Part2);
        for ground in permit.basis() {
            match ground {
                Ground::Consent(id, labels) => {
                    if let Some(known) = rests_on.iter_mut().find(|known| known.consent == *id) {
                        known.labels = known.labels.join(*labels);
                    } else if let Some(standing) =
                        state.consents.iter().find(|one| one.consent.id == *id)
                    {
                        rests_on.push(RestsOn {
                            consent: *id,
                            signed: standing.consent.signature.signed_at,
                            ends: standing.consent.terms.expiry.clone(),
                            purposes: standing.consent.terms.purposes.iter().collect(),
                            labels: *labels,
                        });
                    }
                }
                Ground::Relationship(_) | Ground::Program(_) => by_relationship = true,
                Ground::Subject
                | Ground::Authority(_)
                | Ground::Emergency(_)
                | Ground::Review(_) => {}
            }
        }
    }
    (rests_on, by_relationship, notice)
}

/// Whether one of the permits asks the viewer not to use what it shows any further.
pub(crate) fn asks_no_further_use(permits: &[Permit]) -> bool {
    permits
        .iter()
        .any(|permit| permit.obligations().has(Obligation::AskNoFurtherUse))
}

/// One item of a chart, opened.
pub struct OneItem {
    /// The item.
    pub item: Released<Shown>,
    /// The consents it rests on.
    pub rests_on: Vec<RestsOn>,
    /// Whether the notice of 42 CFR 2.32 stands on the page (LAW B1).
    pub notice: bool,
    /// Whether a restriction yielded to an emergency (POLICY §4.2).
    pub no_further_use: bool,
}

/// Opens one item of a chart.
pub async fn item(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
    purpose: Purpose,
    id: ItemId,
) -> Result<OneItem, Refusal> {
    may_open(actor)?;
    let decide = async |look: Look| {
        let Look { viewer, chart } = look;
        let decider = Decider::new(&viewer, Action::View, purpose, portal.now(), &chart.state);
        let permit = chart
            .items
            .iter()
            .find(|item| item.id == id && item.kind.is_shown())
            .and_then(|item| decider.permit(item));
        Ok(permit.map(|permit| {
            let permits = vec![permit];
            let (rests_on, _, notice) = grounds(&permits, &chart.state);
            let no_further_use = asks_no_further_use(&permits);
            Decided {
                action: Action::View,
                purpose,
                permits,
                with: (rests_on, notice, no_further_use),
            }
        }))
    };
    let stands = stands(portal, Action::View, purpose);
    let shown = disclosure::show(portal, actor, patient, stands, decide).await?;
    let Some(((rests_on, notice, no_further_use), opened)) = shown else {
        let (doing, why) = (Action::View, Some(purpose));
        return Err(disclosure::denied(portal, actor, patient, doing, why, Some(id)).await);
    };
    let item = opened.into_iter().next().ok_or(Refusal::NotAvailable)?;
    Ok(OneItem {
        item,
        rests_on,
        notice,
        no_further_use,
    })
}

/// Whether a consent stands in force: for pages that list consents.
pub fn in_force(standing: Standing) -> bool {
    standing == Standing::Active
}
