//! `/join`: the code of an invitation and the birth date.

use super::way::{self, Newcomer};
use crate::{
    State,
    components::{
        demo_sheet::DemoInvitation,
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
    },
    destination::Destination,
    forms::{self, Errors, Fields, FormState},
    pages::answer::Answer,
    t, text, visit,
};
use axum::{extract, response::Response};
use chrono::NaiveDate;
use leptos::prelude::*;
use portal::{Refusal, joining, sign_in::Outcome, written_code::WrittenCode};
use secrecy::ExposeSecret;

/// What is typed and shown again: not the code.
#[derive(Clone, Default)]
struct Typed {
    birth: String,
}

/// Asks for both.
#[component]
pub fn Begin() -> impl IntoView {
    let form = forms::state::<Typed>();
    visit::open(async move {
        // Who is signed in has an account.
        if visit::visit().is_ok() {
            return Ok(visit::lead(&Destination::Home));
        }
        Ok(view! {
            <PageTitle title=text!("join-title")/>
            <ErrorSummary errors=form.errors.clone()/>
            <h1>{t!("join-heading")}</h1>
            <p class="lead">{t!("join-lead")}</p>
            <form method="post" action="/join" novalidate>
                <CodeAndBirth errors=form.errors.clone() birth=form.values.birth.clone()/>
                <button class="button" type="submit">{t!("join-go-on")}</button>
            </form>
            <h2>{t!("join-no-code-heading")}</h2>
            <p>{t!("join-no-code")}</p>
            <p>
                <a href="/sign-in">{t!("join-have-account")}</a>
            </p>
            <DemoInvitation/>
        }
        .into_any())
    })
}

/// The fields for the code of an invitation, which is never shown again, and for the birth date.
#[component]
pub(crate) fn CodeAndBirth(errors: Errors, birth: String) -> impl IntoView {
    view! {
        <Field
            name="code"
            label=t!("join-code")
            hint=t!("join-code-hint")
            kind=InputKind::Written
            error=errors.of("code")
            autocomplete="off"
        />
        <Field
            name="birth"
            label=t!("join-birth")
            hint=t!("join-birth-hint")
            kind=InputKind::Date
            value=birth
            error=errors.of("birth")
            autocomplete="bday"
        />
    }
}

/// A day as browsers send it, or as people write it where the browser has no field for days.
pub(crate) fn day(typed: &str) -> Option<NaiveDate> {
    ["%Y-%m-%d", "%m/%d/%Y"]
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(typed, form).ok())
}

/// `POST /join`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    way::answer(
        state,
        request,
        async |newcomer: Newcomer, fields: Fields| taken(&newcomer, &fields).await,
    )
    .await
}

async fn taken(newcomer: &Newcomer, fields: &Fields) -> Result<Answer<Typed>, Refusal> {
    let values = Typed {
        birth: fields.text("birth"),
    };
    let code = fields.secret("code");
    let birth = day(&values.birth);
    let mut errors = Errors::default();
    if code.expose_secret().trim().is_empty() {
        errors.add("code", text!("join-code-missing"));
    } else if WrittenCode::parse(&code).is_none() {
        // By its check symbol: this tells nothing about which codes there are.
        errors.add("code", text!("join-code-slip"));
    }
    if birth.is_none() && !values.birth.is_empty() {
        errors.add("birth", text!("join-birth-unreadable"));
    }
    if errors.is_empty() {
        let outcome = joining::begin(&newcomer.portal, newcomer.session(), &code, birth).await?;
        if outcome == Outcome::Accepted {
            return Ok(Answer::Go(newcomer.onward().await?));
        }
        errors.add("code", text!("join-refused"));
    }
    Ok(Answer::Again(FormState { values, errors }))
}

#[cfg(test)]
mod tests {
    use super::day;
    use chrono::NaiveDate;

    #[test]
    fn a_day_is_read_in_both_ways_of_writing_it() {
        let expected = NaiveDate::from_ymd_opt(1984, 6, 3);
        assert_eq!(day("1984-06-03"), expected);
        assert_eq!(day("06/03/1984"), expected);
        assert_eq!(day("6/3/1984"), expected);
        for none in ["", "1984", "13/01/1984", "June 3, 1984", "1984-02-30"] {
            assert_eq!(day(none), None, "{none}");
        }
    }
}
