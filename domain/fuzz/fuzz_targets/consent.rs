//! Asks about fixed records on whatever Consents the bytes are (LAW G2; POLICY §4: errors deny).
#![no_main]

#[path = "../checks/consent.rs"]
mod consent;

libfuzzer_sys::fuzz_target!(|data: &[u8]| consent::check(data));
