//! Every test of the domain as one binary, built and linked once; `cargo mutants` does so for each of thousands of changes
//! (`.cargo/mutants.toml`).

#[path = "fhir_consent/asking.rs"]
mod asking;
#[path = "reference/compare.rs"]
mod compare;
mod decide_case;
#[path = "reference/mod.rs"]
mod slow;
#[path = "labeling/world.rs"]
mod world;

mod consent_elements;
mod decide_review;
mod decide_rules;
mod fhir_consent;
mod fhir_consent_conditions;
mod fhir_consent_examples;
mod fhir_consent_mutations;
mod fhir_consent_whose;
mod fuzz_corpus;
mod golden;
mod labeling_data;
mod labeling_evidence;
mod labeling_propagation;
mod labeling_reader;
mod labeling_review;
mod labeling_settle;
mod labeling_shape;
mod labeling_walk;
mod leads;
mod noninterference;
mod npi;
mod permits;
mod properties;
mod redact;
mod redacted;
#[path = "reference.rs"]
mod reference;
mod reference_kept;
mod rules_codes;
mod rules_measured;
mod rules_tables;
mod rules_terms;
mod security_codes;
mod shift_carl;
mod states;
mod vocabulary;
