//! What the rule tables say of codes: hits, near misses, dates, systems.

use chrono::NaiveDate;
use domain::label::{Label, LabelSet};
use domain::labeling::rules::{CodeVerdict, Rules};

const ICD10: &str = "http://hl7.org/fhir/sid/icd-10-cm";
const ICD9: &str = "http://hl7.org/fhir/sid/icd-9-cm";
const PCS: &str = "http://www.cms.gov/Medicare/Coding/ICD10";
const ICD9_PROCEDURES: &str = "http://www.cms.gov/Medicare/Coding/ICD9";
const SNOMED: &str = "http://snomed.info/sct";
const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
const LOINC: &str = "http://loinc.org";
const HCPCS: &str = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets";
const CPT: &str = "http://www.ama-assn.org/go/cpt";
const DRG: &str = "https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/AcuteInpatientPPS/MS-DRG-Classifications-and-Software";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// The labels that a code gives by itself, by name; "ordinary" or "unknown" when there are none.
fn told(system: &str, code: &str, on: Option<&str>) -> String {
    match Rules::standard().code(system, code, on.map(day)) {
        CodeVerdict::UnknownSystem => "unknown".to_owned(),
        CodeVerdict::Ordinary => "ordinary".to_owned(),
        CodeVerdict::Labelled(matches) => names(matches.labels()),
    }
}

fn names(labels: LabelSet) -> String {
    if labels.is_empty() {
        return "only with context".to_owned();
    }
    labels.iter().map(Label::name).collect::<Vec<_>>().join(" ")
}

fn told_beside(system: &str, code: &str, reasons: &[Label], record: &[Label]) -> String {
    match Rules::standard().code(system, code, None) {
        CodeVerdict::Labelled(matches) => names(matches.labels_beside(
            LabelSet::of(reasons.iter().copied()),
            LabelSet::of(record.iter().copied()),
        )),
        _ => "ordinary".to_owned(),
    }
}

#[test]
fn each_segment_is_found() {
    let cases = [
        (ICD10, "F10.20", "substance-use.alcohol"),
        (ICD10, "F11.20", "substance-use.opioids"),
        (ICD10, "F14.10", "substance-use.other-drugs"),
        (ICD10, "F55.2", "substance-use"),
        (ICD10, "K70.30", "substance-use.alcohol"),
        (ICD10, "T40.1X1A", "substance-use.opioids"),
        (ICD10, "T40.411A", "substance-use.opioids"),
        (
            ICD10,
            "O99.324",
            "substance-use sexual-reproductive.pregnancy",
        ),
        (ICD10, "F33.1", "mental-health"),
        (ICD10, "F60.5", "mental-health.personality"),
        (ICD10, "R45.851", "mental-health"),
        (ICD10, "T39.1X2A", "mental-health"),
        (ICD10, "B20", "hiv"),
        (ICD10, "A51.0", "sexual-reproductive.sti"),
        (ICD10, "Z30.430", "sexual-reproductive.contraception"),
        (ICD10, "O09.90", "sexual-reproductive.pregnancy"),
        (ICD10, "O03.9", "sexual-reproductive.pregnancy"),
        (ICD10, "O04.80", "sexual-reproductive.abortion"),
        (ICD10, "F64.0", "gender-orientation.gender-identity"),
        (ICD10, "T74.11XA", "violence"),
        (ICD10, "Z15.01", "genetics"),
        (ICD9, "303.90", "substance-use.alcohol"),
        (ICD9, "304.00", "substance-use.opioids"),
        (ICD9, "305.20", "substance-use.other-drugs"),
        (ICD9, "296.30", "mental-health"),
        (ICD9, "301.83", "mental-health.personality"),
        (ICD9, "042", "hiv"),
        (ICD9, "V25.01", "sexual-reproductive.contraception"),
        (PCS, "HZ2ZZZZ", "substance-use"),
        (PCS, "HZ81ZZZ", "substance-use.opioids"),
        (PCS, "GZ50ZZZ", "mental-health"),
        (ICD9_PROCEDURES, "94.68", "substance-use"),
        (ICD9_PROCEDURES, "94.61", "substance-use.alcohol"),
        (ICD9_PROCEDURES, "94.27", "mental-health"),
        (HCPCS, "H0020", "substance-use.opioids"),
        (HCPCS, "99408", "substance-use"),
        (CPT, "80305", "substance-use"),
        (CPT, "99408-25", "substance-use"),
        (CPT, "90837", "mental-health"),
        (CPT, "81162", "genetics"),
        (DRG, "896", "substance-use"),
        (SNOMED, "5602001", "substance-use.opioids"),
        (SNOMED, "361055000", "substance-use"),
        (SNOMED, "7200002", "substance-use.alcohol"),
        (SNOMED, "706893006", "violence"),
        (SNOMED, "86406008", "hiv"),
        (SNOMED, "38628009", "gender-orientation.sexual-orientation"),
        (RXNORM, "352364", "substance-use.opioids"),
        (RXNORM, "351266", "substance-use.opioids"),
        (RXNORM, "1010600", "substance-use.opioids"),
        (RXNORM, "1483744", "substance-use"),
        (RXNORM, "315952", "mental-health"),
        (RXNORM, "276237", "hiv"),
        (LOINC, "72109-2", "substance-use.alcohol"),
        (LOINC, "82667-7", "substance-use"),
        (LOINC, "44261-6", "mental-health"),
        (LOINC, "76504-0", "violence"),
        (LOINC, "76690-7", "gender-orientation.sexual-orientation"),
        (
            "http://hl7.org/fhir/sid/ndc",
            "12496-1208-03",
            "substance-use.opioids",
        ),
        (
            "http://hl7.org/fhir/sid/ndc",
            "12496120803",
            "substance-use.opioids",
        ),
        (
            "http://nucc.org/provider-taxonomy",
            "261QM2800X",
            "substance-use.opioids",
        ),
        (
            "https://www.nubc.org/CodeSystem/RevenueCodes",
            "0116",
            "substance-use",
        ),
        (
            "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "ETHUD",
            "substance-use.alcohol",
        ),
    ];
    for (system, code, expected) in cases {
        assert_eq!(told(system, code, None), expected, "{system} {code}");
    }
}

