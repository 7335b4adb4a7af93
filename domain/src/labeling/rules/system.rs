//! Code systems by the names they go by: FHIR URIs, OIDs, and the URLs that US payers use.

use std::borrow::Cow;

/// A code system that the rule tables know.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum System {
    /// ICD-10-CM, diagnoses.
    Icd10Cm,
    /// ICD-9-CM, diagnoses (volumes 1 and 2).
    Icd9Cm,
    /// ICD-10-PCS, inpatient procedures.
    Icd10Pcs,
    /// ICD-9-CM, procedures (volume 3).
    Icd9Procedures,
    /// SNOMED CT, any edition.
    SnomedCt,
    /// RxNorm.
    RxNorm,
    /// LOINC.
    Loinc,
    /// HCPCS level II.
    Hcpcs,
    /// CPT, which is HCPCS level I.
    Cpt,
    /// Medicare severity diagnosis related groups.
    MsDrg,
    /// CVX, vaccines.
    Cvx,
    /// National drug codes, as eleven digits.
    Ndc,
    /// NUBC revenue codes of institutional claims.
    Revenue,
    /// NUCC provider taxonomy.
    Taxonomy,
    /// CDT, dental procedures: no rule, ordinary.
    Cdt,
    /// HL7 and other systems that describe the form of a record. Codes that tell something protected stand in `hl7.csv`.
    Structural,
}

/// Names of the clinical systems, without scheme and trailing slash, in lower case.
const NAMES: &[(&str, System)] = &[
    ("hl7.org/fhir/sid/icd-10-cm", System::Icd10Cm),
    ("hl7.org/fhir/sid/icd-10", System::Icd10Cm),
    ("www.cms.gov/medicare/coding/icd-10-cm", System::Icd10Cm),
    ("2.16.840.1.113883.6.90", System::Icd10Cm),
    ("2.16.840.1.113883.6.3", System::Icd10Cm),
    ("hl7.org/fhir/sid/icd-9-cm", System::Icd9Cm),
    ("hl7.org/fhir/sid/icd-9-cm/diagnosis", System::Icd9Cm),
    ("hl7.org/fhir/sid/icd-9", System::Icd9Cm),
    ("terminology.hl7.org/codesystem/icd9", System::Icd9Cm),
    ("terminology.hl7.org/codesystem/icd9cm", System::Icd9Cm),
    ("2.16.840.1.113883.6.103", System::Icd9Cm),
    ("2.16.840.1.113883.6.42", System::Icd9Cm),
    ("2.16.840.1.113883.6.2", System::Icd9Cm),
    ("www.cms.gov/medicare/coding/icd10", System::Icd10Pcs),
    ("hl7.org/fhir/sid/icd-10-pcs", System::Icd10Pcs),
    ("2.16.840.1.113883.6.4", System::Icd10Pcs),
    ("www.cms.gov/medicare/coding/icd9", System::Icd9Procedures),
    (
        "hl7.org/fhir/sid/icd-9-cm/procedure",
        System::Icd9Procedures,
    ),
    ("2.16.840.1.113883.6.104", System::Icd9Procedures),
    ("snomed.info/sct", System::SnomedCt),
    ("2.16.840.1.113883.6.96", System::SnomedCt),
    ("www.nlm.nih.gov/research/umls/rxnorm", System::RxNorm),
    ("2.16.840.1.113883.6.88", System::RxNorm),
    ("loinc.org", System::Loinc),
    ("2.16.840.1.113883.6.1", System::Loinc),
    (
        "www.cms.gov/medicare/coding/hcpcsreleasecodesets",
        System::Hcpcs,
    ),
    ("www.cms.gov/medicare/coding/medhcpcsgeninfo", System::Hcpcs),
    ("terminology.hl7.org/codesystem/hcpcs", System::Hcpcs),
    (
        "terminology.hl7.org/codesystem/hcpcs-level-ii",
        System::Hcpcs,
    ),
    ("hl7.org/fhir/sid/hcpcs", System::Hcpcs),
    (
        "bluebutton.cms.gov/resources/codesystem/hcpcs",
        System::Hcpcs,
    ),
    (
        "bluebutton.cms.gov/resources/variables/hcpcs_cd",
        System::Hcpcs,
    ),
    ("2.16.840.1.113883.6.285", System::Hcpcs),
    ("2.16.840.1.113883.6.14", System::Hcpcs),
    ("www.ama-assn.org/go/cpt", System::Cpt),
    ("2.16.840.1.113883.6.12", System::Cpt),
    (
        "www.cms.gov/medicare/medicare-fee-for-service-payment/acuteinpatientpps/ms-drg-classifications-and-software",
        System::MsDrg,
    ),
    (
        "bluebutton.cms.gov/resources/variables/clm_drg_cd",
        System::MsDrg,
    ),
    ("terminology.hl7.org/codesystem/msdrg", System::MsDrg),
    ("2.16.840.1.113883.6.301", System::MsDrg),
    ("hl7.org/fhir/sid/cvx", System::Cvx),
    (
        "www2a.cdc.gov/vaccines/iis/iisstandards/vaccines.asp?rpt=cvx",
        System::Cvx,
    ),
    ("2.16.840.1.113883.12.292", System::Cvx),
    ("2.16.840.1.113883.6.59", System::Cvx),
    ("hl7.org/fhir/sid/ndc", System::Ndc),
    ("2.16.840.1.113883.6.69", System::Ndc),
    ("www.nubc.org/codesystem/revenuecodes", System::Revenue),
    (
        "bluebutton.cms.gov/resources/variables/clm_rev_cntr_cd",
        System::Revenue,
    ),
    (
        "bluebutton.cms.gov/resources/variables/rev_cntr",
        System::Revenue,
    ),
    ("2.16.840.1.113883.6.301.3", System::Revenue),
    ("nucc.org/provider-taxonomy", System::Taxonomy),
    ("www.nucc.org/provider-taxonomy", System::Taxonomy),
    ("2.16.840.1.113883.6.101", System::Taxonomy),
    ("www.ada.org/cdt", System::Cdt),
    ("ada.org/cdt", System::Cdt),
    ("terminology.hl7.org/codesystem/cdt", System::Cdt),
    ("ada.org/snodent", System::Cdt),
    ("2.16.840.1.113883.6.13", System::Cdt),
    // UCUM; CDC race and ethnicity.
    ("2.16.840.1.113883.6.8", System::Structural),
    ("2.16.840.1.113883.6.238", System::Structural),
];

