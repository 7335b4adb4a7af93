//! Which elements of which kind of resource say what (HL7 FHIR R4, the resources' definitions).

use serde_json::Value as Json;

use super::choice::{choice, frequency};
use super::field::Field;
use super::value::Value;
use super::{Fact, Summary, attachment, is_long, read};

/// How an element is read.
#[derive(Clone, Copy)]
enum As {
    /// A concept in words.
    Concept,
    /// A code of a closed set.
    Code,
    /// A date or time.
    Moment,
    /// From and until.
    Period,
    /// An amount.
    Quantity,
    /// Words.
    Words,
    /// A number.
    Number,
    /// Someone or something referred to.
    Reference,
    /// A postal address.
    Address,
    /// A telephone number or the like.
    Contact,
    /// `name[x]`, after its last dot.
    Choice,
    /// A Range or reference range.
    Range,
    /// A longer text.
    Text,
    /// A file.
    Attachment,
}

type Rule = (&'static str, Field, As);

const PERSON: &[Rule] = &[
    ("birthDate", Field::BirthDate, As::Moment),
    ("gender", Field::Sex, As::Code),
    ("deceased", Field::Died, As::Choice),
    ("relationship", Field::Category, As::Concept),
    ("maritalStatus", Field::MaritalStatus, As::Concept),
    ("communication.language", Field::Language, As::Concept),
    ("telecom", Field::Contact, As::Contact),
    ("address", Field::Address, As::Address),
];

const CONDITION: &[Rule] = &[
    ("clinicalStatus", Field::Status, As::Code),
    ("verificationStatus", Field::Verification, As::Code),
    ("severity", Field::Severity, As::Concept),
    ("stage.summary", Field::Stage, As::Concept),
    ("onset", Field::Began, As::Choice),
    ("abatement", Field::Ended, As::Choice),
    ("recordedDate", Field::Recorded, As::Moment),
    ("category", Field::Category, As::Concept),
    ("bodySite", Field::BodySite, As::Concept),
    ("evidence.code", Field::Reason, As::Concept),
    ("recorder", Field::Author, As::Reference),
    ("asserter", Field::Author, As::Reference),
];

const MEDICATION: &[Rule] = &[
    ("status", Field::Status, As::Code),
    ("statusReason", Field::StatusReason, As::Concept),
    ("intent", Field::Intent, As::Code),
    ("authoredOn", Field::Date, As::Moment),
    ("effective", Field::Date, As::Choice),
    ("whenHandedOver", Field::Date, As::Moment),
    ("dateAsserted", Field::Recorded, As::Moment),
    ("dosage.text", Field::Dose, As::Words),
    ("dosage.dose", Field::Dose, As::Quantity),
    ("dosage.route", Field::Route, As::Concept),
    ("dosage.site", Field::BodySite, As::Concept),
    ("dispenseRequest.quantity", Field::Supply, As::Quantity),
    (
        "dispenseRequest.expectedSupplyDuration",
        Field::Supply,
        As::Quantity,
    ),
    ("quantity", Field::Supply, As::Quantity),
    ("daysSupply", Field::Supply, As::Quantity),
    (
        "dispenseRequest.numberOfRepeatsAllowed",
        Field::Refills,
        As::Number,
    ),
    ("category", Field::Category, As::Concept),
    ("reasonCode", Field::Reason, As::Concept),
    ("reasonReference", Field::Reason, As::Reference),
    ("requester", Field::Author, As::Reference),
    ("recorder", Field::Author, As::Reference),
    ("informationSource", Field::Author, As::Reference),
    ("performer", Field::Performer, As::Reference),
    ("performer.actor", Field::Performer, As::Reference),
];

const OBSERVATION: &[Rule] = &[
    ("value", Field::Result, As::Choice),
    ("dataAbsentReason", Field::NoResult, As::Concept),
    ("interpretation", Field::Interpretation, As::Concept),
    ("referenceRange", Field::ReferenceRange, As::Range),
    ("status", Field::Status, As::Code),
    ("effective", Field::Date, As::Choice),
    ("issued", Field::Recorded, As::Moment),
    ("category", Field::Category, As::Concept),
    ("bodySite", Field::BodySite, As::Concept),
    ("method", Field::Method, As::Concept),
    ("focus", Field::About, As::Reference),
    ("performer", Field::Performer, As::Reference),
];

const REPORT: &[Rule] = &[
    ("status", Field::Status, As::Code),
    ("effective", Field::Date, As::Choice),
    ("issued", Field::Recorded, As::Moment),
    ("category", Field::Category, As::Concept),
    ("conclusionCode", Field::Result, As::Concept),
    ("result", Field::Result, As::Reference),
    ("performer", Field::Performer, As::Reference),
    ("resultsInterpreter", Field::Author, As::Reference),
    ("conclusion", Field::Conclusion, As::Text),
    ("presentedForm", Field::Document, As::Attachment),
];

const DOCUMENT: &[Rule] = &[
    ("status", Field::Status, As::Code),
    ("docStatus", Field::Status, As::Code),
    ("date", Field::Date, As::Moment),
    ("context.period", Field::Date, As::Period),
    ("category", Field::Category, As::Concept),
    ("context.event", Field::Reason, As::Concept),
    ("author", Field::Author, As::Reference),
    ("custodian", Field::Place, As::Reference),
    ("context.facilityType", Field::Place, As::Concept),
    ("description", Field::Description, As::Text),
    ("content.attachment", Field::Document, As::Attachment),
];

const ENCOUNTER: &[Rule] = &[
    ("status", Field::Status, As::Code),
    ("period", Field::Date, As::Period),
    ("class", Field::Category, As::Concept),
    ("type", Field::Category, As::Concept),
    ("serviceType", Field::Category, As::Concept),
    ("reasonCode", Field::Reason, As::Concept),
    ("reasonReference", Field::Reason, As::Reference),
    ("diagnosis.condition", Field::Reason, As::Reference),
    ("participant.individual", Field::Performer, As::Reference),
    ("location.location", Field::Place, As::Reference),
    ("serviceProvider", Field::Place, As::Reference),
    (
        "hospitalization.dischargeDisposition",
        Field::Outcome,
        As::Concept,
    ),
];

const PROCEDURE: &[Rule] = &[
    ("status", Field::Status, As::Code),
    ("statusReason", Field::StatusReason, As::Concept),
    ("performed", Field::Date, As::Choice),
    ("category", Field::Category, As::Concept),
    ("bodySite", Field::BodySite, As::Concept),
    ("reasonCode", Field::Reason, As::Concept),
    ("reasonReference", Field::Reason, As::Reference),
    ("outcome", Field::Outcome, As::Concept),
    ("complication", Field::Complication, As::Concept),
    ("followUp", Field::FollowUp, As::Concept),
    ("performer.actor", Field::Performer, As::Reference),
    ("recorder", Field::Author, As::Reference),
    ("location", Field::Place, As::Reference),
];

const ALLERGY: &[Rule] = &[
    ("clinicalStatus", Field::Status, As::Code),
    ("verificationStatus", Field::Verification, As::Code),
    ("criticality", Field::Risk, As::Code),
    ("reaction.manifestation", Field::Reaction, As::Concept),
    ("reaction.severity", Field::Severity, As::Code),
    ("reaction.description", Field::Reaction, As::Words),
    ("reaction.substance", Field::Reason, As::Concept),
    ("onset", Field::Began, As::Choice),
    ("lastOccurrence", Field::Date, As::Moment),
    ("recordedDate", Field::Recorded, As::Moment),
    ("type", Field::Category, As::Code),
    ("category", Field::Category, As::Code),
    ("recorder", Field::Author, As::Reference),
    ("asserter", Field::Author, As::Reference),
    ("reaction.note.text", Field::Note, As::Text),
];

const IMMUNIZATION: &[Rule] = &[
    ("status", Field::Status, As::Code),
    ("statusReason", Field::StatusReason, As::Concept),
    ("occurrence", Field::Date, As::Choice),
    ("recorded", Field::Recorded, As::Moment),
    ("doseQuantity", Field::Dose, As::Quantity),
    ("route", Field::Route, As::Concept),
    ("site", Field::BodySite, As::Concept),
    ("lotNumber", Field::Lot, As::Words),
    ("reasonCode", Field::Reason, As::Concept),
    ("reaction.detail", Field::Reaction, As::Reference),
    ("performer.actor", Field::Performer, As::Reference),
    ("location", Field::Place, As::Reference),
];

const QUESTIONNAIRE: &[Rule] = &[
    ("status", Field::Status, As::Code),
    ("authored", Field::Date, As::Moment),
    ("author", Field::Author, As::Reference),
    ("source", Field::Performer, As::Reference),
];

/// Elements that mean the same in most other resources.
const OTHER: &[Rule] = &[
    ("status", Field::Status, As::Code),
    ("lifecycleStatus", Field::Status, As::Code),
    ("achievementStatus", Field::Outcome, As::Concept),
    ("statusReason", Field::StatusReason, As::Concept),
    ("intent", Field::Intent, As::Code),
    ("occurrence", Field::Date, As::Choice),
    ("performed", Field::Date, As::Choice),
    ("effective", Field::Date, As::Choice),
    ("period", Field::Date, As::Period),
    ("date", Field::Date, As::Moment),
    ("start", Field::Date, As::Choice),
    ("started", Field::Date, As::Moment),
    ("authoredOn", Field::Recorded, As::Moment),
    ("created", Field::Recorded, As::Moment),
    ("recorded", Field::Recorded, As::Moment),
    ("category", Field::Category, As::Concept),
    ("type", Field::Category, As::Concept),
    ("specialty", Field::Category, As::Concept),
    ("relationship", Field::About, As::Concept),
    ("reasonCode", Field::Reason, As::Concept),
    ("reasonReference", Field::Reason, As::Reference),
    ("addresses", Field::Reason, As::Reference),
    ("condition.code", Field::Result, As::Concept),
    ("activity.detail.code", Field::Instructions, As::Concept),
    (
        "activity.detail.description",
        Field::Instructions,
        As::Words,
    ),
    ("outcome", Field::Outcome, As::Concept),
    ("bodySite", Field::BodySite, As::Concept),
    ("patientInstruction", Field::Instructions, As::Words),
    ("requester", Field::Author, As::Reference),
    ("recorder", Field::Author, As::Reference),
    ("author", Field::Author, As::Reference),
    ("performer", Field::Performer, As::Reference),
    ("participant.member", Field::Performer, As::Reference),
    ("location", Field::Place, As::Reference),
    ("telecom", Field::Contact, As::Contact),
    ("address", Field::Address, As::Address),
    ("description", Field::Description, As::Text),
    ("payload.contentString", Field::Document, As::Text),
    ("content", Field::Document, As::Attachment),
    ("payload.contentAttachment", Field::Document, As::Attachment),
];

/// Adds what the kind of resource has to say.
pub(super) fn facts(resource: &Json, summary: &mut Summary) {
    let kind = read::field(resource, "resourceType").unwrap_or_default();
    let rules = match kind {
        "Patient" | "Practitioner" | "RelatedPerson" | "Person" => PERSON,
        "Condition" => CONDITION,
        "MedicationRequest"
        | "MedicationStatement"
        | "MedicationAdministration"
        | "MedicationDispense" => MEDICATION,
        "Observation" => OBSERVATION,
        "DiagnosticReport" => REPORT,
        "DocumentReference" => DOCUMENT,
        "Encounter" => ENCOUNTER,
        "Procedure" => PROCEDURE,
        "AllergyIntolerance" => ALLERGY,
        "Immunization" => IMMUNIZATION,
        "QuestionnaireResponse" => QUESTIONNAIRE,
        _ => OTHER,
    };
    for (path, field, read_as) in rules {
        add(resource, summary, path, field, *read_as);
        // What was found stands first, and its parts with it.
        if kind == "Observation" && *path == "referenceRange" {
            components(resource, summary);
        }
    }
    match kind {
        "QuestionnaireResponse" => answers(resource, summary),
        "MedicationRequest" | "MedicationDispense" => doses(resource, "dosageInstruction", summary),
        "MedicationStatement" => doses(resource, "dosage", summary),
        _ => {}
    }
}

fn add(root: &Json, summary: &mut Summary, path: &str, field: &Field, read_as: As) {
    if let As::Choice = read_as {
        let (holders, stem) = match path.rsplit_once('.') {
            Some((parent, stem)) => (read::select(root, parent), stem),
            None => (vec![root], path),
        };
        for value in holders
            .into_iter()
            .flat_map(|holder| choice(root, holder, stem))
        {
            summary.words(field.clone(), value);
        }
        return;
    }
    for value in read::select(root, path) {
        let found = match read_as {
            As::Concept => read::concept(value),
            As::Code => read::code(value),
            As::Moment => read::moment(value),
            As::Period => read::period(value),
            As::Quantity => read::quantity(value),
            As::Words => read::string(value).map(|words| Value::Text(words.to_owned())),
            As::Number => read::number(value).map(|value| Value::Quantity {
                value,
                unit: String::new(),
            }),
            As::Reference => read::reference(root, value),
            As::Address => read::address(value),
            As::Contact => read::contact(value),
            As::Range => read::range(value),
            As::Text => {
                summary.text(field.clone(), read::string(value).unwrap_or_default());
                None
            }
            As::Attachment => {
                attachment::add(summary, value);
                None
            }
            As::Choice => None,
        };
        if let Some(found) = found {
            summary.words(field.clone(), found);
        }
    }
}

fn components(resource: &Json, summary: &mut Summary) {
    for component in read::select(resource, "component") {
        let name = component
            .get("code")
            .and_then(read::words)
            .unwrap_or_default()
            .to_owned();
        let mut values = choice(resource, component, "value");
        values.extend(component.get("dataAbsentReason").and_then(read::concept));
        values.extend(
            read::select(component, "interpretation")
                .into_iter()
                .filter_map(read::concept),
        );
        for value in values {
            summary.words(Field::Component(name.clone()), value);
        }
    }
}

/// Dosage: its text if it has one, since that is what was written for people, else its parts.
fn doses(resource: &Json, key: &str, summary: &mut Summary) {
    for dosage in read::select(resource, key) {
        let words = read::field(dosage, "text").map(|text| Value::Text(text.to_owned()));
        let told = words.is_some();
        let mut found: Vec<(Field, Value)> = words
            .into_iter()
            .map(|value| (Field::Dose, value))
            .collect();
        if !told {
            for rate in read::select(dosage, "doseAndRate") {
                found.extend(
                    choice(resource, rate, "dose")
                        .into_iter()
                        .map(|value| (Field::Dose, value)),
                );
                found.extend(
                    choice(resource, rate, "rate")
                        .into_iter()
                        .map(|value| (Field::Dose, value)),
                );
            }
            found.extend(
                dosage
                    .get("timing")
                    .and_then(frequency)
                    .map(|value| (Field::Frequency, value)),
            );
            found.extend(
                dosage
                    .get("route")
                    .and_then(read::concept)
                    .map(|value| (Field::Route, value)),
            );
            found.extend(
                choice(resource, dosage, "asNeeded")
                    .into_iter()
                    .filter_map(|value| match value {
                        Value::Text(words) => Some((Field::AsNeeded, Value::Text(words))),
                        Value::Boolean(true) => Some((Field::AsNeeded, Value::Boolean(true))),
                        _ => None,
                    }),
            );
        }
        found.extend(
            read::select(dosage, "additionalInstruction")
                .into_iter()
                .filter_map(read::concept)
                .map(|value| (Field::Instructions, value)),
        );
        found.extend(
            read::field(dosage, "patientInstruction")
                .map(|text| (Field::Instructions, Value::Text(text.to_owned()))),
        );
        for (field, value) in found {
            summary.words(field, value);
        }
    }
}

/// Questions and answers in the form's order, however deep they stand.
fn answers(resource: &Json, summary: &mut Summary) {
    let mut waiting: Vec<&Json> = read::select(resource, "item");
    waiting.reverse();
    while let Some(item) = waiting.pop() {
        let question = read::field(item, "text")
            .or_else(|| read::field(item, "linkId"))
            .unwrap_or_default();
        let mut below = read::select(item, "item");
        for answer in read::select(item, "answer") {
            for value in choice(resource, answer, "value") {
                let field = Field::Question(question.to_owned());
                match value {
                    Value::Text(words) if is_long(&words) => summary.text(field, &words),
                    // Two parts of a form may ask the same and get the same answer: both stay.
                    value => summary.facts.push(Fact { field, value }),
                }
            }
            if let Some(file) = answer.get("valueAttachment") {
                attachment::add(summary, file);
            }
            below.extend(read::select(answer, "item"));
        }
        waiting.extend(below.into_iter().rev());
    }
}
