//! `/office/organizations`: the organizations, for administrators to change and for privacy officers to look at.

pub mod new;
pub mod one;

use crate::{
    components::{
        button::LinkButton,
        choices::Choice,
        empty::Empty,
        field::{Field, InputKind},
        page_title::PageTitle,
        select::Select,
        table::Table,
    },
    destination::Destination,
    forms::{Errors, Fields, FormState},
    t, text,
    visit::{self, Visit},
    words::organization as words,
};
use domain::{
    duty::Duty,
    npi::{NotNpi, Npi},
    organization::{KINDS, OrganizationKind},
    redisclosure::RecipientClass,
};
use leptos::prelude::*;
use portal::organizations::{self, Cant, Facts, OrganizationRecord};

/// What was typed of an organization.
#[derive(Clone, Default)]
pub(super) struct Typed {
    name: String,
    kind: String,
    npi: String,
    class: String,
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self {
            name: fields.text("name"),
            kind: fields.text("kind"),
            npi: fields.text("npi"),
            class: fields.text("class"),
        }
    }
}

impl From<&OrganizationRecord> for Typed {
    fn from(record: &OrganizationRecord) -> Self {
        let kind = OrganizationKind::from_words(&record.kind);
        Self {
            name: record.name.clone(),
            kind: kind.map(|kind| kind.name().to_owned()).unwrap_or_default(),
            npi: record.npi.map(|npi| npi.to_string()).unwrap_or_default(),
            class: record
                .class
                .map(|class| class.name().to_owned())
                .unwrap_or_default(),
        }
    }
}

impl Typed {
    /// What is said by it, or what is wrong with it.
    fn facts(&self) -> Result<Facts, Errors> {
        let mut errors = Errors::default();
        let kind = OrganizationKind::from_name(&self.kind);
        if kind.is_none() && !self.kind.is_empty() {
            errors.add("kind", text!("organization-cant-kind"));
        }
        let npi = match self.npi.as_str() {
            "" => None,
            typed => match typed.parse::<Npi>() {
                Ok(npi) => Some(npi),
                Err(NotNpi::Form) => {
                    errors.add("npi", text!("organization-cant-npi-form"));
                    None
                }
                Err(NotNpi::CheckDigit) => {
                    errors.add("npi", text!("organization-cant-npi-check"));
                    None
                }
            },
        };
        let class = RecipientClass::from_name(&self.class);
        if class.is_none() && !self.class.is_empty() {
            errors.add("class", text!("organization-cant-class"));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Facts {
            name: self.name.clone(),
            kind,
            npi,
            class,
        })
    }
}

/// Why it can't be kept, beside its field.
fn cant(cant: Cant) -> Errors {
    let mut errors = Errors::default();
    match cant {
        Cant::Name => errors.add("name", text!("organization-cant-name")),
        Cant::Kind => errors.add("kind", text!("organization-cant-kind")),
        Cant::NpiTaken => errors.add("npi", text!("organization-cant-npi-taken")),
    }
    errors
}

/// The fields of an organization.
#[component]
fn FactsFields(
    /// What was typed.
    form: FormState<Typed>,
    /// What a file said it is, where that is none of ours.
    file_kind: Option<String>,
) -> impl IntoView {
    let values = &form.values;
    let none = match file_kind {
        Some(said) => t!("organization-kind-file", words = said),
        None => t!("organization-kind-pick"),
    };
    let mut kinds = vec![Choice::new("", none, values.kind.is_empty())];
    kinds.extend(
        KINDS
            .into_iter()
            .map(|kind| Choice::new(kind.name(), words::kind(kind), values.kind == kind.name())),
    );
    let mut classes = vec![Choice::new(
        "",
        t!("organization-class-none"),
        values.class.is_empty(),
    )];
    classes.extend(RecipientClass::ALL.into_iter().map(|class| {
        Choice::new(
            class.name(),
            words::class(class),
            values.class == class.name(),
        )
    }));
    view! {
        <Field
            name="name"
            label=t!("organization-name")
            kind=InputKind::Line
            value=values.name.clone()
            error=form.errors.of("name")
        />
        <Select
            name="kind"
            label=t!("organization-kind")
            choices=kinds
            error=form.errors.of("kind")
        />
        <Field
            name="npi"
            label=t!("organization-npi")
            hint=t!("organization-npi-hint")
            kind=InputKind::Short
            value=values.npi.clone()
            error=form.errors.of("npi")
        />
        <Select
            name="class"
            label=t!("organization-class")
            hint=t!("organization-class-hint")
            choices=classes
            error=form.errors.of("class")
        />
    }
}

/// The organizations by name.
#[component]
pub fn Organizations() -> impl IntoView {
    visit::page(async |visit: Visit| {
        let all = organizations::list(&visit.portal, &visit.actor).await?;
        let list = if all.is_empty() {
            view! { <Empty words=t!("organizations-empty")/> }.into_any()
        } else {
            let columns = vec![
                t!("organizations-column-name"),
                t!("organizations-column-kind"),
                t!("organizations-column-program"),
                t!("organizations-column-npi"),
            ];
            let rows = all.iter().map(row).collect();
            view! { <Table caption=t!("organizations-caption") columns rows/> }.into_any()
        };
        let new = visit.actor.may(Duty::ManageOrganizations).then(|| {
            let href = Destination::NewOrganization.path();
            view! { <p><LinkButton href=href>{t!("organizations-new")}</LinkButton></p> }
        });
        Ok(view! {
            <PageTitle title=text!("organizations-title")/>
            <p class="back"><a href=Destination::Office.path()>{t!("office-back")}</a></p>
            <h1>{t!("organizations-heading")}</h1>
            <p class="lead">{t!("organizations-lead")}</p>
            {new}
            {list}
        }
        .into_any())
    })
}

fn row(organization: &OrganizationRecord) -> Vec<AnyView> {
    let href = Destination::Organization(organization.id.0).path();
    vec![
        view! { <a href=href>{organization.name.clone()}</a> }.into_any(),
        words::kind_of(organization).into_any(),
        words::program(organization.part2_program).into_any(),
        organization
            .npi
            .map_or_else(|| t!("organizations-none"), |npi| npi.to_string())
            .into_any(),
    ]
}
