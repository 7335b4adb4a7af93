//! The rules of POLICY §4, in their order, for the parts of one item.

use super::{
    Action, Basis, Decider, Decision, Effect, Ground, Obligation, Obligations, Standpoint, limits,
    review,
};
use crate::consent::ConsentKind;
use crate::id::{OrganizationId, RelationshipId};
use crate::item::{ItemFacts, PartFacts};
use crate::label::{Label, LabelSet};
use crate::purpose::Purpose;
use crate::state::{Authority, AuthorityKind, Survivor};
use smallvec::SmallVec;

/// Everything that is the same for the parts of one item.
#[derive(Debug)]
pub struct OnItem<'d, 'a> {
    decider: &'d Decider<'a>,
    item: &'d ItemFacts,
    /// What each consent in force opens of the item, in the order of the consents.
    opened: SmallVec<[LabelSet; 24]>,
    program: Option<(OrganizationId, RelationshipId)>,
    /// For whose privacy officer the item is up for review, if the viewer is one.
    review: Option<OrganizationId>,
    withheld: bool,
    restricted: bool,
}

impl<'d, 'a> OnItem<'d, 'a> {
    pub(super) fn new(decider: &'d Decider<'a>, item: &'d ItemFacts) -> Self {
        Self {
            decider,
            item,
            opened: decider.grants.iter().map(|grant| grant.on(item)).collect(),
            program: in_program(decider, item),
            review: review::of(decider, item),
            withheld: decider.state.withheld.contains(&item.id),
            restricted: decider.restricted.holds(item),
        }
    }

    /// Decides one part of the item (POLICY §4, in its order; the first rule that matches ends it).
    pub fn part(&self, part: &PartFacts) -> Decision {
        let labels = part.labels;
        let decider = self.decider;
        // An error on the way is a deny: a label this version does not know, a clock before the last entry.
        if !labels.is_readable() || decider.is_before_the_last_entry() {
            return Decision::deny();
        }
        // What is looked at to put its labels right has a rule of its own, and no other opens it.
        if decider.action == Action::Review {
            return self.for_review(part);
        }
        // 1. The patient.
        match &decider.standpoint {
            Standpoint::Subject => return self.as_the_patient(Ground::Subject, part),
            Standpoint::Nobody => return Decision::deny(),
            Standpoint::Proxy(_) | Standpoint::Other => {}
        }
        if decider.state.unreadable {
            return Decision::deny();
        }
        // 2. A restriction that matches; in an emergency it yields, with an obligation.
        let restricted = self.is_restricted(part);
        if restricted && decider.emergency.is_none() {
            return Decision::deny();
        }
        // 3. A proxy: the first authority, by id, that lets them.
        if let Standpoint::Proxy(authorities) = &decider.standpoint {
            return authorities
                .iter()
                .map(|authority| self.for_a_proxy(authority, part))
                .find(Decision::permits)
                .unwrap_or_else(Decision::deny);
        }
        // 4. Staff whose role never sees content.
        if decider.viewer.role.never_sees_content() {
            return Decision::deny();
        }
        // 5. Break-glass.
        if let Some(emergency) = decider.emergency {
            let decision = carry_labels(Decision::permit(Ground::Emergency(emergency)), labels);
            return if restricted {
                decision.obliged(Obligation::AskNoFurtherUse)
            } else {
                decision
            };
        }
        if !limits::reaches(decider.viewer.role, decider.purpose, self.item, part) {
            return Decision::deny();
        }
        // 6. Ordinary parts, on a current care relationship and for treatment.
        if labels.is_ordinary()
            && decider.purpose == Purpose::Treatment
            && decider.viewer.role.gives_care()
            && let Some(relationship) = decider.reach.care
        {
            return Decision::permit(Ground::Relationship(relationship));
        }
        // 6 and 7. Every label on its own: in-program or by consents.
        self.by_every_label(part)
    }

