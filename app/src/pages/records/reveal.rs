//! "Show": one item, or everything about one segment. What was asked for is shown once, on the
//! next page, and stays out of the address.

use crate::{
    components::button::{Loudness, PostButton},
    destination::Destination,
    i18n::{label_name, row},
    t,
    visit::{self, Visit},
};
use domain::{
    id::ItemId,
    label::{Label, LabelSet},
};
use leptos::{prelude::*, server_fn::ServerFnError};
use portal::{
    Refusal,
    session::{self, Reveal},
};

/// Shows one item, on its own page.
#[server(prefix = "/api", endpoint = "reveal-record")]
pub async fn reveal_record(item: String) -> Result<(), ServerFnError> {
    visit::act(async move |visit: Visit| {
        let id = ItemId::parse(&item).ok_or(Refusal::BadRequest)?;
        session::ask_reveal(&visit.session, Reveal::Item(id)).await?;
        Ok(Destination::Record(id.0))
    })
    .await
}

/// Shows everything of the list that carries a segment.
#[server(prefix = "/api", endpoint = "reveal-segment")]
pub async fn reveal_segment(segment: String) -> Result<(), ServerFnError> {
    visit::act(async move |visit: Visit| {
        let label = Label::from_name(&segment).ok_or(Refusal::BadRequest)?;
        session::ask_reveal(&visit.session, Reveal::segment(label)).await?;
        Ok(Destination::Records)
    })
    .await
}

/// The path that shows one item.
pub(super) const RECORD: &str = <RevealRecord as server_fn::ServerFn>::PATH;
/// The path that shows a segment.
const SEGMENT: &str = <RevealSegment as server_fn::ServerFn>::PATH;

/// What tells [`RECORD`] which item.
pub(super) fn fields(id: ItemId) -> Vec<(&'static str, String)> {
    vec![("item", id.to_string())]
}

/// Says that parts of an item are hidden, and shows them when asked.
#[component]
pub(super) fn PartHidden(id: ItemId, hidden: LabelSet, of: String) -> impl IntoView {
    let labels = super::sensitive(hidden.broad()).into_iter().map(label_name);
    let labels = row(&labels.collect::<Vec<_>>());
    view! {
        <p class="part-hidden">{t!("records-part-hidden", labels = labels)}</p>
        <PostButton
            action=RECORD
            fields=fields(id)
            loudness=Loudness::Quiet
            label=t!("records-show-part-of", item = of)
        >
            {t!("masked-show")}
        </PostButton>
    }
}

/// A button for each segment that stands in the list.
#[component]
pub(super) fn Segments(segments: LabelSet) -> impl IntoView {
    let buttons = super::sensitive(segments)
        .into_iter()
        // A whole stands for its parts; a counseling note opens on its own page only.
        .filter(|label| label.parent().is_none() && *label != Label::SudCounselingNote)
        .map(|label| {
            view! {
                <li>
                    <PostButton
                        action=SEGMENT
                        fields=vec![("segment", label.name().to_owned())]
                        loudness=Loudness::Quiet
                    >
                        {t!("records-show-segment", label = label_name(label))}
                    </PostButton>
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!buttons.is_empty()).then(|| {
        view! {
            <details class="folded">
                <summary>{t!("records-show-by-topic")}</summary>
                <p>{t!("records-show-once")}</p>
                <ul class="plain">{buttons}</ul>
            </details>
        }
    })
}
