//! How rule and term tables are read, and how words and codes are brought to the form of the tables (POLICY §2).

use chrono::NaiveDate;
use domain::label::{Label, LabelSet};
use domain::labeling::rules::{CodeVerdict, Rules, System};
use domain::labeling::terms::{TermHit, Terms};

/// The terms of these rows; every one of them means `hiv`.
fn terms(rows: &[&str]) -> &'static Terms {
    let rows: Vec<String> = rows
        .iter()
        .map(|term| format!("{term},hiv,t.rule,why"))
        .collect();
    let text = format!("terms,segment,rule,why\n{}\n", rows.join("\n"));
    Box::leak(Box::new(Terms::parse(&[&text]).expect("readable terms")))
}

fn count(terms: &'static Terms, text: &str) -> usize {
    terms.scan(text).len()
}

/// POLICY §2: accents, ligatures and full-width letters hide no term.
#[test]
fn letters_fold_to_their_plain_form() {
    let cases = [
        ("a", "àáâãäåÀÁÂÃÄÅāăą\u{ff21}\u{ff41}"),
        ("b", "\u{ff22}\u{ff42}Bb"),
        ("c", "çÇćč"),
        ("e", "èéêëÈÉÊËēęě"),
        ("i", "ìíîïÌÍÎÏīı"),
        ("n", "ñÑńň"),
        ("o", "òóôõöÒÓÔÕÖøØōő"),
        ("u", "ùúûüÙÚÛÜūůű"),
        ("y", "ýÿÝ"),
        ("s", "šŠś"),
        ("z", "žŽźż\u{ff3a}\u{ff5a}"),
        ("ae", "æÆ"),
        ("oe", "œŒ"),
        ("ss", "ß"),
        ("ff", "ﬀ"),
        ("fi", "ﬁ"),
        ("fl", "ﬂ"),
        ("ffi", "ﬃ"),
        ("ffl", "ﬄ"),
        ("0", "\u{ff10}"),
        ("9", "\u{ff19}"),
        (
            "",
            "'`’‘ʼ\u{ad}\u{200b}\u{200d}\u{200f}\u{2060}\u{feff}\u{300}\u{336}\u{36f}",
        ),
        (" ", "-_/,:()\u{2011}\u{2014}\u{a0}\t\n.;!?"),
    ];
    for (plain, written) in cases {
        let known = terms(&[&format!("q{plain}q")]);
        for letter in written.chars() {
            let text = format!("is q{letter}q here");
            let hits = known.scan(&text);
            assert_eq!(hits.len(), 1, "{letter:?} as {plain:?}");
            assert_eq!(
                text.get(hits[0].start..hits[0].end),
                Some(format!("q{letter}q").as_str())
            );
            let other = if plain == "a" { "e" } else { "a" };
            assert_eq!(
                count(terms(&[&format!("q{other}q")]), &text),
                0,
                "{letter:?}"
            );
        }
    }
}

/// Letters of other scripts are letters: they keep a word from ending.
#[test]
fn other_scripts_are_letters() {
    let known = terms(&["qaq", "qq"]);
    for text in ["яqaq", "qaqя", "qяq", "q中q", "qᾱq"] {
        assert_eq!(count(known, text), 0, "{text}");
    }
    for text in ["я qaq", "qaq, я", "中。qq"] {
        assert_eq!(count(known, text), 1, "{text}");
    }
}

/// A sentence ends at a mark that white space follows: no term goes from one sentence into the next.
#[test]
fn terms_do_not_cross_sentences() {
    let known = terms(&["alpha beta"]);
    for (text, expected) in [
        ("alpha beta", 1),
        ("alpha.beta", 1),
        ("alpha;beta", 1),
        ("alpha. beta", 0),
        ("alpha.\nbeta", 0),
        ("alpha! beta", 0),
        ("alpha? beta", 0),
        ("alpha.. beta", 0),
        ("alpha . . beta", 0),
        ("So.alpha beta", 1),
        ("So. alpha beta.", 1),
        ("alpha beta.", 1),
    ] {
        assert_eq!(count(known, text), expected, "{text:?}");
    }
}

/// A term inside a longer one of the same label tells nothing more, also where both end together.
#[test]
fn the_widest_hit_stands_for_those_inside() {
    let known = terms(&[
        "opioid use disorder",
        "use disorder",
        "opioid use",
        "disorder seen",
    ]);
    let hits: Vec<_> = known
        .scan("an opioid use disorder seen")
        .into_iter()
        .map(|hit| (hit.start, hit.end))
        .collect();
    assert_eq!(hits, [(3, 22), (14, 27)]);
}

