//! References between resources (FHIR R4, `Reference`): relative, absolute, `urn:uuid:`, contained, by identifier.

use core::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Where a reference leads, in one form for every way of writing it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Target {
    /// `Type/id`, whatever server or version the reference named.
    Resource(String),
    /// A `urn:uuid:` or another URL: the `fullUrl` of an entry.
    Url(String),
    /// A resource inside the same resource, by its id.
    Contained(String),
    /// A business identifier, `system|value`.
    Identifier(String),
}

impl Target {
    /// Reads the text of `Reference.reference`; `None` when it is empty.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        if let Some(id) = text.strip_prefix('#') {
            return Some(Self::Contained(id.to_owned()));
        }
        if text.starts_with("urn:") {
            return Some(Self::Url(text.to_owned()));
        }
        // A conditional reference, as transactions use it: `Organization?identifier=system|value`.
        if let Some((_, query)) = text.split_once('?') {
            return query
                .split('&')
                .find_map(|pair| pair.strip_prefix("identifier="))
                .map(|identifier| Self::Identifier(identifier.to_owned()));
        }
        Some(identity(text).map_or_else(|| Self::Url(text.to_owned()), Self::Resource))
    }

    /// Reads a `Reference`: its `reference`, else its `identifier`.
    pub fn of_reference(reference: &Map<String, Value>) -> Option<Self> {
        if let Some(text) = reference.get("reference").and_then(Value::as_str) {
            return Self::of(text);
        }
        let identifier = reference.get("identifier")?.as_object()?;
        self::identifier(identifier).map(Self::Identifier)
    }

    /// The reference as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Resource(text)
            | Self::Url(text)
            | Self::Contained(text)
            | Self::Identifier(text) => text,
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Target([redacted])")
    }
}

/// `Type/id` of a relative or absolute reference, without server and version; `None` when it is neither.
pub fn identity(text: &str) -> Option<String> {
    let text = text.split_once('|').map_or(text, |(before, _)| before);
    let text = text
        .split_once("/_history/")
        .map_or(text, |(before, _)| before);
    let mut pieces = text.trim_end_matches('/').rsplit('/');
    let id = pieces.next()?;
    let kind = pieces.next()?;
    let is_type = kind
        .bytes()
        .next()
        .is_some_and(|first| first.is_ascii_uppercase())
        && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_type && is_id(id)).then(|| {
        let mut identity = String::with_capacity(text.len());
        identity.push_str(kind);
        identity.push('/');
        identity.push_str(id);
        identity
    })
}

/// `system|value` of an `Identifier`; `None` without a value.
pub fn identifier(identifier: &Map<String, Value>) -> Option<String> {
    let value = identifier.get("value")?.as_str()?;
    let system = identifier
        .get("system")
        .and_then(Value::as_str)
        .unwrap_or("");
    Some(format!("{system}|{value}"))
}

/// Whether the text may be a resource's id (FHIR R4, `id`; longer ones occur and do no harm).
pub fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 256
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(text: &str) -> Target {
        Target::Resource(text.to_owned())
    }

    #[test]
    fn every_way_of_writing_leads_to_one_form() {
        for text in [
            "Condition/1",
            "https://ehr.example/fhir/Condition/1",
            "http://ehr.example/fhir/Condition/1/_history/3",
        ] {
            assert!(Target::of(text) == Some(resource("Condition/1")), "{text}");
        }
        assert!(Target::of("#c") == Some(Target::Contained("c".into())));
        assert!(Target::of("urn:uuid:1") == Some(Target::Url("urn:uuid:1".into())));
        assert!(
            Target::of("Organization?identifier=urn:x|7")
                == Some(Target::Identifier("urn:x|7".into()))
        );
        assert!(Target::of(" ").is_none());
    }

    #[test]
    fn what_is_no_reference_to_a_resource_is_told_apart() {
        for text in [
            "condition/1",
            "Con-dition/1",
            "/1",
            "1",
            "Condition/",
            "Condition/a b",
            "Condition/a~b",
        ] {
            assert_eq!(identity(text), None, "{text}");
        }
        assert_eq!(identity("Condition/1|2").as_deref(), Some("Condition/1"));
    }

    #[test]
    fn an_id_has_letters_digits_and_few_signs() {
        for id in ["1", "a-B.c_d:9", &"x".repeat(256)] {
            assert!(is_id(id), "{id}");
        }
        for id in ["", "a b", "é", "a/b", &"x".repeat(257)] {
            assert!(!is_id(id), "{id}");
        }
    }
}
