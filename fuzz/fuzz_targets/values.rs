#![no_main]
//! See `satu_fuzz::values`.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| satu_fuzz::values(bytes));
