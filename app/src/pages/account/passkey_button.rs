//! The button that asks for a passkey, or makes one. It is hidden until the script (`passkey.js`) has seen that the
//! browser can do it; all of its words are in the page.

use crate::{components::button::Loudness, t};
use leptos::prelude::*;

/// What the button does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ceremony {
    /// Asks for a passkey.
    Get,
    /// Asks for one; the browser may offer it within the field for the name too.
    GetOrFillIn,
    /// Makes one; sends what is typed in the field `label` along.
    Create,
}

/// The button with its messages. `{at}/start` and `{at}/finish` are where it sends to.
#[component]
pub(crate) fn PasskeyButton(
    /// What it does.
    ceremony: Ceremony,
    /// The beginning of the addresses.
    at: &'static str,
    /// Its words.
    #[prop(into)]
    words: String,
    /// What to say before it.
    #[prop(optional, into)]
    before: Option<String>,
    /// What to say when the portal doesn't accept the passkey.
    #[prop(into)]
    refused: String,
    /// How loud.
    #[prop(optional)]
    loudness: Loudness,
) -> impl IntoView {
    let kind = match ceremony {
        Ceremony::Get | Ceremony::GetOrFillIn => "get",
        Ceremony::Create => "create",
    };
    let fill_in = (ceremony == Ceremony::GetOrFillIn).then_some("");
    view! {
        <div
            data-passkey=kind
            data-passkey-fill-in=fill_in
            data-start=format!("{at}/start")
            data-finish=format!("{at}/finish")
            hidden
        >
            {before.map(|before| view! { <p>{before}</p> })}
            <div class="actions">
                <button class=loudness.class() type="button">{words}</button>
            </div>
            <div role="alert">
                <p class="error" data-passkey-says="refused" hidden>{refused}</p>
                <p class="error" data-passkey-says="cancelled" hidden>{t!("passkey-cancelled")}</p>
                <p class="error" data-passkey-says="known" hidden>{t!("passkey-known")}</p>
                <p class="error" data-passkey-says="offline" hidden>{t!("passkey-offline")}</p>
            </div>
        </div>
    }
}

/// Says that passkeys need script, where there is none, or that the browser has no passkeys.
#[component]
pub(crate) fn WithoutPasskeys() -> impl IntoView {
    view! {
        <noscript>
            <p>{t!("account-passkeys-script")}</p>
        </noscript>
        <p data-passkey-missing hidden>{t!("passkey-not-supported")}</p>
    }
}
