//! `/office/recovery/new`: whose account it is, and how it was made sure who they are.

use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
        select::Select,
        summary_list::{Row, SummaryList},
    },
    destination::Destination,
    forms::{Errors, Fields, FormState},
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
    words::recovery as words,
};
use axum::{extract, response::Response};
use chrono::NaiveDate;
use domain::{
    id::AccountId,
    identity_check::{Document, How, IdentityCheck, LAST, NOTE},
};
use leptos::prelude::*;
use portal::{
    Refusal,
    recovery_case::{self as journey, Request, Whom, request},
    step_up,
};

/// The place for what is wrong with no field.
const ELSEWHERE: &str = "case";

/// What was typed.
#[derive(Clone, Default)]
pub struct Typed {
    account: String,
    email: String,
    birth: String,
    how: String,
    document: String,
    last: String,
    note: String,
    sure: bool,
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self {
            account: fields.text("account"),
            email: fields.text("email"),
            birth: fields.text("birth"),
            how: fields.text("how"),
            document: fields.text("document"),
            last: fields.text("last").trim().to_owned(),
            note: fields.lines("note").trim().to_owned(),
            sure: fields.checked("sure"),
        }
    }
}

impl From<&Request> for Typed {
    fn from(request: &Request) -> Self {
        let (account, email, birth) = match &request.whom {
            Whom::Named { email, birth } => (String::new(), email.clone(), birth.to_string()),
            Whom::Account(id) => (id.to_string(), String::new(), String::new()),
        };
        let (document, last) = request
            .check
            .document
            .as_ref()
            .map(|(document, last)| (document.name().to_owned(), last.clone()))
            .unwrap_or_default();
        Self {
            account,
            email,
            birth,
            how: request.check.how.name().to_owned(),
            document,
            last,
            note: request.check.note.clone(),
            sure: true,
        }
    }
}

impl Typed {
    /// The request it makes, or what is missing.
    fn request(&self) -> Result<Request, Errors> {
        let mut errors = Errors::default();
        let whom = match AccountId::parse(&self.account) {
            Some(account) => Some(Whom::Account(account)),
            None => self.named(&mut errors),
        };
        let how = How::from_name(&self.how);
        if how.is_none() {
            errors.add("how", text!("recovery-how-missing"));
        }
        let document = match how {
            Some(how) if how.with_document() => self.document(&mut errors),
            _ => None,
        };
        if self.note.chars().count() > NOTE {
            errors.add("note", text!("recovery-note-long"));
        }
        if !self.sure {
            errors.add("sure", text!("recovery-sure-missing"));
        }
        match (whom, how) {
            (Some(whom), Some(how)) if errors.is_empty() => Ok(Request {
                whom,
                check: IdentityCheck {
                    how,
                    document,
                    note: self.note.clone(),
                },
            }),
            _ => Err(errors),
        }
    }

    fn named(&self, errors: &mut Errors) -> Option<Whom> {
        if self.email.is_empty() {
            errors.add("email", text!("recovery-email-missing"));
        }
        let birth: Option<NaiveDate> = self.birth.parse().ok();
        if birth.is_none() {
            errors.add("birth", text!("recovery-birth-missing"));
        }
        Some(Whom::Named {
            email: self.email.clone(),
            birth: birth?,
        })
    }

    fn document(&self, errors: &mut Errors) -> Option<(Document, String)> {
        let document = Document::from_name(&self.document);
        if document.is_none() {
            errors.add("document", text!("recovery-document-missing"));
        }
        let last = self.last.to_uppercase();
        let whole = last.chars().count() == LAST && last.chars().all(|c| c.is_ascii_alphanumeric());
        if !whole {
            errors.add("last", text!("recovery-last-missing"));
        }
        document.map(|document| (document, last))
    }
}

/// Asks for everything at once.
#[component]
pub fn New() -> impl IntoView {
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit: Visit| {
        let whom = request::whom(&visit.portal, &visit.session, &visit.actor).await?;
        let kept = match form {
            Some(_) => None,
            None => request::confirmed(&visit.portal, &visit.session).await?,
        };
        let confirmed = kept.is_some();
        let form = form.unwrap_or_else(|| FormState {
            values: kept.as_ref().map(Typed::from).unwrap_or_default(),
            errors: Errors::default(),
        });
        Ok(view! { <Shown form whom confirmed/> }.into_any())
    })
}

