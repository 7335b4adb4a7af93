//! `/step-up`: a fresh second factor for one named action (ARCHITECTURE, "Sign-in").

use crate::{
    State,
    components::{
        button::{LinkButton, Loudness},
        demo_sheet::DemoCodes,
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
    },
    destination::Destination,
    forms::{self, Fields, FormState},
    pages::account::{
        ceremony::{self, Answer},
        passkey_button::{Ceremony, PasskeyButton},
    },
    pages::answer::{self, Code},
    t, text,
    visit::{self, Visit},
    words::staff as staff_words,
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::{
    Refusal, contacts,
    export::Format,
    passkeys::{Change, assertion},
    recovery_case::Step,
    sign_in::Outcome,
    staff,
    step_up::{self, Action},
};

/// What is being confirmed, in words that name nothing of a record.
fn words(action: &Action) -> String {
    match action {
        Action::Sign { .. } => t!("step-up-sign"),
        Action::Revoke(_) => t!("step-up-revoke"),
        Action::NameHelper { .. } => t!("step-up-name-helper"),
        Action::EndHelper(_) => t!("step-up-end-helper"),
        Action::Countersign(_) => t!("step-up-countersign"),
        Action::DecideApplication { .. } => t!("step-up-decide-application"),
        Action::EndAuthority(_) => t!("step-up-end-authority"),
        Action::Export { format, .. } => match format {
            Format::Pdf => t!("step-up-export-pdf"),
            Format::Fhir => t!("step-up-export-fhir"),
        },
        Action::ClinicianExport { .. } => t!("step-up-clinician-export"),
        Action::CounselingNote(_) => t!("step-up-counseling-note"),
        Action::LowerLabels { .. } => t!("step-up-lower-labels"),
        Action::Emergency { .. } => t!("step-up-emergency"),
        Action::ReviewEmergency { .. } => t!("step-up-review-emergency"),
        Action::EndRestriction(_) => t!("step-up-end-restriction"),
        Action::AnswerRestriction { .. } => t!("step-up-answer-restriction"),
        Action::ChangeFactors(Change::Add) => t!("step-up-add-passkey"),
        Action::ChangeFactors(Change::Remove(_)) => t!("step-up-remove-passkey"),
        Action::ChangeFactors(Change::Password) => t!("step-up-password"),
        Action::ChangeFactors(Change::App) => t!("step-up-app"),
        Action::ChangeFactors(Change::RemoveApp) => t!("step-up-remove-app"),
        Action::ChangeFactors(Change::RecoveryCodes) => t!("step-up-recovery-codes"),
        Action::ChangeStaff(change) => staff_change(change),
        Action::SetProgram { program: true, .. } => t!("step-up-program-on"),
        Action::SetProgram { program: false, .. } => t!("step-up-program-off"),
        Action::AssignCare { .. } => t!("step-up-assign"),
        Action::TakeHouseLedger(_) => t!("step-up-house-ledger"),
        Action::OpenRecoveryCase { .. } => t!("step-up-recovery-open"),
        Action::RecoveryCase { step, .. } => match step {
            Step::Agree => t!("step-up-recovery-agree"),
            Step::Code => t!("step-up-recovery-code"),
        },
        Action::ChangeContacts(change) => contacts_change(change),
        Action::SignAccessReview { keep, remove } => t!(
            "step-up-access-review",
            keep = keep.len(),
            remove = remove.len()
        ),
    }
}

fn contacts_change(change: &contacts::Change) -> String {
    match change {
        contacts::Change::SignIn(address) => {
            t!("step-up-contact-sign-in", address = address.as_str())
        }
        contacts::Change::Add(address) => t!("step-up-contact-add", address = address.as_str()),
        contacts::Change::Remove(address) => {
            t!("step-up-contact-remove", address = address.as_str())
        }
    }
}

fn staff_change(change: &staff::Change) -> String {
    match change {
        staff::Change::Invite { name, role, .. } => t!(
            "step-up-staff-invite",
            name = name.as_str(),
            role = staff_words::role(*role)
        ),
        staff::Change::Give { role, .. } => {
            t!("step-up-staff-give", role = staff_words::role(*role))
        }
        staff::Change::End { role, .. } => {
            t!("step-up-staff-end", role = staff_words::role(*role))
        }
        staff::Change::Code { .. } => t!("step-up-staff-code"),
        staff::Change::Agree { .. } => t!("step-up-staff-agree"),
    }
}

/// Where to go when the person would rather not.
fn away(action: &Action) -> String {
    match action {
        Action::Sign { .. } => "/sharing".to_owned(),
        Action::Revoke(consent) => format!("/sharing/{consent}"),
        Action::NameHelper { .. } | Action::EndHelper(_) | Action::Countersign(_) => {
            Destination::Proxies.path()
        }
        Action::Export { .. } => "/exports".to_owned(),
        Action::ClinicianExport { patient, .. } => format!("/patients/{patient}"),
        Action::CounselingNote(_) => "/records".to_owned(),
        Action::DecideApplication { .. }
        | Action::EndAuthority(_)
        | Action::EndRestriction(_)
        | Action::AnswerRestriction { .. }
        | Action::LowerLabels { .. }
        | Action::Emergency { .. }
        | Action::ReviewEmergency { .. }
        | Action::RecoveryCase { .. }
        | Action::ChangeContacts(_)
        | Action::SetProgram { .. }
        | Action::TakeHouseLedger(_) => action.return_to(),
        Action::OpenRecoveryCase { .. } => Destination::Recovery.path(),
        Action::ChangeFactors(_) => "/account".to_owned(),
        Action::ChangeStaff(_) => Destination::People.path(),
        Action::AssignCare { .. } => Destination::Assignments.path(),
        Action::SignAccessReview { .. } => Destination::AccessReview.path(),
    }
}

/// Asks for the code.
#[component]
pub fn StepUp() -> impl IntoView {
    let form = forms::state::<Code>();
    visit::page(async move |visit: Visit| {
        Ok(match step_up::wanted(&visit.session).await? {
            Some(action) => {
                let passkey = assertion::can_step_up(&visit.portal, &visit.actor).await?;
                view! { <Asking action form passkey/> }.into_any()
            }
            None => view! { <NothingWaits/> }.into_any(),
        })
    })
}

#[component]
fn Asking(action: Action, form: FormState<Code>, passkey: bool) -> impl IntoView {
    view! {
        <PageTitle title=text!("step-up-title")/>
        <ErrorSummary errors=form.errors.clone()/>
        <h1>{t!("step-up-heading")}</h1>
        <p>{t!("step-up-lead")}</p>
        <p class="lead"><strong>{words(&action)}</strong></p>
        <p>{t!("step-up-again")}</p>
        <form method="post" action="/step-up" novalidate>
            <Field
                name="code"
                label=t!("step-up-code")
                hint=t!("step-up-hint")
                kind=InputKind::Code
                error=form.errors.of("code")
                autocomplete="one-time-code"
            />
            <div class="actions">
                <button class="button" type="submit">{t!("step-up-confirm")}</button>
                <a href=away(&action)>{t!("step-up-leave")}</a>
            </div>
        </form>
        {passkey
            .then(|| {
                view! {
                    <PasskeyButton
                        ceremony=Ceremony::Get
                        at="/step-up/passkey"
                        before=t!("passkey-or")
                        words=t!("passkey-confirm")
                        refused=t!("passkey-refused")
                        loudness=Loudness::Quiet
                    />
                }
            })}
        <DemoCodes again="/step-up"/>
    }
}

#[component]
fn NothingWaits() -> impl IntoView {
    view! {
        <PageTitle title=text!("step-up-nothing-title")/>
        <h1>{t!("step-up-nothing-heading")}</h1>
        <p>{t!("step-up-nothing")}</p>
        <p>
            <LinkButton href="/home">{t!("step-up-nothing-home")}</LinkButton>
        </p>
    }
}

/// Takes the code and goes on to what was confirmed.
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields: Fields| {
        Ok(match confirm(&visit, &fields).await? {
            Some(destination) => answer::Answer::Go(destination),
            None => answer::Answer::Again(answer::code_refused()),
        })
    })
    .await
}

