//! Randomness is a parameter, like time.

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
