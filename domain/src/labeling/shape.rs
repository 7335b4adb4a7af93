//! Faults of form: JSON that FHIR does not allow where we read it, found before anything is labelled.

use serde_json::{Map, Value};

use super::Fault;
use crate::fhir::reference;

/// Elements that hold a list of objects in every resource that has them.
const LISTS: [&str; 13] = [
    "extension",
    "modifierExtension",
    "contained",
    "coding",
    "note",
    "reasonCode",
    "reasonReference",
    "component",
    "dosageInstruction",
    "hasMember",
    "derivedFrom",
    "addresses",
    "presentedForm",
];

/// Elements that hold one object in every resource that has them.
const OBJECTS: [&str; 14] = [
    "subject",
    "encounter",
    "medicationCodeableConcept",
    "medicationReference",
    "vaccineCode",
    "valueCodeableConcept",
    "valueQuantity",
    "clinicalStatus",
    "verificationStatus",
    "productOrService",
    "serviceProvider",
    "custodian",
    "recorder",
    "requester",
];

/// Elements that hold text wherever they stand.
const TEXTS: [&str; 16] = [
    "display",
    "reference",
    "system",
    "effectiveDateTime",
    "onsetDateTime",
    "recordedDate",
    "authoredOn",
    "birthDate",
    "valueString",
    "valueCode",
    "conclusion",
    "status",
    "url",
    "contentType",
    "data",
    "div",
];

/// Of those, names that some resource gives to a structure as well: `CarePlan.activity.reference`,
/// `Claim.related.reference`, `Consent.provision.data`, `SubstanceSpecification.status`.
const MAY_BE_OBJECTS: [&str; 3] = ["reference", "data", "status"];

/// Resource types in which an element of this name has another form.
fn is_exempt(resource_type: &str, key: &str) -> bool {
    match resource_type {
        "PlanDefinition" | "ActivityDefinition" | "RiskAssessment" | "Media" | "Task"
        | "Parameters" => true,
        "Coverage" | "SupplyDelivery" | "GuidanceResponse" | "Consent" | "List" => {
            matches!(key, "reasonCode" | "reasonReference" | "note")
        }
        _ => false,
    }
}

/// Checks the form of a resource.
///
/// # Errors
/// The first element of the wrong JSON type, with its path.
pub(super) fn check(resource: &Map<String, Value>) -> Result<(), Fault> {
    let resource_type = match resource.get("resourceType") {
        Some(Value::String(name))
            if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            name.as_str()
        }
        Some(_) => {
            return Err(Fault::new(
                "resourceType",
                "must be the name of a resource type",
            ));
        }
        None => return Err(Fault::new("resourceType", "is missing")),
    };
    match resource.get("id") {
        None => {}
        Some(Value::String(id)) if reference::is_id(id) => {}
        Some(_) => {
            return Err(Fault::new(
                "id",
                "must be a text of letters, digits, hyphens and dots",
            ));
        }
    }
    if let Some(meta) = resource.get("meta") {
        let Some(meta) = meta.as_object() else {
            return Err(Fault::new("meta", "must be an object"));
        };
        match meta.get("security") {
            None => {}
            Some(Value::Array(list)) if list.iter().all(Value::is_object) => {}
            Some(_) => return Err(Fault::new("meta.security", "must be a list of codings")),
        }
    }
    let mut path = String::new();
    object(resource_type, resource, &mut path)
}

fn object(resource_type: &str, map: &Map<String, Value>, path: &mut String) -> Result<(), Fault> {
    for (key, value) in map {
        let length = path.len();
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
        element(resource_type, key, value, path)?;
        path.truncate(length);
    }
    Ok(())
}

fn element(resource_type: &str, key: &str, value: &Value, path: &mut String) -> Result<(), Fault> {
    match value {
        Value::Null => return Err(Fault::new(path, "must not be null")),
        Value::Object(map) => {
            if TEXTS.contains(&key) && !MAY_BE_OBJECTS.contains(&key) {
                return Err(Fault::new(path, "must be a text"));
            }
            if LISTS.contains(&key) && !is_exempt(resource_type, key) {
                return Err(Fault::new(path, "must be a list"));
            }
            object(resource_type, map, path)?;
        }
        Value::Array(list) => {
            if (TEXTS.contains(&key) && key != "data")
                || (OBJECTS.contains(&key) && path == key && !is_exempt(resource_type, key))
            {
                return Err(Fault::new(path, "must not be a list"));
            }
            // Lists of primitives may hold null where a neighbour under `_key` says more.
            let objects = list.iter().any(Value::is_object)
                || (LISTS.contains(&key) && !is_exempt(resource_type, key));
            for (index, item) in list.iter().enumerate() {
                let length = path.len();
                path.push('[');
                path.push_str(&index.to_string());
                path.push(']');
                match item {
                    Value::Object(map) => object(resource_type, map, path)?,
                    _ if objects => return Err(Fault::new(path, "must be an object")),
                    Value::Array(_) => {
                        return Err(Fault::new(path, "must not be a list in a list"));
                    }
                    _ => {}
                }
                path.truncate(length);
            }
        }
        Value::String(_) => {
            if (LISTS.contains(&key) || OBJECTS.contains(&key)) && !is_exempt(resource_type, key) {
                return Err(Fault::new(path, "must not be a text"));
            }
        }
        Value::Bool(_) | Value::Number(_) => {
            if TEXTS.contains(&key) || LISTS.contains(&key) || OBJECTS.contains(&key) {
                return Err(Fault::new(path, "must not be a number or a truth value"));
            }
        }
    }
    Ok(())
}
