//! `/office/people`: the staff, for administrators.

pub mod code;
pub mod invite;
pub mod one;

use crate::{
    components::{
        banner::{Banner, Tone},
        button::LinkButton,
        choices::Choice,
        empty::Empty,
        field::{Field, InputKind},
        page_title::PageTitle,
        select::Select,
        table::Table,
        time::zone,
    },
    destination::Destination,
    forms::{Fields, FormState},
    t, text,
    visit::{self, Visit},
    words::staff,
};
use chrono::NaiveDate;
use domain::{
    duty::is_staff,
    id::OrganizationId,
    party::{ROLES, Role},
};
use leptos::prelude::*;
use portal::{
    Refusal,
    staff::{
        self as journey, Change, Outcome, Term,
        people::{self, Member},
    },
    step_up::{self, Action},
};

/// A role and where: what the forms of inviting and of giving a role have in common.
#[derive(Clone, Default)]
pub(super) struct Typed {
    name: String,
    organization: String,
    role: String,
    from: String,
    until: String,
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self {
            name: fields.text("name"),
            organization: fields.text("organization"),
            role: fields.text("role"),
            from: fields.text("from"),
            until: fields.text("until"),
        }
    }
}

impl Typed {
    /// What was typed for a place of work.
    fn of(organization: OrganizationId, role: Role, term: Term) -> Self {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        Self {
            name: String::new(),
            organization: organization.to_string(),
            role: role.name().to_owned(),
            from: day(term.from),
            until: day(term.until),
        }
    }

    /// The role, the organization and for how long, or what is missing.
    fn place(&self) -> Result<(Role, OrganizationId, Term), crate::forms::Errors> {
        let day = |typed: &str| match typed {
            "" => Some(None),
            typed => typed.parse::<NaiveDate>().ok().map(Some),
        };
        let role = Role::from_name(&self.role).filter(|role| is_staff(*role));
        let organization = OrganizationId::parse(&self.organization);
        let (from, until) = (day(&self.from), day(&self.until));
        if let (Some(role), Some(organization), Some(from), Some(until)) =
            (role, organization, from, until)
        {
            return Ok((role, organization, Term { from, until }));
        }
        let mut errors = crate::forms::Errors::default();
        if role.is_none() {
            errors.add("role", text!("people-cant-role"));
        }
        if organization.is_none() {
            errors.add("organization", text!("people-cant-organization"));
        }
        if from.is_none() {
            errors.add("from", text!("people-cant-from"));
        }
        if until.is_none() {
            errors.add("until", text!("people-cant-until"));
        }
        Err(errors)
    }
}

/// Which role, and where.
#[component]
fn PlaceFields(
    /// What was typed.
    form: FormState<Typed>,
    /// The organizations, by id and name.
    organizations: Vec<(OrganizationId, String)>,
) -> impl IntoView {
    let values = &form.values;
    let none = |picked: bool| Choice::new("", t!("people-pick"), picked);
    let mut roles = vec![none(values.role.is_empty())];
    roles.extend(
        ROLES
            .into_iter()
            .filter(|role| is_staff(*role))
            .map(|role| Choice::new(role.name(), staff::role(role), values.role == role.name())),
    );
    let mut places = vec![none(values.organization.is_empty())];
    places.extend(organizations.into_iter().map(|(id, name)| {
        let id = id.to_string();
        let picked = values.organization == id;
        Choice::new(id, name, picked)
    }));
    view! {
        <Select
            name="role"
            label=t!("people-role")
            hint=t!("people-role-hint")
            choices=roles
            error=form.errors.of("role")
        />
        <Select
            name="organization"
            label=t!("people-organization")
            choices=places
            error=form.errors.of("organization")
        />
        <Field
            name="from"
            label=t!("people-from")
            hint=t!("people-from-hint")
            kind=InputKind::Date
            value=values.from.clone()
            error=form.errors.of("from")
        />
        <Field
            name="until"
            label=t!("people-until")
            hint=t!("people-until-hint")
            kind=InputKind::Date
            value=values.until.clone()
            error=form.errors.of("until")
        />
    }
}

async fn organizations(visit: &Visit) -> Result<Vec<(OrganizationId, String)>, Refusal> {
    let all = people::organizations(&visit.portal, &visit.actor).await?;
    Ok(all.into_iter().map(|one| (one.id, one.name)).collect())
}

