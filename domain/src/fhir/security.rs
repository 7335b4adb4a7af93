//! Labels as FHIR security labels (LAW G1, POLICY §2): writing them, and reading what others wrote.
//!
//! What is written reads back as the same set.

use serde_json::{Value, json};

use crate::label::{Confidentiality, Label, LabelSet};

/// HL7 v3 confidentiality.
pub const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
/// HL7 v3 act codes: sensitivities, laws, obligations.
pub const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
/// HL7 v3 act reasons: purposes of use.
pub const ACT_REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
/// The project's own segments, where HL7 has no code (CLI.md).
pub const SEGMENT: &str = "urn:confide:segment";

/// What a recipient must do (POLICY §4, obligations on the wire).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Obligation {
    /// No redisclosure without a consent (`NORDSCLCD`).
    NoRedisclosure,
    /// The labels stay on (`PERSISTLABEL`).
    PersistLabel,
}

impl Obligation {
    /// The HL7 v3-ActCode.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoRedisclosure => "NORDSCLCD",
            Self::PersistLabel => "PERSISTLABEL",
        }
    }

    /// Reads a code, retired ones too: `NORDSLCD` is `NORDSCLCD` (POLICY §2).
    pub fn of_code(code: &str) -> Option<Self> {
        match code {
            "NORDSCLCD" | "NORDSLCD" | "NOREDISCLOSURE" => Some(Self::NoRedisclosure),
            "PERSISTLABEL" => Some(Self::PersistLabel),
            _ => None,
        }
    }
}

/// What an incoming `meta.security` says.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Incoming {
    /// The labels that we have.
    pub labels: LabelSet,
    /// The confidentiality code, the strictest if there are several.
    pub confidentiality: Option<Confidentiality>,
    /// Whether a code stands there that may restrict and that we cannot read.
    pub unreadable: bool,
}

impl Incoming {
    /// Whether the sender restricted the resource without a reason we have a label for.
    pub fn is_restricted_unexplained(self) -> bool {
        let restricted = matches!(
            self.confidentiality,
            Some(Confidentiality::R | Confidentiality::V)
        );
        restricted && self.labels.is_ordinary()
    }
}

/// The HL7 v3-ActCodes that a label is written with, and whether they say all of it.
///
/// Where they say less, the project's own code stands beside them.
const fn written(label: Label) -> (&'static [&'static str], bool) {
    match label {
        Label::General => (&[], true),
        Label::Identity => (&["DEMO"], true),
        Label::LegalSex | Label::PreferredName | Label::Contact => (&["DEMO"], false),
        Label::SubstanceUse => (&["SUD"], true),
        Label::Alcohol => (&["ETHUD"], true),
        Label::Opioids => (&["OPIOIDUD"], true),
        Label::OtherDrugs | Label::SudCounselingNote => (&["SUD"], false),
        Label::MentalHealth => (&["PSY"], true),
        Label::Personality => (&["PSY"], false),
        Label::Hiv => (&["HIV"], true),
        Label::SexualReproductive => (&["SEX"], true),
        Label::Contraception | Label::Abortion => (&["SEX"], false),
        Label::Sti => (&["STD"], true),
        Label::Pregnancy => (&["PREGNANT"], true),
        Label::GenderOrientation => (&["GENDER"], true),
        Label::GenderIdentity | Label::SexualOrientation => (&["GENDER"], false),
        Label::Violence => (&["SDV", "VIO"], true),
        Label::Genetics => (&["GDIS"], true),
        Label::Part2 => (&["42CFRPart2"], true),
        Label::PsychotherapyNote => (&["PSYTHPN"], true),
        Label::MinorConsented | Label::Unclassified => (&[], false),
        Label::PatientRequested => (&["PRS"], true),
    }
}