    /// POLICY §4.2: whether a restriction binds the viewer on a part. What leads to an item that is kept back would tell
    /// of it.
    fn is_restricted(&self, part: &PartFacts) -> bool {
        let restricted = &self.decider.restricted;
        let labels = part.labels;
        self.restricted
            || labels.overlaps(restricted.labels)
            || (labels.is_ordinary() && restricted.labels.has(Label::General))
            || (!restricted.items.is_empty()
                && part
                    .leads_to
                    .iter()
                    .any(|item| restricted.items.contains(item)))
    }

    /// POLICY §4.1: whether the law lets a provider withhold it from the patient: the item, or what leads to one.
    fn is_withheld(&self, part: &PartFacts) -> bool {
        let withheld = &self.decider.state.withheld;
        self.withheld
            || (!withheld.is_empty() && part.leads_to.iter().any(|item| withheld.contains(item)))
    }

    /// POLICY §2, review queue: restrictions bind, separated notes and what the patient keeps private stay closed.
    fn for_review(&self, part: &PartFacts) -> Decision {
        let labels = part.labels;
        if self.is_restricted(part) || labels.overlaps(review::NEVER) {
            return Decision::deny();
        }
        match self.review {
            Some(organization) => {
                carry_labels(Decision::permit(Ground::Review(organization)), labels)
            }
            None => Decision::deny(),
        }
    }

    /// POLICY §4.1: all but what the law lets a provider withhold; counseling notes after a step-up.
    fn as_the_patient(&self, ground: Ground, part: &PartFacts) -> Decision {
        let labels = part.labels;
        if labels.has(Label::PsychotherapyNote) || self.is_withheld(part) {
            return Decision::deny();
        }
        step_up_for_notes(Decision::permit(ground), labels)
    }

    /// POLICY §4.3, LAW D.
    fn for_a_proxy(&self, authority: &Authority, part: &PartFacts) -> Decision {
        let labels = part.labels;
        // What is kept from the patient is kept from those who stand in their place.
        if labels.has(Label::PsychotherapyNote) || self.is_withheld(part) {
            return Decision::deny();
        }
        let ground = Ground::Authority(authority.id);
        match &authority.kind {
            // An adult's helper: a proxy-access consent must cover every label (LAW D5).
            AuthorityKind::ChosenByAdult => self.by_proxy_consents(ground, part, true),
            AuthorityKind::ParentOfMinor { .. } => {
                if labels.has(Label::MinorConsented) || labels.has(Label::Part2) {
                    // Unless the minor's own consent names this person (LAW D1). Of a Part 2 program's record it takes
                    // the minor's hand in every state, with or without a mark of its sender (42 CFR 2.14(a), (b)).
                    self.by_proxy_consents(ground, part, false)
                } else if labels.has(Label::Unclassified) {
                    // Nobody has looked at it yet, so it may be of a service the minor consented to alone.
                    Decision::deny()
                } else {
                    self.as_the_patient(ground, part)
                }
            }
            AuthorityKind::Guardian { scope } => {
                if within_order(scope.with_children(), labels) {
                    self.as_the_patient(ground, part)
                } else {
                    Decision::deny()
                }
            }
            AuthorityKind::AfterDeath(survivor) => {
                if !self
                    .decider
                    .state
                    .first_in_line(authority, self.decider.now)
                {
                    return Decision::deny();
                }
                match survivor {
                    // A personal representative stands in the patient's place (164.502(g)(4)) …
                    Survivor::Executor if !labels.has(Label::MinorConsented) => {
                        self.as_the_patient(ground, part)
                    }
                    // … the others may sign (2.15(b)(2)), and look at what was signed for them.
                    Survivor::Executor | Survivor::Spouse | Survivor::Family => {
                        self.by_proxy_consents(ground, part, true)
                    }
                }
            }
            // The director signs for payment and looks at nothing (2.15(a)(2)).
            AuthorityKind::Director => Decision::deny(),
        }
    }

    fn by_proxy_consents(
        &self,
        ground: Ground,
        part: &PartFacts,
        proxy_access_only: bool,
    ) -> Decision {
        let labels = part.labels;
        let mut decision = self.by_consents(part, needed(labels), Basis::new(), proxy_access_only);
        if decision.permits() {
            decision.basis.insert(0, ground);
            step_up_for_notes(carry_labels(decision, labels), labels)
        } else {
            decision
        }
    }

