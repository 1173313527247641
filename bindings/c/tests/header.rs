//! Holds `include/libkv.h` against the sources it is made from. `LIBKV_BLESS=1` rewrites it.

use std::{env, fs, path::Path};

use cbindgen::{Builder, Config};
use libkv::{OPTIONS, OptionSpec, OptionType};

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

/// Where the introduction has the client's options.
const OPTIONS_PLACE: &str = " * OPTIONS\n";
const WIDTH: usize = 104;

/// The lines of the introduction that say what an option may be and does.
fn option_lines(option: &OptionSpec) -> String {
    let values = match option.values() {
        OptionType::Boolean => "true, false".to_owned(),
        OptionType::Integer(min, max) => format!("{min} to {max}"),
        OptionType::Choice(words) => words.join(", "),
        _ => "text".to_owned(),
    };
    let default =
        if option.default.is_empty() { String::new() } else { format!(" Default: {}.", option.default) };
    // What is set in code elsewhere is plain in a comment of C.
    let about = format!("{} Values: {values}.{default}", option.about).replace('`', "");
    let mut lines = format!(" *   {}\n", option.key);
    let mut line = " *    ".to_owned();
    for word in about.split(' ') {
        if line.len() + 1 + word.len() > WIDTH {
            lines += &format!("{line}\n");
            " *    ".clone_into(&mut line);
        }
        line += &format!(" {word}");
    }
    lines + &line + "\n"
}

#[test]
fn the_header_is_what_the_sources_say() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut config = Config::from_file(here.join("cbindgen.toml")).unwrap();
    let introduction = config.header.take().unwrap();
    assert!(introduction.contains(OPTIONS_PLACE));
    config.header =
        Some(introduction.replace(OPTIONS_PLACE, &OPTIONS.iter().map(option_lines).collect::<String>()));
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
