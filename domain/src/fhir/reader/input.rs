//! The bytes of a file, cut into JSON values.

use std::io::Read;

use serde_json::Value;

use super::{ReadFault, fault};

/// How much is read at once, in bytes.
const CHUNK: usize = 256 * 1024;

/// A file's bytes from the present place on.
pub(super) struct Input<R> {
    source: R,
    buffer: Vec<u8>,
    /// The present place in the buffer.
    at: usize,
    ended: bool,
    /// The most that one value may hold, in bytes.
    largest: usize,
    bytes: u64,
    line: usize,
    column: usize,
}

impl<R: Read> Input<R> {
    pub fn new(source: R, largest: usize) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            at: 0,
            ended: false,
            largest,
            bytes: 0,
            line: 1,
            column: 1,
        }
    }

    /// How many bytes have been read.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// A fault at the present place.
    pub fn fault_here(&self, entry: Option<usize>, reason: &str) -> ReadFault {
        ReadFault {
            position: Some((self.line, self.column)),
            ..fault(entry, "", reason)
        }
    }

    /// Reads more; `false` at the end of the file.
    fn more(&mut self) -> Result<bool, ReadFault> {
        if self.ended {
            return Ok(false);
        }
        if self.at > 0 {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        let before = self.buffer.len();
        let room = u64::try_from(CHUNK).unwrap_or(u64::MAX);
        match self
            .source
            .by_ref()
            .take(room)
            .read_to_end(&mut self.buffer)
        {
            Ok(0) => self.ended = true,
            Ok(read) => {
                let first = self.bytes == 0;
                self.bytes = self
                    .bytes
                    .saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
                if first
                    && self
                        .buffer
                        .get(before..)
                        .is_some_and(|new| new.starts_with(b"\xEF\xBB\xBF"))
                {
                    self.at = before.saturating_add(3);
                }
            }
            Err(_) => return Err(self.fault_here(None, "the file cannot be read to its end")),
        }
        Ok(!self.ended)
    }

    /// Goes over blanks; the byte that follows, or `None` at the end of the file.
    pub fn skip_blank(&mut self) -> Result<Option<u8>, ReadFault> {
        loop {
            match self.buffer.get(self.at) {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.step(),
                Some(byte) => return Ok(Some(*byte)),
                None => {
                    if !self.more()? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// Goes one byte on.
    pub fn step(&mut self) {
        let end = self.at.saturating_add(1);
        self.go_to(end);
    }

    fn go_to(&mut self, end: usize) {
        let passed = self.buffer.get(self.at..end).unwrap_or_default();
        let lines = passed
            .split(|byte| *byte == b'\n')
            .count()
            .saturating_sub(1);
        if lines == 0 {
            self.column = self.column.saturating_add(passed.len());
        } else {
            self.line = self.line.saturating_add(lines);
            let tail = passed
                .iter()
                .rev()
                .take_while(|byte| **byte != b'\n')
                .count();
            self.column = tail.saturating_add(1);
        }
        self.at = end;
    }

    /// Reads the JSON value that starts at the present place.
    pub fn value(&mut self, entry: Option<usize>) -> Result<Value, ReadFault> {
        let end = self.end_of_value(entry)?;
        let text = self.buffer.get(self.at..end).unwrap_or_default();
        let value = serde_json::from_slice(text).map_err(|error| self.fault_of(entry, &error))?;
        self.go_to(end);
        Ok(value)
    }

    /// The place after the value that starts at the present place, by brackets and quotation marks alone.
    fn end_of_value(&mut self, entry: Option<usize>) -> Result<usize, ReadFault> {
        let mut scan = Scan::default();
        let mut offset = 0_usize;
        loop {
            let start = self.at.saturating_add(offset);
            let rest = self.buffer.get(start..).unwrap_or_default();
            if let Some(length) = scan.run(rest) {
                return Ok(start.saturating_add(length));
            }
            offset = offset.saturating_add(rest.len());
            if offset > self.largest {
                return Err(self.fault_here(entry, "the resource is larger than a resource may be"));
            }
            if !self.more()? {
                return if scan.is_scalar() {
                    Ok(self.buffer.len())
                } else {
                    Err(self.fault_here(entry, "the file ends in the middle"))
                };
            }
        }
    }

    /// The fault that `serde_json` found in the value at the present place, with its place in the file.
    fn fault_of(&self, entry: Option<usize>, error: &serde_json::Error) -> ReadFault {
        let position = if error.line() <= 1 {
            (
                self.line,
                self.column
                    .saturating_add(error.column().max(1))
                    .saturating_sub(1),
            )
        } else {
            (
                self.line.saturating_add(error.line()).saturating_sub(1),
                error.column(),
            )
        };
        let reason = match error.classify() {
            serde_json::error::Category::Eof => "a value ends in the middle",
            _ if error.to_string().starts_with("recursion limit") => {
                "the resource is nested too deeply"
            }
            _ => "this is not JSON",
        };
        ReadFault {
            position: Some(position),
            ..fault(entry, "", reason)
        }
    }
}

/// Follows brackets and quotation marks over pieces of a value.
#[derive(Default)]
struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// A number, `true`, `false` or `null` at the top.
    scalar: bool,
}

impl Scan {
    const fn is_scalar(&self) -> bool {
        self.scalar
    }

    /// How many bytes of the piece belong to the value, when it ends in it.
    fn run(&mut self, piece: &[u8]) -> Option<usize> {
        for (at, byte) in piece.iter().enumerate() {
            if self.in_string {
                if self.escaped {
                    self.escaped = false;
                } else if *byte == b'\\' {
                    self.escaped = true;
                } else if *byte == b'"' {
                    self.in_string = false;
                    if self.depth == 0 {
                        return Some(at.saturating_add(1));
                    }
                }
                continue;
            }
            match byte {
                b'"' => {
                    if self.scalar {
                        return Some(at);
                    }
                    self.in_string = true;
                }
                b'{' | b'[' => self.depth = self.depth.saturating_add(1),
                b'}' | b']' => {
                    if self.depth == 0 {
                        return Some(at);
                    }
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(at.saturating_add(1));
                    }
                }
                // Also where a value should be: an empty value, which serde_json refuses.
                b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => return Some(at),
                _ if self.depth == 0 => self.scalar = true,
                _ => {}
            }
        }
        None
    }
}
