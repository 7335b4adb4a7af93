//! `/account/sessions`: where the person is signed in, and ending it (LAW F7).

use super::EndOtherSessions;
use crate::{
    components::{
        banner::{Banner, Tone},
        button::{Loudness, PostButton},
        page_title::PageTitle,
        table::Table,
        time::Moment,
    },
    destination::Destination,
    t, text,
    visit::{self, Visit},
    words::agent,
};
use axum::http::request::Parts;
use domain::id::SessionId;
use leptos::{
    prelude::*,
    server_fn::{ServerFn, ServerFnError},
};
use portal::{
    Refusal,
    session::{self, Listed, Receipt},
};
use uuid::Uuid;

/// Every session, this one first.
#[component]
pub fn Sessions() -> impl IntoView {
    let network = use_context::<Parts>().and_then(|parts| visit::network(&parts));
    visit::page(async move |visit: Visit| {
        let sessions = session::list(&visit.portal, &visit.actor, network).await?;
        let receipt = session::take_receipt(&visit.session).await?;
        Ok(view! { <Shown sessions receipt/> }.into_any())
    })
}

#[component]
fn Shown(sessions: Vec<Listed>, receipt: Option<Receipt>) -> impl IntoView {
    let end_others = <EndOtherSessions as ServerFn>::PATH;
    let others = sessions.iter().any(|listed| !listed.this);
    let columns = vec![
        t!("sessions-device"),
        t!("sessions-network"),
        t!("sessions-since"),
        t!("sessions-seen"),
        t!("sessions-change"),
    ];
    let rows = sessions.into_iter().map(row).collect();
    view! {
        <PageTitle title=text!("sessions-title")/>
        <Happened receipt/>
        <h1>{t!("sessions-heading")}</h1>
        <p class="lead">{t!("sessions-lead")}</p>
        <Table caption=t!("sessions-caption") columns rows/>
        {if others {
            view! {
                <PostButton action=end_others loudness=Loudness::Quiet>
                    {t!("sessions-end-others")}
                </PostButton>
            }
                .into_any()
        } else {
            view! { <p class="empty">{t!("sessions-only-here")}</p> }.into_any()
        }}
        <p>{t!("sessions-not-you")}</p>
        <p>
            <a href=Destination::Account.path()>{t!("sessions-back")}</a>
        </p>
    }
}

/// What just worked.
#[component]
fn Happened(receipt: Option<Receipt>) -> impl IntoView {
    (receipt == Some(Receipt::OneEnded)).then(|| {
        view! { <Banner tone=Tone::Success>{t!("sessions-receipt-one")}</Banner> }
    })
}

fn row(listed: Listed) -> Vec<AnyView> {
    let device = agent::words(listed.agent);
    let network = match listed.same_network {
        Some(true) => t!("sessions-network-this"),
        Some(false) => t!("sessions-network-other"),
        None => t!("sessions-network-unknown"),
    };
    let end = <EndSession as ServerFn>::PATH;
    let change = if listed.this {
        view! { <strong>{t!("sessions-this")}</strong> }.into_any()
    } else {
        view! {
            <PostButton
                action=end
                fields=vec![("session", listed.id.to_string())]
                loudness=Loudness::Link
                label=t!("sessions-end-which", device = device.clone())
            >
                {t!("sessions-end")}
            </PostButton>
        }
        .into_any()
    };
    vec![
        device.into_any(),
        network.into_any(),
        view! { <Moment at=listed.since/> }.into_any(),
        view! { <Moment at=listed.seen/> }.into_any(),
        change,
    ]
}

/// Ends one of the person's other sessions.
#[server(prefix = "/api", endpoint = "end-session")]
pub async fn end_session(
    /// Which.
    session: Uuid,
) -> Result<(), ServerFnError> {
    visit::act(async move |visit: Visit| {
        let id = SessionId(session);
        if id == visit.actor.session() {
            // The page has no button for it: that is what signing out is for.
            return Err(Refusal::BadRequest);
        }
        // One that is over already is as good as ended.
        session::end_one(&visit.portal, &visit.actor, id).await?;
        session::leave_receipt(&visit.session, Receipt::OneEnded).await?;
        Ok(Destination::Sessions)
    })
    .await
}
