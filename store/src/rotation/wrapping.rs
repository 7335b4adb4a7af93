//! Another wrapping key in place of the one before, in two steps, so that every process can change over in its own time:
//! first everything is wrapped by both, then the old wrappings are dropped.

use crate::entropy::Entropy;
use crate::error::Error;
use crate::keys::{KeyError, KeyProvider, Versions};
use crate::ledger::Chain;
use crate::ledger::event::Event;
use crate::opening::Store;
use crate::stamp::Stamp;

/// What came of a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rewrapped {
    /// Keys of the house that were changed.
    pub house: u64,
    /// Patients whose keys were changed.
    pub patients: u64,
}

/// Wraps every version of a key by the new provider too, unwraps it again and compares; whether anything changed.
fn wrap_by_both(
    keys: &mut Versions,
    old: &dyn KeyProvider,
    new: &dyn KeyProvider,
    entropy: &dyn Entropy,
) -> Result<bool, KeyError> {
    let owner = keys.owner;
    let mut changed = false;
    for (version, wrappings) in keys.all_mut() {
        if wrappings.is_by(&new.id()) {
            continue;
        }
        let aad = owner.place(version);
        let key = wrappings.unwrap(&aad, old)?;
        wrappings.add(&key, &aad, new, entropy)?;
        if *wrappings.unwrap(&aad, new)? != *key {
            return Err(KeyError::Wrong);
        }
        changed = true;
    }
    Ok(changed)
}

/// Drops what other keys wrapped. What was wrapped before ids were noted is wrapped anew.
fn keep_only(
    keys: &mut Versions,
    provider: &dyn KeyProvider,
    entropy: &dyn Entropy,
) -> Result<bool, Error> {
    let owner = keys.owner;
    let mut changed = false;
    for (version, wrappings) in keys.all_mut() {
        if wrappings.len() == 1 && wrappings.is_by(&provider.id()) {
            continue;
        }
        let aad = owner.place(version);
        // Never dropped before the one that stays has been tried.
        let key = wrappings
            .unwrap(&aad, provider)
            .map_err(|error| match error {
                KeyError::Wrong => Error::NotYetWrapped,
                other => other.into(),
            })?;
        wrappings.add(&key, &aad, provider, entropy)?;
        wrappings.keep_only(&provider.id());
        changed = true;
    }
    Ok(changed)
}

impl Store {
    /// Wraps every key by another provider too; whatever this one wraps alone. It may be broken off and begun again.
    /// Processes with either provider work from then on.
    ///
    /// # Errors
    /// When either provider fails; what is done by then stays.
    pub async fn wrap_also_by(
        &self,
        stamp: &Stamp,
        new: &dyn KeyProvider,
        progress: impl FnMut(u64) + Send,
    ) -> Result<Rewrapped, Error> {
        let old = self.provider().as_ref();
        let entropy = self.entropy();
        let both = |keys: &mut Versions| Ok(wrap_by_both(keys, old, new, entropy)?);
        let patients = self.change_every_patient_key(both, progress).await?;
        // Last: a process that opens the house with the new key finds everything else wrapped by it.
        let house = self.change_house_keys(both).await?;
        if house > 0 || patients > 0 {
            let event = Event::KeyRotated { key: new.id() };
            self.append(stamp, Chain::House, event).await?;
        }
        Ok(Rewrapped { house, patients })
    }

    /// Drops every wrapping but this provider's. Processes with another one stop working.
    ///
    /// # Errors
    /// [`Error::NotYetWrapped`], before anything is dropped, when a key is not wrapped by this provider: it came since
    /// [`Store::wrap_also_by`] ran.
    pub async fn drop_other_wrappings(
        &self,
        stamp: &Stamp,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<Rewrapped, Error> {
        let provider = self.provider().as_ref();
        let entropy = self.entropy();
        let tried = |keys: &mut Versions| {
            keep_only(&mut keys.clone(), provider, entropy)?;
            Ok(false)
        };
        self.change_every_patient_key(tried, |_| ()).await?;
        self.change_house_keys(tried).await?;
        let kept = |keys: &mut Versions| keep_only(keys, provider, entropy);
        let patients = self.change_every_patient_key(kept, &mut progress).await?;
        let house = self.change_house_keys(kept).await?;
        if house > 0 || patients > 0 {
            let event = Event::OldWrappingsDropped { key: provider.id() };
            self.append(stamp, Chain::House, event).await?;
        }
        Ok(Rewrapped { house, patients })
    }
}
