//! `/sharing/new/review`: exactly what this opens, by the real decision on the real record.

use super::{
    answers::Names,
    eyes::{Eyes, view_in},
    facts::Facts,
    missing::Missing,
    opens::{Of, OpensView},
    steps::{self, Back, Reached, StepsOf},
    words::{named_items, on_paper},
};
use crate::{
    components::{
        banner::{Banner, Tone},
        button::LinkButton,
        page_title::PageTitle,
    },
    destination::Destination,
    t, text,
    visit::{self, AsOf, Visit},
};
use leptos::prelude::*;
use portal::{
    Refusal, directory,
    session::{self, Reveal},
    sharing::{
        draft::{Draft, Step},
        preview, sign, single,
    },
};

/// The names in a draft; its single items are only counted.
pub(super) async fn names(visit: &Visit, draft: &Draft) -> Result<Names, Refusal> {
    Ok(Names {
        patient: visit.actor.patient_name().unwrap_or_default().to_owned(),
        signs_as: visit.actor.signs_as().cloned(),
        to: directory::recipients(&visit.portal, &draft.to).await?,
        from: directory::disclosers(&visit.portal, &draft.from).await?,
        ..Names::default()
    })
}

/// Exactly what this opens.
#[component]
pub fn Review() -> impl IntoView {
    let view = view_in();
    visit::page(async move |visit| {
        let (draft, patient) = match steps::reach(&visit, Step::Review).await? {
            Reached::Here(draft, patient) => (draft, patient),
            Reached::Before(elsewhere) => return Ok(visit::lead(&elsewhere)),
        };
        let revealed = session::take_reveal(&visit.session).await? == Some(Reveal::Opened);
        let mut names = names(&visit, &draft).await?;
        let now = visit.now();
        let terms = draft.terms(patient, now, visit.portal.options().time_zone);
        let mut deficiencies = terms.deficiencies();
        deficiencies.extend(sign::beyond(&visit.portal, &visit.actor, &terms).await?);
        let nameless = !sign::names_patient(&visit.actor);
        let complete = deficiencies.is_empty() && !nameless;
        let opens = preview::of_terms(
            &visit.portal,
            &visit.actor,
            terms.clone(),
            draft.replaces,
            view,
            revealed,
        )
        .await?;
        let items = single::of(&visit.portal, &visit.actor, &terms.what, revealed).await?;
        names.items = Some(named_items(&terms.what, &items));
        let (to, purposes) = (names.to.clone(), terms.purposes);
        let paper = on_paper(&to);
        Ok(view! {
            <PageTitle title=text!("sharing-new-title")/>
            <Back step=Step::Review/>
            <StepsOf step=Step::Review/>
            <h1>{t!("sharing-review-heading")}</h1>
            <Missing deficiencies nameless/>
            <p class="lead">{t!("sharing-review-lead")}</p>
            <Facts terms names changeable=true/>
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
                    if paper {
                        return view! {
                            <Banner tone=Tone::Info>{t!("sharing-review-paper-none")}</Banner>
                        }
                        .into_any();
                    }
                    view! {
                        <h2>{t!("sharing-review-opens")}</h2>
                        <p>{t!("sharing-review-by-itself")}</p>
                        <Eyes to purposes view=opens.view of=Of::Draft/>
                        <OpensView opens of=Of::Draft revealed/>
                    }
                    .into_any()
                })}
            <AsOf at=now/>
        }
        .into_any())
    })
}
