//! `/account/contact`: the addresses at which one is told, and signing in with another (LAW F6, B6).

use super::overview::Happened;
use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
        summary_list::{Row, SummaryList},
        time::zone,
    },
    dates,
    destination::Destination,
    forms::{Errors, Fields, FormState},
    i18n::Text,
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::{
    Refusal,
    contacts::{self, Cant, Change, Listed, Waiting, Wanted},
    session::{self, Receipt},
    sign_in::Outcome,
    step_up::{self, Action},
};

/// The fields, and the place for what is wrong with none of them.
const SIGN_IN: &str = "sign-in";
const FURTHER: &str = "further";
const CODE: &str = "code";
const ELSEWHERE: &str = "addresses";

/// What was typed. A code is never shown again.
#[derive(Clone, Default)]
pub struct Typed {
    sign_in: String,
    further: String,
}

/// The addresses.
#[component]
pub fn Contact() -> impl IntoView {
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit: Visit| {
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        let listed = contacts::list(portal, actor).await?;
        let receipt = session::take_receipt(session).await?;
        let confirmed = match step_up::confirmed(portal, session).await? {
            Some(Action::ChangeContacts(change)) if form.is_none() => Some(change),
            _ => None,
        };
        let pressing = confirmed.is_some();
        let form = form.unwrap_or_else(|| FormState {
            values: match confirmed {
                Some(Change::SignIn(sign_in)) => Typed {
                    sign_in,
                    ..Typed::default()
                },
                Some(Change::Add(further)) => Typed {
                    further,
                    ..Typed::default()
                },
                Some(Change::Remove(_)) | None => Typed::default(),
            },
            errors: Errors::default(),
        });
        Ok(view! {
            <PageTitle title=text!("contact-title")/>
            <Happened receipt/>
            <Shown listed form pressing/>
        }
        .into_any())
    })
}

#[component]
fn Shown(
    listed: Listed,
    form: FormState<Typed>,
    /// Whether a factor was given, and the button has to be pressed once more.
    pressing: bool,
) -> impl IntoView {
    let FormState { values, errors } = form;
    let error = errors
        .of(ELSEWHERE)
        .map(|error| view! { <p class="error">{error.to_string()}</p> });
    let standing = if listed.confirmed {
        t!("contact-confirmed")
    } else {
        t!("contact-not-confirmed")
    };
    let rows = vec![
        Row::new(t!("contact-sign-in"), listed.sign_in.clone()),
        Row::new(t!("contact-standing"), standing),
    ];
    let ask = (!listed.confirmed && listed.waiting.is_none()).then(|| {
        view! {
            <form class="post-button" method="post">
                <button class="button quiet" type="submit" name="do" value="again">
                    {t!("contact-send")}
                </button>
            </form>
        }
    });
    let on_file = listed
        .on_file
        .clone()
        .map(|address| view! { <p>{t!("contact-on-file", address = address)}</p> });
    let can_add = listed.can_add();
    view! {
        <ErrorSummary errors=errors.clone()/>
        <p class="back"><a href=Destination::Account.path()>{t!("sessions-back")}</a></p>
        <h1>{t!("contact-heading")}</h1>
        <div id=ELSEWHERE tabindex="-1">{error}</div>
        <p class="lead">{t!("contact-lead")}</p>
        {pressing
            .then(|| {
                view! {
                    <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                        {t!("contact-press-again")}
                    </Banner>
                }
            })}
        {listed.waiting.map(|waiting| view! { <ToConfirm waiting error=errors.of(CODE)/> })}
        <h2>{t!("contact-sign-in-heading")}</h2>
        <SummaryList rows/>
        {ask}
        <form method="post" novalidate>
            <Field
                name=SIGN_IN
                label=t!("contact-sign-in-new")
                hint=t!("contact-sign-in-hint")
                kind=InputKind::Email
                value=values.sign_in.clone()
                error=errors.of(SIGN_IN)
                autocomplete="email"
            />
            <button class="button quiet" type="submit" name="do" value="sign-in">
                {t!("contact-sign-in-do")}
            </button>
        </form>
        <h2>{t!("contact-further-heading")}</h2>
        <p>{t!("contact-further-lead")}</p>
        <Further addresses=listed.further/>
        {on_file}
        {if can_add {
            view! {
                <form method="post" novalidate>
                    <Field
                        name=FURTHER
                        label=t!("contact-further-new")
                        kind=InputKind::Email
                        value=values.further.clone()
                        error=errors.of(FURTHER)
                        autocomplete="email"
                    />
                    <button class="button quiet" type="submit" name="do" value="add">
                        {t!("contact-further-do")}
                    </button>
                </form>
            }
                .into_any()
        } else {
            view! { <p id=FURTHER tabindex="-1">{t!("contact-cant-full")}</p> }.into_any()
        }}
    }
}

