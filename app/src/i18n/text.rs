//! A message with its arguments, not yet in words.

use super::current;
use fluent_bundle::FluentValue;
use std::{collections::HashMap, fmt};

/// A message and its arguments. Made by `text!`; put into words by `Display`, in the language
/// of the page that shows it.
#[derive(Clone, PartialEq)]
pub struct Text {
    key: &'static str,
    arguments: Vec<(&'static str, Argument)>,
}

/// What stands in for an argument.
#[derive(Clone, PartialEq)]
pub enum Argument {
    /// A name, a date in words, any text.
    Words(String),
    /// A count: decides singular and plural.
    Number(i64),
    /// A message inside a message.
    Text(Box<Text>),
}

impl Text {
    /// For `text!`, which checks key and arguments while compiling.
    #[doc(hidden)]
    pub const fn new(key: &'static str, arguments: Vec<(&'static str, Argument)>) -> Self {
        Self { key, arguments }
    }

    /// The message's key.
    pub const fn key(&self) -> &'static str {
        self.key
    }
}

impl fmt::Display for Text {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.arguments.is_empty() {
            return out.write_str(&current().plain(self.key));
        }
        let arguments: HashMap<&str, FluentValue<'_>> = self
            .arguments
            .iter()
            .map(|(name, argument)| (*name, argument.value()))
            .collect();
        out.write_str(&current().loader().get_args_concrete(self.key, arguments))
    }
}

/// Arguments may be names or health information: only the key is printed.
impl fmt::Debug for Text {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Text({}, [redacted])", self.key)
    }
}

impl Argument {
    fn value(&self) -> FluentValue<'_> {
        match self {
            Self::Words(words) => FluentValue::from(words.as_str()),
            Self::Number(number) => FluentValue::from(*number),
            Self::Text(text) => FluentValue::from(text.to_string()),
        }
    }
}

impl From<&str> for Argument {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl From<String> for Argument {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl From<&String> for Argument {
    fn from(words: &String) -> Self {
        Self::Words(words.clone())
    }
}

impl From<Text> for Argument {
    fn from(text: Text) -> Self {
        Self::Text(Box::new(text))
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl From<$number> for Argument {
            fn from(number: $number) -> Self {
                // A count beyond i64 is beyond what a page shows.
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }
    )*};
}
numbers!(i32, i64, u8, u16, u32, u64, usize);
