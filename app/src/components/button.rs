//! Buttons: links that look like one, and forms that are nothing but one.

use leptos::prelude::*;

/// How loud a button is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Loudness {
    /// The one thing to do on the page.
    #[default]
    Main,
    /// Anything else.
    Quiet,
    /// Something that ends or removes.
    Danger,
    /// Looks like a link.
    Link,
}

impl Loudness {
    /// The style class.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Main => "button",
            Self::Quiet => "button quiet",
            Self::Danger => "button danger",
            Self::Link => "link",
        }
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Where to.
    #[prop(into)]
    href: String,
    /// How loud.
    #[prop(optional)]
    loudness: Loudness,
    /// Its words.
    children: Children,
) -> impl IntoView {
    view! { <a class=loudness.class() href=href>{children()}</a> }
}

/// A form that is one button: an action with nothing to correct. `action` is the path of a
/// server function (`<Reveal as ServerFn>::PATH`).
#[component]
pub fn PostButton(
    /// The path it posts to.
    #[prop(into)]
    action: String,
    /// What goes along, hidden. Opaque ids only.
    #[prop(optional)]
    fields: Vec<(&'static str, String)>,
    /// How loud.
    #[prop(optional)]
    loudness: Loudness,
    /// For screen readers, where the words alone ("Show") don't say what.
    #[prop(optional, into)]
    label: Option<String>,
    /// Its words.
    children: Children,
) -> impl IntoView {
    let fields = fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    view! {
        <form class="post-button" method="post" action=action>
            {fields}
            <button class=loudness.class() type="submit" aria-label=label>{children()}</button>
        </form>
    }
}

/// Each loudness, and more words than fit.
pub fn sample() -> AnyView {
    view! {
        <div class="actions">
            <PostButton action="/api/none" fields=vec![("item", "1".into())]>"Sign and share"</PostButton>
            <LinkButton href="/help" loudness=Loudness::Quiet>"Go back"</LinkButton>
            <PostButton action="/api/none" loudness=Loudness::Danger>"Stop sharing"</PostButton>
            <PostButton action="/api/none" loudness=Loudness::Link>"Sign out"</PostButton>
        </div>
        <LinkButton href="/help">
            "Share my everyday health and mental health records with " {super::LONG_NAME}
        </LinkButton>
    }
    .into_any()
}