/// The change that a fresh factor stands for.
async fn confirmed(visit: &Visit) -> Result<Option<Change>, Refusal> {
    Ok(
        match step_up::confirmed(&visit.portal, &visit.session).await? {
            Some(Action::ChangeStaff(change)) => Some(change),
            _ => None,
        },
    )
}

/// "Confirmed: press the button once more."
#[component]
fn Confirmed() -> impl IntoView {
    view! {
        <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
            {t!("people-confirmed")}
        </Banner>
    }
}

/// Carries a change out, or asks for a factor first. The inner error: it can't be done.
async fn carry_out(
    visit: &Visit,
    change: &Change,
) -> Result<Result<Destination, journey::Cant>, Refusal> {
    let Visit {
        portal,
        session,
        actor,
    } = visit;
    match journey::carry_out(portal, session, actor, change).await {
        Ok(Ok(Outcome::Code)) => Ok(Ok(Destination::StaffCode)),
        Ok(Ok(Outcome::Done | Outcome::Waiting)) => Ok(Ok(match change {
            Change::Give { person, .. } => Destination::Staff(person.0),
            _ => Destination::People,
        })),
        Ok(Err(cant)) => Ok(Err(cant)),
        Err(Refusal::StepUpFirst) => {
            step_up::ask(session, &Action::ChangeStaff(change.clone())).await?;
            Ok(Ok(Destination::StepUp))
        }
        Err(refusal) => Err(refusal),
    }
}

/// What came of the last change.
async fn outcome(visit: &Visit) -> Result<AnyView, Refusal> {
    let words = match journey::take_outcome(&visit.session).await? {
        Some(Outcome::Done | Outcome::Code) => t!("people-done"),
        Some(Outcome::Waiting) => t!("people-waiting"),
        None => return Ok(().into_any()),
    };
    Ok(view! { <Banner tone=Tone::Success>{words}</Banner> }.into_any())
}

/// The staff by name.
#[component]
pub fn People() -> impl IntoView {
    visit::page(async |visit: Visit| {
        let members = people::list(&visit.portal, &visit.actor).await?;
        let outcome = outcome(&visit).await?;
        let asked: Vec<AnyView> = members.iter().filter_map(asked).collect();
        let list = if members.is_empty() {
            view! { <Empty words=t!("people-empty")/> }.into_any()
        } else {
            let columns = vec![
                t!("people-column-name"),
                t!("people-column-roles"),
                t!("people-column-state"),
                t!("people-column-used"),
            ];
            let rows = members.iter().map(row).collect();
            view! { <Table caption=t!("people-caption") columns rows/> }.into_any()
        };
        let waiting = (!asked.is_empty()).then(|| {
            view! {
                <h2>{t!("people-waits-heading")}</h2>
                <ul>{asked}</ul>
            }
        });
        Ok(view! {
            <PageTitle title=text!("people-title")/>
            <p class="back"><a href=Destination::Office.path()>{t!("office-back")}</a></p>
            {outcome}
            <h1>{t!("people-heading")}</h1>
            <p class="lead">{t!("people-lead")}</p>
            <p><LinkButton href=Destination::Invite.path()>{t!("people-invite")}</LinkButton></p>
            {waiting}
            {list}
        }
        .into_any())
    })
}

/// What waits of one person, with a link to where it is answered.
fn asked(member: &Member) -> Option<AnyView> {
    let lines: Vec<String> = member.waiting.iter().map(staff::proposed).collect();
    (!lines.is_empty()).then(|| {
        let href = Destination::Staff(member.person.0).path();
        let name = member.name.clone();
        view! { <li><a href=href>{name}</a>": " {crate::i18n::list(&lines)}</li> }.into_any()
    })
}

fn row(member: &Member) -> Vec<AnyView> {
    let href = Destination::Staff(member.person.0).path();
    let places = member
        .places
        .iter()
        .map(|place| view! { <li>{staff::place(place, zone())}</li> })
        .collect_view();
    vec![
        view! { <a href=href>{member.name.clone()}</a> }.into_any(),
        view! { <ul class="plain">{places}</ul> }.into_any(),
        staff::state(member.state, zone()).into_any(),
        staff::last_used(member.last_used, zone()).into_any(),
    ]
}
