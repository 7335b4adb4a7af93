//! One walk over one part: its codes, its words, its attachments, the labels that came with it, and its references.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::basis::{Basis, BasisKind};
use super::evidence::{Conditional, Evidence, Found, Item};
use super::parts::Nest;
use super::reading::Reader;
use super::roles::{self, Role};
use super::vouching::{self, Words};
use super::{attachment, identity, notes};
use crate::fhir::reference::Target;
use crate::fhir::{dates, security};

/// The extension that carries a security label of one element (HL7 DS4P).
const INLINE_LABEL: &str = "extension-inline-sec-label";

/// One walk over one part.
pub(super) struct Walk<'r, 'a> {
    pub reader: &'r mut Reader,
    pub item: &'a Item<'a>,
    pub element: &'a str,
    pub nests: Option<Nest>,
    pub evidence: Evidence,
}

impl Walk<'_, '_> {
    /// Reads the value of a part.
    pub fn part(&mut self, value: Option<&Value>, beside: Option<&Value>) {
        let administrative = vouching::is_administrative(self.element);
        if let Some(value) = value {
            self.value(self.element, value, administrative);
        }
        if let Some(beside) = beside {
            self.value("", beside, administrative);
        }
    }

    fn value(&mut self, key: &str, value: &Value, administrative: bool) {
        match value {
            Value::Object(map) => self.object(key, map, administrative),
            Value::Array(list) => list
                .iter()
                .for_each(|item| self.value(key, item, administrative)),
            Value::String(text) => self.string(key, text),
            _ => {}
        }
    }

    fn object(&mut self, key: &str, map: &Map<String, Value>, administrative: bool) {
        if map.contains_key("coding") {
            return self.concept(key, map, administrative);
        }
        if let (Some(Value::String(system)), Some(Value::String(code)), false) = (
            map.get("system"),
            map.get("code"),
            map.contains_key("value"),
        ) {
            let known = self.code(system, code);
            let named = self.display(map);
            self.evidence.known |= known;
            self.evidence.unknown |= !known && !named && !administrative;
            return self.extensions(map);
        }
        if is_reference(map) {
            return self.reference(key, map);
        }
        let named = matches!(
            key,
            "attachment" | "presentedForm" | "valueAttachment" | "contentAttachment"
        );
        if named
            || map.contains_key("contentType")
            || (map.contains_key("data") && !map.contains_key("code"))
        {
            return self.attachment(named, map);
        }
        // A concept in words only, or one of a primitive's neighbours.
        if let (Some(Value::String(text)), true) =
            (map.get("text"), is_bare_concept(self.element, key, map))
        {
            self.bare_concept(key, text, administrative);
            return self.extensions(map);
        }
        // Codes first: they vouch for the words beside them.
        if let Some(value) = map.get("linkId") {
            self.link_id(value);
        }
        if let Some(value @ Value::Object(_)) = map.get("code") {
            self.value("code", value, administrative);
        }
        for (inner, value) in map {
            match inner.as_str() {
                "extension" | "modifierExtension" | "linkId" => {}
                "code" if value.is_object() => {}
                // A code without a system, where FHIR fixes the system.
                "code" if value.is_string() && map.contains_key("value") => {}
                nested if self.nests.is_some_and(|nest| nest.element() == nested) => {}
                "text" if value.is_object() => {
                    if self.nests == Some(Nest::Sections) {
                        self.narrative(value);
                    }
                }
                inner => {
                    let administrative = administrative || vouching::is_administrative(inner);
                    self.value(inner, value, administrative);
                }
            }
        }
        self.extensions(map);
    }

    /// A `CodeableConcept`: one known code in it vouches for its other codes and its words.
    fn concept(&mut self, key: &str, map: &Map<String, Value>, administrative: bool) {
        let before = self.evidence.labels;
        let mut known = false;
        let mut named = false;
        let mut coded = false;
        for coding in map
            .get("coding")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
        {
            if let Some(code) = coding.get("code").and_then(Value::as_str) {
                coded = true;
                let system = coding
                    .get("system")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                known |= self.code(system, code);
            }
            named |= self.display(coding);
            self.extensions(coding);
        }
        let text = map.get("text").and_then(Value::as_str);
        if let Some(text) = text {
            named |= self.words(text);
            self.title(text);
        }
        self.evidence.known |= known;
        let told = known || named || self.evidence.labels != before;
        if !told && !administrative {
            if coded {
                self.evidence.unknown = true;
            } else if text.is_some() {
                self.uncoded(key, text.unwrap_or_default());
            }
        }
        self.extensions(map);
    }

    fn bare_concept(&mut self, key: &str, text: &str, administrative: bool) {
        self.title(text);
        if !self.words(text) && !administrative {
            self.uncoded(key, text);
        }
    }

