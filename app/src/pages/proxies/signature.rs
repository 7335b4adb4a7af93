//! `/proxies/signatures/{id}`: a minor's consent that waits for a parent's or guardian's signature (LAW D2).

use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        error_summary::ErrorSummary,
        field::Field,
        notice::Notice,
        page_title::PageTitle,
        summary_list::Row,
        time::zone,
    },
    dates,
    destination::Destination,
    forms::{Errors, Fields, FormState},
    pages::{
        answer::{self, Answer, id_in, id_of},
        sharing::{
            answers::{Names, document},
            facts::Facts,
        },
    },
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use domain::{consent::Consent, id::ConsentId};
use leptos::prelude::*;
use portal::{
    Refusal,
    actor::Actor,
    proxies::{
        countersign::{self, Waiting},
        helpers::LONGEST_NAME,
    },
    sharing::sign::SignError,
    step_up::{self, Action},
};

/// The typed name, kept in the session over the step-up.
const NAME: &str = "second-typed-name";

/// What was typed.
#[derive(Clone, Default)]
pub struct Typed {
    name: String,
}

/// What waits, and the second signature.
#[component]
pub fn Signature() -> impl IntoView {
    let id = id_in(2);
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit: Visit| {
        let id = id.map(ConsentId).ok_or(Refusal::NotAvailable)?;
        let waiting = countersign::one(&visit.portal, &visit.actor, id).await?;
        let form = match form {
            Some(form) => form,
            None => FormState {
                values: Typed {
                    name: visit.session.get(NAME).await?.unwrap_or_default(),
                },
                errors: Errors::default(),
            },
        };
        let action = Action::Countersign(id);
        let confirmed = step_up::stands(&visit.portal, &visit.session, &action).await?;
        let names = names(&visit.actor, &waiting);
        Ok(page(form, waiting, names, confirmed).into_any())
    })
}

/// The names in what waits. Its single items are only counted: whoever signs second may not see each that the minor may
/// (LAW D1, POLICY §5).
fn names(actor: &Actor, waiting: &Waiting) -> Names {
    Names {
        patient: actor.patient_name().unwrap_or_default().to_owned(),
        second_as: countersign::signs_as(actor).cloned(),
        to: waiting.to.clone(),
        from: waiting.from.clone(),
        ..Names::default()
    }
}

fn page(form: FormState<Typed>, waiting: Waiting, names: Names, confirmed: bool) -> impl IntoView {
    let Waiting {
        consent, to_sign, ..
    } = waiting;
    let FormState { values, errors } = form;
    let statements: Vec<&str> = consent
        .terms
        .statements
        .iter()
        .map(|it| it.text())
        .collect();
    let statements = statements.join("\n");
    let more = vec![Row::new(
        t!("consent-row-signed"),
        t!(
            "consent-signed-by",
            name = consent.signature.typed_name.as_str(),
            at = dates::moment(consent.signature.signed_at, zone())
        ),
    )];
    let (lead, decline) = if to_sign {
        (t!("proxies-second-lead"), t!("proxies-second-decline"))
    } else {
        (t!("proxies-second-waits"), t!("proxies-second-withdraw"))
    };
    let sign = to_sign.then(|| {
        view! {
            <h2>{t!("sharing-sign-sign")}</h2>
            <form method="post" novalidate>
                <Field
                    name="typed-name"
                    label=t!("sharing-sign-name")
                    hint=t!("sharing-sign-name-hint")
                    value=values.name.clone()
                    error=errors.of("typed-name")
                    autocomplete="name"
                />
                {(!confirmed).then(|| view! { <p>{t!("sharing-sign-code")}</p> })}
                <button class="button" type="submit" name="do" value="sign">
                    {t!("proxies-second-do")}
                </button>
            </form>
        }
    });
    view! {
        <PageTitle title=text!("proxies-second-title")/>
        <ErrorSummary errors=errors.clone()/>
        <p class="back"><a href=Destination::Proxies.path()>{t!("proxies-back")}</a></p>
        <h1>{t!("proxies-second-heading")}</h1>
        {confirmed
            .then(|| {
                view! {
                    <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                        {t!("proxies-second-confirmed")}
                    </Banner>
                }
            })}
        <p class="lead">{lead}</p>
        <h2 id="answers" tabindex="-1">{t!("sharing-sign-answers")}</h2>
        <Facts terms=consent.terms names changeable=false more/>
        <h2>{t!("sharing-sign-read")}</h2>
        <Notice heading=t!("sharing-sign-statements") text=statements/>
        {sign}
        <form class="post-button" method="post">
            <button class="button quiet" type="submit" name="do" value="decline">{decline}</button>
        </form>
    }
}

/// `POST /proxies/signatures/{id}`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 2);
    answer::to(state, request, async move |visit: Visit, fields: Fields| {
        let id = id.map(ConsentId).ok_or(Refusal::NotAvailable)?;
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        countersign::one(portal, actor, id).await?;
        if fields.text("do") == "decline" {
            countersign::withdraw(portal, actor, id).await?;
            return Ok(Answer::Go(Destination::Sharing));
        }
        let name = fields.text("typed-name");
        let mut errors = Errors::default();
        if name.is_empty() {
            errors.add("typed-name", text!("missing-signature"));
        } else if name.chars().count() > LONGEST_NAME {
            errors.add("typed-name", text!("sharing-sign-name-long"));
        }
        let values = Typed { name: name.clone() };
        if !errors.is_empty() {
            return Ok(Answer::Again(FormState { values, errors }));
        }
        let words =
            |consent: &Consent, waiting: &Waiting| document(consent, &names(actor, waiting));
        match countersign::sign(portal, session, actor, id, &name, words).await {
            Ok(()) => {
                session.remove::<String>(NAME).await?;
                Ok(Answer::Go(Destination::Consent(id.0)))
            }
            Err(SignError::Refused(Refusal::StepUpFirst)) => {
                session.insert(NAME, &name).await?;
                step_up::ask(session, &Action::Countersign(id)).await?;
                Ok(Answer::Go(Destination::StepUp))
            }
            Err(SignError::Refused(refusal)) => Err(refusal),
            Err(SignError::Deficient(_)) => {
                errors.add("typed-name", text!("missing-signature"));
                Ok(Answer::Again(FormState { values, errors }))
            }
            Err(SignError::Nameless) => {
                errors.add("answers", text!("missing-patient"));
                Ok(Answer::Again(FormState { values, errors }))
            }
        }
    })
    .await
}
