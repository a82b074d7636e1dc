#![no_main]
//! See `satu_fuzz::linkage_spec`.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| satu_fuzz::linkage_spec(bytes));