    /// POLICY §4.6 and §4.7: every label on its own.
    fn by_every_label(&self, part: &PartFacts) -> Decision {
        let labels = part.labels;
        let mut basis = Basis::new();
        let mut missing = needed(labels);
        if let Some((program, relationship)) = self.program
            && !labels.is_ordinary()
        {
            // A separated note stays with the person who wrote it (2.31(b), 164.508(a)(2)).
            let own = self.item.authors.contains(&self.decider.viewer.person);
            let covered = if own {
                missing
            } else {
                missing.minus(LabelSet::NOTES)
            };
            if !covered.is_empty() {
                basis.push(Ground::Relationship(relationship));
                basis.push(Ground::Program(program));
                missing = missing.minus(covered);
            }
        }
        if missing.is_empty() {
            let decision = Decision {
                effect: Effect::Permit,
                basis,
                obligations: Obligations::LOG,
            };
            return carry_labels(decision, labels);
        }
        let decision = self.by_consents(part, missing, basis, false);
        if decision.permits() {
            carry_labels(decision, labels)
        } else {
            decision
        }
    }

    /// POLICY §4.7b: one or more active consents, conjunctive over labels.
    fn by_consents(
        &self,
        part: &PartFacts,
        mut missing: LabelSet,
        mut basis: Basis,
        proxy_access_only: bool,
    ) -> Decision {
        let mut obligations = Obligations::LOG;
        for (grant, opened) in self.decider.grants.iter().zip(&self.opened) {
            if proxy_access_only && grant.kind != ConsentKind::Proxy {
                continue;
            }
            let covered = grant.covers(*opened, part, missing);
            if covered.is_empty() {
                continue;
            }
            basis.push(Ground::Consent(grant.consent, covered));
            missing = missing.minus(covered);
            if part.labels.has(Label::Part2) {
                // A disclosure of Part 2 content with consent (LAW B1), whichever of its labels the consent was for.
                obligations = obligations
                    .with(Obligation::Notice)
                    .with(Obligation::ConsentCopy)
                    .with(Obligation::NoRedisclosure);
            }
            if missing.is_empty() {
                return Decision {
                    effect: Effect::Permit,
                    basis,
                    obligations,
                };
            }
        }
        Decision::deny()
    }
}

/// The labels that must each be permitted: the part's own; ordinary content where nothing but the minor's mark stands.
fn needed(labels: LabelSet) -> LabelSet {
    let needed = labels.required();
    if needed.without(Label::MinorConsented).is_empty() {
        needed.with(Label::General)
    } else {
        needed
    }
}

/// POLICY §4.7a: workforce of the very program the part came from, with a role and a current relationship that need it.
fn in_program(decider: &Decider<'_>, item: &ItemFacts) -> Option<(OrganizationId, RelationshipId)> {
    if !matches!(
        decider.purpose,
        Purpose::Treatment | Purpose::CareCoordination
    ) {
        return None;
    }
    let source = item.only_source()?;
    decider
        .reach
        .programs
        .iter()
        .copied()
        .find(|(program, _)| *program == source)
}

/// LAW D4: what a guardian's order covers. What nobody has classified may be anything, so only an order over everything
/// covers it.
fn within_order(scope: LabelSet, labels: LabelSet) -> bool {
    let everything = LabelSet::SEGMENTS.with(Label::Part2);
    let unclassified_too = scope.contains(everything);
    let mut wanted = labels.required().without(Label::PatientRequested);
    if wanted.has(Label::Unclassified) && unclassified_too {
        wanted = wanted.without(Label::Unclassified);
    }
    if wanted.is_empty() {
        wanted = wanted.with(Label::General);
    }
    scope.contains(wanted)
}

fn step_up_for_notes(decision: Decision, labels: LabelSet) -> Decision {
    if labels.has(Label::SudCounselingNote) {
        decision.obliged(Obligation::StepUp)
    } else {
        decision
    }
}

fn carry_labels(decision: Decision, labels: LabelSet) -> Decision {
    if labels.is_ordinary() {
        decision
    } else {
        decision.obliged(Obligation::PersistLabel)
    }
}
