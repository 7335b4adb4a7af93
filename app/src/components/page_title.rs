//! The title of a page.

use crate::{i18n::Text, markup::escaped, t};
use leptos::prelude::*;
use leptos_meta::Title;

/// Sets `<title>`. A title ends up in the browser's history and on shared screens: it says "A
/// record item", never which, and no name. So it takes a message, not a string.
#[component]
pub fn PageTitle(
    /// The page's own part of the title.
    title: Text,
) -> impl IntoView {
    // leptos_meta writes the title as it is.
    let title = escaped(&t!("shell-title", page = title));
    view! { <Title text=title/> }
}
