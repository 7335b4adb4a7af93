//! The evidence in one part: its codes, its words, its attachments, the labels that came with it, and its references.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::basis::{Basis, BasisKind, Review};
use super::notes::{self, NoteType};
use super::parts::Nest;
use super::rules::{CodeVerdict, Context, RuleMatch, Rules};
use super::vouching::{self, Words};
use super::{attachment, identity, terms};
use crate::fhir::dates;
use crate::fhir::reference::Target;
use crate::fhir::security;
use crate::label::{Label, LabelSet};

/// The extension that carries a security label of one element (HL7 DS4P).
const INLINE_LABEL: &str = "extension-inline-sec-label";

/// Texts up to this length, in bytes, are looked up before they are read again.
const REMEMBERED: usize = 160;

/// How many texts are remembered.
const MOST_REMEMBERED: usize = 20_000;

/// What the examination of one resource knows before it reads a part.
pub(super) struct Item<'a> {
    pub resource_type: &'a str,
    /// The days on which a code may have been given.
    pub days: [Option<NaiveDate>; 3],
    /// Whether a code of a known system says what the item is.
    pub is_known: bool,
    /// Whether that code gives labels.
    pub is_labelled: bool,
    /// Whether the resource is a directory entry or a definition.
    pub is_directory: bool,
}

/// A reference that a part makes.
pub(super) struct Found {
    pub key: String,
    pub target: Option<Target>,
    pub display: Option<String>,
}

/// A label that a code gives only beside others.
pub(super) struct Conditional {
    pub basis: Basis,
    pub context: Context,
}

/// What one part shows.
#[derive(Default)]
pub(super) struct Evidence {
    pub labels: LabelSet,
    /// The labels that codes and incoming labels give: free text of the item carries them too.
    pub coded: LabelSet,
    pub basis: Vec<Basis>,
    pub conditional: Vec<Conditional>,
    pub references: Vec<Found>,
    pub note_type: Option<NoteType>,
    /// Whether a code of a known system stands in it.
    pub known: bool,
    /// Whether a person's words or an attachment stand in it.
    pub free_text: bool,
    /// Whether an incoming label could not be read.
    pub unreadable_label: bool,
    hits: bool,
    unread: bool,
    unknown: bool,
    uncoded: bool,
    unvouched: bool,
}

impl Evidence {
    /// Why a person has to look at the part, if so.
    pub fn review(&self) -> Option<Review> {
        if self.unreadable_label {
            Some(Review::IncomingRestriction)
        } else if self.unread {
            Some(Review::UnreadableAttachment)
        } else if self.unknown {
            Some(Review::UnknownSystem)
        } else if self.uncoded {
            Some(Review::Uncoded)
        } else if self.unvouched && !self.hits {
            Some(Review::FreeText)
        } else {
            None
        }
    }

    pub fn add(&mut self, basis: Basis) {
        let label = basis.label;
        if matches!(basis.kind, BasisKind::Code | BasisKind::Incoming) {
            self.coded = self.coded.with(label);
        }
        let known = self.labels.has(label)
            && self.basis.iter().any(|other| {
                other.label == label
                    && other.kind == basis.kind
                    && other.rule == basis.rule
                    && other.code == basis.code
            });
        self.labels = self.labels.with(label);
        if !known {
            self.basis.push(basis);
        }
    }
}

/// Reads texts and codes, remembering what short texts said.
pub(super) struct Reader {
    rules: &'static Rules,
    remembered: HashMap<Box<str>, Box<[(&'static str, Label, Box<str>)]>>,
}

impl Reader {
    pub fn new(rules: &'static Rules) -> Self {
        Self {
            rules,
            remembered: HashMap::new(),
        }
    }

    /// The terms in a text, as basis.
    pub fn text(&mut self, text: &str, out: &mut Vec<Basis>) {
        let as_basis = |(rule, label, words): &(&'static str, Label, Box<str>)| {
            let mut basis = Basis::new(BasisKind::Text, *rule, *label);
            basis.code = Some(words.to_string());
            basis
        };
        if text.len() <= REMEMBERED {
            if let Some(hits) = self.remembered.get(text) {
                out.extend(hits.iter().map(as_basis));
                return;
            }
        }
        let mut hits: Vec<(&'static str, Label, Box<str>)> = Vec::new();
        for hit in terms::scan(text) {
            if !hits
                .iter()
                .any(|(rule, label, _)| *rule == hit.rule && *label == hit.label)
            {
                hits.push((
                    hit.rule,
                    hit.label,
                    text.get(hit.start..hit.end).unwrap_or_default().into(),
                ));
            }
        }
        out.extend(hits.iter().map(as_basis));
        if notes::names_part2(text) {
            out.push(Basis::new(
                BasisKind::Text,
                "text.part2-notice",
                Label::Part2,
            ));
        } else if text.len() <= REMEMBERED && self.remembered.len() < MOST_REMEMBERED {
            self.remembered.insert(text.into(), hits.into());
        }
    }

    fn verdict(
        &self,
        system: &str,
        code: &str,
        days: [Option<NaiveDate>; 3],
    ) -> (bool, Vec<RuleMatch<'static>>) {
        let rules: &'static Rules = self.rules;
        let mut known = false;
        let mut matches: Vec<RuleMatch<'static>> = Vec::new();
        let mut last = None;
        let [first, ..] = days;
        for (index, day) in days.into_iter().enumerate() {
            if index > 0 && (day.is_none() || day == last || day == first) {
                continue;
            }
            last = day;
            match rules.code(system, code, day) {
                CodeVerdict::UnknownSystem => {}
                CodeVerdict::Ordinary => known = true,
                CodeVerdict::Labelled(found) => {
                    known = true;
                    for found in found {
                        if !matches.contains(&found) {
                            matches.push(found);
                        }
                    }
                }
            }
        }
        (known, matches)
    }
}

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
        if map.contains_key("contentType")
            || (map.contains_key("data") && !map.contains_key("code"))
        {
            return self.attachment(key, map);
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
        self.evidence.free_text = true;
        if !told && !self.is_vouched(key, &text, kind) {
            self.evidence.unvouched = true;
        }
    }

    fn is_vouched(&self, key: &str, text: &str, kind: Words) -> bool {
        if self.item.is_labelled {
            return true;
        }
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
        let role = super::roles::of(self.item.resource_type, self.element, key);
        let of_person = matches!(&target, Some(Target::Resource(identity)) if ["Practitioner/", "Patient/", "RelatedPerson/", "Person/"].iter().any(|kind| identity.starts_with(kind)));
        if let Some(display) = display {
            if role != super::roles::Role::Subject && !of_person {
                self.words(display);
            }
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

    fn attachment(&mut self, key: &str, map: &Map<String, Value>) {
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
            None if map.contains_key("url") || key == "attachment" => {
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
