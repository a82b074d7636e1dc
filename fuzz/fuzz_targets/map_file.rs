#![no_main]
//! See `satu_fuzz::map_file`.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| satu_fuzz::map_file(bytes));