/// LAW: nothing is ordinary because the tables could not be read.
#[test]
fn without_tables_every_text_is_unclassified() {
    let none: &'static Terms = Box::leak(Box::new(Terms::default()));
    assert_eq!(
        none.scan("headache"),
        [TermHit {
            rule: "terms.unreadable",
            label: Label::Unclassified,
            start: 0,
            end: 8
        }]
    );
    assert_eq!(none.scan(" \n"), []);
}

/// A term table with a fault is refused, with the line and what is wrong.
#[test]
fn faults_of_term_tables_are_named() {
    const HEAD: &str = "terms,segment,rule,why\n";
    for (rows, line, reason) in [
        ("q,hiv,r,w", 2, "an empty term"),
        ("*q*,hiv,r,w", 2, "an empty term"),
        ("qq;;,hiv,r,w", 2, "an empty term"),
        ("# remark\n\nqq,general,r,w", 4, "no such segment"),
        ("qq,part2,r,w", 2, "no such segment"),
        ("qq,prs,r,w", 2, "no such segment"),
        ("qq,hiv general,r,w", 2, "no such segment"),
        ("qq,nothing,r,w", 2, "no such segment"),
        ("qq,hiv,,w", 2, "a row needs a rule"),
        (
            "qq,hiv",
            2,
            "a row has terms, a segment, a rule and a reason",
        ),
        ("q(q,hiv,r,w", 2, "brackets do not match"),
        ("qq),hiv,r,w", 2, "brackets do not match"),
    ] {
        let Err(fault) = Terms::parse(&[&format!("{HEAD}{rows}\n")]) else {
            panic!("{rows:?} is read");
        };
        assert_eq!((fault.line, fault.reason), (line, reason), "{rows:?}");
    }
    let Err(fault) = Terms::parse(&["qq,hiv,r,w"]) else {
        panic!("a table without its header is read");
    };
    assert_eq!(fault.line, 1);
}

const HEADER: &str = "code,name,segment,context,from,until,rule,why\n";
const SNOMED: &str = "http://snomed.info/sct";
const ICD10: &str = "http://hl7.org/fhir/sid/icd-10-cm";

fn rules(system: System, rows: &str) -> Rules {
    Rules::parse(&[(system, &format!("{HEADER}{rows}\n"))])
        .unwrap_or_else(|fault| panic!("{rows:?}: {fault}"))
}

/// The labels, or the verdict in a word.
fn verdict(rules: &Rules, system: &str, code: &str, on: Option<&str>) -> String {
    let on: Option<NaiveDate> = on.map(|day| day.parse().expect("a date"));
    match rules.code(system, code, on) {
        CodeVerdict::UnknownSystem => "unknown".to_owned(),
        CodeVerdict::Ordinary => "ordinary".to_owned(),
        CodeVerdict::Labelled(found) => {
            let names: Vec<_> = found.iter().map(|one| one.label.name()).collect();
            names.join(" ")
        }
    }
}

