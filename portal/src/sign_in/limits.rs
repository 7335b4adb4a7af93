//! How often somebody may try (LAW F6): at most 100 failures in a row for an account, and nobody can use that up for
//! its owner.
//!
//! Counted apart for devices the account was signed in to from before and for all others: strangers can only use up
//! the strangers' share. Each share slows down as it fills. A passkey or a recovery code that is right empties all, so
//! there is a way back even when all is used up. Besides, one network may only fail so often, whatever it tries.
//!
//! Recovery codes have two shares of the same hundred. Whether a typed code is one of the account's is told by a keyed
//! hash; a wrong one is counted for the name, and once that share is used up it is dropped unseen. A right one is counted
//! apart, and only whoever holds one can use that up: so the way back can't be closed by strangers, and who found a sheet
//! of codes can't guess the password that stands beside it. A code has 75 bits: there is no guessing one.

use crate::caller::Network;
use crate::devices::Device;
use crate::{Portal, Refusal};
use chrono::TimeDelta;
use domain::clock::Instant;
use domain::id::AccountId;
use store::Account;
use store::attempts::{AttemptKey, Pace};

/// Failures in a row after which an account needs another way back (LAW F6): all shares together.
pub const FAILURE_CAP: u32 = 100;

/// Failures of one network: so many at once, then one a minute.
const NETWORK: Pace = Pace {
    burst: 30,
    every: TimeDelta::minutes(1),
};

/// A counter of a name that no account has means nothing after so long. Whether one is blocked can't be told from
/// outside, so this can't either.
const UNKNOWN_NAME_FOR: TimeDelta = TimeDelta::days(30);

/// What is tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Factor {
    /// A password.
    Password,
    /// A code of the authenticator app.
    Code,
    /// A recovery code that is none of the account's.
    WrongRecovery,
    /// A recovery code of the account's, with a password that may be wrong.
    HeldRecovery,
}

impl Factor {
    /// How many failures in a row a share has room for. INVARIANT: all together are [`FAILURE_CAP`], those of recovery,
    /// where devices are not told apart, once.
    const fn cap(self, device: Device) -> u32 {
        match (self, device) {
            (Self::Password, Device::Unknown) => 50,
            (Self::Password, Device::Known) | (Self::Code, Device::Unknown) => 15,
            (Self::Code, Device::Known) => 10,
            (Self::WrongRecovery | Self::HeldRecovery, _) => 5,
        }
    }

    const fn counter(self, device: Device) -> &'static str {
        match (self, device) {
            (Self::Password, Device::Unknown) => "password",
            (Self::Password, Device::Known) => "password-known-device",
            (Self::Code, Device::Unknown) => "code",
            (Self::Code, Device::Known) => "code-known-device",
            (Self::WrongRecovery, _) => "recovery",
            (Self::HeldRecovery, _) => "recovery-held",
        }
    }
}

/// How long to wait after so many failures in a row: nothing at first, then doubling up to a quarter of an hour.
pub fn delay(failures: u32) -> TimeDelta {
    match failures {
        0..=3 => TimeDelta::zero(),
        4..=13 => TimeDelta::seconds(1_i64 << (failures - 3)).min(TimeDelta::minutes(15)),
        _ => TimeDelta::minutes(15),
    }
}

/// One counter: a factor of a name or an account, on one kind of device.
pub(crate) struct Counter {
    key: AttemptKey,
    cap: u32,
}

impl Counter {
    /// Of a name's password, whether an account has the name or not, so that both look the same.
    pub(crate) fn of_password(portal: &Portal, name: &str, device: Device) -> Self {
        Self::new(portal, Factor::Password, name, device)
    }

    /// Of an account's code.
    pub(crate) fn of_code(portal: &Portal, account: AccountId, device: Device) -> Self {
        Self::new(portal, Factor::Code, &account.to_string(), device)
    }

    /// Of a name's recovery codes, for a code that is none of theirs.
    pub(crate) fn of_wrong_recovery(portal: &Portal, name: &str) -> Self {
        Self::new(portal, Factor::WrongRecovery, name, Device::Unknown)
    }

    /// Of an account's recovery codes, for a code that is one of them.
    pub(crate) fn of_held_recovery(portal: &Portal, account: AccountId) -> Self {
        let account = account.to_string();
        Self::new(portal, Factor::HeldRecovery, &account, Device::Unknown)
    }

