//! The labelled FHIR R4 Bundle (LAW G1).

use crate::chart::RestsOn;
use domain::clock::Instant;
use domain::decide::{Obligation, Permit};
use domain::fhir::security;
use domain::label::LabelSet;
use domain::notice;
use serde_json::{Value, json};
use store::{Released, Shown};

/// The labels and obligations that go onto one resource.
#[derive(Clone)]
pub(super) struct Marks {
    labels: LabelSet,
    obligations: Vec<security::Obligation>,
}

impl Marks {
    /// Those of a permit: only what is permitted of the item counts.
    pub(super) fn of(permit: &Permit) -> Self {
        let mut obligations = Vec::new();
        if permit.obligations().has(Obligation::NoRedisclosure) {
            obligations.push(security::Obligation::NoRedisclosure);
        }
        if permit.obligations().has(Obligation::PersistLabel) {
            obligations.push(security::Obligation::PersistLabel);
        }
        Self {
            labels: permit.labels(),
            obligations,
        }
    }
}

/// A collection Bundle of what was released, each resource with its labels, the Bundle with the join of all.
pub(super) fn bundle(
    opened: &[Released<Shown>],
    marks: &[Marks],
    now: Instant,
    notice: bool,
    rests_on: &[RestsOn],
) -> Vec<u8> {
    let mut all = LabelSet::EMPTY;
    let mut obligations: Vec<security::Obligation> = Vec::new();
    let mut entries = Vec::new();
    if notice {
        entries.push(json!({ "resource": notice_document(now, rests_on) }));
    }
    for (shown, marks) in opened.iter().zip(marks) {
        let Shown::Open { resource, .. } = &**shown else {
            continue;
        };
        all = all.join(marks.labels);
        for obligation in &marks.obligations {
            if !obligations.contains(obligation) {
                obligations.push(*obligation);
            }
        }
        let mut resource = resource.clone();
        if let Some(object) = resource.as_object_mut() {
            object.insert(
                "meta".to_owned(),
                json!({ "security": security::security(marks.labels, &marks.obligations) }),
            );
        }
        let mut entry = json!({});
        if let Some(url) = full_url(&resource) {
            entry["fullUrl"] = Value::String(url);
        }
        entry["resource"] = resource;
        entries.push(entry);
    }
    let bundle = json!({
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        "meta": { "security": security::security(all, &obligations) },
        "entry": entries,
    });
    serde_json::to_vec_pretty(&bundle).unwrap_or_default()
}

/// The address by which other entries refer to a resource, in either of the two forms that bundles use.
fn full_url(resource: &Value) -> Option<String> {
    let kind = resource.get("resourceType")?.as_str()?;
    let id = resource.get("id")?.as_str()?;
    Some(if uuid::Uuid::try_parse(id).is_ok() {
        format!("urn:uuid:{id}")
    } else {
        format!("http://confide.invalid/fhir/{kind}/{id}")
    })
}

/// The notice of 42 CFR 2.32 and the scope of the consents, as a document beside the records (LAW B1).
fn notice_document(now: Instant, rests_on: &[RestsOn]) -> Value {
    let mut text = notice::N1.join("\n");
    for consent in rests_on {
        text.push_str("\n\n");
        text.push_str(&scope(consent));
    }
    json!({
        "resourceType": "DocumentReference",
        "id": "notice",
        "status": "current",
        "date": now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        "description": "Notice to accompany disclosure, 42 CFR 2.32, and the scope of the consent",
        "content": [{
            "attachment": {
                "contentType": "text/plain; charset=utf-8",
                "data": data_encoding::BASE64.encode(text.as_bytes()),
            }
        }],
    })
}

/// What a consent's scope is, in one line for a recipient.
pub(super) fn scope(consent: &RestsOn) -> String {
    let purposes: Vec<&str> = consent
        .purposes
        .iter()
        .map(|purpose| purpose.name())
        .collect();
    let labels: Vec<&str> = consent
        .labels
        .iter()
        .map(domain::label::Label::name)
        .collect();
    format!(
        "Consent {}, signed {}. For: {}. Covers of what is disclosed here: {}.",
        consent.consent,
        consent.signed.date_naive(),
        purposes.join(", "),
        labels.join(", "),
    )
}
