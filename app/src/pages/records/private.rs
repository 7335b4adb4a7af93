//! "Keep this one private": the patient marks an item, or takes the mark back (POLICY §2, `PRS`).

use crate::{
    components::button::{Loudness, PostButton},
    destination::Destination,
    t,
    visit::{self, Visit},
};
use domain::id::ItemId;
use leptos::{prelude::*, server_fn::ServerFnError};
use portal::{Refusal, private_item};

/// Marks an item to be kept private.
#[server(prefix = "/api", endpoint = "keep-private")]
pub async fn keep_private(item: String) -> Result<(), ServerFnError> {
    set(item, true).await
}

/// Takes the mark back.
#[server(prefix = "/api", endpoint = "open-again")]
pub async fn open_again(item: String) -> Result<(), ServerFnError> {
    set(item, false).await
}

async fn set(item: String, private: bool) -> Result<(), ServerFnError> {
    visit::act(async move |visit: Visit| {
        let id = ItemId::parse(&item).ok_or(Refusal::BadRequest)?;
        // The record's facts are read on the way: too much to carry in every caller's future.
        Box::pin(private_item::mark(&visit.portal, &visit.actor, id, private)).await?;
        Ok(Destination::Record(id.0))
    })
    .await
}

const KEEP: &str = <KeepPrivate as server_fn::ServerFn>::PATH;
const OPEN: &str = <OpenAgain as server_fn::ServerFn>::PATH;

/// What stands of the patient's wish, for those who may have one.
pub(super) async fn wish(visit: &Visit, id: ItemId) -> Result<Option<bool>, Refusal> {
    if !private_item::may_mark(&visit.actor) {
        return Ok(None);
    }
    private_item::is_marked(&visit.portal, &visit.actor, id)
        .await
        .map(Some)
}

/// What the mark does, and the button that makes it or takes it back.
#[component]
pub(super) fn Private(
    id: ItemId,
    /// Whether the mark stands.
    marked: bool,
) -> impl IntoView {
    let fields = vec![("item", id.to_string())];
    let (heading, action, words) = if marked {
        (t!("private-marked-heading"), OPEN, t!("private-open"))
    } else {
        (t!("private-heading"), KEEP, t!("private-keep"))
    };
    view! {
        <section>
            <h2>{heading}</h2>
            <p>
                {if marked { t!("private-marked-lead") } else { t!("private-lead") }}
            </p>
            <ul>
                <li>{t!("private-by-name")}</li>
                <li>{t!("private-program")}</li>
                <li>{t!("private-emergency")}</li>
            </ul>
            <PostButton action=action fields=fields loudness=Loudness::Quiet>
                {words}
            </PostButton>
        </section>
    }
}