#[test]
fn neighbours_are_ordinary() {
    let cases = [
        (ICD10, "F17.210"),
        (ICD10, "Z72.0"),
        (ICD10, "Z87.891"),
        (ICD10, "I10"),
        (ICD10, "E11.9"),
        (ICD10, "K76.0"),
        (ICD10, "K29.00"),
        (ICD10, "T39.1X1A"),
        (ICD10, "T39.1X5A"),
        (ICD10, "N39.0"),
        (ICD9, "305.1"),
        (ICD9, "250.00"),
        (ICD9, "401.9"),
        (ICD9, "790.29"),
        (PCS, "0DTJ4ZZ"),
        (ICD9_PROCEDURES, "47.01"),
        (HCPCS, "J1100"),
        (HCPCS, "99213"),
        (CPT, "99213"),
        (CPT, "80053"),
        (DRG, "470"),
        (SNOMED, "38341003"),
        (SNOMED, "8517006"),
        (SNOMED, "449868002"),
        (SNOMED, "314529007"),
        (RXNORM, "1551468"),
        (RXNORM, "5640"),
        (LOINC, "72166-2"),
        (LOINC, "4548-4"),
        ("http://hl7.org/fhir/sid/cvx", "62"),
        ("http://unitsofmeasure.org", "mH"),
        ("http://terminology.hl7.org/CodeSystem/v3-ActCode", "AMB"),
        (
            "http://terminology.hl7.org/CodeSystem/observation-category",
            "survey",
        ),
    ];
    for (system, code) in cases {
        assert_eq!(told(system, code, None), "ordinary", "{system} {code}");
    }
}

#[test]
fn codes_count_only_under_their_own_system() {
    for (system, code) in [
        (SNOMED, "F11.20"),
        (ICD10, "5602001"),
        (CPT, "H0020"),
        (RXNORM, "72109-2"),
        (ICD9, "F10.10"),
        (LOINC, "1819"),
    ] {
        assert_eq!(told(system, code, None), "ordinary", "{system} {code}");
    }
    for system in [
        "",
        "urn:oid:1.2.3.4",
        "http://example.org/codes",
        "http://hl7.org/fhir/sid/icd-10-de",
        "http://hl7.org/fhir/sid/ndc",
    ] {
        assert_eq!(told(system, "F11.20", None), "unknown", "{system}");
    }
}

#[test]
fn a_system_goes_by_several_names() {
    for name in [
        "http://hl7.org/fhir/sid/icd-10-cm",
        "https://hl7.org/fhir/sid/icd-10-cm/",
        "HTTP://HL7.ORG/fhir/sid/icd-10-cm",
        "urn:oid:2.16.840.1.113883.6.90",
        "2.16.840.1.113883.6.90",
        "http://hl7.org/fhir/sid/icd-10-cm|2024",
    ] {
        assert_eq!(
            told(name, "F11.20", None),
            "substance-use.opioids",
            "{name}"
        );
    }
    for name in [
        "http://snomed.info/sct/731000124108",
        "http://snomed.info/sct/731000124108/version/20210901",
        "urn:oid:2.16.840.1.113883.6.96",
    ] {
        assert_eq!(
            told(name, "5602001", None),
            "substance-use.opioids",
            "{name}"
        );
    }
    assert_eq!(
        told("http://terminology.hl7.org/CodeSystem/HCPCS", "h0020", None),
        "substance-use.opioids"
    );
    assert_eq!(
        told("urn:oid:2.16.840.1.113883.6.88", "1819", None),
        "substance-use.opioids"
    );
    assert_eq!(
        told("urn:oid:2.16.840.1.113883.6.1", "72109-2", None),
        "substance-use.alcohol"
    );
}

