//! The conditions of a provision, put to one viewer and one record.
//!
//! INVARIANT: a condition that can't be told is not met in a permit and met in a deny.

use super::directory::{Directory, Names, meet};
use super::record::{Record, references};
use super::viewer::Viewer;
use crate::clock::Instant;
use crate::fhir::consent::{
    ActReason, Action, Actor, ActorRole, Class, Data, Effect, Meaning, Provision,
};
use crate::fhir::reference::Target;

/// What is asked, the same for every provision.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub viewer: &'a Viewer,
    pub directory: &'a Directory<'a>,
    pub purpose: ActReason,
    pub at: Instant,
}

/// What the provisions around one say that it says too.
#[derive(Clone, Copy, Default)]
pub(super) struct Around {
    /// To whom.
    pub recipient: bool,
    /// From whom.
    pub source: bool,
    /// For legal proceedings and nothing else.
    pub legal: bool,
}

impl Asked<'_> {
    fn is_legal(&self) -> bool {
        self.purpose.is_a(ActReason::LEGAL)
    }

    /// Whether a permit is for this viewer, now, for this purpose.
    pub fn permits(&self, provision: &Provision, around: &mut Around) -> bool {
        let Provision {
            period,
            actors,
            actions,
            purposes,
            ..
        } = provision;
        let in_period = period.is_none_or(|(start, end)| {
            start.is_none_or(|start| start <= self.at) && end.is_none_or(|end| self.at < end)
        });
        let recipients = actors
            .iter()
            .flatten()
            .filter(|actor| actor.role == ActorRole::Recipient);
        around.source |= actors
            .iter()
            .flatten()
            .any(|actor| actor.role == ActorRole::Source);
        let for_viewer = if recipients.clone().next().is_some() {
            around.recipient = true;
            recipients
                .into_iter()
                .any(|actor| self.viewer.receives(actor, self.directory))
        } else {
            // Where it says from whom, it must say to whom too; it may be that the permits inside do.
            !around.source || around.recipient || provision.has(Effect::Permit)
        };
        let for_purpose = purposes.as_ref().is_none_or(|purposes| {
            around.legal = purposes
                .iter()
                .all(|purpose| purpose.is_some_and(|one| one.is_a(ActReason::LEGAL)));
            purposes
                .iter()
                .flatten()
                .any(|purpose| self.purpose.is_a(*purpose))
        });
        let to_disclose = actions
            .as_ref()
            .is_none_or(|actions| actions.contains(&Action::Disclose));
        // LAW A10: for proceedings only on a consent for nothing else. With exceptions inside, they say it.
        let legal_apart = !self.is_legal() || around.legal || provision.has(Effect::Permit);
        in_period && for_viewer && for_purpose && to_disclose && legal_apart
    }

    /// Whether a deny may be about this viewer, now, for this purpose.
    pub fn denies(&self, provision: &Provision) -> bool {
        let Provision {
            period,
            actors,
            actions,
            purposes,
            ..
        } = provision;
        let in_period = period.is_none_or(|(start, end)| {
            start.is_none_or(|start| start <= self.at) && end.is_none_or(|end| self.at < end)
        });
        let for_viewer = actors.as_ref().is_none_or(|actors| {
            let mut recipients = actors
                .iter()
                .filter(|actor| actor.role != ActorRole::Source)
                .peekable();
            recipients.peek().is_none()
                || recipients.any(|actor| {
                    actor.role == ActorRole::Unclear || self.viewer.may_be(actor, self.directory)
                })
        });
        let for_purpose = purposes.as_ref().is_none_or(|purposes| {
            purposes
                .iter()
                .any(|purpose| purpose.is_none_or(|one| self.purpose.may_be_a(one)))
        });
        let to_disclose = actions
            .as_ref()
            .is_none_or(|actions| actions.iter().any(|action| *action != Action::Correct));
        in_period && for_viewer && for_purpose && to_disclose
    }

    /// Whether a permit is about this record: `Some`, and whether it names it.
    pub fn is_permitted(&self, provision: &Provision, record: &Record<'_>) -> Option<bool> {
        let Provision {
            actors,
            classes,
            codes,
            data_period,
            data,
            ..
        } = provision;
        let from_source = sources(actors.as_deref()).is_none_or(|named| {
            let named = self.directory.names(named);
            let all = |these: &[Names]| {
                !these.is_empty() && these.iter().all(|names| meet(names, &named))
            };
            all(&record.sources) || all(&record.authors)
        });
        let of_class = classes.as_ref().is_none_or(|classes| {
            classes.iter().any(|class| match class {
                Class::Resource(name) => record.facts.resource_type == *name,
                Class::Media(media) => record.has_media(media),
                Class::Document(coding) => {
                    record.is_document_of(coding.system.as_deref(), &coding.code)
                }
                Class::Unknown => false,
            })
        });
        let of_code = codes.as_ref().is_none_or(|codes| {
            let mut codings = codes.iter().flatten();
            codings.any(|coding| {
                coding.system.is_some()
                    && record.has_code(coding.system.as_deref(), &coding.code, false)
            })
        });
        let in_time = data_period.is_none_or(|(start, end)| {
            record.facts.service.is_some_and(|(first, last)| {
                start.is_none_or(|start| start <= first) && end.is_none_or(|end| last <= end)
            })
        });
        let mut is_named = false;
        let of_data = data.as_ref().is_none_or(|data| {
            data.iter().fold(false, |any, data| {
                let names = self.directory.names(&data.targets);
                is_named |= data.meaning != Meaning::AuthoredBy && meet(&names, &record.names);
                any || self.reaches(data, &names, record, false)
            })
        });
        (from_source && of_class && of_code && in_time && of_data).then_some(is_named)
    }

    /// Whether a deny may be about this record.
    pub fn is_denied(&self, provision: &Provision, record: &Record<'_>) -> bool {
        let Provision {
            actors,
            classes,
            codes,
            data_period,
            data,
            ..
        } = provision;
        let from_source = sources(actors.as_deref()).is_none_or(|named| {
            let names = self.directory.names(named);
            let origins = record.sources.iter().chain(&record.authors);
            // A source that names nobody, or a record from nobody known, may be it.
            names.is_empty()
                || (record.sources.is_empty() && record.authors.is_empty())
                || origins.into_iter().any(|origin| meet(origin, &names))
        });
        let is_document = matches!(
            record.facts.resource_type.as_str(),
            "DocumentReference" | "Composition" | "Binary"
        );
        let of_class = classes.as_ref().is_none_or(|classes| {
            classes.iter().any(|class| match class {
                Class::Resource(name) => record.facts.resource_type == *name,
                Class::Media(media) => is_document || record.has_media(media),
                Class::Document(coding) => {
                    is_document || record.is_document_of(coding.system.as_deref(), &coding.code)
                }
                Class::Unknown => true,
            })
        });
        let of_code = codes.as_ref().is_none_or(|codes| {
            codes.iter().any(|concept| {
                concept.is_empty()
                    || concept
                        .iter()
                        .any(|coding| record.has_code(coding.system.as_deref(), &coding.code, true))
            })
        });
        let in_time = data_period.is_none_or(|(start, end)| {
            record.facts.service.is_none_or(|(first, last)| {
                start.is_none_or(|start| start <= last) && end.is_none_or(|end| first <= end)
            })
        });
        let of_data = data.as_ref().is_none_or(|data| {
            data.iter().any(|data| {
                let names = self.directory.names(&data.targets);
                let is_findable = data
                    .targets
                    .iter()
                    .any(|target| matches!(target, Target::Resource(_)))
                    || self.directory.resources(&names).next().is_some();
                !is_findable || self.reaches(data, &names, record, true)
            })
        });
        from_source && of_class && of_code && in_time && of_data
    }

    /// Whether data named by reference takes in the record (consent-data-meaning: one step, as R4 defines it).
    fn reaches(&self, data: &Data, names: &Names, record: &Record<'_>, if_unknown: bool) -> bool {
        let is_it = meet(names, &record.names);
        match data.meaning {
            Meaning::Instance => is_it,
            Meaning::Related => {
                is_it
                    || self.directory.resources(names).any(|resource| {
                        references(resource)
                            .iter()
                            .any(|target| record.names.contains(target.as_str()))
                    })
            }
            Meaning::Dependents => is_it || record.refers_to(names),
            Meaning::AuthoredBy if record.authors.is_empty() => if_unknown,
            Meaning::AuthoredBy if if_unknown => {
                record.authors.iter().any(|author| meet(author, names))
            }
            Meaning::AuthoredBy => record.authors.iter().all(|author| meet(author, names)),
        }
    }
}

/// The sources among the actors; `None` when none is named.
fn sources(actors: Option<&[Actor]>) -> Option<impl Iterator<Item = &Target>> {
    let is_source = |actor: &&Actor| actor.role == ActorRole::Source;
    let actors = actors?;
    actors.iter().any(|actor| is_source(&actor)).then(|| {
        actors
            .iter()
            .filter(is_source)
            .flat_map(|actor| &actor.targets)
    })
}
