//! The text of attachments (FHIR R4, `Attachment`): plain text, HTML, XML and RTF; anything else is not read.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Base64 with or without padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The text of base64 data of that content type; `None` when it cannot be read as text.
pub fn text(content_type: &str, data: &str) -> Option<String> {
    let media = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let form = Form::of(&media)?;
    let bytes = if data.bytes().any(|byte| byte.is_ascii_whitespace()) {
        let dense: Vec<u8> = data
            .bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        LENIENT.decode(dense).ok()?
    } else {
        LENIENT.decode(data).ok()?
    };
    let text = decoded(bytes);
    // Bytes that no text holds: the content type is wrong.
    if text.bytes().any(|byte| byte == 0) {
        return None;
    }
    // Without a content type, only what is plainly text counts.
    if media.is_empty()
        && text
            .chars()
            .any(|letter| letter == '\u{FFFD}' || (letter.is_control() && !letter.is_whitespace()))
    {
        return None;
    }
    Some(match form {
        Form::Plain if text.trim_start().starts_with("{\\rtf") => without_controls(&text),
        Form::Plain => text,
        Form::Markup => without_tags(&text).into_owned(),
        Form::Rtf => without_controls(&text),
    })
}

#[derive(Clone, Copy)]
enum Form {
    Plain,
    Markup,
    Rtf,
}

impl Form {
    fn of(media: &str) -> Option<Self> {
        Some(match media {
            "text/html"
            | "text/xml"
            | "application/xml"
            | "application/xhtml+xml"
            | "application/hl7-v3+xml"
            | "text/cda+xml" => Self::Markup,
            "text/rtf" | "application/rtf" => Self::Rtf,
            "" | "application/json" | "application/fhir+json" | "x-application/hl7-v2+er7" => {
                Self::Plain
            }
            _ if media.starts_with("text/") => Self::Plain,
            _ if media.ends_with("+xml") => Self::Markup,
            _ if media.ends_with("+json") => Self::Plain,
            _ => return None,
        })
    }
}

/// UTF-8, or UTF-16 with its mark, or else each byte a letter (Latin-1).
fn decoded(bytes: Vec<u8>) -> String {
    let wide = |from: fn([u8; 2]) -> u16, bytes: &[u8]| -> String {
        let units = bytes
            .chunks_exact(2)
            .filter_map(|pair| pair.try_into().ok().map(from));
        char::decode_utf16(units)
            .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    };
    match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => wide(u16::from_le_bytes, rest),
        [0xFE, 0xFF, rest @ ..] => wide(u16::from_be_bytes, rest),
        _ => match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => error
                .as_bytes()
                .iter()
                .map(|byte| char::from(*byte))
                .collect(),
        },
    }
}

/// Text without tags, comments, scripts and style sheets, with character references resolved. The values of `alt`, `title`
/// and `displayName` stay: they are read aloud, or are where a CDA document names its codes.
pub fn without_tags(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '&']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tagged)) = rest.split_once('<') {
        push_resolved(&mut out, before);
        if let Some(comment) = tagged.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some((tag, after)) = split_tag(tagged) else {
            // A lone `<` is a sign, not a tag.
            out.push('<');
            rest = tagged;
            continue;
        };
        if !is_inline(tag) {
            out.push(' ');
        }
        for attribute in ["displayName=\"", "title=\"", "alt=\""] {
            if let Some((value, _)) = tag
                .split_once(attribute)
                .and_then(|(_, value)| value.split_once('"'))
            {
                out.push(' ');
                push_resolved(&mut out, value);
                out.push(' ');
            }
        }
        let name = tag
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        rest = after;
        for hidden in ["script", "style"] {
            if name.eq_ignore_ascii_case(hidden) {
                rest = after_end(after, hidden);
            }
        }
    }
    push_resolved(&mut out, rest);
    Cow::Owned(out)
}

/// The inside of the tag and what follows it; `None` when no tag starts here.
fn split_tag(tagged: &str) -> Option<(&str, &str)> {
    let starts = tagged
        .chars()
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, '/' | '!' | '?'));
    if starts { tagged.split_once('>') } else { None }
}

/// Tags that may stand in the middle of a word, so that the word stays whole.
fn is_inline(tag: &str) -> bool {
    let name = tag
        .trim_start_matches('/')
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default();
    [
        "b", "i", "u", "em", "strong", "span", "font", "mark", "sub", "sup", "wbr",
    ]
    .iter()
    .any(|inline| name.eq_ignore_ascii_case(inline))
}

