//! What the pages of joining have in common: the newcomer's session, which step may be shown, three ways to answer.

use crate::{
    State,
    components::steps::Steps,
    destination::Destination,
    forms::{self, Fields},
    pages::answer::Answer,
    t, visit,
};
use axum::{extract::Request, http::request::Parts, response::Response};
use leptos::prelude::*;
use portal::{
    Portal, Refusal,
    caller::Caller,
    joining::{self, Finished, Standing, Step},
    refusal::Cause,
};
use tower_sessions::Session;

/// Somebody without an account yet, or on the way back to it: a session, and nothing more.
pub(crate) struct Newcomer {
    /// The journeys.
    pub portal: Portal,
    /// What came with the request.
    pub caller: Caller,
}

impl Newcomer {
    /// Who came with a request.
    pub fn of(state: &State, parts: &Parts) -> Result<Self, Refusal> {
        Ok(Self {
            portal: state.portal().clone(),
            caller: visit::caller(parts)?,
        })
    }

    /// The session.
    pub fn session(&self) -> &Session {
        &self.caller.session
    }

    /// Where this session stands.
    pub async fn standing(&self) -> Result<Option<Standing>, Refusal> {
        joining::standing(&self.portal, self.session()).await
    }

    /// Where to go on from here.
    pub async fn onward(&self) -> Result<Destination, Refusal> {
        Ok(match self.standing().await? {
            Some(standing) => onward(&standing),
            None => Destination::JoinOver,
        })
    }

    /// Makes the account, or says where to go first.
    pub async fn finish(&self, notice: Option<&str>) -> Result<Destination, Refusal> {
        let finished = joining::finish(&self.portal, &self.caller, notice).await?;
        Ok(match finished {
            Finished::SignedIn => Destination::Home,
            Finished::NotYet => self.onward().await?,
            Finished::Gone => Destination::JoinOver,
        })
    }
}

/// The first page that waits for an answer; the codes' page has the button that ends it all.
pub(crate) fn onward(standing: &Standing) -> Destination {
    Destination::JoinStep(standing.step.unwrap_or(Step::Codes))
}

/// A page of a step: shown when everything before it is answered, else the way leads to what is not.
pub(super) fn page<Making, Made>(step: Step, make: Making) -> impl IntoView
where
    Making: FnOnce(Newcomer, Standing) -> Made + Send + 'static,
    Made: Future<Output = Result<AnyView, Refusal>> + Send + 'static,
{
    visit::open(async move {
        let Some((state, parts)) = use_context::<State>().zip(use_context::<Parts>()) else {
            return Err(Refusal::Unavailable(Cause::Session));
        };
        let newcomer = Newcomer::of(&state, &parts)?;
        match newcomer.standing().await? {
            None => Ok(visit::lead(&Destination::JoinOver)),
            Some(standing) if !standing.reaches(step) => Ok(visit::lead(&onward(&standing))),
            Some(standing) => make(newcomer, standing).await,
        }
    })
}

/// Reads what was sent and answers.
pub(crate) async fn answer<T, Doing, Done>(state: State, request: Request, doing: Doing) -> Response
where
    T: Clone + Send + Sync + 'static,
    Doing: FnOnce(Newcomer, Fields) -> Done,
    Done: Future<Output = Result<Answer<T>, Refusal>>,
{
    let (parts, fields) = match forms::read(&state, request).await {
        Ok(read) => read,
        Err(problem_page) => return problem_page,
    };
    let outcome = match Newcomer::of(&state, &parts) {
        Ok(newcomer) => doing(newcomer, fields).await,
        Err(refusal) => Err(refusal),
    };
    match outcome {
        Ok(Answer::Go(destination)) => destination.see_other(),
        Ok(Answer::Again(form)) => forms::again(&state, parts, form).await,
        Ok(Answer::Still(form)) => forms::still(&state, parts, form).await,
        Ok(Answer::File(response)) => response,
        // Too late, or a page that was open from an earlier time.
        Err(Refusal::SignInFirst) => Destination::JoinOver.see_other(),
        Err(refusal) => visit::refuse(&state, parts, refusal).await,
    }
}

fn name(step: Step) -> String {
    match step {
        Step::Email => t!("join-step-email"),
        Step::Password => t!("join-step-password"),
        Step::Second => t!("join-step-second"),
        Step::Codes => t!("join-step-codes"),
        Step::Notice => t!("join-step-notice"),
    }
}

/// Where one is.
#[component]
pub(super) fn StepsOf(
    /// The steps of this way.
    standing: Standing,
    /// The present one.
    step: Step,
) -> impl IntoView {
    let present = standing
        .steps
        .iter()
        .position(|one| *one == step)
        .unwrap_or(0);
    let names = standing.steps.into_iter().map(name).collect();
    view! { <Steps names present/> }
}

/// The way back to the step before; nothing on the first.
#[component]
pub(super) fn Back(
    /// The steps of this way.
    standing: Standing,
    /// The present one.
    step: Step,
) -> impl IntoView {
    standing
        .steps
        .into_iter()
        .rev()
        .find(|other| *other < step)
        .map(|before| {
            view! {
                <p class="back">
                    <a href=Destination::JoinStep(before).path()>{t!("join-back")}</a>
                </p>
            }
        })
}