#[component]
fn Shown(
    form: FormState<Typed>,
    /// Whose account it is, where that is known already.
    whom: Option<(AccountId, String)>,
    confirmed: bool,
) -> impl IntoView {
    let FormState { values, errors } = form;
    let error = errors
        .of(ELSEWHERE)
        .map(|error| view! { <p class="error">{error.to_string()}</p> });
    let button = if confirmed {
        t!("recovery-open")
    } else {
        t!("recovery-go-on")
    };
    let another = whom.is_some().then(|| {
        view! {
            <form class="post-button" method="post">
                <button class="link" type="submit" name="do" value="another">
                    {t!("recovery-another")}
                </button>
            </form>
        }
    });
    view! {
        <PageTitle title=text!("recovery-new-title")/>
        <ErrorSummary errors=errors.clone()/>
        <p class="back"><a href=Destination::Recovery.path()>{t!("recovery-back")}</a></p>
        <h1>{t!("recovery-new-heading")}</h1>
        <div id=ELSEWHERE tabindex="-1">{error}</div>
        <p class="lead">{t!("recovery-new-lead")}</p>
        <ul>
            <li>{t!("recovery-new-wait")}</li>
            <li>{t!("recovery-new-told")}</li>
            <li>{t!("recovery-new-logged")}</li>
        </ul>
        {confirmed
            .then(|| {
                view! {
                    <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                        {t!("recovery-confirmed")}
                    </Banner>
                }
            })}
        {another}
        <form method="post" novalidate>
            <h2>{t!("recovery-whom")}</h2>
            {match whom {
                Some((account, name)) => {
                    let rows = vec![Row::new(t!("recovery-column-name"), name)];
                    view! {
                        <input type="hidden" name="account" value=account.to_string()/>
                        <SummaryList rows/>
                    }
                        .into_any()
                }
                None => view! { <Named values=values.clone() errors=errors.clone()/> }.into_any(),
            }}
            <h2>{t!("recovery-check")}</h2>
            <Check values=values.clone() errors=errors.clone()/>
            {(!confirmed).then(|| view! { <p>{t!("recovery-code-first")}</p> })}
            <button class="button" type="submit" name="do" value="open">{button}</button>
        </form>
    }
}

/// The e-mail and the birth date.
#[component]
fn Named(values: Typed, errors: Errors) -> impl IntoView {
    view! {
        <p>{t!("recovery-whom-staff")}</p>
        <Field
            name="email"
            label=t!("recovery-email")
            hint=t!("recovery-email-hint")
            kind=InputKind::Email
            value=values.email
            error=errors.of("email")
            autocomplete="off"
        />
        <Field
            name="birth"
            label=t!("recovery-birth")
            kind=InputKind::Date
            value=values.birth
            error=errors.of("birth")
        />
    }
}

/// How it was made sure who they are.
#[component]
fn Check(values: Typed, errors: Errors) -> impl IntoView {
    let ways = How::ALL
        .into_iter()
        .map(|how| {
            Choice::new(how.name(), words::how(how), values.how == how.name())
                .hint(words::wait(how))
        })
        .collect();
    let mut documents = vec![Choice::new(
        "",
        t!("recovery-document-none"),
        values.document.is_empty(),
    )];
    documents.extend(Document::ALL.into_iter().map(|document| {
        let picked = values.document == document.name();
        Choice::new(document.name(), words::document(document), picked)
    }));
    let sure = vec![Choice::new("yes", t!("recovery-sure"), values.sure)];
    view! {
        <Choices
            name="how"
            legend=t!("recovery-how")
            pick=Pick::One
            choices=ways
            error=errors.of("how")
        />
        <Select
            name="document"
            label=t!("recovery-document")
            hint=t!("recovery-document-hint")
            choices=documents
            error=errors.of("document")
        />
        <Field
            name="last"
            label=t!("recovery-last")
            hint=t!("recovery-last-hint")
            kind=InputKind::Short
            value=values.last
            error=errors.of("last")
            autocomplete="off"
        />
        <Field
            name="note"
            label=t!("recovery-note")
            hint=t!("recovery-note-hint")
            kind=InputKind::Lines
            value=values.note
            error=errors.of("note")
        />
        <Choices
            name="sure"
            legend=t!("recovery-sure-legend")
            pick=Pick::Any
            choices=sure
            error=errors.of("sure")
        />
    }
}

/// `POST /office/recovery/new`
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
        // Nobody but who helps with accounts learns what is wrong with a form.
        let whom = request::whom(portal, session, actor).await?;
        if fields.text("do") == "another" {
            request::begin_for_another(session).await?;
            return Ok(Answer::Go(Destination::RecoveryNew));
        }
        let typed = Typed::from(&fields);
        let wanted = match typed.request() {
            Ok(wanted) => wanted,
            Err(errors) => {
                let values = typed;
                return Ok(Answer::Again(FormState { values, errors }));
            }
        };
        // A page that was open while another account was taken up must not speak of that one.
        if let Whom::Account(account) = wanted.whom
            && whom.is_none_or(|(known, _)| known != account)
        {
            return Err(Refusal::BadRequest);
        }
        match journey::open(portal, session, actor, &wanted).await {
            Ok(Ok(case)) => Ok(Answer::Go(Destination::RecoveryCase(case.0))),
            Ok(Err(why)) => {
                let mut errors = Errors::default();
                errors.add(ELSEWHERE, words::unopened(why, portal.options().time_zone));
                let values = typed;
                Ok(Answer::Again(FormState { values, errors }))
            }
            Err(Refusal::StepUpFirst) => {
                wanted.keep(session).await?;
                step_up::ask(session, &wanted.action()).await?;
                Ok(Answer::Go(Destination::StepUp))
            }
            Err(refusal) => Err(refusal),
        }
    })
    .await
}
