//! Labels measured on the test data (`../shared/data`, or `CONFIDE_TEST_DATA`); each test says so when it is not there.

use crate::world;

use std::collections::BTreeMap;

use domain::fhir::security;
use domain::label::{Label, LabelSet};
use serde_json::Value;
use world::{World, data, names};

fn touches_substance_use(world: &World) -> usize {
    world
        .0
        .values()
        .filter(|labelled| labelled.labels().overlaps(LabelSet::SUBSTANCE_USE))
        .count()
}

#[test]
fn people_without_substance_use_are_not_labelled_with_it() {
    for file in ["java-Elisha_Bradtke", "java-Milan_Beatty", "java-Ned_Hintz"] {
        let Some(world) = data(&format!("synthea/{file}.json"), &[]) else {
            return;
        };
        let found = touches_substance_use(&world);
        assert!(
            found * 100 <= world.0.len(),
            "{file}: {found} of {}",
            world.0.len()
        );
    }
}

#[test]
fn people_with_substance_use_are_labelled_with_it() {
    // The least counts were found by reading the bundles for words, codes, base64 notes and references by other means.
    for (file, least) in [
        ("java-Barrett_Douglas", 19),
        ("java-Gilberto_Orosco", 4),
        ("pysyn-Lilia_Granado", 380),
        ("pysyn-Sancho_Fr", 215),
    ] {
        let Some(world) = data(&format!("synthea/{file}.json"), &[]) else {
            return;
        };
        let found = touches_substance_use(&world);
        assert!(found >= least, "{file}: {found}");
        for labelled in world.0.values() {
            assert!(!labelled.parts.is_empty());
            assert!(!labelled.identifying.is_empty());
            for part in &labelled.parts {
                for label in part.labels.without(Label::Unclassified).iter() {
                    assert!(
                        part.basis.iter().any(|basis| basis.label == label),
                        "{} {}: no basis for {}",
                        labelled.identity(),
                        part.path,
                        label.name()
                    );
                }
            }
        }
    }
}

#[test]
fn the_order_of_the_resources_does_not_matter() {
    let Some(there) = data("synthea/pysyn-Lilia_Granado.json", &[]) else {
        return;
    };
    let back = world::data_reversed("synthea/pysyn-Lilia_Granado.json").expect("the file is there");
    for (identity, labelled) in &there.0 {
        for (part, other) in labelled.parts.iter().zip(&back.0[identity].parts) {
            assert!(
                part.labels == other.labels && part.review == other.review,
                "{identity} {}",
                part.path
            );
        }
    }
}

/// What the experts labelled must be labelled at least as strictly. BH is HL7's parent of both mental health and
/// substance use, so either explains it. The law cannot be found in the unlabelled bundle by origin, because its items name
/// no source; their narratives speak of it.
#[test]
fn carl_gets_at_least_the_experts_labels() {
    let (Some(unlabelled), Some(labelled)) = (
        data("shift/carl-bundle-unlabelled.json", &[]),
        data("shift/carl-bundle.json", &[]),
    ) else {
        return;
    };
    let experts = expert_labels();
    assert_eq!(unlabelled.0.len(), 17);
    for (identity, codes) in &experts {
        for (world, name) in [(&unlabelled, "unlabelled"), (&labelled, "labelled")] {
            let item = &world.0[identity];
            let identifying = item.identifying.iter().fold(LabelSet::EMPTY, |all, index| {
                all.join(item.parts[usize::from(*index)].labels)
            });
            for code in codes {
                let explained = match code.as_str() {
                    "BH" => {
                        identifying.has(Label::MentalHealth)
                            || identifying.has(Label::Personality)
                            || identifying.overlaps(LabelSet::SUBSTANCE_USE)
                    }
                    "SUD" => identifying.overlaps(LabelSet::SUBSTANCE_USE),
                    code => security::label_of_act_code(code)
                        .is_some_and(|label| identifying.has(label)),
                };
                assert!(
                    explained,
                    "{name} {identity}: {code} of {:?}",
                    names(identifying)
                );
            }
        }
    }
    for identity in [
        "Condition/CarlFredericksonHTN",
        "Condition/CarlFredericksonBunions",
        "MedicationRequest/CarlFredericksonCaptopril",
    ] {
        let labels = unlabelled.0[identity].labels();
        assert!(labels.is_ordinary(), "{identity}: {:?}", names(labels));
    }
}

/// The experts' v3-ActCodes by resource.
fn expert_labels() -> BTreeMap<String, Vec<String>> {
    let folder = std::env::var("CONFIDE_TEST_DATA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data").to_owned());
    let text = std::fs::read(format!("{folder}/shift/carl-bundle.json")).expect("the bundle");
    let bundle: Value = serde_json::from_slice(&text).expect("JSON");
    let mut experts = BTreeMap::new();
    for entry in bundle["entry"].as_array().expect("entries") {
        let resource = &entry["resource"];
        let codes: Vec<String> = resource["meta"]["security"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|coding| coding["system"] == security::ACT_CODE)
            .filter_map(|coding| coding["code"].as_str().map(str::to_owned))
            .collect();
        experts.insert(
            format!(
                "{}/{}",
                resource["resourceType"].as_str().unwrap_or(""),
                resource["id"].as_str().unwrap_or("")
            ),
            codes,
        );
    }
    experts
}

#[test]
fn a_program_named_by_the_operator_is_the_origin_of_its_items() {
    let Some(world) = data("synthea/pysyn-Lilia_Granado.json", &[]) else {
        return;
    };
    let part2 = |world: &World| {
        world
            .0
            .values()
            .filter(|labelled| labelled.labels().has(Label::Part2))
            .count()
    };
    assert_eq!(part2(&world), 0);
    let visits: Vec<&str> = world
        .0
        .values()
        .filter(|labelled| labelled.resource_type == "Encounter")
        .flat_map(|labelled| labelled.sources.iter().map(String::as_str))
        .collect();
    let program = *visits.first().expect("a visit has a source");
    let again = data("synthea/pysyn-Lilia_Granado.json", &[program]).expect("the file is there");
    let at_program = visits.iter().filter(|source| **source == program).count();
    assert!(part2(&again) > at_program);
}
