//! What is read within a part, what vouches for it, and what does not (POLICY §2, deny by default).

use crate::world;

use domain::label::{Label, LabelSet};
use domain::labeling::{LabelledPart, Review};
use serde_json::{Value, json};
use world::{LOINC, concept, label, ordinary, to};

const LOCAL: &str = "urn:local";
/// `walks a little every day now`, in base64.
const WALKS: &str = "d2Fsa3MgYSBsaXR0bGUgZXZlcnkgZGF5IG5vdw==";
/// `used heroin`, in base64.
const HEROIN: &str = "dXNlZCBoZXJvaW4=";

/// One resource with an id and a patient, labelled alone; the part at that path.
fn part(mut resource: Value, path: &str) -> LabelledPart {
    let map = resource.as_object_mut().expect("an object");
    map.insert("id".to_owned(), json!("1"));
    map.entry("subject").or_insert_with(|| to("Patient/1"));
    let identity = format!("{}/1", map["resourceType"].as_str().expect("a type"));
    label(&[resource]).part(&identity, path).clone()
}

fn is_hidden(part: &LabelledPart) -> bool {
    part.labels.has(Label::Unclassified)
}

fn secured(codes: &[(&str, &str)]) -> Value {
    let security: Vec<Value> = codes
        .iter()
        .map(|(system, code)| json!({"system": format!("http://terminology.hl7.org/CodeSystem/{system}"), "code": code}))
        .collect();
    json!({"security": security})
}

fn answers(item: &Value) -> Value {
    json!({"resourceType": "QuestionnaireResponse", "status": "completed", "item": [item]})
}

/// POLICY §2: a known code vouches for the words of its question, however long; an unknown one does not.
#[test]
fn a_known_answer_vouches_for_its_question() {
    let question = "In the last week, how often did you walk outside of your home?";
    let known = json!({"linkId": "1", "text": question, "answer": [{"valueCoding": {"system": LOINC, "code": "LA6568-5"}}]});
    assert!(!is_hidden(&part(answers(&known), "item[0]")));
    let unknown = json!({"linkId": "1", "text": question, "answer": [{"valueCoding": {"system": LOCAL, "code": "x"}}]});
    assert!(is_hidden(&part(answers(&unknown), "item[0]")));
    let by_link =
        json!({"linkId": "/93025-5/56051-6", "text": question, "answer": [{"valueInteger": 1}]});
    assert!(!is_hidden(&part(answers(&by_link), "item[0]")));
    let no_code = json!({"linkId": "one", "text": question, "answer": [{"valueInteger": 1}]});
    assert!(is_hidden(&part(answers(&no_code), "item[0]")));
}

/// Attachments are read where they stand, whatever the element is called; content that is elsewhere is hidden.
#[test]
fn attachments_are_known_by_their_form() {
    let media = |content: Value| {
        part(
            json!({"resourceType": "Media", "status": "completed", "type": ordinary(), "content": content}),
            "content",
        )
    };
    assert!(is_hidden(&media(
        json!({"contentType": "image/png", "url": "https://ehr.example/x"})
    )));
    assert!(!is_hidden(&media(json!({"contentType": "image/png"}))));
    assert!(media(json!({"data": HEROIN})).labels.has(Label::Opioids));
    assert!(
        media(json!({"contentType": "text/plain", "data": HEROIN}))
            .labels
            .has(Label::Opioids)
    );
    assert!(is_hidden(&media(
        json!({"contentType": "text/plain", "data": WALKS})
    )));
    assert!(is_hidden(&media(
        json!({"contentType": "application/pdf", "data": "JVBERi0xLjQ="})
    )));
}

/// What came with labels vouches for its words: in an attachment and in a section.
#[test]
fn labels_that_came_vouch_for_words() {
    let labels = secured(&[("v3-Confidentiality", "R"), ("v3-ActCode", "PSY")]);
    let document = |meta: &Value| {
        part(
            json!({"resourceType": "DocumentReference", "status": "current", "meta": meta,
                "type": concept(LOINC, "34117-2"),
                "content": [{"attachment": {"contentType": "text/plain", "data": WALKS}}]}),
            "content[0]",
        )
    };
    assert!(is_hidden(&document(&json!({}))));
    let known = document(&labels);
    assert!(!is_hidden(&known));
    assert!(known.labels.has(Label::MentalHealth));
    let section = |meta: &Value, div: &str| {
        part(
            json!({"resourceType": "Composition", "status": "final", "meta": meta, "type": concept(LOINC, "34117-2"),
                "title": "Note", "section": [{"text": {"status": "additional", "div": div}}]}),
            "section[0]",
        )
    };
    let walks = "<div>walks a little every day now</div>";
    assert!(is_hidden(&section(&json!({}), walks)));
    assert!(!is_hidden(&section(&labels, walks)));
    assert!(!is_hidden(&section(&json!({}), "<div> <br/> </div>")));
    assert!(
        section(&json!({}), "<div>used <b>heroin</b></div>")
            .labels
            .has(Label::Opioids)
    );
}

