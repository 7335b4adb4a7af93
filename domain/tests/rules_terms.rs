//! What words tell: hits, near misses, exceptions, places.

use domain::label::Label;
use domain::labeling::terms;

fn told(text: &str) -> String {
    let labels: Vec<_> = terms::labels(text).iter().map(Label::name).collect();
    if labels.is_empty() {
        "nothing".to_owned()
    } else {
        labels.join(" ")
    }
}

#[test]
fn each_segment_is_found() {
    let cases = [
        ("Patient denies alcohol use.", "substance-use.alcohol"),
        ("Alchohol: socially", "substance-use.alcohol"),
        ("ETOH 6 beers daily", "substance-use.alcohol"),
        ("Opioid abuse (disorder)", "substance-use.opioids"),
        ("opioid-use\ndisorder, severe", "substance-use.opioids"),
        ("hx of heroin, last used May", "substance-use.opioids"),
        (
            "buprenorphine 2 MG / naloxone 0.5 MG Sublingual Tablet",
            "substance-use.opioids",
        ),
        ("SUBOXONE film", "substance-use.opioids"),
        (
            "Cocaine [Presence] in Urine by Screen method",
            "substance-use.other-drugs",
        ),
        ("smokes weed on weekends", "substance-use.other-drugs"),
        ("IV drug use", "substance-use"),
        ("opioid_drug_addiction", "substance-use"),
        ("Addiction_Overdose", "substance-use"),
        (
            "Drug rehabilitation and detoxification (regime/therapy)",
            "substance-use",
        ),
        ("Assessment of substance use (procedure)", "substance-use"),
        ("Total score [DAST-10]", "substance-use"),
        ("Total score [AUDIT-C]", "substance-use.alcohol"),
        ("major depressive disorder", "mental-health"),
        ("PHQ\u{2011}9 score 12", "mental-health"),
        (
            "Borderline personality disorder",
            "mental-health.personality",
        ),
        ("HIV-negative", "hiv"),
        ("on Biktarvy", "hiv"),
        ("treated for gonorrhoea", "sexual-reproductive.sti"),
        ("IUD in place", "sexual-reproductive.contraception"),
        ("G2P1, prenatal visit", "sexual-reproductive.pregnancy"),
        ("elective abortion in 2012", "sexual-reproductive.abortion"),
        (
            "spontaneous abortion at 9 weeks of pregnancy",
            "sexual-reproductive.pregnancy",
        ),
        ("transgender woman", "gender-orientation.gender-identity"),
        ("identifies as gay", "gender-orientation.sexual-orientation"),
        ("victim of domestic violence", "violence"),
        ("BRCA1 positive", "genetics"),
        (
            "consumo de alcohol y cocaína",
            "substance-use.alcohol substance-use.other-drugs",
        ),
        ("Adicción a opioides", "substance-use substance-use.opioids"),
        ("TRASTORNO DEPRESIVO", "mental-health"),
        ("paciente con VIH", "hiv"),
        ("embarazada de 12 semanas", "sexual-reproductive.pregnancy"),
        ("ﬁnding: oﬀ heroin", "substance-use.opioids"),
    ];
    for (text, expected) in cases {
        assert_eq!(told(text), expected, "{text:?}");
    }
}

#[test]
fn near_misses_tell_nothing() {
    for text in [
        "",
        "   ",
        "Alcohol swab, 2 ply",
        "alcohol-based hand rub",
        "70 % isopropyl alcohol",
        "skin cleaned with alcohol",
        "Nonalcoholic steatohepatitis",
        "non-alcoholic fatty liver disease",
        "hígado graso no alcohólico",
        "No known drug allergies; drug interaction check done",
        "drug-eluting stent",
        "HIVES on both arms",
        "archives",
        "dynamic",
        "ST segment depression in V4",
        "respiratory depression",
        "depressed skull fracture",
        "lithium battery",
        "bipolar hemiarthroplasty of the hip",
        "never smoked tobacco; nicotine dependence",
        "Smokes tobacco daily (finding)",
        "tobacco use disorder",
        "hearing aids in both ears",
        "Are you pregnant or breastfeeding?",
        "Abuse-deterrent oxycodone 15 mg",
        "acid reflux",
        "rapeseed oil",
        "grape juice",
        "opioid analgesic for pain",
        "Paxlovid",
        "nirmatrelvir / ritonavir",
        "bupropion / naltrexone",
        "naloxone injection as ordered",
        "Butrans patch",
        "genetically modified",
        "contraindicated in pregnancy",
        "potassium, pot roast, coke and speed of onset",
        "physical therapy session",
        "Fecal occult blood",
    ] {
        assert_eq!(told(text), "nothing", "{text:?}");
    }
}

#[test]
fn an_exception_hides_only_what_it_covers() {
    assert_eq!(
        told("Cleaned with alcohol wipe. Drinks alcohol daily."),
        "substance-use.alcohol"
    );
    assert_eq!(
        told("Stopped alcohol. Prep for surgery."),
        "substance-use.alcohol"
    );
    assert_eq!(
        told("respiratory depression in a man with depression"),
        "mental-health"
    );
    assert_eq!(
        told("nonalcoholic fatty liver, alcoholic father"),
        "substance-use.alcohol"
    );
}

#[test]
fn a_hit_tells_its_place_in_the_text() {
    let text = "Él bebía — HEROÍNA, según él.";
    let hits = terms::scan(text);
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].label, Label::Opioids);
    assert_eq!(&text[hits[0].start..hits[0].end], "HEROÍNA");
    let text = "uses opioid\u{200b}-use  disorder clinic";
    assert!(
        terms::scan(text)
            .iter()
            .any(|hit| &text[hit.start..hit.end] == "opioid\u{200b}-use  disorder")
    );
}

#[test]
fn any_text_is_read_without_harm() {
    for text in [
        "\u{0}",
        "🦀🦀",
        "日本語",
        "\u{300}\u{301}",
        "a\u{300}",
        "…",
        "\u{feff}heroin",
        "heroin\u{300}",
    ] {
        let hits = terms::scan(text);
        assert!(
            hits.iter()
                .all(|hit| text.get(hit.start..hit.end).is_some()),
            "{text:?}"
        );
    }
    assert_eq!(told("日本heroin語"), "nothing");
}

#[test]
fn a_hit_inside_a_longer_one_of_its_label_is_not_told_twice() {
    let hits = terms::scan("opioid use disorder");
    assert_eq!(hits.len(), 1, "{hits:?}");
    let hits = terms::scan("Drug addiction therapy");
    assert!(hits.len() <= 2, "{hits:?}");
}

/// A text of nothing but hits and exceptions must cost no more than its length.
#[test]
#[expect(clippy::disallowed_methods, reason = "measures how long reading takes")]
fn a_long_text_is_read_in_linear_time() {
    let text = "alcohol swab. alcohol use disorder ".repeat(50_000);
    let start = std::time::Instant::now();
    assert_eq!(terms::scan(&text).len(), 50_000);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
