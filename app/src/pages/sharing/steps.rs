//! The steps of making a consent: their names, their order, and who may be on which.

use crate::{components::steps::Steps as StepsView, destination::Destination, t, visit::Visit};
use domain::id::PatientId;
use leptos::prelude::*;
use portal::{
    Refusal,
    sharing::draft::{self, Draft, Step},
};

/// The steps in order.
const ALL: [Step; 6] = [
    Step::Who,
    Step::Why,
    Step::What,
    Step::HowLong,
    Step::Review,
    Step::Sign,
];

/// The draft of the patient who came, on a step that its answers reach.
pub enum Reached {
    /// Here it is.
    Here(Draft, PatientId),
    /// Something before is not answered yet.
    Before(Destination),
}

/// The draft of the patient who came.
///
/// # Errors
/// [`Refusal::NotAvailable`] for anybody who may not sign for a record (LAW D1, D4).
pub async fn draft_of(visit: &Visit) -> Result<(Draft, PatientId), Refusal> {
    let patient = visit
        .actor
        .patient()
        .filter(|_| visit.actor.may_sign())
        .ok_or(Refusal::NotAvailable)?;
    let draft = draft::current(&visit.portal, &visit.actor).await?;
    Ok((draft, patient))
}

/// The draft, if its answers reach this step.
pub async fn reach(visit: &Visit, step: Step) -> Result<Reached, Refusal> {
    let (draft, patient) = draft_of(visit).await?;
    let next = draft.next();
    // Nothing is answered on the review itself.
    Ok(if next < step.min(Step::Review) {
        Reached::Before(Destination::SharingStep(next))
    } else {
        Reached::Here(draft, patient)
    })
}

/// Where to go on after a step was answered: the next one, or straight back to the review when
/// everything is answered already (somebody came from there to change one answer).
pub fn after(draft: &Draft, step: Step) -> Destination {
    let following = ALL
        .into_iter()
        .find(|other| *other > step)
        .unwrap_or(Step::Review);
    let next = draft.next();
    Destination::SharingStep(if next == Step::Review {
        next
    } else {
        following.min(next)
    })
}

fn name(step: Step) -> String {
    match step {
        Step::Who => t!("sharing-step-who"),
        Step::Why => t!("sharing-step-why"),
        Step::What => t!("sharing-step-what"),
        Step::HowLong => t!("sharing-step-how-long"),
        Step::Review => t!("sharing-step-review"),
        Step::Sign => t!("sharing-step-sign"),
    }
}

/// Where one is.
#[component]
pub fn StepsOf(
    /// The present step.
    step: Step,
) -> impl IntoView {
    let present = ALL.iter().position(|one| *one == step).unwrap_or(0);
    view! { <StepsView names=ALL.map(name).to_vec() present/> }
}

/// The way back to the step before.
#[component]
pub fn Back(
    /// The present step.
    step: Step,
) -> impl IntoView {
    let before = ALL.into_iter().rev().find(|other| *other < step);
    let href = before
        .map_or(Destination::Sharing, Destination::SharingStep)
        .path();
    view! {
        <p class="back">
            <a href=href>{t!("sharing-back")}</a>
        </p>
    }
}
