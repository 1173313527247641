//! Holds the generated documentation against its source. `LIBKV_BLESS=1` rewrites it.

use std::{env, fs, io, path::Path};

use libkv::{EVENTS, OPTIONS, OptionType};

fn options_page() -> String {
    let mut page = String::from(
        "# Client options\n\nEvery language takes the same options, as text pairs. This page is generated from the table in \
         `core/src/options.rs` by `make bless`.\n\n| option | values | default | what it does |\n|---|---|---|---|\n",
    );
    for option in OPTIONS {
        let values = match option.values() {
            OptionType::Boolean => "`true`, `false`".to_owned(),
            OptionType::Integer(min, max) => format!("{min} to {max}"),
            OptionType::Choice(words) => {
                words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
            }
            _ => "text".to_owned(),
        };
        let default =
            if option.default.is_empty() { "–".to_owned() } else { format!("`{}`", option.default) };
        page += &format!("| `{}` | {values} | {default} | {} |\n", option.key, option.about);
    }
    page
}

fn events_page() -> String {
    let mut page = String::from(
        "# Events\n\nWhat the client tells of its work, in every language: Python's `logging`, Node's `diagnostics_channel`, the log \
         callback of C and C++, Rust's `tracing`. It names secrets, and never holds a value or a token. This page is generated from \
         the table in `core/src/events.rs` by `make bless`.\n\n| event | level | fields | when |\n|---|---|---|---|\n",
    );
    for event in EVENTS {
        let fields: Vec<_> = event.fields.iter().map(|field| format!("`{field}`")).collect();
        let level = event.level.as_str().to_lowercase();
        page += &format!("| `{}` | {level} | {} | {} |\n", event.target, fields.join(", "), event.about);
    }
    page
}

/// Returns a page as it is, after writing it where that is asked for.
fn page(name: &str, generated: &str) -> io::Result<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
    if env::var_os("LIBKV_BLESS").is_some() {
        fs::write(&file, generated)?;
    }
    fs::read_to_string(file)
}

#[test]
fn the_option_table_is_current() {
    assert_eq!(page("options.md", &options_page()).unwrap(), options_page(), "run `make bless`");
}

#[test]
fn the_event_table_is_current() {
    assert_eq!(page("events.md", &events_page()).unwrap(), events_page(), "run `make bless`");
}
