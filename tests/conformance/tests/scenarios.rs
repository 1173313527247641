//! Every scenario in every language that is built; see `tests/README.md`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::{env, io};

use libkv_conformance::language::{self, Language, Missing};
use libkv_conformance::run::run;
use libkv_conformance::scenario::{self, Scenario};
use libkv_conformance::surface::{self, Contract};
use libkv_conformance::vault::LocalVault;
use libtest_mimic::{Arguments, Failed, Trial};

/// Most of a trial is waiting, so there are more at a time than there are processors.
const TRIALS_AT_ONCE: usize = 8;

/// What all trials share.
struct Shared {
    root: PathBuf,
    contract: Contract,
    local: OnceLock<Result<LocalVault, String>>,
}

impl Shared {
    fn local(&self) -> Result<&LocalVault, String> {
        self.local.get_or_init(LocalVault::start).as_ref().map_err(Clone::clone)
    }
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(TRIALS_AT_ONCE);
    match trials() {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(error) => {
            // Nothing is left to try when standard error is closed.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn trials() -> Result<Vec<Trial>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .map_err(|error| error.to_string())?;
    let folder = root.join(env::var_os("LIBKV_SCENARIOS").unwrap_or_else(|| "tests/scenarios".into()));
    let scenarios: Vec<_> = scenario::load(&folder)?.into_iter().map(Arc::new).collect();
    let is_required = env::var_os("LIBKV_REQUIRE").is_some_and(|required| required == "all");
    let contract = Contract::load(&root.join("tests/contract.json"))?;
    let languages = language::find(&root, env!("CARGO_BIN_EXE_libkv-adapter-rust"));
    let shared = Arc::new(Shared { root, contract, local: OnceLock::new() });
    let mut trials = Vec::new();
    for language in languages {
        match language {
            Ok(language) => trials.extend(trials_of(&Arc::new(language), &scenarios, &shared)),
            Err(missing) => trials.push(skipped(missing, is_required)),
        }
    }
    Ok(trials)
}

fn trials_of(language: &Arc<Language>, scenarios: &[Arc<Scenario>], shared: &Arc<Shared>) -> Vec<Trial> {
    let surface = trial(format!("{}::surface", language.name), language, shared, |language, shared| {
        surface::check(language, &shared.root, &shared.contract)
    });
    let played = scenarios.iter().enumerate().map(|(index, scenario)| {
        let scenario = Arc::clone(scenario);
        trial(format!("{}::{}", language.name, scenario.slug()), language, shared, move |language, shared| {
            run(&scenario, language, &shared.root, shared.local()?, &format!("{}-{index}", language.name))
        })
    });
    std::iter::once(surface).chain(played).collect()
}

fn trial(
    name: String,
    language: &Arc<Language>,
    shared: &Arc<Shared>,
    check: impl FnOnce(&Language, &Shared) -> Result<(), String> + Send + 'static,
) -> Trial {
    let (language, shared) = (Arc::clone(language), Arc::clone(shared));
    Trial::test(name, move || check(&language, &shared).map_err(Failed::from))
}

fn skipped(Missing { name, reason }: Missing, is_required: bool) -> Trial {
    let shown = format!("{name}::(skipped: {reason})");
    Trial::test(shown, move || Err(Failed::from(reason))).with_ignored_flag(!is_required)
}
