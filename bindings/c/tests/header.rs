//! Holds `include/libkv.h` against the sources it is made from. `LIBKV_BLESS=1` rewrites it.

use std::{env, fs, path::Path};

use cbindgen::{Builder, Config};

/// The modules in the header's order.
const SOURCES: &[&str] = &[
    "version",
    "text",
    "error",
    "user_data",
    "token",
    "options",
    "client",
    "stats",
    "call",
    "call_options",
    "diagnosis",
    "operations/diagnose",
    "set_options",
    "secret",
    "operations/secret",
    "results",
    "many_options",
    "operations/many",
    "page",
    "operations/list",
    "versions",
    "operations/versions",
    "poller",
    "operations/deleted",
    "bytes",
    "operations/backup",
    "log",
    "shutdown",
];

#[test]
fn the_header_is_what_the_sources_say() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = Config::from_file(here.join("cbindgen.toml")).unwrap();
    let sources = SOURCES.iter().map(|module| here.join(format!("src/{module}.rs")));
    let builder = Builder::new().with_config(config).with_src(here.join("../../core/src/error.rs"));
    let bindings = sources.fold(builder, |builder, source| builder.with_src(source)).generate().unwrap();
    let mut made = Vec::new();
    bindings.write(&mut made);

    let header = here.join("../../include/libkv.h");
    if env::var_os("LIBKV_BLESS").is_some() {
        fs::write(&header, &made).unwrap();
    }
    let checked_in = fs::read(&header).unwrap_or_default();
    assert!(checked_in == made, "include/libkv.h is out of date; `make bless` rewrites it");
}