/// The label that an HL7 v3-ActCode means, synonyms and retired codes included (POLICY §2).
pub fn label_of_act_code(code: &str) -> Option<Label> {
    Some(match code {
        "DEMO" => Label::Identity,
        "SUD" | "ETH" => Label::SubstanceUse,
        "ETHUD" => Label::Alcohol,
        "OPIOIDUD" => Label::Opioids,
        "PSY" | "MH" | "BH" => Label::MentalHealth,
        "PSYTHPN" | "HIPAAPsyNotes" => Label::PsychotherapyNote,
        "HIV" => Label::Hiv,
        "SEX" => Label::SexualReproductive,
        "STD" => Label::Sti,
        "PREGNANT" => Label::Pregnancy,
        "GENDER" => Label::GenderOrientation,
        "SDV" | "VIO" => Label::Violence,
        "GDIS" | "SICKLE" => Label::Genetics,
        "PRS" => Label::PatientRequested,
        _ if code.eq_ignore_ascii_case("42CFRPart2") => Label::Part2,
        _ => return None,
    })
}

/// v3-ActCodes that stand in `meta.security` and restrict nothing by themselves: obligations, refrain policies and
/// handling notes, which we obey for everything labelled.
const HANDLING: [&str; 36] = [
    "AUDTR",
    "CPLYCC",
    "CPLYCD",
    "CPLYCUI",
    "CPLYJPP",
    "CPLYJSP",
    "CPLYOPP",
    "CPLYOSP",
    "CPLYPOL",
    "DEID",
    "DELAU",
    "ENCRYPT",
    "ENCRYPTR",
    "ENCRYPTT",
    "ENCRYPTU",
    "HUAPRV",
    "LABEL",
    "MASK",
    "MINEC",
    "NOAUTH",
    "NOCOLLECT",
    "NODSCLCD",
    "NODSCLCDS",
    "NOINTEGRATE",
    "NOLIST",
    "NOMOU",
    "NOORGPOL",
    "NOPAT",
    "NOPERSISTP",
    "NORDSCLCDS",
    "NORDSCLW",
    "NORELINK",
    "NOREUSE",
    "NOVIP",
    "PRIVMARK",
    "PSEUD",
];

/// The security codings of a label set, with these obligations: exactly one v3-Confidentiality first (LAW G1).
pub fn security(labels: LabelSet, obligations: &[Obligation]) -> Vec<Value> {
    let mut codings = vec![coding(CONFIDENTIALITY, labels.confidentiality().code())];
    let mut codes: Vec<&str> = Vec::new();
    for label in labels.iter() {
        for code in written(label).0 {
            if !codes.contains(code) {
                codes.push(code);
            }
        }
    }
    codings.extend(codes.iter().map(|code| coding(ACT_CODE, code)));
    codings.extend(
        labels
            .iter()
            .filter(|label| needs_own_code(*label, labels))
            .map(|label| coding(SEGMENT, label.name())),
    );
    for obligation in obligations {
        let obligation = coding(ACT_CODE, obligation.code());
        if !codings.contains(&obligation) {
            codings.push(obligation);
        }
    }
    codings
}

/// Whether the HL7 codes leave open that this label is meant: they say less than it, or another label of the set
/// brings the same code along, so that a reader could not tell.
fn needs_own_code(label: Label, labels: LabelSet) -> bool {
    let (codes, exact) = written(label);
    if label == Label::General {
        return false;
    }
    !exact
        || labels.iter().any(|other| {
            let (others, other_exact) = written(other);
            other != label && !other_exact && codes.iter().any(|code| others.contains(code))
        })
}

fn coding(system: &str, code: &str) -> Value {
    json!({ "system": system, "code": code })
}

