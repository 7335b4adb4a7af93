//! The main navigation of each part of the house.

use crate::{t, viewer::Role};

/// One entry of the navigation.
pub struct Entry {
    /// Where it leads.
    pub href: &'static str,
    /// Its words.
    pub words: String,
}

impl Entry {
    /// Whether the page at `path` belongs to this entry.
    pub fn holds(&self, path: &str) -> bool {
        path.strip_prefix(self.href)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// The navigation of a role, in the order of what people come for.
pub fn entries(role: Role) -> Vec<Entry> {
    let entry = |href, words| Entry { href, words };
    match role {
        Role::SignedOut => vec![
            entry("/sign-in", t!("navigation-sign-in")),
            entry("/help", t!("navigation-help")),
        ],
        Role::Patient => vec![
            entry("/home", t!("navigation-home")),
            entry("/records", t!("navigation-records")),
            entry("/sharing", t!("navigation-sharing")),
            entry("/access-history", t!("navigation-access-history")),
            entry("/exports", t!("navigation-exports")),
            entry("/proxies", t!("navigation-proxies")),
            entry("/account", t!("navigation-account")),
        ],
        Role::Helper => vec![
            entry("/proxies", t!("navigation-proxies")),
            entry("/account", t!("navigation-account")),
        ],
        Role::Clinician => vec![
            entry("/patients", t!("navigation-patients")),
            entry("/account", t!("navigation-account")),
        ],
        Role::Office => vec![
            entry("/office", t!("navigation-office")),
            entry("/account", t!("navigation-account")),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::{Role, entries};

    #[test]
    fn one_entry_holds_a_page() {
        let current = |path: &str| {
            entries(Role::Patient)
                .into_iter()
                .filter(|entry| entry.holds(path))
                .map(|entry| entry.href)
                .collect::<Vec<_>>()
        };
        assert_eq!(current("/records"), ["/records"]);
        assert_eq!(current("/records/5f0c"), ["/records"]);
        assert!(current("/recordsx").is_empty());
        assert!(current("/").is_empty());
    }
}
