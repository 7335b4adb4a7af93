//! `/proxies`: who acts for me, for whom I act, and what waits.

use crate::{
    State,
    components::{
        button::{LinkButton, Loudness},
        choices::{Choice, Choices, Pick},
        empty::Empty,
        page_title::PageTitle,
        table::Table,
        time::Moment,
    },
    destination::Destination,
    forms::Fields,
    i18n::list,
    pages::answer::{self, Answer},
    t, text,
    visit::{self, AsOf, Visit},
    words::{consent, proxies as words},
};
use axum::{extract, response::Response};
use domain::{duty::Duty, id::PatientId, party::Role};
use leptos::prelude::*;
use portal::{
    Refusal,
    proxies::{
        acting::{self, Whom},
        applying::{self, Mine, Stands},
        countersign::{self, Waiting as Waits},
        helpers::{self, Helper},
    },
};

/// The value for one's own place.
const OWN: &str = "own";

/// Who acts for me, for whom I act.
#[component]
pub fn Proxies() -> impl IntoView {
    visit::page(async |visit: Visit| {
        let Visit { portal, actor, .. } = &visit;
        let whom = acting::options(portal, actor).await?;
        let helps_me = match actor.role() {
            Role::Patient if actor.patient().is_some() => Some(helpers::list(portal, actor).await?),
            _ => None,
        };
        let may_name = helpers::may_name(portal, actor).await?;
        let waiting = countersign::waiting(portal, actor).await?;
        let mine = applying::mine(portal, actor).await?;
        let acts_for = actor.on_behalf_of();
        Ok(view! {
            <PageTitle title=text!("proxies-title")/>
            <h1>{t!("proxies-heading")}</h1>
            <Waiting waiting/>
            <For whom acts_for/>
            {helps_me.map(|helpers| view! { <ForMe helpers may_name/> })}
            {acts_for.is_none().then(|| view! { <More mine/> })}
            <AsOf at=visit.now()/>
        }
        .into_any())
    })
}

/// For whom I act, and the switch.
#[component]
fn For(whom: Vec<Whom>, acts_for: Option<PatientId>) -> impl IntoView {
    if whom.is_empty() {
        return view! {
            <h2>{t!("proxies-for-heading")}</h2>
            <Empty words=t!("proxies-for-none")/>
        }
        .into_any();
    }
    let mut choices = vec![Choice::new(OWN, t!("proxies-own"), acts_for.is_none())];
    choices.extend(whom.into_iter().map(|one| {
        let picked = acts_for == Some(one.patient);
        let hint = t!(
            "proxies-right-until",
            right = words::right(&one.kind),
            until = words::until(one.until)
        );
        Choice::new(one.patient.to_string(), one.name, picked).hint(hint)
    }));
    view! {
        <h2>{t!("proxies-for-heading")}</h2>
        <form method="post" action="/proxies/switch">
            <Choices
                name="for"
                legend=t!("proxies-switch-legend")
                pick=Pick::One
                choices
                hint=t!("proxies-switch-hint")
            />
            <button class="button" type="submit">{t!("proxies-switch-do")}</button>
        </form>
    }
    .into_any()
}

/// Who acts for me.
#[component]
fn ForMe(helpers: Vec<Helper>, may_name: bool) -> impl IntoView {
    let list = if helpers.is_empty() {
        view! { <Empty words=t!("proxies-me-none")/> }.into_any()
    } else {
        let columns = vec![
            t!("proxies-column-name"),
            t!("proxies-column-right"),
            t!("proxies-column-sees"),
            t!("proxies-column-until"),
        ];
        let rows = helpers.into_iter().map(row).collect();
        view! { <Table caption=t!("proxies-me-caption") columns rows/> }.into_any()
    };
    let invite = if may_name {
        view! {
            <p>
                <LinkButton href=Destination::InviteHelper.path()>{t!("proxies-invite")}</LinkButton>
            </p>
        }
        .into_any()
    } else {
        view! { <p class="hint">{t!("proxies-minor")}</p> }.into_any()
    };
    view! {
        <h2>{t!("proxies-me-heading")}</h2>
        <p>{t!("proxies-me-lead")}</p>
        {list}
        {invite}
    }
}

/// What a helper may see, in words.
pub(super) fn sees(helper: &Helper) -> String {
    if !helper.is_chosen() {
        return t!("proxies-sees-by-law");
    }
    let granted = helper
        .consent
        .as_ref()
        .map(|standing| standing.consent.terms.what.granted())
        .unwrap_or_default();
    let names = consent::labels(granted);
    if names.is_empty() {
        t!("proxies-sees-nothing")
    } else {
        list(&names)
    }
}

