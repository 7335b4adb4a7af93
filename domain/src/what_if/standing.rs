//! A Consent as it stands to this question: whose it is, whether it is in force, and its root provision.

use super::asked::Asked;
use super::directory::{Directory, Names, meet};
use super::record::Record;
use super::rule::{Grant, Rule};
use super::viewer::Viewer;
use super::{ConsentRemark, Question};
use crate::fhir::consent::{ActReason, Base, Directive, Effect, Matter, Provision, Remark, Status};
use crate::label::{Label, LabelSet};

/// What a Consent does to one part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Outcome {
    /// What it opens.
    pub grant: Grant,
    /// Whether it refuses the part to this viewer, whatever other Consents permit.
    pub refuses: bool,
}

const NEITHER: Outcome = Outcome {
    grant: Grant::NOTHING,
    refuses: false,
};

/// The root provision as it is read.
enum Root<'a> {
    Permit(Rule<'a>),
    /// `binds`: it refuses what it is about to others' permits too; else it is only the default of its own exceptions.
    Deny {
        rule: Rule<'a>,
        binds: bool,
    },
}

/// A Consent in force, as it stands to this question.
pub(super) struct Standing<'a> {
    directive: &'a Directive,
    /// Every name of its patient; empty when nobody can be found.
    patient: Names,
    root: Option<Root<'a>>,
    /// Whether it may permit: everything in it is understood.
    may_permit: bool,
    /// Whether the patient's own hand gave it.
    is_own: bool,
}

