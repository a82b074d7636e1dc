#![no_main]
//! See `satu_fuzz::audit`.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| satu_fuzz::audit(bytes));
