//! The languages: how each one's adapter is started, and the adapters waiting for the next scenario.

use std::fs::DirEntry;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::adapter::Adapter;

/// One language's adapters.
pub struct Language {
    /// `rust`, `python`, `python-aio`, `node`, `c` or `cpp`.
    pub name: &'static str,
    command: Vec<String>,
    idle: Mutex<Vec<Adapter>>,
}

/// A language that cannot be tested here, and why.
pub struct Missing {
    /// The language's name.
    pub name: &'static str,
    /// What is not there, and what makes it.
    pub reason: String,
}

impl Language {
    /// A language whose adapter `command` starts.
    pub fn new(name: &'static str, command: Vec<String>) -> Self {
        Self { name, command, idle: Mutex::default() }
    }

    /// Lends `work` an idle adapter, or a fresh one. An adapter whose work failed is not lent again: it may hang, or
    /// hold the failed scenario's clients.
    pub fn with_adapter<T>(
        &self,
        folder: &Path,
        work: impl FnOnce(&mut Adapter) -> Result<T, String>,
    ) -> Result<T, String> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut adapter = idle.map_or_else(|| Adapter::start(&self.command, folder), Ok)?;
        let result = work(&mut adapter)?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(adapter);
        Ok(result)
    }
}

/// Finds the languages whose adapters can be started in the repository at `root`. `rust_adapter` is the Rust adapter's
/// program, which cargo builds with the runner.
pub fn find(root: &Path, rust_adapter: &str) -> Vec<Result<Language, Missing>> {
    let language = |name, command: &[&str], is_built: Result<(), String>| match is_built {
        Ok(()) => Ok(Language::new(name, command.iter().map(|&word| word.to_owned()).collect())),
        Err(reason) => Err(Missing { name, reason: format!("{reason}; run make build") }),
    };
    vec![
        language("rust", &[rust_adapter], Ok(())),
        language("python", &[PYTHON, "tests/adapters/python.py"], has_python(root)),
        language("python-aio", &[PYTHON, "tests/adapters/python.py", "aio"], has_python(root)),
        language("node", &["node", "tests/adapters/node.mjs"], has_node(root)),
        language("c", &["target/adapters/c"], exists(root, "target/adapters/c")),
        language("cpp", &["target/adapters/cpp"], exists(root, "target/adapters/cpp")),
    ]
}

const PYTHON: &str = ".venv/bin/python";

fn has_python(root: &Path) -> Result<(), String> {
    exists(root, PYTHON)?;
    exists(root, "tests/adapters/python.py")?;
    let look = "import importlib.util, sys; sys.exit(importlib.util.find_spec('libkv') is None)";
    if succeeds(root, &[PYTHON, "-c", look]) { Ok(()) } else { Err("the .venv has no libkv".to_owned()) }
}

fn has_node(root: &Path) -> Result<(), String> {
    exists(root, "tests/adapters/node.mjs")?;
    if !succeeds(root, &["node", "--version"]) {
        return Err("there is no node".to_owned());
    }
    let is_addon = |file: DirEntry| file.path().extension().is_some_and(|extension| extension == "node");
    let is_built =
        root.join("node").read_dir().is_ok_and(|mut files| files.any(|file| file.is_ok_and(is_addon)));
    if is_built { Ok(()) } else { Err("there is no addon in node/".to_owned()) }
}

fn exists(root: &Path, path: &str) -> Result<(), String> {
    if root.join(path).exists() { Ok(()) } else { Err(format!("there is no {path}")) }
}

fn succeeds(root: &Path, command: &[&str]) -> bool {
    let mut process = Command::new(command[0]);
    process.args(&command[1..]).current_dir(root).stdout(Stdio::null()).stderr(Stdio::null());
    process.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Pairs;

    #[test]
    fn an_adapter_is_lent_again_until_its_work_fails() {
        let script = "i=0; while read n rest; do i=$((i+1)); echo $n OK count=$i; done";
        let language = Language::new("rust", ["sh", "-c", script].map(str::to_owned).to_vec());
        let count = |fail: bool| {
            language.with_adapter(Path::new("/"), |adapter| {
                let reply = adapter.request("DESCRIBE", &Pairs::new())?;
                if fail { Err(format!("{reply:?}")) } else { Ok(format!("{reply:?}")) }
            })
        };
        assert!(count(false).unwrap().contains("[49]"));
        assert!(count(true).unwrap_err().contains("[50]"));
        assert!(count(false).unwrap().contains("[49]"));
    }

    #[test]
    fn what_is_missing_is_named() {
        let found = find(Path::new("/nowhere"), "rust");
        let missing: Vec<_> = found.iter().filter_map(|language| language.as_ref().err()).collect();
        assert_eq!(
            missing.iter().map(|missing| missing.name).collect::<Vec<_>>(),
            ["python", "python-aio", "node", "c", "cpp"]
        );
        assert_eq!(missing[0].reason, "there is no .venv/bin/python; run make build");
    }
}