impl<'a> Standing<'a> {
    /// The Consents in force; what there is to say of them and of the others goes to the remarks.
    pub fn all(
        directives: &'a [Directive],
        records: &[Record<'_>],
        viewer: &'a Viewer,
        question: &Question<'a>,
        directory: &'a Directory<'a>,
        remarks: &mut Vec<ConsentRemark>,
    ) -> Vec<Self> {
        let asked = Asked {
            viewer,
            directory,
            purpose: question.purpose,
            at: question.at,
        };
        let mut standings = Vec::new();
        for (at, directive) in directives.iter().enumerate() {
            let same =
                |(other, one): &(usize, &Directive)| *other != at && one.name == directive.name;
            let mut others = directives.iter().enumerate().filter(same);
            if others
                .clone()
                .any(|(other, one)| other < at && one == directive)
            {
                continue;
            }
            let mut told = Told {
                directive,
                remarks,
                may_permit: true,
            };
            if others.any(|(_, one)| one != directive) {
                told.nothing("", "is given more than once, and not in the same words");
            }
            let standing = Self::of(directive, records, asked, &mut told);
            standings.extend(standing);
        }
        standings
    }

    fn of(
        directive: &'a Directive,
        records: &[Record<'_>],
        asked: Asked<'a>,
        told: &mut Told<'_>,
    ) -> Option<Self> {
        if directive.status == Status::NotInForce {
            told.nothing("status", "is not active");
            return None;
        }
        if directive.matter == Matter::OtherThanDisclosure {
            told.nothing(
                "scope",
                "or category is about care, not about who may have information",
            );
            return None;
        }
        if directive.given.is_some_and(|given| asked.at < given) {
            told.nothing("dateTime", "is later than the instant asked about");
            return None;
        }
        for fault in &directive.faults {
            told.nothing(&fault.path, fault.reason);
        }
        for note in &directive.notes {
            told.note(&note.path, note.reason);
        }
        let narrow = match directive.matter {
            Matter::Research => Some((ActReason::RESEARCH, "limits it to research")),
            Matter::EmergencyOnly => Some((ActReason::EMERGENCY, "limits it to emergencies")),
            _ => None,
        };
        if let Some((_, reason)) = narrow.filter(|(only, _)| !asked.purpose.is_a(*only)) {
            told.nothing("category", reason);
        }
        let mut patient = asked.directory.names(&directive.patient);
        if !patient.is_empty() && !patient.iter().any(|name| name.starts_with("Patient/")) {
            told.nothing("patient", "names nobody who can be found");
            patient.clear();
        }
        if !patient.is_empty() && !records.iter().any(|record| meet(&record.patient, &patient)) {
            told.nothing("patient", "is nobody's whose records were given");
            return None;
        }
        let root = Self::root(directive, asked, told);
        Some(Self {
            is_own: directive.performers.is_empty()
                || directive
                    .performers
                    .iter()
                    .any(|performer| meet(&asked.directory.names([performer]), &patient)),
            may_permit: told.may_permit,
            directive,
            patient,
            root,
        })
    }

    /// How the root is read (docs/decide.md): by its type; without one, by what it holds and the base rule.
    fn root(directive: &'a Directive, asked: Asked<'a>, told: &mut Told<'_>) -> Option<Root<'a>> {
        let is_whole = directive.faults.is_empty();
        let Some(provision) = &directive.root else {
            if directive.base != Base::OptOut && is_whole {
                told.nothing(
                    "provision",
                    "is missing, so that it says nothing of whom, what and what for",
                );
                return None;
            }
            let rule = Rule::of(&EVERYTHING, Effect::Deny, asked)?;
            return Some(Root::Deny { rule, binds: true });
        };
        let (permits, denies) = (provision.has(Effect::Permit), provision.has(Effect::Deny));
        let effect = match (provision.effect, directive.base) {
            // What can't be told, because something in it can't be read, may be a refusal.
            (Effect::Unsaid, Base::OptOut) => Effect::Deny,
            (Effect::Unsaid, _) if !is_whole => Effect::Deny,
            (Effect::Unsaid, Base::OptIn) if denies && !permits => Effect::Permit,
            (effect, _) => effect,
        };
        match effect {
            Effect::Permit => {
                let rule = Rule::of(provision, Effect::Permit, asked)?;
                if provision.labels.is_none() && !permits {
                    told.note(
                        "provision",
                        "names no security label, so it opens only what is not specially protected",
                    );
                }
                Some(Root::Permit(rule))
            }
            Effect::Deny => {
                let rule = Rule::of(provision, Effect::Deny, asked)?;
                // Without conditions and with permits inside, it is the default that stands anyway.
                Some(Root::Deny {
                    rule,
                    binds: provision.is_conditioned() || !permits || !is_whole,
                })
            }
            Effect::Unsaid => {
                if !permits {
                    told.nothing("provision", "doesn't say whether it permits or denies");
                }
                let rule = Rule::of(provision, Effect::Deny, asked)?;
                // R4's own examples write a refusal so: what it names may be what is withheld.
                let may_withhold = provision.is_conditioned() || directive.base != Base::OptIn;
                Some(Root::Deny {
                    rule,
                    binds: may_withhold && !permits,
                })
            }
        }
    }

    /// The Consent's name.
    pub fn name(&self) -> &str {
        &self.directive.name
    }

    /// What it does to a part so labelled of a record.
    pub fn on(&self, record: &Record<'_>, labels: LabelSet) -> Outcome {
        // A deny whose patient can't be read may be anybody's; a permit then has a fault.
        if !self.patient.is_empty() && !meet(&self.patient, &record.patient) {
            return NEITHER;
        }
        let mut outcome = match &self.root {
            None => NEITHER,
            Some(Root::Permit(rule)) => Outcome {
                grant: rule.grant(record, labels),
                refuses: false,
            },
            Some(Root::Deny { rule, binds }) => {
                let touched = rule.touched(record, labels);
                if touched.is_empty() {
                    return NEITHER;
                }
                let grant = if self.may_permit {
                    rule.exceptions(record, labels)
                } else {
                    Grant::NOTHING
                };
                Outcome {
                    grant,
                    refuses: *binds && !grant.labels.contains(touched),
                }
            }
        };
        // Of a service that a minor consented to alone only the minor's own hand opens anything (LAW D1).
        if !self.may_permit || (labels.has(Label::MinorConsented) && !self.is_own) {
            outcome.grant = Grant::NOTHING;
        }
        outcome
    }
}

/// A provision without any condition.
static EVERYTHING: Provision = Provision {
    effect: Effect::Deny,
    period: None,
    actors: None,
    actions: None,
    labels: None,
    purposes: None,
    classes: None,
    codes: None,
    data_period: None,
    data: None,
    provisions: Vec::new(),
};

/// What is told of one Consent.
struct Told<'r> {
    directive: &'r Directive,
    remarks: &'r mut Vec<ConsentRemark>,
    may_permit: bool,
}

impl Told<'_> {
    fn nothing(&mut self, path: &str, reason: &'static str) {
        self.may_permit = false;
        self.tell(path, reason, true);
    }

    fn note(&mut self, path: &str, reason: &'static str) {
        self.tell(path, reason, false);
    }

    fn tell(&mut self, path: &str, reason: &'static str, permits_nothing: bool) {
        self.remarks.push(ConsentRemark {
            consent: self.directive.name.clone(),
            permits_nothing,
            remark: Remark {
                path: path.to_owned(),
                reason,
            },
        });
    }
}