/// Beginnings of the names of systems that describe the form of a record.
const STRUCTURAL: &[&str] = &[
    "terminology.hl7.org/",
    "hl7.org/fhir/",
    "hl7.org/fhir",
    "www.hl7.org/fhir/",
    "unitsofmeasure.org",
    "2.16.840.1.113883.5.",     // HL7 v3
    "2.16.840.1.113883.12.",    // HL7 v2
    "2.16.840.1.113883.4.642.", // FHIR
    "dicom.nema.org/resources/ontology/dcm",
    "1.2.840.10008.2.16.4", // DICOM
    "ihe.net/fhir/",
    "profiles.ihe.net/",
    "urn:ihe:",
    "urn:iso:",
    "urn:ietf:bcp:",
    "urn:ietf:rfc:",
    "www.nubc.org/",
    "bluebutton.cms.gov/resources/",
    "www.usps.com/",
    "smarthealthit.org/tags",
    "www.cms.gov/medicare/coding/place-of-service-codes",
    "www.whocc.no/atc",
    "nahdo.org/sopt",
    "urn:confide:segment",
];

impl System {
    /// The system of that URI, OID or `urn:oid:`, whatever its scheme, case or trailing slash.
    pub fn of_uri(uri: &str) -> Option<Self> {
        // The names nearly every record uses, before anything is copied.
        match uri {
            "http://snomed.info/sct" => return Some(Self::SnomedCt),
            "http://loinc.org" => return Some(Self::Loinc),
            "http://www.nlm.nih.gov/research/umls/rxnorm" => return Some(Self::RxNorm),
            "http://hl7.org/fhir/sid/icd-10-cm" => return Some(Self::Icd10Cm),
            "http://unitsofmeasure.org" => return Some(Self::Structural),
            _ => {}
        }
        let uri = uri.trim();
        let lower: Cow<'_, str> = if uri.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(uri.to_ascii_lowercase())
        } else {
            Cow::Borrowed(uri)
        };
        let name = ["http://", "https://", "urn:oid:", "oid:"]
            .iter()
            .find_map(|scheme| lower.strip_prefix(scheme))
            .unwrap_or(&lower);
        // A version may follow the name of a system.
        let name = name.split('|').next().unwrap_or(name).trim_end_matches('/');
        // SNOMED CT names editions and versions below its own name.
        if name.starts_with("snomed.info/sct/") {
            return Some(Self::SnomedCt);
        }
        if let Some((_, system)) = NAMES.iter().find(|(known, _)| *known == name) {
            return Some(*system);
        }
        // ICD-10 of other countries and other things under `sid` are not of our tables.
        if name.starts_with("hl7.org/fhir/sid/") && !name.starts_with("hl7.org/fhir/sid/us-") {
            return None;
        }
        STRUCTURAL
            .iter()
            .any(|head| name.starts_with(head))
            .then_some(Self::Structural)
    }

    /// The system that truly owns the code: HCPCS level I, five digits, is CPT.
    pub(super) fn of_code(self, code: &str) -> Self {
        let code = code.trim();
        if self == Self::Hcpcs
            && code.len() == 5
            && code.bytes().take(4).all(|byte| byte.is_ascii_digit())
        {
            Self::Cpt
        } else {
            self
        }
    }

    /// Whether a row for a code names what begins with it as well.
    pub(super) const fn is_hierarchical(self) -> bool {
        matches!(
            self,
            Self::Icd10Cm
                | Self::Icd9Cm
                | Self::Icd10Pcs
                | Self::Icd9Procedures
                | Self::Ndc
                | Self::Revenue
                | Self::Taxonomy
        )
    }

    /// Whether the tables are meant to be complete enough for "no row names it" to mean "ordinary". Drug package
    /// codes are too many to list, so an unlisted one vouches for nothing.
    pub(super) const fn is_covered(self) -> bool {
        !matches!(self, Self::Ndc)
    }

    /// The code in the form of the tables: no surrounding space, upper case, and no dot where dots are optional.
    pub(super) fn normalise(self, code: &str) -> Cow<'_, str> {
        let code = code.trim();
        match self {
            Self::Icd10Cm | Self::Icd9Cm | Self::Icd10Pcs | Self::Icd9Procedures => {
                without(code, '.')
            }
            Self::Ndc => package(code),
            Self::MsDrg => Cow::Borrowed(code.trim_start_matches('0')),
            Self::Revenue => Cow::Owned(format!("{code:0>4}")),
            // A CPT code may carry a modifier: 99408-25.
            Self::Cpt | Self::Hcpcs => upper(code.split(['-', ':', ' ']).next().unwrap_or(code)),
            // UCUM and FHIR codes differ by case.
            Self::Structural => Cow::Borrowed(code),
            _ => upper(code),
        }
    }
}

fn upper(code: &str) -> Cow<'_, str> {
    if code.bytes().any(|byte| byte.is_ascii_lowercase()) {
        Cow::Owned(code.to_ascii_uppercase())
    } else {
        Cow::Borrowed(code)
    }
}

fn without(code: &str, dot: char) -> Cow<'_, str> {
    if code.contains(dot) {
        let mut rest = code.replace(dot, "");
        rest.make_ascii_uppercase();
        Cow::Owned(rest)
    } else {
        upper(code)
    }
}

/// A drug package code as eleven digits (5-4-2); the written hyphens tell which group was shortened.
fn package(code: &str) -> Cow<'_, str> {
    let mut groups = code.split('-');
    match (groups.next(), groups.next(), groups.next(), groups.next()) {
        (Some(labeler), Some(product), rest, None) => {
            let package = rest
                .map(|package| format!("{package:0>2}"))
                .unwrap_or_default();
            Cow::Owned(format!("{labeler:0>5}{product:0>4}{package}"))
        }
        _ => Cow::Borrowed(code),
    }
}
