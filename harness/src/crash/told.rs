//! What clients were told: each of it must be found again, whatever was killed after it.

use crate::{
    ledger::{Event, Ledger},
    page::Item,
};

/// An answer that promised something.
#[derive(Clone, Debug)]
pub enum Told {
    /// Content was on a page.
    Shown {
        /// The request's id.
        request: String,
        /// What was on it.
        items: Vec<Item>,
    },
    /// A file was handed over.
    Copied {
        /// The request's id.
        request: String,
    },
    /// A consent was signed.
    Signed {
        /// The request's id.
        request: String,
        /// Which.
        consent: String,
    },
    /// A consent was revoked.
    Revoked {
        /// The request's id.
        request: String,
        /// Which.
        consent: String,
    },
    /// Somebody is signed in.
    SignedIn {
        /// The request's id.
        request: String,
    },
}

impl Told {
    /// What is missing of it in the ledger; `None`: nothing.
    pub fn missing(&self, ledger: &Ledger) -> Option<String> {
        let found = |request: &str, fits: &dyn Fn(&Event) -> bool| {
            ledger.of_request(request).any(|entry| fits(&entry.event))
        };
        let there = match self {
            Self::Shown { request, items } => found(request, &|event| shows(event, items)),
            Self::Copied { request } => found(
                request,
                &|event| matches!(event, Event::Disclosed { action, .. } if action == "Download"),
            ),
            Self::Signed { request, consent } => {
                let signed = Event::Signed(consent.clone());
                // An answer that was cut off is asked for again with the same draft: it is the same consent, signed when it
                // was asked for first.
                found(request, &|event| *event == signed)
                    || ledger.entries.iter().any(|entry| entry.event == signed)
            }
            Self::Revoked { request, consent } => {
                found(request, &|event| *event == Event::Revoked(consent.clone()))
            }
            Self::SignedIn { request } => found(
                request,
                &|event| matches!(event, Event::Other(name) if name == "SignedIn"),
            ),
        };
        (!there).then(|| {
            let (what, request) = self.named();
            let of = self
                .consent()
                .map_or_else(String::new, |id| format!(" of consent {id}"));
            format!(
                "a client was told \"{what}\"{of} in answer to {request}, and the ledger lacks it"
            )
        })
    }

    /// The consent it is about.
    const fn consent(&self) -> Option<&String> {
        match self {
            Self::Signed { consent, .. } | Self::Revoked { consent, .. } => Some(consent),
            _ => None,
        }
    }

    /// In a word, and the request.
    fn named(&self) -> (&'static str, &str) {
        match self {
            Self::Shown { request, .. } => ("shown", request),
            Self::Copied { request } => ("copied", request),
            Self::Signed { request, .. } => ("signed", request),
            Self::Revoked { request, .. } => ("revoked", request),
            Self::SignedIn { request } => ("signed in", request),
        }
    }
}

/// Whether a disclosure names each of these items, masked where it was masked.
fn shows(event: &Event, shown: &[Item]) -> bool {
    let Event::Disclosed { action, items, .. } = event else {
        return false;
    };
    action == "View"
        && shown
            .iter()
            .all(|item| items.get(&item.id) == Some(&item.masked))
}

/// How often clients were told what.
#[derive(Clone, Copy, Default, Debug)]
pub struct Counts {
    /// Pages with content.
    pub shown: u64,
    /// Masked items that were revealed.
    pub revealed: u64,
    /// Consents signed.
    pub signed: u64,
    /// Consents revoked.
    pub revoked: u64,
    /// Files handed over.
    pub copied: u64,
    /// Sign-ins.
    pub signed_in: u64,
    /// Requests that were cut off: nothing was promised.
    pub cut: u64,
    /// Answers that refused: the database was away or busy.
    pub refused: u64,
}

impl Counts {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            shown: self.shown.saturating_add(other.shown),
            revealed: self.revealed.saturating_add(other.revealed),
            signed: self.signed.saturating_add(other.signed),
            revoked: self.revoked.saturating_add(other.revoked),
            copied: self.copied.saturating_add(other.copied),
            signed_in: self.signed_in.saturating_add(other.signed_in),
            cut: self.cut.saturating_add(other.cut),
            refused: self.refused.saturating_add(other.refused),
        }
    }
}
