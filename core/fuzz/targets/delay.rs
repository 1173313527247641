#![no_main]

libfuzzer_sys::fuzz_target!(|header: &[u8]| libkv::fuzz::delay(header));