    fn new(portal: &Portal, factor: Factor, whose: &str, device: Device) -> Self {
        Self {
            key: portal.store().attempt_key(factor.counter(device), whose),
            cap: factor.cap(device),
        }
    }

    /// Counts a try before it is made; `false`: blocked for now, or until there is another way back.
    pub(crate) async fn count(&self, portal: &Portal) -> Result<bool, Refusal> {
        let now = portal.now();
        Ok(portal
            .store()
            .begin_attempt(&self.key, self.cap, |failures| {
                let wait = delay(failures);
                (wait > TimeDelta::zero()).then(|| now + wait)
            })
            .await?)
    }

    /// Says whether it may be forgotten one day: only where no account has the name.
    pub(crate) async fn keep(&self, portal: &Portal, known: bool) -> Result<(), Refusal> {
        let until: Option<Instant> = (!known).then(|| portal.now() + UNKNOWN_NAME_FOR);
        Ok(portal.store().forget_attempts_at(&self.key, until).await?)
    }

    /// Forgets the failures: it was right.
    pub(crate) async fn clear(&self, portal: &Portal) -> Result<(), Refusal> {
        Ok(portal.store().clear_attempts(&self.key).await?)
    }
}

/// Empties every counter of an account: its owner showed what nobody can guess.
pub(crate) async fn forgive(portal: &Portal, account: &Account) -> Result<(), Refusal> {
    for device in [Device::Known, Device::Unknown] {
        Counter::of_password(portal, &account.sign_in, device)
            .clear(portal)
            .await?;
        Counter::of_code(portal, account.id, device)
            .clear(portal)
            .await?;
    }
    Counter::of_wrong_recovery(portal, &account.sign_in)
        .clear(portal)
        .await?;
    Counter::of_held_recovery(portal, account.id)
        .clear(portal)
        .await
}

/// What happens to the counters of a name that an account gave up: unless another has it, they may be forgotten one day.
pub(crate) async fn leave_name(portal: &Portal, name: &str) -> Result<(), Refusal> {
    let known = !portal.store().accounts_by_sign_in(name).await?.is_empty();
    for device in [Device::Known, Device::Unknown] {
        let counter = Counter::of_password(portal, name, device);
        counter.keep(portal, known).await?;
    }
    let counter = Counter::of_wrong_recovery(portal, name);
    counter.keep(portal, known).await
}

fn network_key(portal: &Portal, network: Option<Network>) -> AttemptKey {
    let key = network.map_or_else(|| "unknown".to_owned(), Network::key);
    portal.store().attempt_key("network", &key)
}

/// Charges a try to the network it came from; `false`: too many failed lately.
pub(crate) async fn charge(portal: &Portal, network: Option<Network>) -> Result<bool, Refusal> {
    let key = network_key(portal, network);
    Ok(portal.store().pace(&key, NETWORK).await?)
}

/// Gives back what a try was charged that didn't fail. What failed before stays charged.
pub(crate) async fn give_back(portal: &Portal, network: Option<Network>) -> Result<(), Refusal> {
    let key = network_key(portal, network);
    Ok(portal.store().give_back(&key, NETWORK).await?)
}

#[cfg(test)]
mod tests {
    use super::{FAILURE_CAP, Factor, delay};
    use crate::devices::Device;
    use chrono::TimeDelta;

    /// LAW F6.
    #[test]
    fn the_shares_are_a_hundred_together() {
        let shares = [Factor::Password, Factor::Code]
            .map(|factor| factor.cap(Device::Known) + factor.cap(Device::Unknown));
        let recovery =
            [Factor::WrongRecovery, Factor::HeldRecovery].map(|factor| factor.cap(Device::Unknown));
        let all = shares.iter().chain(&recovery).sum::<u32>();
        assert_eq!(all, FAILURE_CAP);
    }

    #[test]
    fn waits_grow_and_end() {
        assert_eq!(delay(3), TimeDelta::zero());
        assert_eq!(delay(4), TimeDelta::seconds(2));
        assert_eq!(delay(12), TimeDelta::seconds(512));
        assert_eq!(delay(13), TimeDelta::minutes(15));
        assert_eq!(delay(u32::MAX), TimeDelta::minutes(15));
        assert!((0..50).all(|failures| delay(failures) <= delay(failures + 1)));
    }
}