/// The code that was sent.
#[component]
fn ToConfirm(waiting: Waiting, #[prop(optional_no_strip)] error: Option<Text>) -> impl IntoView {
    let until = dates::time(waiting.expires, zone());
    let address = waiting.address;
    let after = match waiting.wanted {
        Wanted::Confirm => t!("contact-after-confirm"),
        Wanted::SignIn => t!("contact-after-sign-in"),
        Wanted::Further => t!("contact-after-further"),
    };
    view! {
        <h2>{t!("contact-code-heading")}</h2>
        <p>{t!("contact-code-sent", address = address, until = until)} " " {after}</p>
        <form method="post" novalidate>
            <Field
                name=CODE
                label=t!("contact-code")
                hint=t!("contact-code-hint")
                kind=InputKind::Written
                error
                autocomplete="one-time-code"
            />
            <button class="button" type="submit" name="do" value="confirm">
                {t!("contact-code-do")}
            </button>
        </form>
        <form method="post">
            <div class="actions">
                <button class="button quiet" type="submit" name="do" value="again">
                    {t!("contact-again")}
                </button>
                <button class="button quiet" type="submit" name="do" value="cancel">
                    {t!("contact-cancel")}
                </button>
            </div>
        </form>
    }
}

/// The further addresses, each with the button that takes it away.
#[component]
fn Further(addresses: Vec<String>) -> impl IntoView {
    if addresses.is_empty() {
        return view! { <p class="empty">{t!("contact-further-none")}</p> }.into_any();
    }
    let each = addresses
        .into_iter()
        .map(|address| {
            let label = t!("contact-remove-which", address = address.as_str());
            view! {
                <section class="item">
                    <p>{address.clone()}</p>
                    <form method="post">
                        <input type="hidden" name="address" value=address/>
                        <button
                            class="button quiet"
                            type="submit"
                            name="do"
                            value="remove"
                            aria-label=label
                        >
                            {t!("contact-remove")}
                        </button>
                    </form>
                </section>
            }
        })
        .collect_view();
    view! { {each} }.into_any()
}

/// `POST /account/contact`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields: Fields| {
        answered(&visit, &fields).await
    })
    .await
}

async fn answered(visit: &Visit, fields: &Fields) -> Result<Answer<Typed>, Refusal> {
    let Visit {
        portal,
        session,
        actor,
    } = visit;
    let here = Ok(Answer::Go(Destination::Contact));
    let (field, change) = match fields.text("do").as_str() {
        "sign-in" => (SIGN_IN, Change::SignIn(fields.text(SIGN_IN))),
        "add" => (FURTHER, Change::Add(fields.text(FURTHER))),
        "remove" => (ELSEWHERE, Change::Remove(fields.text("address"))),
        "again" => {
            return match contacts::send_again(portal, actor).await? {
                Ok(()) => {
                    session::leave_receipt(session, Receipt::CodeSent).await?;
                    here
                }
                Err(reason) => Ok(again(fields, ELSEWHERE, cant(reason))),
            };
        }
        "cancel" => {
            contacts::give_up(portal, actor).await?;
            return here;
        }
        "confirm" => {
            let code = fields.secret(CODE);
            if contacts::confirm(portal, session, actor, &code).await? == Outcome::Refused {
                // Where nothing waits any more there is no field to say it beside.
                let waits = contacts::list(portal, actor).await?.waiting.is_some();
                let field = if waits { CODE } else { ELSEWHERE };
                return Ok(again(fields, field, text!("contact-code-refused")));
            }
            session::leave_receipt(session, Receipt::AddressConfirmed).await?;
            return here;
        }
        _ => return Err(Refusal::BadRequest),
    };
    match contacts::request(portal, session, actor, &change).await {
        Ok(Ok(())) => {
            let receipt = match change {
                Change::Remove(_) => Receipt::AddressRemoved,
                Change::SignIn(_) | Change::Add(_) => Receipt::CodeSent,
            };
            session::leave_receipt(session, receipt).await?;
            here
        }
        Ok(Err(reason)) => Ok(again(fields, field, cant(reason))),
        Err(Refusal::StepUpFirst) => {
            step_up::ask(session, &Action::ChangeContacts(change)).await?;
            Ok(Answer::Go(Destination::StepUp))
        }
        Err(refusal) => Err(refusal),
    }
}

fn again(fields: &Fields, field: &'static str, words: Text) -> Answer<Typed> {
    let mut errors = Errors::default();
    errors.add(field, words);
    let values = Typed {
        sign_in: fields.text(SIGN_IN),
        further: fields.text(FURTHER),
    };
    Answer::Again(FormState { values, errors })
}

fn cant(cant: Cant) -> Text {
    match cant {
        Cant::Missing => text!("contact-cant-missing"),
        Cant::Unreadable => text!("contact-cant-unreadable"),
        Cant::Known => text!("contact-cant-known"),
        Cant::Full => text!("contact-cant-full"),
        Cant::NotThere => text!("contact-cant-gone"),
        Cant::Wait => text!("contact-cant-wait"),
    }
}
