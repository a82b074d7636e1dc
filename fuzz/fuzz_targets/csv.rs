#![no_main]
//! See `satu_fuzz::csv`.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| satu_fuzz::csv(bytes));
