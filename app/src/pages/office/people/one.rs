//! `/office/people/{id}`: somebody's roles; giving one, ending one, a new code, and the answer to what waits.

use super::{Confirmed, PlaceFields, Typed};
use crate::{
    State,
    components::{
        error_summary::ErrorSummary,
        page_title::PageTitle,
        summary_list::{Row, SummaryList},
        time::zone,
    },
    dates,
    destination::Destination,
    forms::{self, Fields, FormState},
    pages::answer::{self, Answer, id_in, id_of},
    t, text,
    visit::{self, Visit},
    words::staff,
};
use axum::{extract, response::Response};
use domain::{
    id::{OrganizationId, PersonId, ProposalId},
    party::Role,
};
use leptos::prelude::*;
use portal::{
    Refusal,
    recovery_case::request,
    staff::{
        self as journey, Change,
        people::{self, Member, Place, Waiting},
    },
};

/// The place for what is wrong with no field.
const ELSEWHERE: &str = "person";

/// Shows one person.
#[component]
pub fn One() -> impl IntoView {
    let id = id_in(2);
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit: Visit| {
        let id = id.map(PersonId).ok_or(Refusal::NotAvailable)?;
        let member = people::one(&visit.portal, &visit.actor, id).await?;
        let organizations = super::organizations(&visit).await?;
        let outcome = super::outcome(&visit).await?;
        let confirmed = super::confirmed(&visit)
            .await?
            .filter(|change| change.person() == Some(id));
        let first = form.is_none() && confirmed.is_some();
        let form = form.unwrap_or_else(|| FormState {
            values: given(confirmed.as_ref()),
            errors: forms::Errors::default(),
        });
        Ok(page(
            &member,
            form,
            organizations,
            view! { {outcome} {first.then(|| view! { <Confirmed/> })} }.into_any(),
        ))
    })
}

/// What was typed before the factor was given.
fn given(change: Option<&Change>) -> Typed {
    match change {
        Some(Change::Give {
            organization,
            role,
            term,
            ..
        }) => Typed::of(*organization, *role, *term),
        _ => Typed::default(),
    }
}

fn page(
    member: &Member,
    form: FormState<Typed>,
    organizations: Vec<(OrganizationId, String)>,
    banners: AnyView,
) -> AnyView {
    let mut rows = vec![
        Row::new(
            t!("people-column-state"),
            staff::state(member.state, zone()),
        ),
        Row::new(
            t!("people-column-used"),
            staff::last_used(member.last_used, zone()),
        ),
    ];
    if let Some(npi) = member.npi {
        rows.push(Row::new(t!("people-npi"), npi.to_string()));
    }
    let error = form
        .errors
        .of(ELSEWHERE)
        .map(|error| view! { <p class="error">{error.to_string()}</p> });
    let may = !member.is_me;
    let waiting = member
        .waiting
        .iter()
        .map(|one| answer_to(one, may))
        .collect_view();
    let places = member
        .places
        .iter()
        .map(|place| ending(place, may))
        .collect_view();
    let nothing = member
        .places
        .is_empty()
        .then(|| view! { <p>{t!("people-no-role")}</p> });
    let changes = may.then(|| {
        let recover = (member.has_access() && member.has_account()).then(|| {
            view! {
                <h2>{t!("people-recover-heading")}</h2>
                <p>{t!("people-recover-lead")}</p>
                <form method="post">
                    <button class="button quiet" type="submit" name="do" value="recover">
                        {t!("people-recover")}
                    </button>
                </form>
            }
        });
        let code = (member.has_access() && !member.has_account()).then(|| {
            view! {
                <h2>{t!("people-code-new-heading")}</h2>
                <p>{t!("people-code-new-lead")}</p>
                <form method="post">
                    <button class="button quiet" type="submit" name="do" value="code">
                        {t!("people-code-new")}
                    </button>
                </form>
            }
        });
        view! {
            <h2>{t!("people-give-heading")}</h2>
            <p>{t!("people-second")}</p>
            <form method="post" novalidate>
                <PlaceFields form=form.clone() organizations/>
                <button class="button" type="submit" name="do" value="give">
                    {t!("people-give")}
                </button>
            </form>
            {code}
            {recover}
        }
    });
    view! {
        <PageTitle title=text!("people-one-title")/>
        <ErrorSummary errors=form.errors.clone()/>
        <p class="back"><a href=Destination::People.path()>{t!("people-back")}</a></p>
        {banners}
        <h1>{member.name.clone()}</h1>
        <div id=ELSEWHERE tabindex="-1">{error}</div>
        <SummaryList rows/>
        {(!may).then(|| view! { <p>{t!("people-cant-yourself")}</p> })}
        {waiting}
        <h2>{t!("people-column-roles")}</h2>
        {nothing}
        {places}
        {changes}
    }
    .into_any()
}

