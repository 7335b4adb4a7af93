//! Recovery codes: ten codes on paper, each good for one sign-in when a factor is lost (LAW F6: 64 bits or more, hashed,
//! single use, announced).

use crate::Portal;
use crate::written_code::WrittenCode;
use domain::id::AccountId;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use store::Account;

/// How many a person gets.
pub const HOW_MANY: usize = 10;

/// Fresh codes, until their owner says that they are kept. They live in the sealed session only.
#[derive(Clone, Serialize, Deserialize)]
pub struct Fresh {
    /// As they are to be written down.
    pub written: Vec<String>,
    /// As the account keeps them.
    pub(crate) hashes: Vec<String>,
}

impl core::fmt::Debug for Fresh {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Fresh([redacted])")
    }
}

/// Draws ten codes for an account.
pub(crate) fn draw(portal: &Portal, account: AccountId) -> Fresh {
    let store = portal.store();
    let codes: Vec<WrittenCode> = (0..HOW_MANY)
        .map(|_| WrittenCode::draw(store.entropy()))
        .collect();
    Fresh {
        hashes: codes
            .iter()
            .map(|code| store.recovery_code_hash(account, code.plain()))
            .collect(),
        written: codes.iter().map(WrittenCode::written).collect(),
    }
}

/// The hash under which the account keeps a typed code; `None`: it is none of its codes.
pub(crate) fn find(portal: &Portal, account: &Account, typed: &SecretString) -> Option<String> {
    let code = WrittenCode::parse(typed)?;
    let hash = portal.store().recovery_code_hash(account.id, code.plain());
    account.recovery_codes.contains(&hash).then_some(hash)
}
