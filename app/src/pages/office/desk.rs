//! `/office/labels/{id}`: one item that waits, and what a privacy officer says of it (POLICY §2).

use super::{
    judge::{self, Questions, Summary, Typed},
    part::{Evidence, Says, name, why},
};
use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        page_title::PageTitle,
        summary_list::{Row, SummaryList},
        time::zone,
    },
    dates,
    destination::Destination,
    forms::{self, Fields, FormState},
    i18n::{kind_name, label_name, list},
    pages::answer::{self, Answer, id_in, id_of},
    t, text,
    visit::{self, AsOf, Visit},
    words,
};
use axum::{extract, response::Response};
use data_encoding::HEXLOWER;
use domain::id::{ItemId, ReviewId};
use leptos::prelude::*;
use portal::{
    Refusal, Shown,
    label_review::{self, Desk as Opened, Proposal, Unsaid, WaitingPart},
    step_up::{self, Action},
    summary,
};

/// The item, what of it waits, and the forms.
#[component]
pub fn Desk() -> impl IntoView {
    let id = id_in(2);
    let form = forms::state::<Typed>();
    visit::page(async move |visit: Visit| {
        let id = id.map(ItemId).ok_or(Refusal::NotAvailable)?;
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        let opened = label_review::open(portal, session, actor, id).await?;
        Ok(page(&opened, &form))
    })
}

fn page(opened: &Opened, form: &FormState<Typed>) -> AnyView {
    let Shown::Open {
        facts, resource, ..
    } = &*opened.item
    else {
        return ().into_any();
    };
    let summary = summary::summarize(resource);
    let kind = kind_name(facts.kind);
    let title = summary.title.clone().unwrap_or_else(|| kind.clone());
    let mut rows = vec![Row::new(t!("record-kind"), kind)];
    rows.extend(words::summary::rows(&summary, zone()));
    let texts = summary
        .texts
        .iter()
        .map(|text| {
            view! {
                <h3>{words::summary::field(&text.field)}</h3>
                <p class="prose">{text.body.clone()}</p>
            }
        })
        .collect_view();
    let parts = opened.parts.iter().map(waiting).collect_view();
    let version = HEXLOWER.encode(&opened.version);
    let questions = (!opened.parts.is_empty()).then(|| {
        view! {
            <h2>{t!("office-judge-heading")}</h2>
            <form method="post" novalidate>
                <input type="hidden" name="version" value=version.clone()/>
                <Questions form parts=&opened.parts/>
                <div class="actions">
                    <button class="button" type="submit" name="do" value="say">
                        {t!("office-judge-say")}
                    </button>
                </div>
            </form>
        }
    });
    let proposals = opened
        .proposals
        .iter()
        .map(|one| proposal(one, &version))
        .collect_view();
    let desk_error = form.errors.of("desk").map(|error| {
        view! { <p class="error">{error.to_string()}</p> }
    });
    view! {
        <PageTitle title=text!("office-desk-title")/>
        <Summary form=form.clone()/>
        <p class="back"><a href=Destination::Labels.path()>{t!("office-back-queue")}</a></p>
        <h1>{title}</h1>
        <div id="desk" tabindex="-1">{desk_error}</div>
        <p>{t!("office-desk-limits")}</p>
        <h2>{t!("office-desk-item")}</h2>
        <SummaryList rows/>
        {texts}
        {parts}
        {questions}
        {proposals}
        <AsOf at=opened.as_of/>
    }
    .into_any()
}

fn waiting(part: &WaitingPart) -> impl IntoView + use<> {
    view! {
        <section class="item">
            <h2>{t!("office-desk-part", part = name(&part.path))}</h2>
            <p><strong>{why(part.why)}</strong></p>
            <Says summary=(*part.summary).clone() path=part.path.clone()/>
            <h3>{t!("office-desk-evidence")}</h3>
            <Evidence labels=part.labels basis=part.basis.clone()/>
        </section>
    }
}