/// The unit of a quantity is no word; a code without a system is.
#[test]
fn units_are_not_read_and_bare_codes_are() {
    let observation = |key: &str, value: Value| {
        let mut resource = json!({"resourceType": "Observation", "status": "final", "code": concept(LOINC, "718-7")});
        resource[key] = value;
        part(resource, key)
    };
    let unit =
        json!({"value": 1, "unit": "1", "system": "http://unitsofmeasure.org", "code": "heroin"});
    assert!(observation("valueQuantity", unit).labels.is_ordinary());
    assert!(
        observation("valueQuantity", json!({"value": 1, "code": "heroin"}))
            .labels
            .is_ordinary()
    );
    let class = part(
        json!({"resourceType": "Encounter", "status": "finished", "class": {"code": "heroin"}, "type": [concept(LOINC, "34117-2")]}),
        "class",
    );
    assert!(class.labels.has(Label::Opioids));
}

/// Codes of lists that are not known hide what they say, save where they are of the business around it.
#[test]
fn unknown_codes_hide_save_in_administrative_elements() {
    let unknown = || concept(LOCAL, "X1");
    let line = |line: Value| {
        part(
            json!({"resourceType": "Claim", "status": "active", "use": "claim", "patient": to("Patient/1"),
                "type": concept("http://terminology.hl7.org/CodeSystem/claim-type", "institutional"), "item": [line]}),
            "item[0]",
        )
    };
    assert!(!is_hidden(&line(
        json!({"sequence": 1, "adjudication": [{"category": unknown()}]})
    )));
    assert!(is_hidden(&line(
        json!({"sequence": 1, "productOrService": unknown()})
    )));
    let visit = |key: &str, value: Value| {
        let mut resource = json!({"resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"},
            "type": [concept(LOINC, "34117-2")]});
        resource[key] = json!([value]);
        part(resource, &format!("{key}[0]"))
    };
    assert!(!is_hidden(&visit(
        "participant",
        json!({"type": [unknown()]})
    )));
    assert!(is_hidden(&visit("reasonCode", unknown())));
}

/// Each word that tells is enough, also where it tells what was told before.
#[test]
fn every_concept_is_told_by_its_own_words() {
    let reaction = |substance: Value, manifestation: Value| {
        part(
            json!({"resourceType": "AllergyIntolerance", "patient": to("Patient/1"), "code": ordinary(),
                "reaction": [{"substance": substance, "manifestation": [manifestation]}]}),
            "reaction[0]",
        )
    };
    let shown =
        |display: &str| json!({"coding": [{"system": LOCAL, "code": "X", "display": display}]});
    let said = |text: &str| json!({"coding": [{"system": LOCAL, "code": "X"}], "text": text});
    let both = reaction(shown("heroin"), shown("heroin overdose"));
    assert!(both.labels.has(Label::Opioids) && !is_hidden(&both));
    let both = reaction(said("heroin"), said("heroin overdose"));
    assert!(both.labels.has(Label::Opioids) && !is_hidden(&both));
    let two = json!({"coding": [
        {"system": LOCAL, "code": "X", "display": "heroin"}, {"system": LOCAL, "code": "Y", "display": "plain"}]});
    let both = reaction(shown("heroin"), two);
    assert!(both.labels.has(Label::Opioids) && !is_hidden(&both));
    assert!(is_hidden(&reaction(shown("heroin"), shown("plain"))));
}

