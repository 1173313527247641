//! `tests/contract.json` says what the core offers.

use std::{env, fs, path::Path};

#[test]
fn the_contract_is_the_core_s() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contract.json");
    let current = format!("{:#}\n", libkv::contract::contract());
    if env::var_os("LIBKV_BLESS").is_some() {
        fs::write(&file, &current).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == current,
        "tests/contract.json is stale: run LIBKV_BLESS=1 cargo test -p libkv-conformance --test contract"
    );
}
