//! Every test file of this folder as one program.
//!
//! `cargo test` does not run it: it builds and runs the files one by one. `cargo mutants` does
//! (`.cargo/mutants.toml`): for each of thousands of changes one program is built and linked instead of twenty.
#![allow(
    dead_code,
    clippy::duplicate_mod,
    reason = "the files share modules, and each brings its own copy"
)]

#[path = "consent_elements.rs"]
mod consent_elements;
#[path = "decide_review.rs"]
mod decide_review;
#[path = "decide_rules.rs"]
mod decide_rules;
#[path = "fhir_consent.rs"]
mod fhir_consent;
#[path = "fhir_consent_conditions.rs"]
mod fhir_consent_conditions;
#[path = "fhir_consent_examples.rs"]
mod fhir_consent_examples;
#[path = "fhir_consent_mutations.rs"]
mod fhir_consent_mutations;
#[path = "fhir_consent_whose.rs"]
mod fhir_consent_whose;
#[path = "fuzz_corpus.rs"]
mod fuzz_corpus;
#[path = "golden.rs"]
mod golden;
#[path = "labeling_data.rs"]
mod labeling_data;
#[path = "labeling_evidence.rs"]
mod labeling_evidence;
#[path = "labeling_propagation.rs"]
mod labeling_propagation;
#[path = "labeling_reader.rs"]
mod labeling_reader;
#[path = "labeling_review.rs"]
mod labeling_review;
#[path = "labeling_settle.rs"]
mod labeling_settle;
#[path = "labeling_shape.rs"]
mod labeling_shape;
#[path = "labeling_walk.rs"]
mod labeling_walk;
#[path = "noninterference.rs"]
mod noninterference;
#[path = "npi.rs"]
mod npi;
#[path = "permits.rs"]
mod permits;
#[path = "properties.rs"]
mod properties;
#[path = "redact.rs"]
mod redact;
#[path = "redacted.rs"]
mod redacted;
#[path = "reference.rs"]
mod reference;
#[path = "reference_kept.rs"]
mod reference_kept;
#[path = "rules_codes.rs"]
mod rules_codes;
#[path = "rules_measured.rs"]
mod rules_measured;
#[path = "rules_tables.rs"]
mod rules_tables;
#[path = "rules_terms.rs"]
mod rules_terms;
#[path = "security_codes.rs"]
mod security_codes;
#[path = "shift_carl.rs"]
mod shift_carl;
#[path = "states.rs"]
mod states;
#[path = "vocabulary.rs"]
mod vocabulary;
