#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| libkv::fuzz::address(text));
