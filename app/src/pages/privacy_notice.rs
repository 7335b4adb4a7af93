//! `/privacy-notice`: the patient notice (LAW C5), its legal header verbatim.

use crate::{
    components::{notice::Notice, page_title::PageTitle},
    notice, t, text,
};
use leptos::prelude::*;

/// The privacy notice.
#[component]
pub fn PrivacyNotice() -> impl IntoView {
    view! {
        <PageTitle title=text!("privacy-title")/>
        <h1>{t!("privacy-heading")}</h1>
        <p class="lead">{t!("privacy-lead")}</p>
        <Notice heading=t!("privacy-legal") text=notice::here()/>
    }
}