/// `POST /step-up/passkey/start`
pub async fn start_passkey(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    ceremony::answer(request, async move |parts, _| {
        let visit = visit::of(&state, &parts).await?;
        assertion::start_step_up(&visit.portal, &visit.session, &visit.actor)
            .await
            .map(Answer::Options)
    })
    .await
}

/// `POST /step-up/passkey/finish`
pub async fn finish_passkey(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    ceremony::answer(request, async move |parts, body| {
        let visit = visit::of(&state, &parts).await?;
        let outcome =
            assertion::finish_step_up(&visit.portal, &visit.session, &visit.actor, &body).await?;
        Ok(match outcome {
            Ok(action) => Answer::Go(Destination::Confirmed(action)),
            Err(Outcome::Refused | Outcome::Accepted) => Answer::Refused,
        })
    })
    .await
}

/// Where to go on; `None` when the code was wrong.
async fn confirm(visit: &Visit, fields: &Fields) -> Result<Option<Destination>, Refusal> {
    let Some(action) = step_up::wanted(&visit.session).await? else {
        // Sent twice, or from a page that was open for long: the page says that nothing waits.
        return Ok(Some(Destination::StepUp));
    };
    let code = fields.secret("code");
    let outcome = step_up::confirm(&visit.portal, &visit.session, &visit.actor, &code).await?;
    Ok(match outcome {
        Ok(_) => Some(Destination::Confirmed(action)),
        Err(Outcome::Refused | Outcome::Accepted) => None,
    })
}