/// Until when somebody acts: of a chosen helper, until their agreement ends.
pub(super) fn ends(helper: &Helper) -> String {
    match &helper.consent {
        Some(standing) if helper.is_chosen() => {
            crate::pages::sharing::words::until(standing.consent.terms.expiry.as_ref())
        }
        _ => words::until(helper.until),
    }
}

fn row(helper: Helper) -> Vec<AnyView> {
    let href = Destination::Helper(helper.authority.id.0).path();
    let invited = helper
        .invited
        .then(|| view! { <br/><span class="hint">{t!("proxies-invited")}</span> });
    let (right, sees, until) = (
        words::right(&helper.authority.kind),
        sees(&helper),
        ends(&helper),
    );
    vec![
        view! { <a href=href>{helper.name}</a> {invited} }.into_any(),
        right.into_any(),
        sees.into_any(),
        until.into_any(),
    ]
}

/// That a page is for somebody who acts for the patient, and holds only what concerns them: always the same words,
/// whatever there is.
#[component]
pub(crate) fn Part() -> impl IntoView {
    let visit = visit::visit().ok();
    visit
        .filter(|visit| visit.actor.on_behalf_of().is_some() && !visit.actor.is_whole())
        .map(|_| view! { <p class="hint">{t!("proxies-part")}</p> })
}

/// Consents that wait for a second signature (LAW D2).
#[component]
pub(crate) fn Waiting(waiting: Vec<Waits>) -> impl IntoView {
    (!waiting.is_empty()).then(|| {
        let lines = waiting
            .into_iter()
            .map(|one| {
                let href = Destination::SecondSignature(one.consent.id.0).path();
                let to = consent::recipients(&one.to);
                let words = if one.to_sign {
                    t!("proxies-waiting-yours", to = to)
                } else {
                    t!("proxies-waiting-theirs", to = to)
                };
                view! { <li><a href=href>{words}</a></li> }
            })
            .collect_view();
        view! {
            <h2>{t!("proxies-waiting-heading")}</h2>
            <ul>{lines}</ul>
        }
    })
}

/// The ways to act for somebody.
#[component]
fn More(mine: Vec<Mine>) -> impl IntoView {
    let applied = (!mine.is_empty()).then(|| {
        let columns = vec![
            t!("proxies-mine-for"),
            t!("proxies-column-right"),
            t!("proxies-mine-made"),
            t!("proxies-mine-stands"),
        ];
        let rows = mine.into_iter().map(applied).collect();
        view! {
            <h3>{t!("proxies-mine-heading")}</h3>
            <Table caption=t!("proxies-mine-caption") columns rows/>
        }
    });
    view! {
        <h2>{t!("proxies-more-heading")}</h2>
        <p>{t!("proxies-more")}</p>
        <p class="actions">
            <LinkButton href=Destination::AcceptInvitation.path() loudness=Loudness::Quiet>
                {t!("proxies-accept-link")}
            </LinkButton>
            <LinkButton href=Destination::Apply.path() loudness=Loudness::Quiet>
                {t!("proxies-apply-link")}
            </LinkButton>
        </p>
        {applied}
    }
}

fn applied(mine: Mine) -> Vec<AnyView> {
    let stands = match mine.stands {
        Stands::Waiting => t!("proxies-mine-waiting"),
        Stands::Granted => t!("proxies-mine-granted"),
        Stands::NotGranted => t!("proxies-mine-not-granted"),
    };
    vec![
        mine.name.into_any(),
        words::applied_as(mine.kind).into_any(),
        view! { <Moment at=mine.made/> }.into_any(),
        stands.into_any(),
    ]
}

/// `POST /proxies/switch`
pub async fn switch(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to::<(), _, _>(state, request, async |visit: Visit, fields: Fields| {
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        if !actor.may(Duty::OwnRecord) {
            return Err(Refusal::NotAvailable);
        }
        let picked = fields.text("for");
        if picked == OWN {
            acting::stop(portal, session, actor).await?;
            return Ok(Answer::Go(Destination::Proxies));
        }
        let patient = PatientId::parse(&picked).ok_or(Refusal::BadRequest)?;
        acting::begin(portal, session, actor, patient).await?;
        Ok(Answer::Go(Destination::Home))
    })
    .await
}
