//! Looks for terms in whatever text the bytes are (POLICY §2).
#![no_main]

#[path = "../checks/label_text.rs"]
mod label_text;

libfuzzer_sys::fuzz_target!(|data: &[u8]| label_text::check(data));
