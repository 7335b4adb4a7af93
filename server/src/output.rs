//! What commands print: results on stdout, everything else on stderr. A closed pipe is not a fault.

use serde::Serialize;
use std::io::{self, IsTerminal, Write};

/// A line of the result.
pub fn line(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// One JSON object on a line.
pub fn json(value: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(value) {
        line(&text);
    }
}

/// Something said beside the result.
pub fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Progress on stderr: only on a terminal, or when asked for.
pub struct ProgressLine {
    kind: Kind,
    shown: bool,
}

enum Kind {
    Silent,
    Terminal,
    Lines,
}

impl ProgressLine {
    /// `asked`: `--progress` was given.
    pub fn new(asked: bool) -> Self {
        let kind = match (io::stderr().is_terminal(), asked) {
            (true, _) => Kind::Terminal,
            (false, true) => Kind::Lines,
            (false, false) => Kind::Silent,
        };
        Self { kind, shown: false }
    }

    /// Shows how far it is.
    pub fn show(&mut self, text: &str) {
        match self.kind {
            Kind::Silent => {}
            Kind::Terminal => {
                self.shown = true;
                let mut stderr = io::stderr().lock();
                let _ = write!(stderr, "\r\u{1b}[2K{text}");
                let _ = stderr.flush();
            }
            Kind::Lines => note(text),
        }
    }

    /// Clears it away.
    pub fn end(&mut self) {
        if self.shown {
            let mut stderr = io::stderr().lock();
            let _ = write!(stderr, "\r\u{1b}[2K");
            let _ = stderr.flush();
            self.shown = false;
        }
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        self.end();
    }
}
