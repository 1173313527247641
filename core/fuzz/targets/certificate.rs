#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| libkv::fuzz::certificate(file));