/// A rule table with a fault is refused, with the line and what is wrong.
#[test]
fn faults_of_rule_tables_are_named() {
    const SHAPE: &str = "a row has a code, a name and at most six cells more";
    const NEEDS: &str = "a rule needs its segment and its reason";
    for (rows, line, reason) in [
        ("A10,name,hiv,,,,rule,why,more", 2, SHAPE),
        ("A10,,hiv,,,,rule,why", 2, SHAPE),
        ("A10", 2, SHAPE),
        ("A10,,hiv,,,,rule,why,more", 2, SHAPE),
        ("A10,name,,,,,rule,why", 2, NEEDS),
        ("A10,name,hiv,,,,rule,", 2, NEEDS),
        ("A10,name,,,,,rule,", 2, NEEDS),
        ("A10,name,hiv,,,,,why", 2, "a reason belongs to a rule"),
        ("A10,name,hiv", 2, "a row before any rule"),
        (
            "# remark\n\nA10,name,hiv,,,,r,w\nA11,name,hiv,,,,r,w",
            5,
            "the rule has been named before",
        ),
        ("A10,name,nothing,,,,r,w", 2, "no such segment"),
        ("A10,name,part2,,,,r,w", 2, "no such segment"),
        ("A10,name,hiv,somewhere: hiv,,,r,w", 2, "no such context"),
        ("A10,name,hiv,reason,,,r,w", 2, "no such context"),
        ("A10,name,hiv,,soon,,r,w", 2, "a date is written 2021-11-04"),
        (
            "A10,name,hiv,,,2021-13-01,r,w",
            2,
            "a date is written 2021-11-04",
        ),
        (",name,hiv,,,,r,w", 2, "not a code or a range of codes"),
        (
            "A10..A10,name,hiv,,,,r,w",
            2,
            "not a code or a range of codes",
        ),
        (
            "A11..A10,name,hiv,,,,r,w",
            2,
            "not a code or a range of codes",
        ),
        (
            "A10..B11,name,hiv,,,,r,w",
            2,
            "not a code or a range of codes",
        ),
        (
            "A9..A10,name,hiv,,,,r,w",
            2,
            "not a code or a range of codes",
        ),
        ("A10,\"name,hiv,,,,r,w", 2, "a quotation mark is not closed"),
    ] {
        let Err(fault) = Rules::parse(&[(System::Icd10Cm, &format!("{HEADER}{rows}\n"))]) else {
            panic!("{rows:?} is read");
        };
        assert_eq!((fault.line, fault.reason), (line, reason), "{rows:?}");
    }
    for text in ["", "# only a remark\n", "A10,name,hiv,,,,r,w\n"] {
        let Err(fault) = Rules::parse(&[(System::Icd10Cm, text)]) else {
            panic!("a table without its header is read");
        };
        assert_eq!(fault.line, 1);
    }
}

/// Quotation marks hold commas and, doubled, quotation marks.
#[test]
fn cells_are_read_as_csv() {
    let table = rules(
        System::SnomedCt,
        "1,\"a name, with a comma\",hiv,\"\",,,r.one,\"it says \"\"yes\"\", and \"\"no\"\"\"\n\
         2,\"\"\"quoted\"\"\",violence,\"\",\"2020-01-01\",,r.two,\"plain\"",
    );
    let CodeVerdict::Labelled(one) = table.code(SNOMED, "1", None) else {
        panic!("no label");
    };
    let one: Vec<_> = one.into_iter().collect();
    assert_eq!(one.len(), 1);
    assert_eq!((one[0].rule, one[0].label), ("r.one", Label::Hiv));
    assert_eq!(one[0].note, "it says \"yes\", and \"no\"");
    assert!(one[0].context.is_none());
    let CodeVerdict::Labelled(two) = table.code(SNOMED, "2", None) else {
        panic!("no label");
    };
    assert!(two.labels() == LabelSet::of([Label::Violence]));
    assert_eq!(two.iter().next().map(|found| found.note), Some("plain"));
    assert_eq!(verdict(&table, SNOMED, "2", Some("2019-12-31")), "ordinary");
    assert_eq!(verdict(&table, SNOMED, "2", Some("2020-01-01")), "violence");
}

/// A range names both its ends and what lies between, with the width of its numbers.
#[test]
fn ranges_hold_both_ends() {
    let table = rules(System::Cpt, "098..101,name,hiv,,,,r,w");
    let cpt = "http://www.ama-assn.org/go/cpt";
    for (code, expected) in [
        ("097", "ordinary"),
        ("098", "hiv"),
        ("099", "hiv"),
        ("100", "hiv"),
        ("101", "hiv"),
        ("102", "ordinary"),
        ("98", "ordinary"),
    ] {
        assert_eq!(verdict(&table, cpt, code, None), expected, "{code}");
    }
}

/// A narrower `general` row takes the place of wider rows only on days on which it is valid, and no row of a label does.
#[test]
fn general_rows_count_on_their_days() {
    let table = rules(
        System::Icd10Cm,
        "A10,wide,hiv,,,,r.wide,w\n\
         A101,ordinary since,general,,2020-01-01,,r.general,w\n\
         A1012,narrow,violence,,,,r.narrow,w",
    );
    for (code, on, expected) in [
        ("A10", None, "hiv"),
        ("A100", None, "hiv"),
        ("A101", Some("2019-12-31"), "hiv"),
        ("A101", Some("2020-01-01"), "ordinary"),
        ("A101", None, "ordinary"),
        ("A1012", Some("2019-12-31"), "hiv violence"),
        ("A1012", Some("2020-01-01"), "violence"),
    ] {
        assert_eq!(
            verdict(&table, ICD10, code, on),
            expected,
            "{code} on {on:?}"
        );
    }
}

