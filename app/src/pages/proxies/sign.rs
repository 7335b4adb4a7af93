//! `/proxies/invite/sign`: exactly what a helper may see, the statements, the signature (LAW A1, D5).

use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        error_summary::ErrorSummary,
        field::Field,
        notice::Notice,
        page_title::PageTitle,
    },
    destination::Destination,
    forms::{Errors, Fields, FormState},
    i18n::kind_name,
    pages::{
        answer::{self, Answer},
        sharing::{
            answers::{Names, document},
            facts::Facts,
            missing::Missing,
        },
    },
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use domain::consent::Consent;
use leptos::prelude::*;
use portal::{
    Refusal,
    actor::Actor,
    directory::{Name, RecipientName},
    proxies::helpers::{self, Draft, LONGEST_NAME, Signing},
    sharing::{Opens, sign::SignError},
    step_up,
};

/// The typed name, kept in the session over the step-up.
const NAME: &str = "helper-typed-name";

/// What was typed.
#[derive(Clone, Default)]
pub struct Typed {
    name: String,
}

/// The statements and the signature.
#[component]
pub fn Sign() -> impl IntoView {
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit: Visit| {
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        let Some(signing) = helpers::signing(portal, session, actor).await? else {
            return Ok(visit::lead(&Destination::InviteHelper));
        };
        let form = match form {
            Some(form) => form,
            None => FormState {
                values: Typed {
                    name: session.get(NAME).await?.unwrap_or_default(),
                },
                errors: Errors::default(),
            },
        };
        let names = names(&signing.draft, actor);
        Ok(page(form, signing, names).into_any())
    })
}

/// The patient, and the helper as the patient named them.
fn names(draft: &Draft, actor: &Actor) -> Names {
    Names {
        patient: actor.patient_name().unwrap_or_default().to_owned(),
        to: vec![RecipientName::Party(Name {
            name: draft.name.clone(),
            detail: None,
            organization: None,
        })],
        ..Names::default()
    }
}

fn page(form: FormState<Typed>, signing: Signing, names: Names) -> impl IntoView {
    let Signing {
        draft,
        terms,
        opens,
        confirmed,
    } = signing;
    let FormState { values, errors } = form;
    let back = draft.authority.map_or(Destination::InviteHelper, |id| {
        Destination::ChangeHelper(id.0)
    });
    let way_back = back.path();
    let seen = draft.seen();
    let statements: Vec<&str> = terms.statements.iter().map(|one| one.text()).collect();
    let statements = statements.join("\n");
    let deficiencies = terms.deficiencies();
    let nameless = names.patient.trim().is_empty();
    let complete = deficiencies.is_empty() && !nameless;
    view! {
        <PageTitle title=text!("proxies-sign-title")/>
        <ErrorSummary errors=errors.clone()/>
        <p class="back"><a href=way_back>{t!("proxies-sign-back")}</a></p>
        <h1>{t!("proxies-sign-heading", name = draft.name.as_str())}</h1>
        <Missing deficiencies nameless at=back/>
        {confirmed
            .then(|| {
                view! {
                    <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                        {t!("proxies-sign-confirmed")}
                    </Banner>
                }
            })}
        <h2 id="answers" tabindex="-1">{t!("sharing-sign-answers")}</h2>
        <Facts terms names changeable=false/>
        {opens.map(|opens| view! { <WhatOpens opens/> })}
        <h2>{t!("sharing-sign-read")}</h2>
        <p>{t!("proxies-sign-means")}</p>
        <Notice heading=t!("sharing-sign-statements") text=statements/>
        {complete
            .then(|| {
                view! {
                    <h2>{t!("sharing-sign-sign")}</h2>
                    <form method="post" novalidate>
                        <input type="hidden" name="seen" value=seen/>
                        <Field
                            name="typed-name"
                            label=t!("sharing-sign-name")
                            hint=t!("sharing-sign-name-hint")
                            value=values.name.clone()
                            error=errors.of("typed-name")
                            autocomplete="name"
                        />
                        {(!confirmed).then(|| view! { <p>{t!("sharing-sign-code")}</p> })}
                        <button class="button" type="submit">{t!("proxies-sign-do")}</button>
                    </form>
                }
            })}
    }
}

/// How much of the record this opens today.
#[component]
fn WhatOpens(opens: Opens) -> impl IntoView {
    let kinds = opens
        .kinds
        .iter()
        .map(|(kind, count)| {
            view! {
                <li>
                    <strong>{*count}</strong>
                    <span>{kind_name(*kind)}</span>
                </li>
            }
        })
        .collect_view();
    let kinds = (opens.total > 0).then(|| {
        view! { <ul class="counts" aria-label=t!("sharing-opens-kinds")>{kinds}</ul> }
    });
    view! {
        <h2>{t!("sharing-review-opens")}</h2>
        <p class="opens-count">
            <strong>{t!("sharing-opens-count", count = opens.total)}</strong>
            " "
            {t!("sharing-opens-closed", count = opens.closed)}
        </p>
        {kinds}
    }
}

/// `POST /proxies/invite/sign`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields: Fields| {
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        let draft = helpers::draft(portal, actor).await?;
        if !draft.is_complete() {
            return Ok(Answer::Go(Destination::InviteHelper));
        }
        let name = fields.text("typed-name");
        let mut errors = Errors::default();
        if fields.text("seen") != draft.seen() {
            errors.add("answers", text!("sharing-sign-changed"));
        }
        if name.is_empty() {
            errors.add("typed-name", text!("missing-signature"));
        } else if name.chars().count() > LONGEST_NAME {
            errors.add("typed-name", text!("sharing-sign-name-long"));
        }
        let values = Typed { name: name.clone() };
        if !errors.is_empty() {
            return Ok(Answer::Again(FormState { values, errors }));
        }
        let names = names(&draft, actor);
        let words = |consent: &Consent| document(consent, &names);
        match helpers::sign(portal, session, actor, &name, words).await {
            Ok(new) => {
                session.remove::<String>(NAME).await?;
                Ok(Answer::Go(match draft.authority {
                    Some(id) if !new => Destination::Helper(id.0),
                    _ => Destination::HelperCode,
                }))
            }
            Err(SignError::Refused(Refusal::StepUpFirst)) => {
                session.insert(NAME, &name).await?;
                step_up::ask(session, &draft.action()).await?;
                Ok(Answer::Go(Destination::StepUp))
            }
            Err(SignError::Refused(refusal)) => Err(refusal),
            Err(SignError::Deficient(_) | SignError::Nameless) => {
                errors.add("answers", text!("sharing-sign-missing"));
                Ok(Answer::Again(FormState { values, errors }))
            }
        }
    })
    .await
}
