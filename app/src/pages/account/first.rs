//! What stands on a page of the account before its owner confirmed that it is them.

use crate::{components::button::PostButton, t};
use leptos::prelude::*;

/// Says what comes first, with the button that leads there.
#[component]
pub(super) fn First(
    /// The page itself: its form asks for the fresh factor.
    action: String,
) -> impl IntoView {
    view! {
        <p>{t!("account-confirm-first")}</p>
        <PostButton action>{t!("account-confirm-go-on")}</PostButton>
    }
}
