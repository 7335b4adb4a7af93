//! Authenticator apps: a secret that the app takes from a picture or as text (RFC 6238, RFC 4226).

use crate::passkeys::NAME;
use core::fmt::Write as _;
use data_encoding::BASE32_NOPAD;
use domain::clock::Instant;
use qrcodegen::{QrCode, QrCodeEcc};
use secrecy::{ExposeSecret, SecretString};
use store::SecretBytes;
use store::entropy::{Entropy, random};
use totp_rs::{Builder, Totp};

/// Length of a secret: as long as the hash's result (RFC 4226 §4, R6).
const SECRET: usize = 20;
/// The light border that a QR code needs, in modules (ISO/IEC 18004).
const QUIET: i32 = 4;

/// A fresh secret.
pub fn draw(entropy: &dyn Entropy) -> SecretBytes {
    SecretBytes::new(random::<SECRET>(entropy).to_vec())
}

/// The authenticator of that secret: 6 digits, 30 seconds, one step of drift either way.
pub fn of(secret: &SecretBytes) -> Option<Totp> {
    Builder::new()
        .with_secret(secret.expose().to_vec())
        .with_skew(1)
        .build()
        .ok()
}

/// The step a typed code belongs to, if it is one of this moment; spaces within it don't matter.
pub fn step(secret: &SecretBytes, typed: &SecretString, now: Instant) -> Option<u64> {
    let digits: String = typed
        .expose_secret()
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let time = u64::try_from(now.timestamp()).ok()?;
    of(secret)?.check(&digits, time)
}

/// What is shown once, while an app is being set up.
#[derive(Clone)]
pub struct Setup {
    /// The secret as text, in groups of four letters.
    pub secret: String,
    /// The picture's side, in modules, border included.
    pub side: i32,
    /// The dark modules, as the data of an SVG path.
    pub path: String,
}

impl core::fmt::Debug for Setup {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Setup([redacted])")
    }
}

/// The secret as an app takes it; `owner` is what the app shows beside the product's name, so that a person with two
/// accounts knows which is which.
pub fn setup(secret: &SecretBytes, owner: &str) -> Option<Setup> {
    let totp = Builder::new()
        .with_secret(secret.expose().to_vec())
        .with_skew(1)
        // A colon parts the label (Key URI format); no e-mail outside quotes has one.
        .with_account_name(owner.replace(':', " "))
        .with_issuer(Some(NAME))
        .build()
        .ok()?;
    let code = QrCode::encode_text(&totp.to_url().ok()?, QrCodeEcc::Medium).ok()?;
    Some(Setup {
        secret: in_groups(&BASE32_NOPAD.encode(secret.expose())),
        side: code.size() + 2 * QUIET,
        path: path(&code),
    })
}

fn in_groups(text: &str) -> String {
    let mut grouped = String::with_capacity(text.len() + text.len() / 4);
    for (index, letter) in text.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            grouped.push(' ');
        }
        grouped.push(letter);
    }
    grouped
}

/// Each run of dark modules in a row is one rectangle.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let begin = x;
            while x < code.size() && code.get_module(x, y) {
                x += 1;
            }
            if x > begin {
                let length = x - begin;
                let _ = write!(
                    path,
                    "M{} {}h{length}v1h-{length}z",
                    begin + QUIET,
                    y + QUIET
                );
            }
            x += 1;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::{draw, of, setup, step};
    use chrono::{DateTime, TimeDelta};
    use store::SecretBytes;
    use store::testing::TestEntropy;

    /// RFC 6238, appendix B, SHA-1, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = SecretBytes::new(b"12345678901234567890".to_vec());
        for (seconds, code) in [
            (59_i64, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            let now = DateTime::from_timestamp(seconds, 0).expect("an instant");
            let typed = |text: &str| text.to_owned().into();
            let expected = u64::try_from(seconds / 30).ok();
            assert_eq!(step(&secret, &typed(code), now), expected);
            let spaced = format!(" {} {} ", &code[..3], &code[3..]);
            assert_eq!(step(&secret, &typed(&spaced), now), expected);
            let later = now + TimeDelta::seconds(90);
            assert_eq!(step(&secret, &typed(code), later), None);
            assert_eq!(step(&secret, &typed(""), now), None);
        }
    }

    #[test]
    fn an_app_can_take_it() {
        let secret = draw(&TestEntropy::new(3));
        assert!(of(&secret).is_some());
        let setup = setup(&secret, "person@example.org").expect("a setup");
        assert_eq!(setup.secret.split(' ').count(), 8);
        assert!(setup.side > 20 && setup.path.starts_with('M'));
        assert_eq!(format!("{setup:?}"), "Setup([redacted])");
    }
}
