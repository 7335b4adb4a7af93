//! Attachments: shown if they hold text, told of if not.

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};
use serde_json::Value as Json;

use super::field::Field;
use super::value::Value;
use super::{Summary, html, read};

/// Adds an Attachment.
pub(super) fn add(summary: &mut Summary, attachment: &Json) {
    let media_type = read::field(attachment, "contentType");
    let bytes = read::field(attachment, "data").and_then(decode);
    if let Some(text) = bytes.and_then(|bytes| text(&bytes, media_type)) {
        summary.text(Field::Document, &text);
    } else if ["data", "url"]
        .iter()
        .any(|key| read::field(attachment, key).is_some())
    {
        let value = Value::Attachment {
            media_type: media_type.map(str::to_owned),
            title: read::field(attachment, "title").map(str::to_owned),
        };
        summary.fact(Field::Attachment, value);
    }
}

/// Base64 as found in the wild: with line ends, with or without padding.
fn decode(data: &str) -> Option<Vec<u8>> {
    let bare: Vec<u8> = data
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
        .collect();
    BASE64_NOPAD
        .decode(&bare)
        .or_else(|_| BASE64URL_NOPAD.decode(&bare))
        .ok()
}

fn text(bytes: &[u8], media_type: Option<&str>) -> Option<String> {
    let whole = media_type.unwrap_or_default().to_ascii_lowercase();
    let mut parts = whole.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let charset = parts
        .find_map(|part| part.strip_prefix("charset="))
        .map(|name| name.trim_matches('"'));
    match kind {
        "text/plain" | "text/markdown" => Some(characters(bytes, charset)),
        "text/html" | "application/xhtml+xml" => Some(html::to_plain(&characters(bytes, charset))),
        // Without a type, only what can be nothing but text.
        "" => std::str::from_utf8(bytes)
            .ok()
            .filter(|text| {
                !text
                    .chars()
                    .any(|c| c.is_control() && !c.is_ascii_whitespace())
            })
            .map(str::to_owned),
        _ => None,
    }
}

/// Latin 1 if it says so, else UTF-8; a byte that doesn't fit becomes U+FFFD and the rest stays.
fn characters(bytes: &[u8], charset: Option<&str>) -> String {
    match charset {
        Some("iso-8859-1" | "latin1" | "windows-1252" | "us-ascii")
            if std::str::from_utf8(bytes).is_err() =>
        {
            bytes.iter().copied().map(char::from).collect()
        }
        _ => String::from_utf8_lossy(bytes)
            .trim_start_matches('\u{FEFF}')
            .to_owned(),
    }
}
