//! `/sharing/new/review`: exactly what this opens, by the real decision on the real record.

use super::{
    facts::Facts,
    missing::Missing,
    opens::{Of, OpensView},
    steps::{self, Back, Reached, StepsOf},
};
use crate::{
    components::{button::LinkButton, page_title::PageTitle, pagination::asked},
    destination::Destination,
    t, text,
    visit::{self, AsOf, Visit},
};
use leptos::prelude::*;
use portal::{
    Refusal,
    directory::{self, RecipientName},
    session::{self, Reveal},
    sharing::{
        draft::{Draft, Step},
        preview,
    },
};

/// The names of a draft's recipients.
pub(super) async fn names(visit: &Visit, draft: &Draft) -> Result<Vec<RecipientName>, Refusal> {
    let mut names = Vec::new();
    for to in &draft.to {
        names.push(directory::recipient(&visit.portal, to).await?);
    }
    Ok(names)
}

/// Exactly what this opens.
#[component]
pub fn Review() -> impl IntoView {
    let page = asked();
    visit::page(async move |visit| {
        let (draft, patient) = match steps::reach(&visit, Step::Review).await? {
            Reached::Here(draft, patient) => (draft, patient),
            Reached::Before(elsewhere) => return Ok(visit::lead(&elsewhere)),
        };
        let revealed = session::take_reveal(&visit.session).await? == Some(Reveal::Opened);
        let to = names(&visit, &draft).await?;
        let now = visit.now();
        let terms = draft.terms(patient, now, visit.portal.options().time_zone);
        let deficiencies = terms.deficiencies();
        let complete = deficiencies.is_empty();
        let opens =
            preview::of_terms(&visit.portal, &visit.actor, terms.clone(), page, revealed).await?;
        Ok(view! {
            <PageTitle title=text!("sharing-new-title")/>
            <Back step=Step::Review/>
            <StepsOf step=Step::Review/>
            <h1>{t!("sharing-review-heading")}</h1>
            <Missing deficiencies/>
            <p class="lead">{t!("sharing-review-lead")}</p>
            <Facts terms to changeable=true/>
            {complete
                .then(|| {
                    view! {
                        <p class="actions">
                            <LinkButton href=Destination::SharingStep(Step::Sign)
                                .path()>{t!("sharing-review-on")}</LinkButton>
                        </p>
                    }
                })}
            {opens
                .map(|opens| {
                    view! {
                        <h2>{t!("sharing-review-opens")}</h2>
                        <p>{t!("sharing-review-by-itself")}</p>
                        <OpensView opens of=Of::Draft revealed/>
                    }
                })}
            <AsOf at=now/>
        }
        .into_any())
    })
}