/// Reads the codings of a `meta.security` (or of an element-level security label).
///
/// A parent that HL7 has and that only accompanies a child of ours counts as the child. What may restrict and cannot
/// be read is said so, never dropped.
pub fn read<'a>(codings: impl IntoIterator<Item = &'a Value>) -> Incoming {
    let mut incoming = Incoming::default();
    let mut act_codes: Vec<&str> = Vec::new();
    let mut companions: Vec<&str> = Vec::new();
    for coding in codings {
        let system = coding
            .get("system")
            .and_then(Value::as_str)
            .unwrap_or("")
            .trim_end_matches('/');
        let Some(code) = coding.get("code").and_then(Value::as_str).map(str::trim) else {
            incoming.unreadable = true;
            continue;
        };
        if is_system(system, "v3-Confidentiality", "2.16.840.1.113883.5.25") {
            incoming.read_confidentiality(code);
        } else if is_system(system, "v3-ActCode", "2.16.840.1.113883.5.4") {
            act_codes.push(code);
        } else if system == SEGMENT {
            if let Some(label) = Label::from_name(code) {
                incoming.labels = incoming.labels.with(label);
                let (codes, exact) = written(label);
                if !exact {
                    companions.extend(codes);
                }
            } else {
                incoming.unreadable = true;
            }
        } else if !is_system(system, "v3-ActReason", "2.16.840.1.113883.5.8")
            && !is_system(system, "v3-ObservationValue", "2.16.840.1.113883.5.1063")
        {
            incoming.unreadable = true;
        }
    }
    for code in act_codes {
        if let Some(label) = label_of_act_code(code) {
            if !companions.contains(&code) {
                incoming.labels = incoming.labels.with(label);
            }
        } else if Obligation::of_code(code).is_none() && !HANDLING.contains(&code) {
            incoming.unreadable = true;
        }
    }
    incoming
}

impl Incoming {
    fn read_confidentiality(&mut self, code: &str) {
        let read = match code {
            "U" | "L" | "M" | "N" => Confidentiality::N,
            "R" => Confidentiality::R,
            "V" => Confidentiality::V,
            _ => {
                self.unreadable = true;
                return;
            }
        };
        self.confidentiality = self.confidentiality.max(Some(read));
    }
}

/// Whether a system is that HL7 v3 code system, by its present or former URL or its OID.
fn is_system(system: &str, name: &str, oid: &str) -> bool {
    let Some(rest) = system
        .strip_prefix("http://terminology.hl7.org/CodeSystem/")
        .or_else(|| system.strip_prefix("https://terminology.hl7.org/CodeSystem/"))
        .or_else(|| system.strip_prefix("http://hl7.org/fhir/"))
    else {
        return system.strip_prefix("urn:oid:").unwrap_or(system) == oid;
    };
    // The former URLs end in `v3/ActCode`.
    rest == name
        || rest
            .strip_prefix("v3/")
            .is_some_and(|rest| name.strip_prefix("v3-") == Some(rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::ALL;

    fn round_trip(labels: LabelSet) -> Incoming {
        read(&security(
            labels,
            &[Obligation::NoRedisclosure, Obligation::PersistLabel],
        ))
    }

    #[test]
    fn what_is_written_reads_back() {
        for first in ALL {
            for second in ALL {
                for third in ALL {
                    let labels = LabelSet::of([first, second, third]).without(Label::General);
                    let read = round_trip(labels);
                    assert!(
                        read.labels == labels,
                        "{} {} {}",
                        first.name(),
                        second.name(),
                        third.name()
                    );
                    assert!(!read.unreadable);
                    assert_eq!(read.confidentiality, Some(labels.confidentiality()));
                }
            }
        }
    }

    #[test]
    fn exactly_one_confidentiality() {
        for label in ALL {
            let codings = security(LabelSet::of([label]), &[]);
            let count = codings
                .iter()
                .filter(|coding| coding["system"] == CONFIDENTIALITY)
                .count();
            assert_eq!(count, 1);
        }
    }

    #[test]
    fn synonyms_and_retired_codes_are_read() {
        let incoming = read(&[
            coding(ACT_CODE, "BH"),
            coding(ACT_CODE, "ETH"),
            coding("http://hl7.org/fhir/v3/ActCode", "NORDSLCD"),
            coding(CONFIDENTIALITY, "R"),
        ]);
        assert!(incoming.labels == LabelSet::of([Label::MentalHealth, Label::SubstanceUse]));
        assert!(!incoming.unreadable && !incoming.is_restricted_unexplained());
    }

    #[test]
    fn what_cannot_be_read_is_said_so() {
        assert!(read(&[coding(ACT_CODE, "TBOO")]).unreadable);
        assert!(read(&[coding("urn:elsewhere", "X")]).unreadable);
        assert!(read(&[coding(CONFIDENTIALITY, "V")]).is_restricted_unexplained());
    }
}
