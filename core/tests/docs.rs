//! Holds the generated documentation against its source. `LIBKV_BLESS=1` rewrites it.

use std::{env, fs, path::Path};

use libkv::{OPTIONS, OptionType};

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

#[test]
fn the_option_table_is_current() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/options.md");
    if env::var_os("LIBKV_BLESS").is_some() {
        fs::write(&file, options_page()).unwrap();
    }
    assert_eq!(fs::read_to_string(file).unwrap_or_default(), options_page(), "run `make bless`");
}
