//! `/privacy-notice`: the patient notice (LAW C5), its legal header verbatim, and its body.

use crate::{components::page_title::PageTitle, notice::PatientNotice, t, text};
use leptos::prelude::*;

/// The privacy notice.
#[component]
pub fn PrivacyNotice() -> impl IntoView {
    view! {
        <PageTitle title=text!("privacy-title")/>
        <h1>{t!("privacy-heading")}</h1>
        <p class="lead">{t!("privacy-lead")}</p>
        <PatientNotice/>
    }
}
