//! Codes that people carry on paper: invitations and recovery codes. 75 random bits and a check symbol, in Crockford's
//! base 32, four by four: `7K3F-9TQW-…`.
//!
//! The letters I, L, O and U are not used; I and L read as 1, O as 0, small letters as capitals. The check symbol finds
//! every wrong symbol and every two that changed places, so a slip of the pen is not a guess.

use core::fmt;
use secrecy::{ExposeSecret, SecretString};
use store::entropy::{Entropy, random};
use zeroize::Zeroizing;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Symbols that carry random bits, five each (LAW F6: 64 bits or more).
const DRAWN: usize = 15;
const LENGTH: usize = DRAWN + 1;
/// How many symbols stand together.
const GROUP: usize = 4;

/// A code in its plain form: sixteen symbols, no spaces. Never prints.
#[derive(Clone, PartialEq, Eq)]
pub struct WrittenCode(Zeroizing<String>);

impl fmt::Debug for WrittenCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl WrittenCode {
    /// Draws a code.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        let bytes = Zeroizing::new(random::<DRAWN>(entropy));
        let mut values: Vec<u8> = bytes.iter().map(|byte| byte & 31).collect();
        values.push(check(&values));
        Self::spelled(&values)
    }

    /// Reads what was typed; `None`: not a code, so nobody guessed one either.
    pub fn parse(typed: &SecretString) -> Option<Self> {
        let values: Vec<u8> = typed
            .expose_secret()
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}'))
            .map(value)
            .collect::<Option<_>>()?;
        let (last, drawn) = values.split_last()?;
        (drawn.len() == DRAWN && check(drawn) == *last).then(|| Self::spelled(&values))
    }

    fn spelled(values: &[u8]) -> Self {
        let symbols = values
            .iter()
            .filter_map(|value| ALPHABET.get(usize::from(*value)))
            .map(|symbol| char::from(*symbol));
        Self(Zeroizing::new(symbols.collect()))
    }

    /// The plain form, to be hashed.
    pub fn plain(&self) -> &str {
        &self.0
    }

    /// The form to be written down, in groups. It is shown to its owner and nobody else.
    pub fn written(&self) -> String {
        let mut written = String::with_capacity(LENGTH + LENGTH / GROUP);
        for (index, symbol) in self.0.chars().enumerate() {
            if index > 0 && index % GROUP == 0 {
                written.push('-');
            }
            written.push(symbol);
        }
        written
    }
}

fn value(symbol: char) -> Option<u8> {
    let symbol = match symbol.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = ALPHABET
        .iter()
        .position(|known| char::from(*known) == symbol)?;
    u8::try_from(place).ok()
}

/// The check symbol: a polynomial over GF(32) (x^5 + x^2 + 1, whose root has order 31) that is zero on a whole code.
/// Codes are shorter than 31 symbols, so each place has a weight of its own.
fn check(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, value| by_root(sum ^ value))
}

/// Times the root.
const fn by_root(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 32 == 0 {
        shifted
    } else {
        shifted ^ 0b10_0101
    }
}

#[cfg(test)]
mod tests {
    use super::{ALPHABET, WrittenCode};
    use store::testing::TestEntropy;

    fn parse(typed: &str) -> Option<WrittenCode> {
        WrittenCode::parse(&typed.to_owned().into())
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = WrittenCode::draw(&TestEntropy::new(5));
        let written = code.written();
        assert_eq!(written.len(), 19, "sixteen symbols in four groups");
        assert_eq!(parse(&written), Some(code.clone()));
        assert_eq!(parse(&written.to_lowercase()), Some(code.clone()));
        assert_eq!(parse(&written.replace('-', " ")), Some(code.clone()));
        assert_eq!(parse(&written.replace('-', "\u{2011}")), Some(code.clone()));
        let confused = written.replace('0', "o").replace('1', "l");
        assert_eq!(parse(&confused), Some(code.clone()));
        assert_eq!(format!("{code:?}"), "[redacted]");
        for nothing in ["", "-", "ABCD", "not a code at all", &"0".repeat(500)] {
            assert_eq!(parse(nothing), None, "{nothing}");
        }
    }

    /// Every single wrong symbol and every swap of two neighbours is found, in many codes.
    #[test]
    fn slips_are_found() {
        let entropy = TestEntropy::new(6);
        for _ in 0..50 {
            let code = WrittenCode::draw(&entropy);
            let symbols: Vec<char> = code.plain().chars().collect();
            for place in 0..symbols.len() {
                for other in ALPHABET {
                    let mut slip = symbols.clone();
                    slip[place] = char::from(*other);
                    let slip: String = slip.into_iter().collect();
                    assert_eq!(parse(&slip).is_some(), slip == code.plain());
                }
                if place > 0 {
                    let mut slip = symbols.clone();
                    slip.swap(place, place - 1);
                    let slip: String = slip.into_iter().collect();
                    assert_eq!(parse(&slip).is_some(), slip == code.plain());
                }
            }
        }
    }

    #[test]
    fn codes_differ() {
        let entropy = TestEntropy::new(7);
        let mut drawn: Vec<String> = (0..200)
            .map(|_| WrittenCode::draw(&entropy).plain().to_owned())
            .collect();
        drawn.sort();
        drawn.dedup();
        assert_eq!(drawn.len(), 200);
    }
}
