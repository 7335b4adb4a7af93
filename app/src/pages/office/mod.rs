//! The office: what privacy officers, administrators and support have to do.

pub mod access_review;
pub mod assignments;
pub mod audit;
pub mod desk;
pub mod emergencies;
mod judge;
pub mod labels;
pub mod organizations;
mod part;
pub mod people;
pub mod proxies;
pub mod recovery;
pub mod restrictions;
pub mod told;

use crate::{
    components::{
        banner::{Banner, Tone},
        page_title::PageTitle,
    },
    destination::Destination,
    pages::account::recovery::banner,
    t, text,
    visit::{self, Visit},
};
use domain::duty::{DUTIES, Duty};
use leptos::prelude::*;
use portal::{Refusal, house_ledger::Filter, label_review, staff};

/// The start page of the office: what this person's role has to do here, and nothing else.
#[component]
pub fn Office() -> impl IntoView {
    visit::page(async |visit: Visit| {
        let Visit { portal, actor, .. } = &visit;
        if !actor.may(Duty::Office) {
            return Err(Refusal::NotAvailable);
        }
        // A privacy officer of no organization has nothing to review.
        let labels = label_review::may_review(portal, actor);
        let offered: Vec<AnyView> = DUTIES
            .into_iter()
            .filter(|duty| actor.may(*duty))
            .flat_map(|duty| offers(duty, labels))
            .map(|(to, words, lead)| {
                view! {
                    <li>
                        <a href=to.path()>{words}</a>
                        <p>{lead}</p>
                    </li>
                }
                .into_any()
            })
            .collect();
        let overdue = actor.may(Duty::ReviewAccess)
            && staff::access_review::open(portal, actor).await?.overdue;
        let mine = banner(&visit).await?;
        let nothing = offered
            .is_empty()
            .then(|| view! { <p>{t!("office-support-lead")}</p> });
        Ok(view! {
            <PageTitle title=text!("office-title")/>
            <h1>{t!("office-heading")}</h1>
            {mine}
            {overdue
                .then(|| {
                    view! {
                        <Banner tone=Tone::Warning heading=t!("office-access-review")>
                            <a href=Destination::AccessReview.path()>
                                {t!("office-access-review-overdue")}
                            </a>
                        </Banner>
                    }
                })}
            {nothing}
            <ul class="plain">{offered}</ul>
        }
        .into_any())
    })
}

/// Where a duty leads from the office's start page, with the words for it.
fn offers(duty: Duty, labels: bool) -> Vec<(Destination, String, String)> {
    match duty {
        Duty::ReviewLabels if labels => vec![
            (
                Destination::Labels,
                t!("office-labels"),
                t!("office-labels-lead"),
            ),
            (
                Destination::LabelsSecond,
                t!("office-second"),
                t!("office-second-lead"),
            ),
        ],
        Duty::ReviewEmergencies if labels => vec![(
            Destination::Emergencies,
            t!("office-emergencies"),
            t!("office-emergencies-lead"),
        )],
        Duty::RecordEndings => vec![(
            Destination::TheyTold,
            t!("office-told"),
            t!("office-told-lead"),
        )],
        Duty::AnswerRestrictions if labels => vec![(
            Destination::RestrictionsOffice,
            t!("office-restrictions"),
            t!("office-restrictions-lead"),
        )],
        Duty::VerifyProxies if labels => vec![(
            Destination::Applications,
            t!("office-proxies"),
            t!("office-proxies-lead"),
        )],
        Duty::ReviewAccess => vec![(
            Destination::AccessReview,
            t!("office-access-review"),
            t!("office-access-review-lead"),
        )],
        Duty::ManagePeople => vec![(
            Destination::People,
            t!("office-people"),
            t!("office-people-lead"),
        )],
        Duty::SeeOrganizations => vec![(
            Destination::Organizations,
            t!("office-organizations"),
            t!("office-organizations-lead"),
        )],
        Duty::SeeAssignments => vec![(
            Destination::Assignments,
            t!("office-assignments"),
            t!("office-assignments-lead"),
        )],
        Duty::ReadHouseLedger => vec![(
            Destination::HouseLedger(Filter::default()),
            t!("office-audit"),
            t!("office-audit-lead"),
        )],
        Duty::HelpAccounts => vec![(
            Destination::Recovery,
            t!("office-recovery"),
            t!("office-recovery-lead"),
        )],
        Duty::ReviewLabels
        | Duty::ReviewEmergencies
        | Duty::ManageOrganizations
        | Duty::AssignCare
        | Duty::AnswerRestrictions
        | Duty::VerifyProxies
        | Duty::OwnAccount
        | Duty::OwnRecord
        | Duty::OpenCharts
        | Duty::Emergency
        | Duty::Office => Vec::new(),
    }
}
