//! `/account`: what a person signs in with, and where they are signed in (LAW F5, F7).

pub mod app;
pub(crate) mod ceremony;
pub mod contact;
mod first;
mod new_passkey;
mod overview;
pub(crate) mod passkey_button;
pub mod password;
pub mod recovery;
pub mod recovery_codes;
pub mod remove_app;
mod remove_passkey;
pub mod role;
pub mod sessions;

pub use new_passkey::{NewPasskey, finish, start, submit as submit_new};
pub use overview::{Account, EndOtherSessions};
pub use remove_passkey::{RemovePasskey, submit as submit_removal};

use crate::t;

/// What a passkey is called: as its owner calls it.
fn called(label: &str) -> String {
    if label.is_empty() {
        t!("account-passkey-unnamed")
    } else {
        label.to_owned()
    }
}
