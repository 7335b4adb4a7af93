//! `/proxies/apply`: asking the office to act for somebody, with documents (LAW D4).

use super::upload::{self, Unread};
use crate::{
    Problem, State,
    components::{
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
    },
    dates,
    destination::Destination,
    forms::{self, Errors, Fields, FormState},
    i18n::label_name,
    pages::join::code::day,
    t, text,
    visit::{self, Visit},
    words::proxies as words,
};
use axum::{extract, response::Response};
use domain::{
    label::{Label, LabelSet},
    state::Survivor,
};
use leptos::prelude::*;
use portal::{
    ApplicationKind,
    proxies::{
        applying::{self, AT_ONCE, Asked, LONGEST_NAME, NotTaken},
        document::{LARGEST, MOST},
    },
    sharing::grid::COLUMNS,
};

/// The one address that takes files.
pub const UPLOADS: &str = "/proxies/apply";
/// The largest body there, in bytes: as many documents as are taken, each as large as is taken, and the fields.
pub const LARGEST_UPLOAD: usize = MOST * LARGEST + 256 * 1024;

/// By what right somebody may ask, with the names of the form.
pub(crate) const KINDS: [(&str, ApplicationKind); 5] = [
    ("parent", ApplicationKind::Parent),
    ("guardian", ApplicationKind::Guardian),
    ("executor", ApplicationKind::AfterDeath(Survivor::Executor)),
    ("spouse", ApplicationKind::AfterDeath(Survivor::Spouse)),
    ("family", ApplicationKind::AfterDeath(Survivor::Family)),
];
/// What an order covers when it covers everything.
pub(crate) const EVERYTHING: &str = "everything";

/// What was typed and picked. The files have to be picked again.
#[derive(Clone, Default)]
pub struct Typed {
    name: String,
    birth: String,
    kind: String,
    scope: Vec<String>,
    until: String,
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self {
            name: fields.text("name"),
            birth: fields.text("birth"),
            kind: fields.text("kind"),
            scope: fields.all("scope"),
            until: fields.text("until"),
        }
    }
}

/// The labels of what an order covers.
pub(crate) fn scope(names: &[String]) -> LabelSet {
    if names.iter().any(|name| name == EVERYTHING) {
        return LabelSet::SEGMENTS.with(Label::Part2);
    }
    let labels = names.iter().filter_map(|name| Label::from_name(name));
    labels
        .filter(|label| COLUMNS.contains(label) || *label == Label::Part2)
        .collect()
}

/// What an order may cover, as answers.
pub(crate) fn scope_choices(picked: &[String]) -> Vec<Choice> {
    let is_picked = |name: &str| picked.iter().any(|one| one == name);
    let mut choices = vec![Choice::new(
        EVERYTHING,
        t!("proxies-scope-everything"),
        is_picked(EVERYTHING),
    )];
    choices.extend(
        COLUMNS
            .into_iter()
            .chain([Label::Part2])
            .map(|label| Choice::new(label.name(), label_name(label), is_picked(label.name()))),
    );
    choices
}

impl Typed {
    fn asked(&self, visit: &Visit) -> Result<Asked, Errors> {
        let mut errors = Errors::default();
        let today = dates::day_in(visit.now(), visit.portal.options().time_zone);
        let letters = self.name.chars().count();
        if letters == 0 || letters > LONGEST_NAME {
            errors.add("name", text!("proxies-apply-name-missing"));
        }
        let birth = day(&self.birth).filter(|birth| *birth <= today);
        if birth.is_none() {
            errors.add("birth", text!("proxies-apply-birth-missing"));
        }
        let kind = KINDS.into_iter().find(|(name, _)| *name == self.kind);
        if kind.is_none() {
            errors.add("kind", text!("proxies-apply-kind-missing"));
        }
        let scope = scope(&self.scope);
        let guardian = matches!(kind, Some((_, ApplicationKind::Guardian)));
        if guardian && scope.segments().is_empty() {
            errors.add("scope", text!("proxies-apply-scope-missing"));
        }
        let until = if self.until.is_empty() {
            None
        } else {
            let until = day(&self.until).filter(|until| *until >= today);
            if until.is_none() {
                errors.add("until", text!("sharing-long-past"));
            }
            until
        };
        match (birth, kind) {
            (Some(birth), Some((_, kind))) if errors.is_empty() => Ok(Asked {
                name: self.name.clone(),
                birth,
                kind,
                scope: if guardian { scope } else { LabelSet::EMPTY },
                until,
            }),
            _ => Err(errors),
        }
    }
}

/// Asks for whom, by what right, and for the documents.
#[component]
pub fn Apply() -> impl IntoView {
    let form = forms::state::<Typed>();
    visit::page(async move |visit: Visit| {
        applying::may_ask(&visit.actor)?;
        Ok(page(form).into_any())
    })
}

