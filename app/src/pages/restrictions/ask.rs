//! `/restrictions/new`: asks an organization to keep something back, of the whole record or of one item (`?item=`, an
//! opaque id).

use super::{name, segment};
use crate::{
    State,
    components::{
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
    },
    destination::Destination,
    forms::{Errors, Fields, FormState},
    i18n::{kind_name, label_name},
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use domain::{
    id::{ItemId, OrganizationId, PersonId},
    label::Label,
    party::Party,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use portal::{
    restrictions::ask::{self, Choices as Open, Wish, WishFault},
    sharing::grid::COLUMNS,
};
use uuid::Uuid;

/// What was picked and typed.
#[derive(Clone, Default)]
pub struct Typed {
    organization: String,
    recipient: String,
    segments: Vec<String>,
    item: String,
    paid: bool,
    why: String,
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self {
            organization: fields.text("organization"),
            recipient: fields.text("recipient"),
            segments: fields.all("segments"),
            item: fields.text("item"),
            paid: fields.checked("paid"),
            why: fields.lines("why").trim().to_owned(),
        }
    }
}

impl Typed {
    fn wish(&self) -> Wish {
        // What can't be read is nobody's id, and none of the choices.
        let organization = Uuid::try_parse(&self.organization).unwrap_or_default();
        let nobody = Party::Person(PersonId(Uuid::nil()));
        Wish {
            organization: OrganizationId(organization),
            recipient: party(&self.recipient).unwrap_or(nobody),
            segments: self
                .segments
                .iter()
                .filter_map(|one| segment(one))
                .collect(),
            item: ItemId::parse(&self.item),
            paid_in_full: self.paid,
            why: self.why.clone(),
        }
    }
}

fn party(text: &str) -> Option<Party> {
    let (kind, id) = text.split_once(':')?;
    let id = Uuid::try_parse(id).ok()?;
    match kind {
        "person" => Some(Party::Person(PersonId(id))),
        "organization" => Some(Party::Organization(OrganizationId(id))),
        _ => None,
    }
}

fn party_value(party: Party) -> String {
    match party {
        Party::Person(id) => format!("person:{id}"),
        Party::Organization(id) => format!("organization:{id}"),
    }
}

fn errors(faults: &[WishFault]) -> Errors {
    let mut errors = Errors::default();
    for fault in faults {
        match fault {
            WishFault::Organization => {
                errors.add("organization", text!("restriction-organization-missing"));
            }
            WishFault::Recipient => errors.add("recipient", text!("restriction-recipient-missing")),
            WishFault::Nothing => errors.add("segments", text!("restriction-segments-missing")),
            WishFault::NoPlan => errors.add("paid", text!("restriction-paid-no-plan")),
            WishFault::Words => errors.add("why", text!("restriction-why-missing")),
        }
    }
    errors
}

/// The form.
#[component]
pub fn Ask() -> impl IntoView {
    let sent = use_context::<FormState<Typed>>();
    let asked = use_query_map()
        .get_untracked()
        .get("item")
        .unwrap_or_default();
    visit::page(async move |visit: Visit| {
        let form = sent.unwrap_or_else(|| FormState {
            values: Typed {
                item: asked,
                ..Typed::default()
            },
            errors: Errors::default(),
        });
        let item = ItemId::parse(&form.values.item);
        let open = ask::choices(&visit.portal, &visit.actor, item).await?;
        Ok(view! { <Form open form/> }.into_any())
    })
}

#[component]
fn Form(open: Open, form: FormState<Typed>) -> impl IntoView {
    let FormState { values, errors } = form;
    let organizations = open
        .organizations
        .iter()
        .map(|(id, name)| {
            let id = id.to_string();
            let picked = values.organization == id || open.organizations.len() == 1;
            Choice::new(id, name.clone(), picked)
        })
        .collect();
    let recipients = open
        .recipients
        .iter()
        .map(|one| {
            let value = party_value(one.party);
            let picked = values.recipient == value;
            let choice = Choice::new(value, name(&one.name), picked);
            match &one.name.detail {
                Some(detail) => choice.hint(detail.clone()),
                None => choice,
            }
        })
        .collect();
    let about = match open.item {
        Some((id, kind)) => view! {
            <p>{t!("restriction-about-item", kind = kind_name(kind))}</p>
            <input type="hidden" name="item" value=id.to_string()/>
            <Choices
                name="paid"
                legend=t!("restriction-paid")
                pick=Pick::Any
                choices=vec![
                    Choice::new("yes", t!("restriction-paid-yes"), values.paid)
                        .hint(t!("restriction-paid-hint")),
                ]
                error=errors.of("paid")
            />
        }
        .into_any(),
        None => view! { <Segments picked=values.segments.clone() error=errors.of("segments")/> }
            .into_any(),
    };
    view! {
        <PageTitle title=text!("restriction-new-title")/>
        <ErrorSummary errors=errors.clone()/>
        <p class="back">
            <a href=Destination::Restrictions.path()>{t!("restriction-back")}</a>
        </p>
        <h1>{t!("restriction-new-heading")}</h1>
        <form method="post" action=Destination::NewRestriction.path() novalidate>
            <Choices
                name="organization"
                legend=t!("restriction-organization")
                hint=t!("restriction-organization-hint")
                pick=Pick::One
                choices=organizations
                error=errors.of("organization")
            />
            <Choices
                name="recipient"
                legend=t!("restriction-recipient")
                hint=t!("restriction-recipient-hint")
                pick=Pick::One
                choices=recipients
                error=errors.of("recipient")
            />
            {about}
            <Field
                name="why"
                label=t!("restriction-why")
                hint=t!("restriction-why-hint")
                kind=InputKind::Lines
                value=values.why.clone()
                error=errors.of("why")
            />
            <p>{t!("restriction-they-read")}</p>
            <button class="button" type="submit">{t!("restriction-do")}</button>
        </form>
    }
}

#[component]
fn Segments(
    picked: Vec<String>,
    #[prop(optional_no_strip)] error: Option<crate::i18n::Text>,
) -> impl IntoView {
    let choices = COLUMNS
        .into_iter()
        // Name and birth date go with every record; there is nothing to keep back of them alone.
        .filter(|label| *label != Label::Identity)
        .map(|label| {
            let picked = picked.iter().any(|one| one == label.name());
            Choice::new(label.name(), label_name(label), picked)
        })
        .collect();
    view! {
        <Choices
            name="segments"
            legend=t!("restriction-segments")
            hint=t!("restriction-segments-hint")
            pick=Pick::Any
            choices=choices
            error=error
        />
    }
}

/// `POST /restrictions/new`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields: Fields| {
        let typed = Typed::from(&fields);
        let asked = ask::ask(&visit.portal, &visit.actor, typed.wish()).await?;
        Ok(match asked {
            Ok(id) => Answer::Go(Destination::Restriction(id.0)),
            Err(faults) => Answer::Again(FormState {
                errors: errors(&faults),
                values: typed,
            }),
        })
    })
    .await
}
