//! The National Provider Identifier: ten digits, the last of them a check digit (45 CFR 162.406).

use core::fmt;
use core::str::FromStr;
use serde::{Deserialize, Serialize};

/// The system under which FHIR carries it.
pub const SYSTEM: &str = "http://hl7.org/fhir/sid/us-npi";

/// What the digits of the prefix `80840` come to (80: health applications, 840: United States; ISO/IEC 7812-1): the
/// check digit is made as if it stood before the ten.
const PREFIX: u32 = 24;

/// A National Provider Identifier. It tells nothing about whose it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Npi([u8; 10]);

/// Why a text is no such identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotNpi {
    /// It is not ten digits.
    #[error("an NPI has ten digits")]
    Form,
    /// The last digit is not the one that goes with the others.
    #[error("the check digit of the NPI is wrong")]
    CheckDigit,
}

impl Npi {
    /// The identifier of a FHIR `system|value`; `None`: it is of another system, or no NPI.
    pub fn of_identifier(identifier: &str) -> Option<Self> {
        let (system, value) = identifier.split_once('|')?;
        if system == SYSTEM {
            value.parse().ok()
        } else {
            None
        }
    }
}

/// The Luhn formula (ISO/IEC 7812-1 annex B): from the right, every second digit counts twice, its own digits added.
fn is_checked(digits: &[u8; 10]) -> bool {
    let sum = digits
        .iter()
        .rev()
        .enumerate()
        .fold(PREFIX, |sum, (place, digit)| {
            let digit = u32::from(*digit);
            let counts = if place.is_multiple_of(2) {
                digit
            } else {
                let twice = digit.saturating_mul(2);
                if twice > 9 {
                    twice.saturating_sub(9)
                } else {
                    twice
                }
            };
            sum.saturating_add(counts)
        });
    sum.is_multiple_of(10)
}

impl FromStr for Npi {
    type Err = NotNpi;

    /// Reads ten digits; space around them does not matter.
    fn from_str(text: &str) -> Result<Self, NotNpi> {
        let digits: Vec<u8> = text
            .trim()
            .bytes()
            .map(|byte| {
                byte.checked_sub(b'0')
                    .filter(|digit| *digit <= 9)
                    .ok_or(NotNpi::Form)
            })
            .collect::<Result<_, _>>()?;
        let digits = <[u8; 10]>::try_from(digits).map_err(|_| NotNpi::Form)?;
        if is_checked(&digits) {
            Ok(Self(digits))
        } else {
            Err(NotNpi::CheckDigit)
        }
    }
}

impl TryFrom<String> for Npi {
    type Error = NotNpi;

    fn try_from(text: String) -> Result<Self, NotNpi> {
        text.parse()
    }
}

impl From<Npi> for String {
    fn from(npi: Npi) -> Self {
        npi.to_string()
    }
}

impl fmt::Display for Npi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for digit in self.0 {
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Npi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Npi({self})")
    }
}
