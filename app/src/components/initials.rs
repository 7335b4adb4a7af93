//! Initials in a circle, for recipients.

use leptos::prelude::*;

/// The initials of a name beside it. For the eye only; the name stands next to it.
#[component]
pub fn Initials(
    /// The whole name.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! { <span class="initials" aria-hidden="true">{initials(&name)}</span> }
}

/// The first letters of the first and the last word. Titles such as "Dr." and what comes after a comma, such as ", MD",
/// don't count.
fn initials(name: &str) -> String {
    let letters: Vec<char> = name
        .split(',')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .filter(|word| !word.ends_with('.'))
        .filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()))
        .collect();
    let first = letters.first().copied();
    let last = letters.last().copied().filter(|_| letters.len() > 1);
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

/// Usual, long, one word, and no letters at all.
pub fn sample() -> AnyView {
    let names = [
        "Dr. Amara Okafor",
        super::LONG_NAME,
        "Harbor",
        "Élodie Ångström",
        "…",
    ];
    let rows = names
        .map(|name| view! { <p class="with-initials"><Initials name/> <span>{name}</span></p> });
    rows.into_iter().collect_view().into_any()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn first_and_last_count() {
        assert_eq!(initials("Dr. Amara N. Okafor"), "AO");
        assert_eq!(initials("Dr. Amara Okafor, MD"), "AO");
        assert_eq!(initials("Harbor"), "H");
        assert_eq!(initials("…"), "");
    }
}