    fn uncoded(&mut self, _key: &str, text: &str) {
        let short = vouching::is_short(text)
            && self.item.is_known
            && !vouching::bears_meaning(self.element);
        if !short && !self.item.is_directory && !self.item.is_labelled {
            self.evidence.uncoded = true;
        }
    }

    /// Looks a code up; whether its system is known.
    fn code(&mut self, system: &str, code: &str) -> bool {
        if let Some(found) = notes::of_code(system, code) {
            self.evidence.note_type = self.evidence.note_type.max(Some(found));
        }
        let (known, matches) = self.reader.verdict(system, code, self.item.days);
        for found in matches {
            let basis = Basis::new(BasisKind::Code, found.rule, found.label).of_code(system, code);
            match found.context {
                None => self.evidence.add(basis),
                Some(context) => self
                    .evidence
                    .conditional
                    .push(Conditional { basis, context }),
            }
        }
        known
    }

    fn display(&mut self, coding: &Map<String, Value>) -> bool {
        let Some(display) = coding.get("display").and_then(Value::as_str) else {
            return false;
        };
        self.title(display);
        self.words(display)
    }

    /// Reads words for terms; whether there are any.
    fn words(&mut self, text: &str) -> bool {
        let mut found = Vec::new();
        self.reader.text(text, &mut found);
        let any = !found.is_empty();
        for basis in found {
            self.evidence.add(basis);
        }
        self.evidence.hits |= any;
        any
    }

    fn title(&mut self, text: &str) {
        let titles = matches!(
            self.element,
            "type" | "category" | "code" | "title" | "description" | "content" | "topic" | "name"
        );
        if titles && text.len() <= 200 && text.contains(['n', 'N', 't', 'T']) {
            self.evidence.note_type = self.evidence.note_type.max(notes::of_title(text));
        }
    }

