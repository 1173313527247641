//! Keeps `CONTRACT.md`: what is known of the service, fact by fact, and which test shows that the emulator does the same.
//!
//! A test under `tests/http/` names the facts that it shows in its doc comment:
//!
//! ```text
//! /// Contract `group.fact` (recorded): what the service does.
//! ```
//!
//! Another test of the same fact has the id alone. `LIBKV_BLESS=1` rewrites the page.
#![allow(clippy::panic, clippy::unwrap_used, reason = "this is how a test fails")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

const HEADING: &str = "# What the emulator does as the service does

Each fact has the tests under `tests/http/` that show it; `make bless` makes this page from them. A fact is known because it is *documented* by the service's owner, was *recorded* from the service by an official client's tests, or was *seen* in an answer that
somebody published. Where nothing was found, what the emulator does is *chosen*. All answers are held against the service's own API description as well.
";

/// The groups of facts in the page's order: the part of an id before its dot, and what it stands for.
const GROUPS: [(&str, &str); 13] = [
    ("request", "Requests"),
    ("answer", "Answers"),
    ("name", "Names and limits"),
    ("set", "Set"),
    ("get", "Get"),
    ("update", "Update"),
    ("list", "Lists"),
    ("delete", "Delete"),
    ("deleted", "Deleted secrets"),
    ("recover", "Recover"),
    ("purge", "Purge"),
    ("backup", "Backup and restore"),
    ("caller", "Callers"),
];

const MARK: &str = "/// Contract `";

/// What a test's comment says of a fact.
struct Mention {
    id: String,
    /// How the fact is known and what it is, where this is the mention that says so.
    fact: Option<(String, String)>,
    test: String,
}

fn mentions(file: &Path) -> Vec<Mention> {
    let module = file.file_stem().unwrap().to_str().unwrap();
    let (mut found, mut open): (Vec<Mention>, Vec<String>) = (Vec::new(), Vec::new());
    for line in fs::read_to_string(file).unwrap().lines() {
        if let Some(text) = line.strip_prefix(MARK) {
            open.push(text.to_owned());
        } else if let (Some(text), Some(last)) = (line.strip_prefix("///"), open.last_mut()) {
            last.push_str(text);
        } else if let Some((_, rest)) = line.split_once("fn ").filter(|_| !open.is_empty()) {
            let test = format!("{module}::{}", rest.split('(').next().unwrap());
            found.extend(open.drain(..).map(|text| mention(&text, &test)));
        }
    }
    assert!(open.is_empty(), "{module}: a comment without a test");
    found
}

/// Reads `group.fact` (known): what it is.` or `group.fact`.` behind the mark.
fn mention(text: &str, test: &str) -> Mention {
    let (id, rest) = text.split_once('`').unwrap_or_else(|| panic!("{test}: {text}"));
    let fact = rest.strip_prefix(" (").map(|rest| {
        let (known, fact) = rest.split_once("): ").unwrap_or_else(|| panic!("{test}: {text}"));
        assert!(["documented", "recorded", "seen", "chosen"].contains(&known), "{id}: {known}");
        (known.to_owned(), fact.to_owned())
    });
    assert!(fact.is_some() || rest == ".", "{test}: {text}");
    Mention { id: id.to_owned(), fact, test: test.to_owned() }
}

fn page(mentions: &[Mention]) -> String {
    let mut facts = BTreeMap::new();
    let mut tests: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for mention in mentions {
        tests.entry(&mention.id).or_default().push(&mention.test);
        if let Some(fact) = &mention.fact {
            assert!(facts.insert(mention.id.as_str(), fact).is_none(), "{} is told twice", mention.id);
        }
    }
    for id in tests.keys() {
        assert!(facts.contains_key(id), "nothing tells what {id} is");
        let group = id.split_once('.').unwrap_or_else(|| panic!("{id} has no group")).0;
        assert!(GROUPS.iter().any(|(known, _)| *known == group), "{id} is of no group");
    }

    let mut page = HEADING.to_owned();
    for (group, title) in GROUPS {
        let rows: Vec<_> = facts.iter().filter(|(id, _)| id.split('.').next() == Some(group)).collect();
        if rows.is_empty() {
            continue;
        }
        page += &format!("\n## {title}\n\n| id | fact | known | shown by |\n|---|---|---|---|\n");
        for (id, (known, fact)) in rows {
            let tests: Vec<_> = tests[id].iter().map(|test| format!("`{test}`")).collect();
            let fact = fact.replace('|', "\\|");
            page += &format!("| `{id}` | {fact} | {known} | {} |\n", tests.join(", "));
        }
    }
    page
}

#[test]
fn the_page_says_what_the_tests_say() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> =
        fs::read_dir(here.join("tests/http")).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files.sort();
    let current = page(&files.iter().flat_map(|file| mentions(file)).collect::<Vec<_>>());
    let file = here.join("CONTRACT.md");
    if env::var_os("LIBKV_BLESS").is_some() {
        fs::write(&file, &current).unwrap();
    }
    assert!(
        fs::read_to_string(file).unwrap_or_default() == current,
        "emulator/CONTRACT.md is stale: run make bless"
    );
}