#[test]
fn writing_does_not_matter_in_icd() {
    for code in ["F1120", "f11.20", " F11.20 ", "F11.20"] {
        assert_eq!(told(ICD10, code, None), "substance-use.opioids", "{code:?}");
    }
    assert_eq!(told(ICD9, "30400", None), "substance-use.opioids");
    assert_eq!(told(PCS, "hz2zzzz", None), "substance-use");
    assert_eq!(told(ICD10, "", None), "ordinary");
    assert_eq!(told(ICD10, "ÄÖ", None), "ordinary");
}

#[test]
fn dates_bind() {
    assert_eq!(told(ICD10, "F11.11", Some("2016-12-31")), "ordinary");
    assert_eq!(
        told(ICD10, "F11.11", Some("2017-01-01")),
        "substance-use.opioids"
    );
    assert_eq!(
        told(ICD10, "F11.10", Some("2010-01-01")),
        "substance-use.opioids"
    );
    assert_eq!(told(ICD10, "F10.130", Some("2019-12-31")), "ordinary");
    assert_eq!(told(DRG, "522", Some("2007-10-01")), "substance-use");
    assert_eq!(told(DRG, "522", Some("2021-01-01")), "ordinary");
    assert_eq!(told(HCPCS, "G2215", Some("2021-11-03")), "ordinary");
    assert_eq!(
        told(HCPCS, "G2215", Some("2021-11-04")),
        "substance-use.opioids"
    );
}

#[test]
fn context_decides_where_the_code_alone_does_not() {
    let opioids = [Label::Opioids];
    let mental = [Label::MentalHealth];
    // Pain relief: only its own reason tells.
    assert_eq!(told(RXNORM, "856987", None), "only with context");
    assert_eq!(
        told_beside(RXNORM, "856987", &[], &opioids),
        "only with context"
    );
    assert_eq!(
        told_beside(RXNORM, "856987", &opioids, &[]),
        "substance-use.opioids"
    );
    // Hospital naloxone and long-term opiate use: a diagnosis anywhere tells.
    assert_eq!(
        told_beside(RXNORM, "1659929", &[], &[]),
        "only with context"
    );
    assert_eq!(
        told_beside(RXNORM, "1659929", &[], &opioids),
        "substance-use.opioids"
    );
    assert_eq!(
        told_beside(ICD10, "Z79.891", &[], &[Label::Alcohol]),
        "substance-use.opioids"
    );
    assert_eq!(
        told_beside(ICD10, "T40.2X5A", &[], &[]),
        "only with context"
    );
    // Gabapentin and clonidine: the reason tells.
    assert_eq!(
        told_beside(RXNORM, "310431", &mental, &mental),
        "only with context"
    );
    assert_eq!(
        told_beside(RXNORM, "884173", &opioids, &[]),
        "substance-use"
    );
    // A benzodiazepine beside a mental disorder.
    assert_eq!(told_beside(RXNORM, "596", &[], &mental), "mental-health");
    // CD4 counts.
    assert_eq!(told_beside(LOINC, "24467-3", &[], &[Label::Hiv]), "hiv");
}

#[test]
fn a_match_tells_its_rule_and_reason() {
    let CodeVerdict::Labelled(matches) = Rules::standard().code(ICD10, "F11.20", None) else {
        panic!("labelled");
    };
    let found = matches.iter().next().expect("one match");
    assert_eq!(found.rule, "icd10cm.opioid-disorders");
    assert!(found.note.contains("2.11"));
    assert_eq!(found.context, None);
}

/// The dated list by which CMS finds substance-use claims: every code inside its dates, none outside.
#[test]
fn the_list_of_cms_is_covered() {
    let folder =
        std::env::var("CONFIDE_TEST_DATA").unwrap_or_else(|_| "../../shared/data".to_owned());
    let path = format!("{folder}/codes/cms-samhsa-codes.csv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("not tested: {path} is not there");
        return;
    };
    let touches = |system: &str, code: &str, on: Option<NaiveDate>| match Rules::standard()
        .code(system, code, on)
    {
        CodeVerdict::Labelled(matches) => matches.labels().overlaps(LabelSet::SUBSTANCE_USE),
        _ => false,
    };
    let mut wrong = Vec::new();
    let mut read = 0;
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [system, code, from, until] = cells[..] else {
            panic!("{line}");
        };
        let (from, until) = (day(from), day(until));
        read += 1;
        for inside in [
            None,
            Some(from),
            Some(until.min(day("2100-01-01"))),
            Some(until.min(day("2026-01-01"))),
        ] {
            if !touches(system, code, inside) {
                wrong.push(format!("{system} {code} is not found on {inside:?}"));
            }
        }
        let outside = [
            (from > day("1970-01-01"))
                .then(|| from.pred_opt())
                .flatten(),
            (until < day("9999-12-31"))
                .then(|| until.succ_opt())
                .flatten(),
        ];
        for on in outside.into_iter().flatten() {
            if touches(system, code, Some(on)) {
                wrong.push(format!("{system} {code} is found on {on}"));
            }
        }
    }
    assert!(read > 700, "only {read} codes were read");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
