//! What the owner of an account reads when staff were asked to help with it, and the button that stops it.

use crate::{
    components::{
        banner::{Banner, Tone},
        button::{Loudness, PostButton},
        time::zone,
    },
    dates,
    destination::Destination,
    t,
    visit::{self, Visit},
};
use leptos::{
    prelude::*,
    server_fn::{ServerFn, ServerFnError},
};
use portal::{
    Refusal,
    recovery_case::owner,
    session::{self, Receipt},
};

/// The banner, if there is something to stop.
pub(crate) async fn banner(visit: &Visit) -> Result<AnyView, Refusal> {
    let Some(mine) = owner::mine(&visit.portal, &visit.actor).await? else {
        return Ok(().into_any());
    };
    let stop = <StopRecovery as ServerFn>::PATH;
    let (at, ready) = (
        dates::moment(mine.opened, zone()),
        dates::moment(mine.ready, zone()),
    );
    Ok(view! {
        <Banner tone=Tone::Warning heading=t!("recovery-mine-heading")>
            <p>{t!("recovery-mine", at = at, ready = ready)}</p>
            <p>{t!("recovery-mine-not-me")}</p>
            <PostButton action=stop loudness=Loudness::Danger>
                {t!("recovery-mine-stop")}
            </PostButton>
        </Banner>
    }
    .into_any())
}

/// Stops what staff were asked for. Nothing is given by it, so no factor is asked for.
#[server(prefix = "/api", endpoint = "stop-recovery")]
pub async fn stop_recovery() -> Result<(), ServerFnError> {
    visit::act(async |visit: Visit| {
        // One that is over already needs no stopping.
        if Box::pin(owner::stop(&visit.portal, &visit.actor)).await? {
            session::leave_receipt(&visit.session, Receipt::RecoveryStopped).await?;
        }
        Ok(Destination::Account)
    })
    .await
}