/// One role, with the button that ends it.
fn ending(place: &Place, may: bool) -> impl IntoView + use<> {
    let organization = place
        .organization
        .as_ref()
        .map(|(id, _)| id.to_string())
        .unwrap_or_default();
    let words = staff::place(place, zone());
    let label = t!("people-end-label", place = words.as_str());
    let role = place.role.name();
    let form = may.then(|| {
        view! {
            <form method="post">
                <input type="hidden" name="role" value=role/>
                <input type="hidden" name="organization" value=organization/>
                <button
                    class="button danger"
                    type="submit"
                    name="do"
                    value="end"
                    aria-label=label
                >
                    {t!("people-end")}
                </button>
            </form>
        }
    });
    view! {
        <section class="item">
            <p>{words}</p>
            {form}
        </section>
    }
}

/// What waits for a second administrator, with the answers this person may give.
fn answer_to(waiting: &Waiting, may: bool) -> impl IntoView + use<> {
    let rows = vec![
        Row::new(t!("people-waits-what"), staff::proposed(waiting)),
        Row::new(
            t!("people-waits-by"),
            match (&waiting.by, waiting.by_me) {
                (_, true) => t!("history-you"),
                (Some(name), false) => name.clone(),
                (None, false) => t!("history-somebody"),
            },
        ),
        Row::new(t!("people-waits-at"), dates::moment(waiting.at, zone())),
    ];
    let by_me = waiting.by_me;
    let agree = (may && !by_me).then(|| {
        view! {
            <button class="button" type="submit" name="do" value="agree">
                {t!("people-agree")}
            </button>
        }
    });
    let refuse = if by_me {
        t!("people-withdraw")
    } else {
        t!("people-refuse")
    };
    let answers = may.then(|| {
        view! {
            <form method="post">
                <input type="hidden" name="proposal" value=waiting.id.to_string()/>
                <div class="actions">
                    {agree}
                    <button class="button quiet" type="submit" name="do" value="refuse">
                        {refuse}
                    </button>
                </div>
            </form>
        }
    });
    view! {
        <section class="item">
            <h2>{t!("people-waits-one")}</h2>
            <SummaryList rows/>
            {by_me.then(|| view! { <p>{t!("people-cant-same")}</p> })}
            {answers}
        </section>
    }
}

/// `POST /office/people/{id}`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 2);
    answer::to(state, request, async move |visit: Visit, fields: Fields| {
        let person = id.map(PersonId).ok_or(Refusal::NotAvailable)?;
        people::one(&visit.portal, &visit.actor, person).await?;
        let values = Typed::from(&fields);
        let change = match fields.text("do").as_str() {
            "give" => match values.place() {
                Ok((role, organization, term)) => Change::Give {
                    person,
                    organization,
                    role,
                    term,
                },
                Err(errors) => return Ok(Answer::Again(FormState { values, errors })),
            },
            "end" => Change::End {
                person,
                organization: OrganizationId::parse(&values.organization),
                role: Role::from_name(&values.role).ok_or(Refusal::BadRequest)?,
            },
            "code" => Change::Code { person },
            "recover" => {
                let Visit {
                    portal,
                    session,
                    actor,
                } = &visit;
                request::begin_for(portal, session, actor, person).await?;
                return Ok(Answer::Go(Destination::RecoveryNew));
            }
            "agree" => Change::Agree {
                person,
                proposal: proposal(&fields)?,
            },
            "refuse" => return refuse(&visit, person, proposal(&fields)?).await,
            _ => return Err(Refusal::BadRequest),
        };
        Ok(match super::carry_out(&visit, &change).await? {
            Ok(destination) => Answer::Go(destination),
            Err(cant) => again(values, cant),
        })
    })
    .await
}

fn proposal(fields: &Fields) -> Result<ProposalId, Refusal> {
    ProposalId::parse(&fields.text("proposal")).ok_or(Refusal::BadRequest)
}

fn again(values: Typed, cant: journey::Cant) -> Answer<Typed> {
    Answer::Again(FormState {
        values,
        errors: staff::cant(cant, ELSEWHERE),
    })
}

async fn refuse(
    visit: &Visit,
    person: PersonId,
    proposal: ProposalId,
) -> Result<Answer<Typed>, Refusal> {
    Ok(
        match journey::refuse(&visit.portal, &visit.actor, person, proposal).await? {
            Ok(()) => Answer::Go(Destination::People),
            Err(cant) => again(Typed::default(), cant),
        },
    )
}
