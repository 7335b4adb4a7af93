//! What stands on every page of a chart that is open in an emergency: until when, on what it rests, and the way to end it.

use crate::{
    components::{
        banner::{Banner, Tone},
        time::zone,
    },
    dates,
    destination::Destination,
    t,
    visit::Visit,
};
use domain::{clock::Instant, id::PatientId, purpose::Purpose};
use leptos::prelude::*;
use portal::{
    Refusal,
    emergency::{self, Open},
};

/// How a page of a chart stands to an emergency.
#[derive(Clone, Copy)]
pub enum Around {
    /// It is opened for something else.
    Other,
    /// It is open in an emergency.
    Open(Open),
    /// It was, and is no more.
    Over,
}

impl Around {
    /// How the chart stands, for the purpose declared. What is over is written down as an attempt, and the purpose is
    /// forgotten.
    ///
    /// # Errors
    /// When the store or the session can't be used.
    pub async fn of(visit: &Visit, patient: PatientId, purpose: Purpose) -> Result<Self, Refusal> {
        if purpose != Purpose::Emergency {
            return Ok(Self::Other);
        }
        let Visit {
            portal,
            session,
            actor,
        } = visit;
        if let Some(open) = emergency::current(portal, actor, patient).await? {
            return Ok(Self::Open(open));
        }
        emergency::over(portal, session, actor, patient).await?;
        Ok(Self::Over)
    }

    /// Whether a copy may be taken: not in an emergency.
    pub const fn may_copy(self) -> bool {
        matches!(self, Self::Other)
    }

    /// Time left, the way to end it, and what is asked of the viewer.
    pub fn banner(self, patient: PatientId, now: Instant, no_further_use: bool) -> AnyView {
        let Self::Open(open) = self else {
            return ().into_any();
        };
        let left = (open.until - now).num_minutes().max(0);
        let until = dates::time(open.until, zone());
        let heading = t!("emergency-banner-heading", time = until, minutes = left);
        let action = Destination::Emergency(patient.0).path();
        view! {
            <Banner tone=Tone::Warning heading=heading>
                <p>{t!("emergency-banner")}</p>
                {no_further_use
                    .then(|| view! { <p><strong>{t!("emergency-no-further-use")}</strong></p> })}
                <form class="post-button" method="post" action=action>
                    <button class="button danger" type="submit" name="do" value="end">
                        {t!("emergency-end")}
                    </button>
                </form>
            </Banner>
        }
        .into_any()
    }

    /// On what the page rests, in place of a consent (LAW B1, E1).
    pub fn basis(self) -> AnyView {
        let Self::Open(open) = self else {
            return ().into_any();
        };
        let since = dates::moment(open.since, zone());
        view! {
            <section class="rests-on" aria-labelledby="rests-on">
                <h2 id="rests-on">{t!("chart-rests-heading")}</h2>
                <ul>
                    <li>
                        {t!("emergency-basis", since = since)}
                        <span class="hint">{t!("emergency-basis-scope")}</span>
                    </li>
                </ul>
            </section>
        }
        .into_any()
    }
}
