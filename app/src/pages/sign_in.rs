//! `/sign-in` and `/sign-in/verify`: a password, then a code; or a passkey, which is both (LAW F5, F6, F8).

use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        button::Loudness,
        demo_sheet::{DemoCodes, DemoSheet},
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
    },
    destination::Destination,
    forms::{self, Errors, Fields, FormState},
    pages::account::{
        ceremony::{self, Answer},
        passkey_button::{Ceremony, PasskeyButton},
    },
    pages::answer::{self, Code},
    t, text, visit,
};
use axum::{extract, http::request::Parts, response::Response};
use leptos::prelude::*;
use portal::{
    Refusal,
    caller::Caller,
    passkeys::{self, assertion},
    refusal::Cause,
    session::timed_out,
    sign_in::{self, Outcome},
};
use secrecy::ExposeSecret;

/// The message of who was refused.
const REFUSED: &str = "sign-in-refused";

/// What is typed on the first page and shown again.
#[derive(Clone, Default)]
struct Typed {
    sign_in: String,
}

/// The first factor.
#[component]
pub fn SignIn() -> impl IntoView {
    let form = forms::state::<Typed>();
    let refused = form.errors.iter().any(|error| error.text.key() == REFUSED);
    visit::open(async move {
        // Who is signed in already has nothing to do here.
        if visit::visit().is_ok() {
            return Ok(visit::lead(&Destination::Home));
        }
        let timed_out = timed_out_here().await?;
        Ok(view! {
            <PageTitle title=text!("sign-in-title")/>
            <ErrorSummary errors=form.errors.clone()/>
            <h1>{t!("sign-in-heading")}</h1>
            {timed_out.then(|| view! { <TimedOut/> })}
            {refused.then(|| view! { <WaysOn/> })}
            <form method="post" action="/sign-in" novalidate>
                <Field
                    name="sign-in"
                    label=t!("sign-in-name")
                    kind=InputKind::Email
                    value=form.values.sign_in.clone()
                    error=form.errors.of("sign-in")
                    autocomplete="username webauthn"
                />
                <Field
                    name="password"
                    label=t!("sign-in-password")
                    kind=InputKind::Password
                    error=form.errors.of("password")
                    autocomplete="current-password"
                />
                <button class="button" type="submit">{t!("sign-in-go-on")}</button>
            </form>
            <Passkey/>
            <ul class="plain">
                <li><a href=Destination::Recover.path()>{t!("sign-in-recover")}</a></li>
                <li><a href=Destination::Join.path()>{t!("sign-in-join")}</a></li>
                <li>{t!("sign-in-trouble")} " " <a href="/help">{t!("sign-in-help")}</a></li>
            </ul>
            <DemoSheet/>
        }
        .into_any())
    })
}

/// Whether a session ended here by itself.
async fn timed_out_here() -> Result<bool, Refusal> {
    let state = use_context::<State>();
    let session = use_context::<Parts>().and_then(|parts| visit::session(&parts));
    match (state, session) {
        (Some(state), Some(session)) => timed_out::is_timed_out(state.portal(), &session).await,
        _ => Ok(false),
    }
}

/// Says why somebody is here who was signed in (LAW F4).
#[component]
fn TimedOut() -> impl IntoView {
    view! {
        <Banner tone=Tone::Info heading=t!("timed-out-heading")>
            {t!("timed-out-why")} " " {t!("timed-out-kept")}
        </Banner>
    }
}

/// The ways on for who was refused: the same for everybody (LAW F8).
#[component]
fn WaysOn() -> impl IntoView {
    view! {
        <p>{t!("sign-in-ways")}</p>
        <ul>
            <li>{t!("sign-in-way-wait")}</li>
            <li>{t!("sign-in-way-device")}</li>
            <li>{t!("sign-in-way-passkey")}</li>
            <li>
                <a href=Destination::Recover.path()>{t!("sign-in-way-recovery")}</a>
            </li>
            <li>{t!("sign-in-way-staff")}</li>
        </ul>
    }
}

/// The other way in, where there are passkeys.
#[component]
fn Passkey() -> impl IntoView {
    use_context::<State>()
        .is_some_and(|state| passkeys::offered(state.portal()))
        .then(|| {
            view! {
                <PasskeyButton
                    ceremony=Ceremony::GetOrFillIn
                    at="/sign-in/passkey"
                    words=t!("passkey-sign-in")
                    refused=t!("passkey-refused")
                    loudness=Loudness::Quiet
                />
            }
        })
}

