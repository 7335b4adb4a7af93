//! `/account/recovery-codes`: new recovery codes in place of the old ones (LAW F6, F7).

use super::first::First;
use crate::{
    State,
    components::{error_summary::ErrorSummary, page_title::PageTitle},
    destination::Destination,
    forms::{self, Fields, FormState},
    pages::{
        answer::{self, Answer},
        join::codes::{KeepCodes, Kept, not_kept},
    },
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::{
    Refusal, factors,
    passkeys::Change,
    session::{self, Receipt},
    step_up::{self, Action},
};

const CHANGE: Action = Action::ChangeFactors(Change::RecoveryCodes);

/// The new codes until they are kept; else how many are left, and the way to new ones.
#[component]
pub fn RecoveryCodes() -> impl IntoView {
    let form = forms::state::<Kept>();
    visit::page(async move |visit: Visit| {
        let shown = match factors::new_codes(&visit.portal, &visit.session).await? {
            Some(fresh) => {
                let action = Destination::RecoveryCodes.path();
                view! { <KeepCodes codes=fresh.written action form=form.clone()/> }.into_any()
            }
            None => renewing(&visit).await?,
        };
        Ok(view! {
            <PageTitle title=text!("codes-title")/>
            <ErrorSummary errors=form.errors/>
            <h1>{t!("codes-heading")}</h1>
            {shown}
        }
        .into_any())
    })
}

async fn renewing(visit: &Visit) -> Result<AnyView, Refusal> {
    let left = portal::passkeys::factors(&visit.portal, &visit.actor)
        .await?
        .recovery_codes;
    let confirmed = step_up::stands(&visit.portal, &visit.session, &CHANGE).await?;
    let action = Destination::RecoveryCodes.path();
    let next = if confirmed {
        view! {
            <form method="post" action=action>
                <button class="button" type="submit">{t!("renew-codes-do")}</button>
            </form>
        }
        .into_any()
    } else {
        view! { <First action/> }.into_any()
    };
    Ok(view! {
        <p class="lead">{t!("renew-codes-left", count = left)}</p>
        <p>{t!("renew-codes-lead")}</p>
        <p>{t!("account-others-end")}</p>
        {next}
        <p>
            <a href=Destination::Account.path()>{t!("account-leave")}</a>
        </p>
    }
    .into_any())
}

/// `POST /account/recovery-codes`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields: Fields| {
        taken(&visit, &fields).await
    })
    .await
}

async fn taken(visit: &Visit, fields: &Fields) -> Result<Answer<Kept>, Refusal> {
    let Visit {
        portal, session, ..
    } = visit;
    if factors::new_codes(portal, session).await?.is_some() {
        if !fields.checked("kept") {
            let form: FormState<Kept> = not_kept();
            return Ok(Answer::Again(form));
        }
        factors::codes_kept(session).await?;
        session::leave_receipt(session, Receipt::CodesKept).await?;
        return Ok(Answer::Go(Destination::Account));
    }
    match factors::renew_codes(portal, session, &visit.actor).await {
        Ok(()) => Ok(Answer::Go(Destination::RecoveryCodes)),
        Err(Refusal::StepUpFirst) => {
            step_up::ask(session, &CHANGE).await?;
            Ok(Answer::Go(Destination::StepUp))
        }
        Err(refusal) => Err(refusal),
    }
}
