//! Purposes of use as HL7 v3-ActReason arranges them (LAW G1): a purpose includes those below it.

use crate::purpose::Purpose;

/// A purpose of use: a code of v3-ActReason below `PurposeOfUse`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ActReason(&'static str);

/// The root of all purposes: abstract, nobody uses anything for it.
const ROOT: &str = "PurposeOfUse";

/// Every purpose with the one above it (HL7 Terminology, v3-ActReason 4.0.0).
///
/// Care management (CAREMGT) stands under operations there, and coordination of care (COC) under treatment.
const PURPOSES: [(&str, &str); 63] = [
    ("HMARKT", ROOT),
    ("HOPERAT", ROOT),
    ("CAREMGT", "HOPERAT"),
    ("DONAT", "HOPERAT"),
    ("FRAUD", "HOPERAT"),
    ("GOV", "HOPERAT"),
    ("HACCRED", "HOPERAT"),
    ("HCOMPL", "HOPERAT"),
    ("HDECD", "HOPERAT"),
    ("HDIRECT", "HOPERAT"),
    ("HDM", "HOPERAT"),
    ("HLEGAL", "HOPERAT"),
    ("HOUTCOMS", "HOPERAT"),
    ("HPRGRP", "HOPERAT"),
    ("HQUALIMP", "HOPERAT"),
    ("HSYSADMIN", "HOPERAT"),
    ("LABELING", "HSYSADMIN"),
    ("METAMGT", "HSYSADMIN"),
    ("MEMADMIN", "HOPERAT"),
    ("MILCDM", "HOPERAT"),
    ("MLTRAINING", "HOPERAT"),
    ("PATADMIN", "HOPERAT"),
    ("PATSFTY", "HOPERAT"),
    ("PERFMSR", "HOPERAT"),
    ("RECORDMGT", "HOPERAT"),
    ("SYSDEV", "HOPERAT"),
    ("HTEST", "SYSDEV"),
    ("TRAIN", "HOPERAT"),
    ("HPAYMT", ROOT),
    ("CLMATTCH", "HPAYMT"),
    ("COVAUTH", "HPAYMT"),
    ("COVERAGE", "HPAYMT"),
    ("ELIGDTRM", "COVERAGE"),
    ("ELIGVER", "COVERAGE"),
    ("ENROLLM", "COVERAGE"),
    ("MILDCRG", "COVERAGE"),
    ("PMTDS", "HPAYMT"),
    ("REMITADV", "HPAYMT"),
    ("HRESCH", ROOT),
    ("BIORCH", "HRESCH"),
    ("CLINTRCH", "HRESCH"),
    ("CLINTRCHNPC", "CLINTRCH"),
    ("CLINTRCHPC", "CLINTRCH"),
    ("PRECLINTRCH", "CLINTRCH"),
    ("DSRCH", "HRESCH"),
    ("POARCH", "HRESCH"),
    ("TRANSRCH", "HRESCH"),
    ("PATRQT", ROOT),
    ("FAMRQT", "PATRQT"),
    ("PWATRNY", "PATRQT"),
    ("SUPNWK", "PATRQT"),
    ("PUBHLTH", ROOT),
    ("DISASTER", "PUBHLTH"),
    ("THREAT", "PUBHLTH"),
    ("TREAT", ROOT),
    ("CLINTRL", "TREAT"),
    ("COC", "TREAT"),
    ("ETREAT", "TREAT"),
    ("BTG", "ETREAT"),
    ("ERTREAT", "ETREAT"),
    ("POPHLTH", "TREAT"),
    ("TREATDS", "TREAT"),
    (ROOT, ""),
];

impl ActReason {
    /// Research of any kind.
    pub const RESEARCH: Self = Self("HRESCH");
    /// Emergency treatment of any kind.
    pub const EMERGENCY: Self = Self("ETREAT");
    /// Legal proceedings: on a consent of their own (LAW A10).
    pub const LEGAL: Self = Self("HLEGAL");

    /// The purpose of that code, `PurposeOfUse` itself among them; `None` when there is none.
    pub fn of_code(code: &str) -> Option<Self> {
        PURPOSES
            .iter()
            .find(|(known, _)| *known == code)
            .map(|(known, _)| Self(known))
    }

    /// The code.
    pub const fn code(self) -> &'static str {
        self.0
    }

    /// Whether it is abstract: a class of purposes that nothing is used for.
    pub fn is_abstract(self) -> bool {
        self.0 == ROOT
    }

    /// Whether it is that purpose or stands below it.
    pub fn is_a(self, other: Self) -> bool {
        self.lineage().any(|above| above == other)
    }

    /// Whether one of the two includes the other, or may: HL7 moved care management between treatment and operations.
    pub(crate) fn may_be_a(self, other: Self) -> bool {
        self.is_a(other)
            || (self.0 == "CAREMGT" && other.0 == "TREAT")
            || (self.0 == "COC" && other.0 == "CAREMGT")
    }

    /// Itself and those above it, the nearest first.
    fn lineage(self) -> impl Iterator<Item = Self> {
        core::iter::successors(Some(self), |at| {
            let (_, above) = PURPOSES.iter().find(|(known, _)| *known == at.0)?;
            Self::of_code(above)
        })
        // No lineage is longer; a slip in the table must not become a loop.
        .take(8)
    }

    /// The purpose of ours that it belongs to.
    pub fn purpose(self) -> Purpose {
        self.lineage()
            .find_map(|at| {
                Some(match at.0 {
                    "TREAT" => Purpose::Treatment,
                    "ETREAT" => Purpose::Emergency,
                    "CAREMGT" | "COC" => Purpose::CareCoordination,
                    "HPAYMT" => Purpose::Payment,
                    "HLEGAL" => Purpose::Legal,
                    "HOPERAT" => Purpose::Operations,
                    "HRESCH" => Purpose::Research,
                    "FAMRQT" => Purpose::Family,
                    "PATRQT" => Purpose::PatientRequest,
                    "PUBHLTH" => Purpose::PublicHealth,
                    "HMARKT" => Purpose::Fundraising,
                    _ => return None,
                })
            })
            .unwrap_or(Purpose::Operations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str) -> ActReason {
        ActReason::of_code(code).expect("a purpose")
    }

    #[test]
    fn every_purpose_leads_to_the_root() {
        for (code, above) in PURPOSES {
            assert!(of(code).is_a(of(ROOT)), "{code}");
            assert!(
                above.is_empty() || ActReason::of_code(above).is_some(),
                "{above}"
            );
        }
    }

    #[test]
    fn a_purpose_includes_those_below_it_and_no_others() {
        assert!(of("BTG").is_a(of("TREAT")));
        assert!(!of("TREAT").is_a(of("ETREAT")));
        assert!(!of("CAREMGT").is_a(of("TREAT")) && of("CAREMGT").may_be_a(of("TREAT")));
        assert!(ActReason::of_code("TREATMENT").is_none());
        assert_eq!(of("ERTREAT").purpose(), Purpose::Emergency);
    }
}