/// `POST /sign-in/passkey/start`
pub async fn start_passkey(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    ceremony::answer(request, async move |parts, _| {
        let session = visit::session(&parts).ok_or(Refusal::Unavailable(Cause::Session))?;
        assertion::start_sign_in(state.portal(), &session)
            .await
            .map(Answer::Options)
    })
    .await
}

/// `POST /sign-in/passkey/finish`
pub async fn finish_passkey(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    ceremony::answer(request, async move |parts, body| {
        let caller = visit::caller(&parts)?;
        let outcome = assertion::finish_sign_in(state.portal(), &caller, &body).await?;
        Ok(match outcome {
            Outcome::Accepted => Answer::Go(first_page(&state, &caller).await?),
            Outcome::Refused => Answer::Refused,
        })
    })
    .await
}

/// Takes the first factor. Whatever was wrong, the answer is the same.
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let (parts, fields) = match forms::read(&state, request).await {
        Ok(read) => read,
        Err(problem_page) => return problem_page,
    };
    match password(&state, &parts, &fields).await {
        Ok(Ok(())) => Destination::SignInVerify.see_other(),
        Ok(Err(form)) => forms::again(&state, parts, form).await,
        Err(refusal) => visit::refuse(&state, parts, refusal).await,
    }
}

async fn password(
    state: &State,
    parts: &Parts,
    fields: &Fields,
) -> Result<Result<(), FormState<Typed>>, Refusal> {
    let values = Typed {
        sign_in: fields.text("sign-in"),
    };
    let password = fields.secret("password");
    let mut errors = Errors::default();
    if values.sign_in.is_empty() {
        errors.add("sign-in", text!("sign-in-name-missing"));
    }
    if password.expose_secret().is_empty() {
        errors.add("password", text!("sign-in-password-missing"));
    }
    if errors.is_empty() {
        let caller = visit::caller(parts)?;
        let outcome = sign_in::password(state.portal(), &caller, &values.sign_in, password).await?;
        if outcome == Outcome::Accepted {
            return Ok(Ok(()));
        }
        errors.add("sign-in", text!("sign-in-refused"));
    }
    Ok(Err(FormState { values, errors }))
}

/// The second factor.
#[component]
pub fn Verify() -> impl IntoView {
    let form = forms::state::<Code>();
    visit::open(async move {
        let state = use_context::<State>();
        let session = use_context::<Parts>().and_then(|parts| visit::session(&parts));
        let pending = match (&state, &session) {
            (Some(state), Some(session)) => sign_in::is_pending(state.portal(), session).await?,
            _ => false,
        };
        if !pending {
            return Err(Refusal::SignInFirst);
        }
        Ok(view! {
            <PageTitle title=text!("verify-title")/>
            <ErrorSummary errors=form.errors.clone()/>
            <h1>{t!("verify-heading")}</h1>
            <form method="post" action="/sign-in/verify" novalidate>
                <Field
                    name="code"
                    label=t!("verify-code")
                    hint=t!("verify-hint")
                    kind=InputKind::Code
                    error=form.errors.of("code")
                    autocomplete="one-time-code"
                />
                <button class="button" type="submit">{t!("verify-go-on")}</button>
            </form>
            <p><a href=Destination::Recover.path()>{t!("verify-recover")}</a></p>
            <p><a href="/sign-in">{t!("verify-back")}</a></p>
            <DemoCodes/>
        }
        .into_any())
    })
}

/// Takes the second factor.
pub async fn submit_code(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let (parts, fields) = match forms::read(&state, request).await {
        Ok(read) => read,
        Err(problem_page) => return problem_page,
    };
    match code(&state, &parts, &fields).await {
        Ok(Some(destination)) => destination.see_other(),
        Ok(None) => forms::again(&state, parts, answer::code_refused()).await,
        Err(refusal) => visit::refuse(&state, parts, refusal).await,
    }
}

/// Where to go on; `None` when the code was wrong.
async fn code(
    state: &State,
    parts: &Parts,
    fields: &Fields,
) -> Result<Option<Destination>, Refusal> {
    let caller = visit::caller(parts)?;
    match sign_in::code(state.portal(), &caller, &fields.secret("code")).await? {
        Outcome::Accepted => first_page(state, &caller).await.map(Some),
        Outcome::Refused => Ok(None),
    }
}

/// The first page after signing in: the one somebody was on when their session ended, else the start.
async fn first_page(state: &State, caller: &Caller) -> Result<Destination, Refusal> {
    let back = timed_out::way_back(state.portal(), &caller.session).await?;
    Ok(back.map_or(Destination::Home, Destination::Back))
}
