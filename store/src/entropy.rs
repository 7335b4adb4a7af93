//! Randomness is a parameter, like time.

use zeroize::Zeroizing;

/// Where random bytes come from.
///
/// Only `server/src/main.rs` makes the one that asks the operating system; tests bring their own.
pub trait Entropy: Send + Sync {
    /// Fills all of `to` with bytes nobody can foretell.
    fn fill(&self, to: &mut [u8]);
}

/// `N` random bytes.
pub fn random<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}

/// A fresh key, drawn where it stays: no copy of it is left on the way.
pub(crate) fn fresh_key(entropy: &dyn Entropy) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    entropy.fill(key.as_mut_slice());
    key
}
