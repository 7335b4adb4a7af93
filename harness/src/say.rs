//! What is printed: progress on stderr, results on stdout. A closed pipe is not a fault.

use std::io::{self, Write};

/// A line of the result.
pub fn line(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// A line on how far it is.
pub fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