/// A lowering that waits: what, why, by whom, and the answers that this person may give.
fn proposal(proposal: &Proposal, version: &str) -> impl IntoView + use<> {
    let labels: Vec<String> = proposal.labels.iter().map(label_name).collect();
    let by = match (&proposal.by, proposal.by_me) {
        (_, true) => t!("history-you"),
        (Some(name), false) => words::consent::name_with_place(name),
        (None, false) => t!("history-somebody"),
    };
    let rows = vec![
        Row::new(t!("office-second-off"), list(&labels)),
        Row::new(t!("office-second-by"), by),
        Row::new(t!("office-second-at"), dates::moment(proposal.at, zone())),
    ];
    let parts = proposal
        .parts
        .iter()
        .map(|(path, summary)| {
            view! {
                <h3>{name(path)}</h3>
                <Says summary=(**summary).clone() path=path.clone()/>
            }
        })
        .collect_view();
    let fields = || {
        let id = proposal.id.to_string();
        view! {
            <input type="hidden" name="version" value=version.to_owned()/>
            <input type="hidden" name="proposal" value=id/>
        }
    };
    let (refuse, approve) = if proposal.by_me {
        let words = view! { <p>{t!("office-second-own")}</p> }.into_any();
        (t!("office-second-withdraw"), words)
    } else {
        let form = view! {
            {proposal
                .confirmed
                .then(|| {
                    view! {
                        <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                            {t!("office-second-confirmed")}
                        </Banner>
                    }
                })}
            {(!proposal.confirmed).then(|| view! { <p>{t!("office-second-code")}</p> })}
            <form method="post">
                {fields()}
                <button class="button danger" type="submit" name="do" value="approve">
                    {t!("office-second-approve")}
                </button>
            </form>
        }
        .into_any();
        (t!("office-second-refuse"), form)
    };
    view! {
        <section class="item">
            <h2>{t!("office-second-part")}</h2>
            <SummaryList rows/>
            {parts}
            <h3>{t!("office-second-because")}</h3>
            <p class="prose">{proposal.because.clone()}</p>
            {approve}
            <form method="post">
                {fields()}
                <button class="button quiet" type="submit" name="do" value="refuse">
                    {refuse}
                </button>
            </form>
        </section>
    }
}

/// `POST /office/labels/{id}`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 2);
    answer::to(state, request, async move |visit: Visit, fields: Fields| {
        let id = id.map(ItemId).ok_or(Refusal::NotAvailable)?;
        let version = version(&fields).ok_or(Refusal::BadRequest)?;
        match fields.text("do").as_str() {
            "say" => say(&visit, id, version, &fields).await,
            "approve" => approve(&visit, id, version, &fields).await,
            "refuse" => {
                let proposal = proposed(&fields)?;
                let Visit { portal, actor, .. } = &visit;
                let said = label_review::refuse(portal, actor, id, version, proposal).await?;
                then(&visit, id, said, Typed::default()).await
            }
            _ => Err(Refusal::BadRequest),
        }
    })
    .await
}

fn version(fields: &Fields) -> Option<[u8; 32]> {
    let bytes = HEXLOWER.decode(fields.text("version").as_bytes()).ok()?;
    bytes.try_into().ok()
}

fn proposed(fields: &Fields) -> Result<ReviewId, Refusal> {
    ReviewId::parse(&fields.text("proposal")).ok_or(Refusal::BadRequest)
}

async fn say(
    visit: &Visit,
    id: ItemId,
    version: [u8; 32],
    fields: &Fields,
) -> Result<Answer<Typed>, Refusal> {
    let typed = Typed::from(fields);
    let outcome = match typed.outcome() {
        Ok(outcome) => outcome,
        Err(errors) => {
            let values = typed;
            return Ok(Answer::Again(FormState { values, errors }));
        }
    };
    let said = label_review::say(
        &visit.portal,
        &visit.actor,
        id,
        version,
        &typed.parts,
        outcome,
        &typed.because,
    )
    .await?;
    then(visit, id, said, typed).await
}

async fn approve(
    visit: &Visit,
    id: ItemId,
    version: [u8; 32],
    fields: &Fields,
) -> Result<Answer<Typed>, Refusal> {
    let proposal = proposed(fields)?;
    let Visit {
        portal,
        session,
        actor,
    } = visit;
    match label_review::approve(portal, session, actor, id, version, proposal).await {
        Ok(said) => then(visit, id, said, Typed::default()).await,
        Err(Refusal::StepUpFirst) => {
            step_up::ask(session, &Action::LowerLabels { item: id, proposal }).await?;
            Ok(Answer::Go(Destination::StepUp))
        }
        Err(refusal) => Err(refusal),
    }
}

/// On to what still waits of the item, else to the queue; or the same page again.
async fn then(
    visit: &Visit,
    id: ItemId,
    said: Result<(), Unsaid>,
    values: Typed,
) -> Result<Answer<Typed>, Refusal> {
    if let Err(fault) = said {
        return Ok(Answer::Again(FormState {
            values,
            errors: judge::unsaid(fault),
        }));
    }
    let waits = label_review::waits(&visit.portal, &visit.actor, id).await?;
    Ok(Answer::Go(if waits {
        Destination::LabelDesk(id.0)
    } else {
        Destination::Labels
    }))
}