/// 45 CFR 164.501, 42 CFR 2.11: what a document is called tells a separated note; what a section is called does not.
#[test]
fn a_separated_note_is_told_by_what_the_document_is_called() {
    let note = |mut more: Value, path: &str| {
        more["resourceType"] = json!("Composition");
        more["status"] = json!("final");
        part(more, path).labels.has(Label::PsychotherapyNote)
    };
    let consult = || concept(LOINC, "11488-4");
    assert!(note(
        json!({"type": consult(), "title": "Psychotherapy note"}),
        "title"
    ));
    assert!(!note(
        json!({"type": consult(), "title": "Consult"}),
        "title"
    ));
    assert!(!note(
        json!({"type": consult(), "title": "Consult", "section": [{"title": "Psychotherapy note"}]}),
        "section[0]"
    ));
    assert!(!note(
        json!({"type": consult(), "title": "Consult", "custodian": {"display": "Psychotherapy note"}}),
        "title"
    ));
    let long = format!("Psychotherapy note{}", " and so on".repeat(20));
    assert!(!note(json!({"type": consult(), "title": long}), "title"));
    let document = |content: Value| {
        part(
            json!({"resourceType": "DocumentReference", "status": "current", "type": consult(), "content": [content]}),
            "content[0]",
        )
        .labels
        .has(Label::PsychotherapyNote)
    };
    assert!(document(json!({"name": "Psychotherapy note"})));
    assert!(document(json!({"description": "Psychotherapy note"})));
    assert!(!document(json!({"comment": "Psychotherapy note"})));
}

/// Dates and empty texts say nothing that anybody has to look at.
#[test]
fn dates_and_empty_texts_are_no_words() {
    let value = |text: &str| {
        part(
            json!({"resourceType": "Observation", "status": "final", "code": concept(LOCAL, "X"), "valueString": text}),
            "valueString",
        )
        .review
    };
    assert_ne!(value("2024-01-05"), Some(Review::FreeText));
    assert_ne!(value(""), Some(Review::FreeText));
    assert_eq!(
        value("walks a little every day now"),
        Some(Review::FreeText)
    );
}

/// Names of people are read for nothing, also where a reference carries them.
#[test]
fn names_of_people_are_not_read() {
    let observation = |key: &str, value: Value| {
        let mut resource = json!({"resourceType": "Observation", "status": "final", "code": concept(LOINC, "718-7")});
        resource[key] = value;
        let path = if key == "performer" {
            "performer[0]"
        } else {
            key
        };
        part(resource, path).labels
    };
    for kind in ["Practitioner", "Patient", "RelatedPerson", "Person"] {
        let performer = json!([{"reference": format!("{kind}/7"), "display": "Heroin Jones"}]);
        assert!(observation("performer", performer).is_ordinary(), "{kind}");
    }
    let subject = json!({"reference": "Group/7", "display": "Heroin Jones"});
    assert!(observation("subject", subject).is_ordinary());
    let place = json!([{"reference": "Organization/7", "display": "Heroin clinic"}]);
    assert!(observation("performer", place).has(Label::Opioids));
    let nobody = json!([{"display": "Heroin clinic"}]);
    assert!(observation("performer", nobody).has(Label::Opioids));
}

/// HL7 DS4P: a label on one element that can't be read, or that restricts without a reason, hides the part.
#[test]
fn inline_labels_that_tell_nothing_hide() {
    const UNREAD: Option<Review> = Some(Review::IncomingRestriction);
    let inline = |system: &str, code: &str| {
        let url = "http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label";
        let system = format!("http://terminology.hl7.org/CodeSystem/{system}");
        part(
            json!({"resourceType": "Condition", "code": ordinary(), "note": [{"text": "well",
                "extension": [{"url": url, "valueCoding": {"system": system, "code": code}}]}]}),
            "note[0]",
        )
    };
    assert_eq!(
        inline("v3-Confidentiality", "R").review,
        UNREAD,
        "restricted, without a reason"
    );
    assert_eq!(
        inline("v3-Confidentiality", "X").review,
        UNREAD,
        "no such confidentiality"
    );
    let mind = inline("v3-ActCode", "PSY");
    assert!(mind.labels.has(Label::MentalHealth));
    let twice = part(
        json!({"resourceType": "Condition", "code": ordinary(), "note": [{"text": "well", "extension": [
            {"url": "urn:extension-inline-sec-label", "valueCoding": {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}},
            {"url": "urn:extension-inline-sec-label", "valueCoding": {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "N"}}]}]}),
        "note[0]",
    );
    assert_eq!(twice.review, UNREAD, "what hides it stays");
}

/// A questionnaire of LOINC vouches for short answers; one of nobody known does not.
#[test]
fn a_known_questionnaire_vouches_for_short_answers() {
    let answer = |questionnaire: &str| {
        part(
            json!({"resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": questionnaire,
                "item": [{"linkId": "1", "answer": [{"valueString": "left arm"}]}]}),
            "questionnaire",
        )
        .labels
    };
    assert!(answer("http://loinc.org/q/44249-1").has(Label::MentalHealth));
    assert!(
        answer("http://example.org/q/walking-1|2")
            .minus(LabelSet::of([Label::Unclassified]))
            .is_ordinary()
    );
    assert!(answer("http://example.org/q/heroin-use/").has(Label::Opioids));
}
