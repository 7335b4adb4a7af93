//! Who can see my records, one sentence each.

use super::initials::Initials;
use crate::{i18n::list, pages::sharing::view_as::ViewLink, t};
use leptos::prelude::*;
use uuid::Uuid;

/// What one recipient can see.
pub struct Access {
    /// The recipient's name.
    pub who: String,
    /// What they can see, in words (the names of labels).
    pub what: Vec<String>,
    /// Until when, in words.
    pub until: Option<String>,
    /// The consent's page.
    pub href: Option<String>,
    /// As whom the record can be looked at.
    pub view_as: Option<Uuid>,
}

/// A sentence for each recipient.
#[component]
pub fn WhoCanSee(
    /// The recipients, in order.
    access: Vec<Access>,
) -> impl IntoView {
    if access.is_empty() {
        return view! { <p class="empty">{t!("see-nobody")}</p> }.into_any();
    }
    let sentences = access
        .into_iter()
        .map(|access| {
            let what = list(&access.what);
            let sentence = match access.until {
                Some(until) => {
                    t!(
                        "see-until",
                        who = access.who.as_str(),
                        what = what,
                        until = until
                    )
                }
                None => t!("see-all", who = access.who.as_str(), what = what),
            };
            let sentence = match access.href {
                Some(href) => view! { <a href=href>{sentence}</a> }.into_any(),
                None => sentence.into_any(),
            };
            let view = access.view_as.map(|recipient| {
                let who = access.who.clone();
                view! {
                    <br/>
                    <ViewLink recipient who/>
                }
            });
            view! {
                <li class="with-initials">
                    <Initials name=access.who/>
                    <span>{sentence} {view}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="who-can-see">{sentences}</ul> }.into_any()
}

/// Two recipients, forty, and nobody.
pub fn sample() -> AnyView {
    let words = |words: &[&str]| {
        words
            .iter()
            .map(|&word| word.to_owned())
            .collect::<Vec<_>>()
    };
    let few = vec![
        Access {
            who: "Dr. Amara Okafor".into(),
            what: words(&["Everyday health", "Mental health", "Substance use care"]),
            until: Some("June 3, 2027".into()),
            href: Some("/help".into()),
            view_as: Some(Uuid::nil()),
        },
        Access {
            who: super::LONG_NAME.into(),
            what: words(&["Everyday health"]),
            until: None,
            href: None,
            view_as: None,
        },
    ];
    let many = (1..=40)
        .map(|number| Access {
            who: format!("Clinic {number}"),
            what: words(&["Everyday health", "Genetics"]),
            until: None,
            href: None,
            view_as: None,
        })
        .collect();
    view! {
        <WhoCanSee access=few/>
        <WhoCanSee access=vec![]/>
        <WhoCanSee access=many/>
    }
    .into_any()
}