/// Under some systems a row names what begins with it, under the others that code alone.
#[test]
fn only_hierarchical_systems_take_beginnings() {
    let longer = |system: System, uri: &str| {
        let table = rules(system, "1234,name,hiv,,,,r,w");
        assert_eq!(verdict(&table, uri, "1234", None), "hiv", "{uri}");
        verdict(&table, uri, "12345", None)
    };
    for (system, uri, expected) in [
        (System::Icd10Cm, ICD10, "hiv"),
        (System::Icd9Cm, "http://hl7.org/fhir/sid/icd-9-cm", "hiv"),
        (System::Icd10Pcs, "urn:oid:2.16.840.1.113883.6.4", "hiv"),
        (
            System::Icd9Procedures,
            "urn:oid:2.16.840.1.113883.6.104",
            "hiv",
        ),
        (System::Ndc, "http://hl7.org/fhir/sid/ndc", "hiv"),
        (System::Revenue, "urn:oid:2.16.840.1.113883.6.301.3", "hiv"),
        (System::Taxonomy, "http://nucc.org/provider-taxonomy", "hiv"),
        (System::SnomedCt, SNOMED, "ordinary"),
        (System::RxNorm, "urn:oid:2.16.840.1.113883.6.88", "ordinary"),
        (System::Loinc, "http://loinc.org", "ordinary"),
        (System::Cpt, "http://www.ama-assn.org/go/cpt", "ordinary"),
        (System::MsDrg, "urn:oid:2.16.840.1.113883.6.301", "ordinary"),
        (System::Cvx, "http://hl7.org/fhir/sid/cvx", "ordinary"),
        (System::Structural, "http://unitsofmeasure.org", "ordinary"),
    ] {
        assert_eq!(longer(system, uri), expected, "{uri}");
    }
}

/// The same code in the ways in which senders write it.
#[test]
fn codes_are_brought_to_the_form_of_the_tables() {
    let written = |system: System, row: &str, uri: &str, code: &str| {
        verdict(
            &rules(system, &format!("{row},name,hiv,,,,r,w")),
            uri,
            code,
            None,
        )
    };
    let drg = "urn:oid:2.16.840.1.113883.6.301";
    let revenue = "urn:oid:2.16.840.1.113883.6.301.3";
    let ndc = "http://hl7.org/fhir/sid/ndc";
    for (system, row, uri, code, expected) in [
        (System::MsDrg, "56", drg, "056", "hiv"),
        (System::MsDrg, "056", drg, "56", "hiv"),
        (System::MsDrg, "056", drg, " 56 ", "hiv"),
        (System::Revenue, "0912", revenue, "912", "hiv"),
        (System::Revenue, "912", revenue, "0912", "hiv"),
        (System::Revenue, "0912", revenue, "9120", "ordinary"),
        (System::Ndc, "12496-1208-03", ndc, "12496-1208-3", "hiv"),
        (System::Ndc, "02496-0208-03", ndc, "2496-208-3", "hiv"),
        (System::Ndc, "02496-0208", ndc, "02496020803", "hiv"),
        (System::Ndc, "02496-0208", ndc, "2-496-0208-03", "unknown"),
        (System::Icd10Cm, "F11.2", ICD10, "f112", "hiv"),
        (
            System::Hcpcs,
            "H0020",
            "http://hl7.org/fhir/sid/hcpcs",
            "h0020-HG",
            "hiv",
        ),
        (
            System::Structural,
            "mg",
            "http://unitsofmeasure.org",
            "MG",
            "ordinary",
        ),
        (
            System::Structural,
            "mg",
            "http://unitsofmeasure.org",
            "mg",
            "hiv",
        ),
    ] {
        assert_eq!(
            written(system, row, uri, code),
            expected,
            "{code} under {row}"
        );
    }
}

/// The names nearly every record uses, in every way of writing them.
#[test]
fn common_systems_go_by_all_their_names() {
    for (uri, system) in [
        ("http://snomed.info/sct", System::SnomedCt),
        ("http://loinc.org", System::Loinc),
        (
            "http://www.nlm.nih.gov/research/umls/rxnorm",
            System::RxNorm,
        ),
        (ICD10, System::Icd10Cm),
        ("http://unitsofmeasure.org", System::Structural),
    ] {
        for written in [
            uri.to_owned(),
            format!("{uri}/"),
            format!(" {uri} "),
            uri.replace("http:", "https:"),
            uri.to_uppercase(),
            format!("{uri}|2024"),
        ] {
            assert_eq!(System::of_uri(&written), Some(system), "{written}");
        }
    }
}