    fn string(&mut self, key: &str, text: &str) {
        let kind = vouching::words(self.item.resource_type, self.element, key);
        if kind == Words::None || text.is_empty() || dates::is_date(text) {
            return;
        }
        if key == "title" || key == "description" || key == "name" {
            self.title(text);
        }
        let text: Cow<'_, str> = if key == "questionnaire" {
            Cow::Owned(self.questionnaire(text))
        } else {
            Cow::Borrowed(text)
        };
        let told = self.words(&text);
        if kind == Words::Form || self.item.is_directory {
            return;
        }
        if self.is_of_form(key, &text, kind) {
            return;
        }
        // Answers are labelled one by one.
        self.evidence.free_text |= self.nests != Some(Nest::Items);
        if !told && !self.item.is_labelled {
            self.evidence.unvouched = true;
        }
    }

    /// Whether a known code vouches for the words, as for those of the form.
    fn is_of_form(&self, key: &str, text: &str, kind: Words) -> bool {
        if matches!(self.element, "dosageInstruction" | "dosage") {
            return self.item.is_known;
        }
        // Questions stand for what their codes say.
        if self.element == "item"
            && self.evidence.known
            && (key == "text" || vouching::is_short(text))
        {
            return true;
        }
        let own = kind == Words::Title && self.evidence.known && vouching::is_short(text);
        own || (vouching::is_short(text)
            && self.item.is_known
            && !vouching::bears_meaning(self.element))
    }

    /// The name of a questionnaire, from its URL, with its LOINC code if that is what it ends in.
    fn questionnaire(&mut self, url: &str) -> String {
        let url = url.split('|').next().unwrap_or(url);
        let name = url.trim_end_matches('/').rsplit('/').next().unwrap_or(url);
        if is_loinc(name) {
            self.evidence.known |= self.code("http://loinc.org", name);
        }
        name.replace(['-', '_', '.'], " ")
    }

    /// Link ids of published questionnaires are their LOINC codes, such as `/93025-5/56051-6`.
    fn link_id(&mut self, value: &Value) {
        let Some(last) = value
            .as_str()
            .and_then(|text| text.rsplit('/').find(|piece| !piece.is_empty()))
        else {
            return;
        };
        if is_loinc(last) {
            self.evidence.known |= self.code("http://loinc.org", last);
        }
    }

    fn reference(&mut self, key: &str, map: &Map<String, Value>) {
        let target = Target::of_reference(map);
        let display = map.get("display").and_then(Value::as_str);
        let role = roles::of(self.item.resource_type, self.element, key);
        let of_person = matches!(&target, Some(Target::Resource(identity)) if ["Practitioner/", "Patient/", "RelatedPerson/", "Person/"].iter().any(|kind| identity.starts_with(kind)));
        let told = match display {
            Some(display) if role != Role::Subject && !of_person => self.words(display),
            _ => false,
        };
        // A reason in words only, where a reference belongs.
        if role == Role::Reason && target.is_none() && !told && !self.item.is_directory {
            self.evidence.uncoded = true;
        }
        if target.is_some() || display.is_some() {
            self.evidence.references.push(Found {
                key: key.to_owned(),
                target,
                display: display.map(str::to_owned),
            });
        }
        self.extensions(map);
    }

    fn attachment(&mut self, named: bool, map: &Map<String, Value>) {
        if let Some(title) = map.get("title").and_then(Value::as_str) {
            self.title(title);
            self.words(title);
        }
        self.evidence.free_text = true;
        if self.element == "photo" {
            return;
        }
        let content_type = map
            .get("contentType")
            .and_then(Value::as_str)
            .unwrap_or_default();
        match map.get("data").and_then(Value::as_str) {
            Some(data) => self.data(content_type, data),
            // The content is elsewhere, and nothing vouches for what we have not seen.
            None if named || map.contains_key("url") => {
                if let Some(target) = map.get("url").and_then(Value::as_str).and_then(Target::of) {
                    self.evidence.references.push(Found {
                        key: "url".to_owned(),
                        target: Some(target),
                        display: None,
                    });
                }
                self.evidence.unread |= !self.item.is_directory;
            }
            None => {}
        }
        self.extensions(map);
    }

    /// Reads the words of base64 data.
    pub fn data(&mut self, content_type: &str, data: &str) {
        self.evidence.free_text = true;
        match attachment::text(content_type, data) {
            Some(text) if text.trim().is_empty() => {}
            Some(text) => {
                if !self.words(&text) && !self.item.is_labelled && !self.item.is_directory {
                    self.evidence.unvouched = true;
                }
            }
            None => self.evidence.unread = true,
        }
    }

    /// The narrative of a section, which is its content.
    fn narrative(&mut self, value: &Value) {
        let Some(div) = value.get("div").and_then(Value::as_str) else {
            return;
        };
        let text = attachment::without_tags(div);
        self.evidence.free_text = true;
        if !self.words(&text) && !self.item.is_labelled && !text.trim().is_empty() {
            self.evidence.unvouched = true;
        }
    }

    fn extensions(&mut self, map: &Map<String, Value>) {
        for key in ["extension", "modifierExtension"] {
            for extension in map
                .get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_object)
            {
                self.extension(extension);
            }
        }
    }

    pub fn extension(&mut self, extension: &Map<String, Value>) {
        let url = extension
            .get("url")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if url.ends_with(INLINE_LABEL) {
            let incoming = security::read(
                extension.get("valueCoding").into_iter().chain(
                    extension
                        .get("valueCodeableConcept")
                        .and_then(|concept| concept.get("coding"))
                        .and_then(Value::as_array)
                        .into_iter()
                        .flatten(),
                ),
            );
            self.evidence.unreadable_label |=
                incoming.unreadable || incoming.is_restricted_unexplained();
            for label in incoming.labels.iter() {
                self.evidence
                    .add(Basis::new(BasisKind::Incoming, "incoming.element", label));
            }
            return;
        }
        if let Some(label) = identity::of_extension(url) {
            self.evidence
                .add(Basis::new(BasisKind::Code, "identity.extension", label).of_code("", url));
        }
        let published = vouching::is_published(url);
        for (key, value) in extension {
            match key.as_str() {
                "url" | "id" => {}
                "extension" => self.extensions(extension),
                key => {
                    let before = (
                        self.evidence.unvouched,
                        self.evidence.unknown,
                        self.evidence.uncoded,
                        self.evidence.free_text,
                    );
                    self.value(key, value, published);
                    if published {
                        (
                            self.evidence.unvouched,
                            self.evidence.unknown,
                            self.evidence.uncoded,
                            self.evidence.free_text,
                        ) = before;
                    }
                }
            }
        }
    }
}

/// Whether an object is a `Reference`.
fn is_reference(map: &Map<String, Value>) -> bool {
    let shaped = map.keys().all(|key| {
        matches!(
            key.as_str(),
            "reference" | "type" | "identifier" | "display" | "id" | "extension"
        )
    });
    shaped
        && (map.get("reference").is_some_and(Value::is_string)
            || map.get("identifier").is_some_and(Value::is_object)
            || map.get("display").is_some_and(Value::is_string))
}

/// Whether an object with a `text` and no `coding` is a concept in words, not a note, a dosage or an answer.
fn is_bare_concept(element: &str, key: &str, map: &Map<String, Value>) -> bool {
    map.keys()
        .all(|key| matches!(key.as_str(), "text" | "id" | "extension"))
        && key != "note"
        && !matches!(
            element,
            "note" | "dosageInstruction" | "dosage" | "item" | "section" | "name"
        )
}

/// Whether a text is a LOINC code by its form: digits, a hyphen, a check digit.
fn is_loinc(text: &str) -> bool {
    text.split_once('-').is_some_and(|(number, check)| {
        (1..=7).contains(&number.len())
            && check.len() == 1
            && number
                .bytes()
                .chain(check.bytes())
                .all(|byte| byte.is_ascii_digit())
    })
}
