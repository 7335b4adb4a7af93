//! Whose record a resource belongs to.

use super::directory;
use domain::fhir::reference::Target;
use domain::labeling::Examined;
use std::collections::BTreeMap;

/// What is known of whose a resource is.
pub(super) enum Owner {
    /// This patient's, by `Patient/id`.
    Patient(String),
    /// It names a patient who is not to be found.
    Missing,
    /// It names nobody.
    Unnamed,
    /// Not part of anybody's record.
    Nobody,
}

/// Who owns what of a file, as far as was read.
#[derive(Default)]
pub(super) struct Owners {
    /// `fullUrl` → `Type/id`.
    pub urls: BTreeMap<String, String>,
    /// Owned resources by `Type/id` and `fullUrl`; `None`: more than one patient claims it.
    owned: BTreeMap<String, Option<String>>,
    /// What owned resources refer to; `None`: those of more than one patient do.
    referred: BTreeMap<String, Option<String>>,
}

impl Owners {
    pub(super) fn arrived(&mut self, examined: &Examined) {
        if let Some(url) = &examined.full_url {
            self.urls.insert(url.clone(), examined.identity());
        }
    }

    /// Whose a resource is by the patient it names.
    pub(super) fn named(&self, examined: &Examined) -> Owner {
        match &examined.patient {
            Some(Target::Resource(identity)) if identity.starts_with("Patient/") => {
                Owner::Patient(identity.clone())
            }
            Some(Target::Url(url)) => match self.urls.get(url) {
                Some(identity) if identity.starts_with("Patient/") => {
                    Owner::Patient(identity.clone())
                }
                Some(_) => Owner::Nobody,
                None => Owner::Missing,
            },
            None if directory::is_directory(&examined.resource_type) => Owner::Nobody,
            Some(_) => Owner::Missing,
            None => Owner::Unnamed,
        }
    }

    /// Notes that a resource is this patient's.
    pub(super) fn settle(&mut self, examined: &Examined, patient: &str) {
        let claim = |map: &mut BTreeMap<String, Option<String>>, name: String| {
            map.entry(name)
                .and_modify(|owner| {
                    if owner.as_deref() != Some(patient) {
                        *owner = None;
                    }
                })
                .or_insert_with(|| Some(patient.to_owned()));
        };
        claim(&mut self.owned, examined.identity());
        if let Some(url) = &examined.full_url {
            claim(&mut self.owned, url.clone());
        }
        for target in examined.targets() {
            claim(&mut self.referred, target.as_str().to_owned());
        }
    }

    /// The one patient whose resources this one refers to, or is referred to by. What leads to two patients is nobody's
    /// to tell.
    pub(super) fn by_references(&self, examined: &Examined) -> Option<String> {
        let names = [Some(examined.identity()), examined.full_url.clone()];
        let from = names
            .into_iter()
            .flatten()
            .filter_map(|name| self.referred.get(&name));
        let to = examined
            .targets()
            .filter_map(|target| self.owned.get(target.as_str()));
        let mut found: Option<&String> = None;
        for owner in from.chain(to) {
            let owner = owner.as_ref()?;
            if found.is_some_and(|found| found != owner) {
                return None;
            }
            found = Some(owner);
        }
        found.cloned()
    }
}

/// Kinds of content that are always somebody's: without a patient they can't be kept, since only a patient's key may
/// seal them and only a patient's ledger may tell who saw them (FHIR R4, patient compartment).
const SOMEBODYS: [&str; 47] = [
    "AdverseEvent",
    "AllergyIntolerance",
    "Binary",
    "BodyStructure",
    "CarePlan",
    "CareTeam",
    "ChargeItem",
    "Claim",
    "ClaimResponse",
    "ClinicalImpression",
    "Communication",
    "CommunicationRequest",
    "Composition",
    "Condition",
    "Consent",
    "Coverage",
    "DetectedIssue",
    "DeviceRequest",
    "DeviceUseStatement",
    "DiagnosticReport",
    "DocumentManifest",
    "DocumentReference",
    "Encounter",
    "EpisodeOfCare",
    "ExplanationOfBenefit",
    "FamilyMemberHistory",
    "Flag",
    "Goal",
    "ImagingStudy",
    "Immunization",
    "ImmunizationRecommendation",
    "List",
    "Media",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "MolecularSequence",
    "NutritionOrder",
    "Observation",
    "Procedure",
    "QuestionnaireResponse",
    "RelatedPerson",
    "RiskAssessment",
    "ServiceRequest",
    "Specimen",
    "VisionPrescription",
];

/// Whether a resource of this type can't be without a patient.
pub(super) fn is_somebodys(resource_type: &str) -> bool {
    SOMEBODYS.binary_search(&resource_type).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{SOMEBODYS, directory, is_somebodys};

    #[test]
    fn the_list_is_sorted_and_no_directory() {
        assert!(SOMEBODYS.is_sorted());
        assert!(
            !SOMEBODYS
                .iter()
                .any(|resource_type| directory::is_directory(resource_type))
        );
        assert!(is_somebodys("Observation") && !is_somebodys("Organization"));
    }
}
