//! `/sharing/new/sign`: the statements, the name, the signature (LAW A1, A3).

use super::{
    answers::{Names, document, elements, statements},
    facts::Facts,
    missing::Missing,
    review::names,
    signers,
    steps::{self, Back, Reached, StepsOf},
    words::named_items,
};
use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        error_summary::ErrorSummary,
        field::Field,
        notice::{FoldedNotice, Notice},
        page_title::PageTitle,
    },
    destination::Destination,
    forms::{Errors, FormState},
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use domain::{
    consent::{Deficiency, Terms},
    id::PatientId,
};
use leptos::prelude::*;
use portal::{
    Refusal,
    sharing::{
        draft::{Draft, Step},
        sign::{self, SignError},
        single,
    },
    step_up,
};
use std::fmt::Write as _;

/// The typed name, kept in the session over the step-up.
const NAME: &str = "sharing-typed-name";
/// The consent just signed: its page says so once.
pub(super) const SIGNED: &str = "sharing-signed";

/// What was typed.
#[derive(Clone, Default)]
pub struct Typed {
    name: String,
}

/// The statements and the signature.
#[component]
pub fn Sign() -> impl IntoView {
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit| {
        let (draft, patient) = match steps::reach(&visit, Step::Sign).await? {
            Reached::Here(draft, patient) => (draft, patient),
            Reached::Before(elsewhere) => return Ok(visit::lead(&elsewhere)),
        };
        if let Some(elsewhere) = signers::first(&visit, &draft, patient).await? {
            return Ok(visit::lead(&elsewhere));
        }
        let form = match form {
            Some(form) => form,
            None => FormState {
                values: Typed {
                    name: visit.session.get(NAME).await?.unwrap_or_default(),
                },
                errors: Errors::default(),
            },
        };
        let names = all_names(&visit, &draft, patient).await?;
        let terms = draft.terms(patient, visit.now(), visit.portal.options().time_zone);
        let mut deficiencies = terms.deficiencies();
        deficiencies.extend(sign::beyond(&visit.portal, &visit.actor, &terms).await?);
        let to_sign = ToSign {
            deficiencies,
            nameless: !sign::names_patient(&visit.actor),
            confirmed: step_up::stands(&visit.portal, &visit.session, &sign::action(&draft))
                .await?,
            seen: seen(&draft, &names),
            terms,
            names,
        };
        Ok(page(form, to_sign).into_any())
    })
}

/// What is about to be signed.
struct ToSign {
    terms: Terms,
    names: Names,
    /// What keeps it from being signed, by the terms and by whose hand it is.
    deficiencies: Vec<Deficiency>,
    /// Whether there is no name of the patient.
    nameless: bool,
    /// What the form carries of what the page shows.
    seen: String,
    /// Whether the fresh factor for exactly this stands.
    confirmed: bool,
}

/// The names in a draft with its single items one by one: they are a part of what is signed.
async fn all_names(visit: &Visit, draft: &Draft, patient: PatientId) -> Result<Names, Refusal> {
    let terms = draft.terms(patient, visit.now(), visit.portal.options().time_zone);
    let items = single::of(&visit.portal, &visit.actor, &terms.what, false).await?;
    Ok(Names {
        items: Some(named_items(&terms.what, &items)),
        ..names(visit, draft).await?
    })
}

/// What the page shows is what is signed: the form carries the digest of the answers it showed, and of what it said of
/// single items, which may change under it.
fn seen(draft: &Draft, names: &Names) -> String {
    let items: Vec<String> = names.lines_of_items().collect();
    draft
        .digest_with(&items)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

fn page(form: FormState<Typed>, to_sign: ToSign) -> impl IntoView {
    let FormState { values, errors } = form;
    let ToSign {
        terms,
        names,
        deficiencies,
        nameless,
        seen,
        confirmed,
    } = to_sign;
    let complete = deficiencies.is_empty() && !nameless;
    let statements = statements(&terms).join("\n");
    let wording = elements(&terms, &names).join("\n");
    view! {
        <PageTitle title=text!("sharing-new-title")/>
        <Back step=Step::Sign/>
        <StepsOf step=Step::Sign/>
        <ErrorSummary errors=errors.clone()/>
        <h1>{t!("sharing-sign-heading")}</h1>
        <Missing deficiencies nameless/>
        {confirmed
            .then(|| {
                view! {
                    <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                        {t!("sharing-sign-confirmed")}
                    </Banner>
                }
            })}
        <h2 id="answers" tabindex="-1">{t!("sharing-sign-answers")}</h2>
        <Facts terms names changeable=true/>
        <h2>{t!("sharing-sign-read")}</h2>
        <Notice heading=t!("sharing-sign-statements") text=statements/>
        <FoldedNotice heading=t!("sharing-legal-wording") text=wording/>
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
                        <p>
                            {if confirmed {
                                t!("sharing-sign-now")
                            } else {
                                t!("sharing-sign-code")
                            }}
                        </p>
                        <button class="button" type="submit">
                            {t!("sharing-sign-do")}
                        </button>
                    </form>
                }
            })}
    }
}

/// `POST /sharing/new/sign`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields| {
        let (draft, patient) = match steps::reach(&visit, Step::Sign).await? {
            Reached::Here(draft, patient) => (draft, patient),
            Reached::Before(elsewhere) => return Ok(Answer::Go(elsewhere)),
        };
        let name = fields.text("typed-name");
        let again = |errors: Errors| {
            Answer::Again(FormState {
                values: Typed { name: name.clone() },
                errors,
            })
        };
        let mut errors = Errors::default();
        let names = all_names(&visit, &draft, patient).await?;
        let zone = visit.portal.options().time_zone;
        if !draft.deficiencies(patient, visit.now(), zone).is_empty() {
            errors.add("answers", text!("sharing-sign-missing"));
        }
        if fields.text("seen") != seen(&draft, &names) {
            errors.add("answers", text!("sharing-sign-changed"));
        }
        if name.is_empty() {
            errors.add("typed-name", text!("missing-signature"));
        } else if name.chars().count() > 200 {
            errors.add("typed-name", text!("sharing-sign-name-long"));
        }
        if !errors.is_empty() {
            return Ok(again(errors));
        }
        let signed = sign::sign(
            &visit.portal,
            &visit.session,
            &visit.actor,
            &name,
            |consent| document(consent, &names),
        );
        match signed.await {
            Ok(consent) => {
                visit.session.remove::<String>(NAME).await?;
                if draft.signers.as_ref().is_some_and(|signers| signers.parent) {
                    // It waits for the second signature, and stands on that list.
                    return Ok(Answer::Go(Destination::Sharing));
                }
                visit.session.insert(SIGNED, consent).await?;
                Ok(Answer::Go(Destination::Consent(consent.0)))
            }
            Err(SignError::Refused(Refusal::StepUpFirst)) => {
                visit.session.insert(NAME, &name).await?;
                step_up::ask(&visit.session, &sign::action(&draft)).await?;
                Ok(Answer::Go(Destination::StepUp))
            }
            Err(SignError::Refused(refusal)) => Err(refusal),
            Err(SignError::Deficient(_) | SignError::Nameless) => {
                errors.add("answers", text!("sharing-sign-missing"));
                Ok(again(errors))
            }
        }
    })
    .await
}
