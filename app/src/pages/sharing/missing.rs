//! What keeps a consent from being signed, in words, each with the way to put it right (LAW A1).

use crate::{
    components::banner::{Banner, Tone},
    destination::Destination,
    t,
};
use domain::consent::Deficiency;
use leptos::prelude::*;
use portal::sharing::draft::Step;

fn words(deficiency: Deficiency) -> String {
    match deficiency {
        Deficiency::Recipient | Deficiency::HelperNotNamed => t!("missing-recipient"),
        Deficiency::Purpose => t!("missing-purpose"),
        Deficiency::Information | Deficiency::Unreadable => t!("missing-information"),
        Deficiency::Discloser => t!("missing-discloser"),
        Deficiency::Expiration => t!("missing-expiration"),
        Deficiency::ExpirationNotAllowed => t!("missing-expiration-not-allowed"),
        Deficiency::ExpirationBeforeStart => t!("missing-expiration-past"),
        Deficiency::Statement => t!("missing-statement"),
        Deficiency::NotesCombined => t!("missing-notes"),
        Deficiency::LegalCombined => t!("missing-legal"),
        Deficiency::CriminalJusticeCombined => t!("missing-criminal-justice"),
        Deficiency::NotPatientStarted => t!("missing-not-started"),
        Deficiency::ClassNotAllowed => t!("missing-class"),
        Deficiency::PurposesNotTpo => t!("missing-purposes"),
        Deficiency::IntermediaryWithoutParticipants => t!("missing-participants"),
        Deficiency::DatesReversed => t!("missing-dates"),
        Deficiency::Authority => t!("missing-authority"),
        Deficiency::Signature => t!("missing-signature"),
    }
}

const fn step(deficiency: Deficiency) -> Step {
    match deficiency {
        Deficiency::Recipient
        | Deficiency::HelperNotNamed
        | Deficiency::ClassNotAllowed
        | Deficiency::IntermediaryWithoutParticipants => Step::Who,
        Deficiency::Purpose
        | Deficiency::LegalCombined
        | Deficiency::CriminalJusticeCombined
        | Deficiency::NotPatientStarted
        | Deficiency::PurposesNotTpo => Step::Why,
        Deficiency::Information
        | Deficiency::Authority
        | Deficiency::Unreadable
        | Deficiency::Discloser
        | Deficiency::NotesCombined
        | Deficiency::DatesReversed => Step::What,
        Deficiency::Expiration
        | Deficiency::ExpirationNotAllowed
        | Deficiency::ExpirationBeforeStart => Step::HowLong,
        Deficiency::Statement | Deficiency::Signature => Step::Sign,
    }
}

/// Everything that is missing; nothing when nothing is.
#[component]
pub fn Missing(
    /// What.
    deficiencies: Vec<Deficiency>,
    /// Whether there is no name of the patient: nobody can put that right here.
    nameless: bool,
    /// Where all of it is put right, if that is one page.
    #[prop(optional)]
    at: Option<Destination>,
) -> impl IntoView {
    (nameless || !deficiencies.is_empty()).then(|| {
        let patient = nameless.then(|| view! { <li>{t!("missing-patient")}</li> });
        let lines = deficiencies
            .into_iter()
            .map(|deficiency| {
                let href = at.as_ref().map_or_else(
                    || Destination::SharingStep(step(deficiency)).path(),
                    Destination::path,
                );
                view! {
                    <li>
                        <a href=href>{words(deficiency)}</a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <Banner tone=Tone::Danger heading=t!("missing-heading")>
                <ul>{patient} {lines}</ul>
            </Banner>
        }
    })
}
