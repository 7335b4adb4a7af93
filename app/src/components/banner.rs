//! A message that concerns the whole page.

use super::icon::Icon;
use crate::t;
use leptos::prelude::*;

/// What a banner is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tone {
    /// Good to know.
    Info,
    /// Something worked.
    Success,
    /// Something needs care.
    Warning,
    /// Something is wrong or can't be undone.
    Danger,
}

impl Tone {
    const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    fn words(self) -> String {
        match self {
            Self::Info => t!("banner-info"),
            Self::Success => t!("banner-success"),
            Self::Warning => t!("banner-warning"),
            Self::Danger => t!("banner-danger"),
        }
    }
}

/// A banner. Its tone is colour, drawing, and a word for screen readers.
#[component]
pub fn Banner(
    /// What it is about.
    tone: Tone,
    /// A heading, in bold.
    #[prop(optional, into)]
    heading: Option<String>,
    /// Its words.
    children: Children,
) -> impl IntoView {
    // A result of what the person just did is read out; anything else is met in its place.
    let role = matches!(tone, Tone::Success).then_some("status");
    view! {
        <div class=format!("banner {}", tone.name()) role=role>
            <Icon name=tone.name()/>
            <div>
                <span class="for-ear">{tone.words()} ": "</span>
                {heading.map(|heading| view! { <p class="banner-heading">{heading}</p> })}
                <div>{children()}</div>
            </div>
        </div>
    }
}

/// Each tone, short and long.
pub fn sample() -> AnyView {
    view! {
        <Banner tone=Tone::Info>"You are acting for " {super::LONG_NAME} "."</Banner>
        <Banner tone=Tone::Success heading="Sharing has stopped">
            "Dr. Amara Okafor can't see your record any more. This worked at 2:05 p.m."
        </Banner>
        <Banner tone=Tone::Warning heading="This opens 214 items">
            "Some of them are about substance use care. Read the list before you sign."
        </Banner>
        <Banner tone=Tone::Danger>{super::LONG_WORD}</Banner>
    }
    .into_any()
}
