//! Reads, labels and redacts whatever the bytes are (ARCHITECTURE, Import; POLICY §1, §2).
#![no_main]

#[path = "../checks/import.rs"]
mod import;

libfuzzer_sys::fuzz_target!(|data: &[u8]| import::check(data));