fn page(form: FormState<Typed>) -> impl IntoView {
    let FormState { values, errors } = form;
    let kinds = KINDS
        .into_iter()
        .map(|(name, kind)| Choice::new(name, words::applied_as(kind), values.kind == name))
        .collect();
    view! {
        <PageTitle title=text!("proxies-apply-title")/>
        <ErrorSummary errors=errors.clone()/>
        <p class="back"><a href=Destination::Proxies.path()>{t!("proxies-back")}</a></p>
        <h1>{t!("proxies-apply-heading")}</h1>
        <p class="lead">{t!("proxies-apply-lead")}</p>
        <p>{t!("proxies-apply-told")}</p>
        <form method="post" enctype="multipart/form-data" novalidate>
            <Choices
                name="kind"
                legend=t!("proxies-apply-kind")
                pick=Pick::One
                choices=kinds
                error=errors.of("kind")
            />
            <Field
                name="name"
                label=t!("proxies-apply-name")
                hint=t!("proxies-apply-name-hint")
                value=values.name.clone()
                error=errors.of("name")
                autocomplete="off"
            />
            <Field
                name="birth"
                label=t!("proxies-apply-birth")
                kind=InputKind::Date
                value=values.birth.clone()
                error=errors.of("birth")
                autocomplete="off"
            />
            <Choices
                name="scope"
                legend=t!("proxies-apply-scope")
                pick=Pick::Any
                choices=scope_choices(&values.scope)
                hint=t!("proxies-apply-scope-hint")
                error=errors.of("scope")
            />
            <Field
                name="until"
                label=t!("proxies-apply-until")
                hint=t!("proxies-apply-until-hint")
                kind=InputKind::Date
                value=values.until.clone()
                error=errors.of("until")
            />
            <Documents errors/>
            <button class="button" type="submit">{t!("proxies-apply-do")}</button>
        </form>
    }
}

/// The files.
#[component]
fn Documents(errors: Errors) -> impl IntoView {
    let error = errors.of("documents");
    let wrong = error.is_some();
    let invalid = wrong.then_some("true");
    let described = if wrong {
        "documents-hint documents-error"
    } else {
        "documents-hint"
    };
    view! {
        <div class="field" class:wrong=wrong>
            <label for="documents">{t!("proxies-apply-documents")}</label>
            <p class="hint" id="documents-hint">
                {t!("proxies-apply-documents-hint", most = MOST)}
            </p>
            {error
                .map(|error| {
                    view! {
                        <p class="error" id="documents-error">
                            <span class="for-ear">{t!("error-prefix")} " "</span>
                            {error.to_string()}
                        </p>
                    }
                })}
            <input
                class="input"
                id="documents"
                name="documents"
                type="file"
                multiple
                accept="application/pdf,image/png,image/jpeg"
                aria-describedby=described
                aria-invalid=invalid
            />
        </div>
    }
}

/// `POST /proxies/apply`. Who sends it is known before anything of it is read.
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let visit = match visit::of(&state, &parts).await {
        Ok(visit) => visit,
        Err(refusal) => return visit::refuse(&state, parts, refusal).await,
    };
    if let Err(refusal) = applying::may_ask(&visit.actor) {
        return visit::refuse(&state, parts, refusal).await;
    }
    let (fields, uploads) = match upload::read(&parts.headers, body, LARGEST_UPLOAD).await {
        Ok(read) => read,
        Err(Unread::Broken) => return Problem::UnreadableForm.respond(&state, parts).await,
        Err(Unread::TooMuch) => return Problem::TooLarge.respond(&state, parts).await,
    };
    let values = Typed::from(&fields);
    let asked = match values.asked(&visit) {
        Ok(asked) => asked,
        Err(mut errors) => {
            errors.add("documents", text!("proxies-apply-documents-again"));
            return forms::again(&state, parts, FormState { values, errors }).await;
        }
    };
    let why = match applying::apply(&visit.portal, &visit.actor, asked, uploads).await {
        Ok(Ok(_)) => return Destination::Proxies.see_other(),
        Ok(Err(why)) => why,
        Err(refusal) => return visit::refuse(&state, parts, refusal).await,
    };
    let mut errors = Errors::default();
    errors.add(
        "documents",
        match why {
            NotTaken::TooMany => text!("proxies-apply-too-many", count = AT_ONCE),
            NotTaken::NoDocument => text!("proxies-apply-no-document"),
            NotTaken::TooManyDocuments => text!("proxies-apply-many-documents", most = MOST),
            NotTaken::NotADocument => text!("proxies-apply-not-a-document"),
        },
    );
    forms::again(&state, parts, FormState { values, errors }).await
}