/// What follows the end tag of that name.
fn after_end<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("</") {
        if after
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name))
        {
            return after.split_once('>').map_or("", |(_, after)| after);
        }
        rest = after;
    }
    ""
}

/// Adds text with its character references (`&amp;`, `&#233;`) resolved.
fn push_resolved(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some((before, reference)) = rest.split_once('&') {
        out.push_str(before);
        let resolved = reference
            .split_once(';')
            .filter(|(name, _)| name.len() <= 8)
            .and_then(|(name, after)| Some((letter_of(name)?, after)));
        if let Some((letter, after)) = resolved {
            out.push(letter);
            rest = after;
        } else {
            out.push('&');
            rest = reference;
        }
    }
    out.push_str(rest);
}

fn letter_of(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let number = number.strip_prefix(['x', 'X']).map_or_else(
            || number.parse().ok(),
            |hex| u32::from_str_radix(hex, 16).ok(),
        )?;
        return char::from_u32(number);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "aacute" => 'á',
        "eacute" => 'é',
        "iacute" => 'í',
        "oacute" => 'ó',
        "uacute" => 'ú',
        "ntilde" => 'ñ',
        _ => return None,
    })
}

/// The text of an RTF document: control words, groups' braces and binary data left out.
fn without_controls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '{' | '}' | '\r' | '\n' => {}
            '\\' => match letters.next() {
                Some('\'') => {
                    let hex: String = letters.by_ref().take(2).collect();
                    out.extend(u8::from_str_radix(&hex, 16).ok().map(char::from));
                }
                Some(escaped @ ('\\' | '{' | '}')) => out.push(escaped),
                Some('~') => out.push(' '),
                Some('-' | '*') | None => {}
                Some('_') => out.push('-'),
                Some(first) if first.is_ascii_alphabetic() => {
                    let mut word = String::from(first);
                    while let Some(next) = letters.next_if(char::is_ascii_alphabetic) {
                        word.push(next);
                    }
                    let mut number = String::new();
                    while let Some(next) = letters.next_if(|next| {
                        next.is_ascii_digit() || (*next == '-' && number.is_empty())
                    }) {
                        number.push(next);
                    }
                    letters.next_if_eq(&' ');
                    match word.as_str() {
                        "u" => {
                            let code: i32 = number.parse().unwrap_or(63);
                            let code = if code < 0 {
                                code.saturating_add(65_536)
                            } else {
                                code
                            };
                            out.extend(u32::try_from(code).ok().and_then(char::from_u32));
                            // One letter follows for readers that know no Unicode.
                            if letters.peek().is_some_and(|next| *next != '\\') {
                                letters.next();
                            }
                        }
                        "par" | "line" | "tab" | "cell" | "row" | "page" | "sect" => out.push(' '),
                        _ => {}
                    }
                }
                Some(_) => out.push(' '),
            },
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    fn read(content_type: &str, text: &str) -> Option<String> {
        super::text(content_type, &STANDARD.encode(text))
    }

    #[test]
    fn plain_text_in_any_encoding_is_read() {
        assert_eq!(
            read("text/plain; charset=utf-8", "opioid use").as_deref(),
            Some("opioid use")
        );
        let latin = STANDARD.encode(b"depresi\xF3n");
        assert_eq!(
            super::text("text/plain", &latin).as_deref(),
            Some("depresión")
        );
        let wide: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain("VIH".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(
            super::text("text/plain", &STANDARD.encode(wide)).as_deref(),
            Some("VIH")
        );
    }

    #[test]
    fn markup_is_left_out_and_its_words_stay_whole() {
        let html = "<p>He<b>ro</b>in <!-- no --><script>alcohol()</script>&amp; <td>a</td><td>b</td> 3 < 4";
        let text = read("text/html", html).expect("text");
        assert!(text.contains("Heroin"), "{text}");
        assert!(
            !text.contains("alcohol")
                && text.contains('&')
                && text.contains("a  b")
                && text.contains("3 < 4"),
            "{text}"
        );
        let cda = "<code code=\"1\" displayName=\"Opioid dependence\"/>";
        assert!(
            read("text/xml", cda)
                .expect("text")
                .contains("Opioid dependence")
        );
    }

    #[test]
    fn rtf_is_read() {
        let rtf = r"{\rtf1\ansi{\b Metha}done\par depresi\'f3n \u243?}";
        let text = read("application/rtf", rtf).expect("text");
        assert!(
            text.contains("Methadone") && text.contains("depresión"),
            "{text}"
        );
    }

    #[test]
    fn what_is_not_text_is_not_read() {
        assert!(read("application/pdf", "%PDF-1.4").is_none());
        assert!(read("image/png", "x").is_none());
        assert!(super::text("text/plain", "***").is_none());
        assert!(read("text/plain", "a\0b").is_none());
    }

    #[test]
    fn each_media_type_is_read_in_its_way() {
        let tagged = "<p>HIV</p>";
        for markup in [
            "text/html",
            "TEXT/XML; charset=utf-8",
            "application/xml",
            "application/xhtml+xml",
            "application/hl7-v3+xml",
            "text/cda+xml",
            "application/fhir+xml",
        ] {
            assert_eq!(read(markup, tagged).as_deref(), Some(" HIV "), "{markup}");
        }
        for plain in [
            "",
            "text/plain",
            "text/csv",
            "application/json",
            "application/fhir+json",
            "application/cds-hooks+json",
            "x-application/hl7-v2+er7",
        ] {
            assert_eq!(read(plain, tagged).as_deref(), Some(tagged), "{plain}");
        }
        for rtf in ["text/rtf", "application/rtf", "text/plain"] {
            assert_eq!(read(rtf, r" {\rtf1 HIV}").as_deref(), Some(" HIV"), "{rtf}");
        }
        assert_eq!(
            read("text/plain", r"{\b HIV}").as_deref(),
            Some(r"{\b HIV}")
        );
        assert!(read("application/octet-stream", "HIV").is_none());
    }

    /// Base64 that is broken into lines, or lacks its padding.
    #[test]
    fn base64_is_read_as_it_comes() {
        for data in ["SElW", " SE\r\nlW\n", "SElWIA==", "SElWIA"] {
            let text = super::text("text/plain", data);
            assert_eq!(text.as_deref().map(str::trim), Some("HIV"), "{data:?}");
        }
    }

    /// Without a content type, only what is plainly text counts.
    #[test]
    fn without_a_type_only_plain_text_is_read() {
        assert_eq!(
            read("", "HIV\n\tpositive").as_deref(),
            Some("HIV\n\tpositive")
        );
        for text in ["a\u{7}b", "a\u{FFFD}b"] {
            assert!(read("", text).is_none(), "{text:?}");
            assert_eq!(read("text/plain", text).as_deref(), Some(text));
        }
    }

    #[test]
    fn both_orders_of_utf_16_are_read() {
        let wide: Vec<u8> = [0xFE, 0xFF]
            .into_iter()
            .chain("VIH".encode_utf16().flat_map(u16::to_be_bytes))
            .collect();
        let text = super::text("text/plain", &STANDARD.encode(wide));
        assert_eq!(text.as_deref(), Some("VIH"));
    }

    #[test]
    fn character_references_are_resolved() {
        for (written, read) in [
            ("&amp;", "&"),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&apos;", "'"),
            ("&nbsp;", " "),
            ("&aacute;&eacute;&iacute;&oacute;&uacute;&ntilde;", "áéíóúñ"),
            ("&#243;&#xF3;&#Xf3;", "óóó"),
            ("&#1114111;", "\u{10FFFF}"),
            ("&#x110000;", "&#x110000;"),
            ("&#xD800;", "&#xD800;"),
            ("&unknown;", "&unknown;"),
            ("&#00000243;", "&#00000243;"),
            ("a & b; c", "a & b; c"),
        ] {
            assert_eq!(without_tags(written), read, "{written}");
        }
    }

    #[test]
    fn controls_of_rtf_are_left_out() {
        for (written, read) in [
            (r"a\par b", "a b"),
            (r"a\line\tab\cell\row\page\sect b", "a      b"),
            (r"a\b0 b\f-1 c\*d", "abcd"),
            (r"\u243?n\u243 n", "ónó"),
            (r"\u-3833?x", "\u{F107}x"),
            (r"\u0?x", "\0x"),
            (r"\u243\par", "ó "),
            (r"\u?x", "?x"),
            (r"\\\{\}", r"\{}"),
            (r"a\~b\_c\-d", "a b-cd"),
            (r"\'e9t\'E9\'zz", "été"),
            (r"a\1b", "a b"),
            ("a\\", "a"),
            (r"a\b1-2", "a-2"),
        ] {
            assert_eq!(without_controls(written), read, "{written}");
        }
    }
}
