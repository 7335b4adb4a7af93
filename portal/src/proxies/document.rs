//! What an uploaded document is, by its content alone: a PDF, a PNG or a JPEG, whole from its first byte to its last.
//!
//! Names and media types that come with a file say nothing here. What is taken is never opened or shown by the portal:
//! staff get it as a file to keep.

/// The largest document, in bytes.
pub const LARGEST: usize = 10 * 1024 * 1024;
/// How many documents go with an application at most.
pub const MOST: usize = 5;

/// The kinds of document that are taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// ISO 32000.
    Pdf,
    /// W3C PNG, third edition.
    Png,
    /// ITU-T T.81.
    Jpeg,
}

impl Kind {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// The kind of that [`Kind::media_type`].
    pub fn of_media_type(name: &str) -> Option<Self> {
        [Self::Pdf, Self::Png, Self::Jpeg]
            .into_iter()
            .find(|kind| kind.media_type() == name)
    }

    /// A file name that tells nothing, and is nobody else's words.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Pdf => "document.pdf",
            Self::Png => "document.png",
            Self::Jpeg => "document.jpg",
        }
    }
}

/// What these bytes are; `None`: none of the kinds, not whole, or too large.
pub fn kind(bytes: &[u8]) -> Option<Kind> {
    if bytes.len() > LARGEST {
        None
    } else if is_pdf(bytes) {
        Some(Kind::Pdf)
    } else if is_png(bytes) {
        Some(Kind::Png)
    } else if is_jpeg(bytes) {
        Some(Kind::Jpeg)
    } else {
        None
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// ISO 32000-1 §7.5.2, §7.5.5: a header at the very start, a trailer at the end.
fn is_pdf(bytes: &[u8]) -> bool {
    let Some(version) = bytes.strip_prefix(b"%PDF-") else {
        return false;
    };
    let end = bytes.len().saturating_sub(1024);
    let tail = bytes.get(end..).unwrap_or_default();
    matches!(version, [b'1' | b'2', b'.', digit, ..] if digit.is_ascii_digit())
        && contains(tail, b"startxref")
        && contains(tail, b"%%EOF")
}

/// PNG §5: the signature, then chunks from IHDR over IDAT to IEND, and nothing after.
fn is_png(bytes: &[u8]) -> bool {
    let Some(mut rest) = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n") else {
        return false;
    };
    let (mut first, mut has_data) = (true, false);
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let Some((name, after)) = after.split_first_chunk::<4>() else {
            return false;
        };
        let Ok(length) = usize::try_from(u32::from_be_bytes(*length)) else {
            return false;
        };
        // The data, and four bytes of its checksum.
        let Some(after) = length.checked_add(4).and_then(|end| after.get(end..)) else {
            return false;
        };
        let is_header = name == b"IHDR";
        if first != is_header || (is_header && length != 13) {
            return false;
        }
        first = false;
        has_data |= name == b"IDAT";
        if name == b"IEND" {
            return has_data && length == 0 && after.is_empty();
        }
        rest = after;
    }
    false
}

/// T.81 §B.1, §B.2: segments from SOI over a frame to a scan, and EOI at the end.
fn is_jpeg(bytes: &[u8]) -> bool {
    let (Some(mut rest), true) = (
        bytes.strip_prefix(b"\xff\xd8"),
        bytes.ends_with(b"\xff\xd9"),
    ) else {
        return false;
    };
    let mut has_frame = false;
    while let [0xff, marker, after @ ..] = rest {
        let (marker, Some((length, _))) = (*marker, after.split_first_chunk::<2>()) else {
            return false;
        };
        // The length counts its own two bytes.
        let length = usize::from(u16::from_be_bytes(*length));
        let Some(next) = after.get(length..).filter(|_| length >= 2) else {
            return false;
        };
        match marker {
            0xda => return has_frame,
            // Frames; 0xc4, 0xc8 and 0xcc are tables and reserved.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => has_frame = true,
            0xc4 | 0xcc | 0xdb | 0xdd | 0xe0..=0xef | 0xfe => {}
            _ => return false,
        }
        rest = next;
    }
    false
}

/// A file's name as it is kept, for the eyes of who decides: the last part of a path, without anything that isn't to be
/// seen, and not long.
pub fn kept_name(given: &str) -> String {
    const LONGEST: usize = 100;
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    last.chars()
        .filter(|c| !hidden(*c))
        .take(LONGEST)
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Kind, LARGEST, kept_name, kind};

    /// The smallest of each kind that its own reader takes for whole.
    fn png() -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        for (name, data) in [
            (b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0][..]),
            (b"IDAT", &[1, 2, 3][..]),
            (b"IEND", &[][..]),
        ] {
            bytes.extend(u32::try_from(data.len()).expect("short").to_be_bytes());
            bytes.extend(name);
            bytes.extend(data);
            bytes.extend([0; 4]);
        }
        bytes
    }

    fn jpeg() -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2];
        bytes.extend([0xff, 0xc0, 0, 5, 8, 0, 1, 0xff, 0xda, 0, 3, 1, 7, 7, 7]);
        bytes.extend([0xff, 0xd9]);
        bytes
    }

    const PDF: &[u8] = b"%PDF-1.7\n1 0 obj <<>> endobj\nstartxref\n9\n%%EOF\n";

    #[test]
    fn each_kind_is_known_by_its_content() {
        assert_eq!(kind(PDF), Some(Kind::Pdf));
        assert_eq!(kind(&png()), Some(Kind::Png));
        assert_eq!(kind(&jpeg()), Some(Kind::Jpeg));
        for kind in [Kind::Pdf, Kind::Png, Kind::Jpeg] {
            assert_eq!(Kind::of_media_type(kind.media_type()), Some(kind));
        }
    }

    #[test]
    fn nothing_else_is_taken() {
        let mut large = PDF.to_vec();
        large.splice(9..9, vec![b' '; LARGEST]);
        let mut trailing = png();
        trailing.extend(b"<script>");
        let mut ahead = b"<html>".to_vec();
        ahead.extend(PDF);
        for bytes in [
            b"".as_slice(),
            b"%PDF-1.7",
            b"%PDF-9.9\nstartxref\n%%EOF",
            b"%PDF-1.7\nno trailer",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff\xd9",
            b"<html><script>alert(1)</script>",
            b"PK\x03\x04",
            b"MZ\x90\x00",
            b"GIF89a",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            &large,
            &trailing,
            &ahead,
        ] {
            assert_eq!(kind(bytes), None);
        }
    }

    /// Cut off anywhere, no image is whole; and no length that lies makes it read beyond the end.
    #[test]
    fn a_part_is_not_whole() {
        for whole in [png(), jpeg()] {
            for end in 0..whole.len() {
                assert_eq!(kind(&whole[..end]), None, "{end}");
            }
            for place in 0..whole.len() {
                let mut lie = whole.clone();
                lie[place] = 0xff;
                let _ = kind(&lie);
            }
        }
    }

    #[test]
    fn a_name_is_no_path() {
        assert_eq!(kept_name("../../etc/passwd"), "passwd");
        assert_eq!(kept_name("C:\\orders\\court order.pdf"), "court order.pdf");
        assert_eq!(kept_name("a\u{202e}fdp.exe\r\nX: y\0"), "afdp.exeX: y");
        assert_eq!(kept_name(&"x".repeat(500)).len(), 100);
        assert_eq!(kept_name("/"), "");
    }
}
