//! Identity details (POLICY §2, identity and gender segments), which stand in elements and extensions rather than codes.

use serde_json::{Map, Value};

use crate::label::Label;

/// The label that an element of a person's own demographics carries by what it is.
pub(crate) fn of_element(resource_type: &str, element: &str) -> Option<Label> {
    match (resource_type, element) {
        ("Patient", "gender") => Some(Label::LegalSex),
        ("Patient" | "RelatedPerson", "telecom" | "address" | "contact" | "photo") => {
            Some(Label::Contact)
        }
        _ => None,
    }
}

/// The label that an extension carries by what it is, by the last piece of its URL.
pub(crate) fn of_extension(url: &str) -> Option<Label> {
    let name = url.trim_end_matches('/').rsplit(['/', '#', ':']).next()?;
    match name {
        "us-core-birthsex"
        | "us-core-sex"
        | "birthsex"
        | "individual-recordedSexOrGender"
        | "patient-sexParameterForClinicalUse"
        | "patient-administrativeGender"
        | "recorded-sex-or-gender" => Some(Label::LegalSex),
        "us-core-genderIdentity"
        | "patient-genderIdentity"
        | "individual-genderIdentity"
        | "genderIdentity"
        | "individual-pronouns"
        | "pronouns" => Some(Label::GenderIdentity),
        "us-core-sexual-orientation"
        | "patient-sexualOrientation"
        | "sexual-orientation"
        | "sexualOrientation" => Some(Label::SexualOrientation),
        _ => None,
    }
}

/// Whether a name is one that the person prefers, beside an official one.
pub(crate) fn is_preferred_name(patient: &Map<String, Value>, name: &Value) -> bool {
    let usage = |name: &Value| name.get("use").and_then(Value::as_str).map(str::to_owned);
    match usage(name).as_deref() {
        Some("nickname") => true,
        Some("usual") => patient
            .get("name")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .any(|other| {
                usage(other)
                    .is_some_and(|other| matches!(other.as_str(), "official" | "old" | "maiden"))
            }),
        _ => false,
    }
}
