//! Writers that share a vault in bad weather, on virtual time: what they are told, held against what was applied.

mod vault;
mod weather;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::time::{Instant, sleep};

use self::{
    vault::{Commit, URL},
    weather::{CALL, SimulatedVault},
};
use crate::{ClientOptions, ErrorKind, SecretClient, error::Result, options::Config};

/// One call and what it was told.
#[derive(Debug)]
struct Told {
    operation: &'static str,
    name: String,
    value: String,
    /// The version of a set, or how the call failed.
    outcome: Result<String, ErrorKind>,
    began: Instant,
    ended: Instant,
    timeout: Duration,
}

/// What a case is made of.
struct Case {
    seed: u64,
    vault: SimulatedVault,
    told: Vec<Told>,
    commits: Vec<Commit>,
}

const CALLS: usize = 6;

impl Case {
    async fn run(seed: u64) -> Self {
        // The pipeline's own waits are drawn from the thread's generator.
        fastrand::seed(seed);
        let mut random = fastrand::Rng::with_seed(seed);
        let vault = SimulatedVault::new(seed, 0.1 + 0.5 * random.f64());
        let one_client = random.bool();
        let writers = random.usize(1..=8);
        let shared = client(&vault);
        let tasks: Vec<_> = (0..writers)
            .map(|writer| {
                let client = if one_client { shared.clone() } else { client(&vault) };
                let random = fastrand::Rng::with_seed(random.u64(..));
                tokio::spawn(write(client, random, writer * CALLS, one_client))
            })
            .collect();
        let mut told = Vec::new();
        for task in tasks {
            told.extend(task.await.unwrap());
        }
        // What the vault still has in hand.
        sleep(Duration::from_secs(1)).await;
        let commits = vault.0.lock().unwrap().commits.clone();
        Self { seed, vault, told, commits }
    }

    fn of_call<'a>(&'a self, call: usize, operation: &'a str) -> impl Iterator<Item = &'a Commit> {
        self.commits.iter().filter(move |commit| commit.call == call && commit.operation == operation)
    }

    /// Tells whether another call changed the state of a call's name meanwhile, or shortly before: changes take their time.
    fn was_disturbed(&self, call: usize, told: &Told) -> bool {
        let changes = |commit: &&Commit| !matches!(commit.operation, "set" | "update");
        self.commits.iter().filter(changes).any(|commit| {
            commit.call != call
                && commit.name == told.name
                && commit.at + Duration::from_secs(10) >= told.began
                && commit.at <= told.ended
        })
    }

    fn was_deleted_meanwhile(&self, told: &Told) -> bool {
        let deletions =
            self.commits.iter().filter(|commit| commit.operation == "delete" && commit.name == told.name);
        deletions.into_iter().any(|deletion| (told.began..=told.ended).contains(&deletion.at))
    }

    /// Tells whether a name was, at some time of the call, in the state that the call was to bring about, whoever did it.
    fn was_as_asked(&self, told: &Told) -> bool {
        let is_as_asked = |last: Option<&Commit>| match (told.operation, last.map(|last| last.operation)) {
            ("purge", None) | ("recover", Some("set" | "restore")) => true,
            (asked, last) => last == Some(asked),
        };
        let changes = |commit: &&Commit| commit.name == told.name && commit.operation != "update";
        let (before, later): (Vec<_>, Vec<_>) =
            self.commits.iter().filter(changes).partition(|commit| commit.at <= told.began);
        let mut meanwhile = later.into_iter().take_while(|commit| commit.at <= told.ended);
        is_as_asked(before.last().copied()) || meanwhile.any(|commit| is_as_asked(Some(commit)))
    }

    fn check(&self) {
        for (call, told) in self.told.iter().enumerate() {
            let took = told.ended - told.began;
            assert!(took <= told.timeout, "seed {}: {told:?} took {took:?}", self.seed);
            let applied = self.of_call(call, told.operation).count();
            match told.outcome {
                _ if matches!(told.operation, "set" | "backup") => {}
                Ok(_) => assert!(
                    applied >= 1 || self.was_as_asked(told) || self.was_disturbed(call, told),
                    "seed {}: reported done and never applied: {told:?}",
                    self.seed
                ),
                Err(ErrorKind::OutcomeUnknown) => {}
                Err(_) => assert!(
                    applied == 0 || self.was_disturbed(call, told),
                    "seed {}: reported failed and applied {applied} times: {told:?}",
                    self.seed
                ),
            }
        }
        self.check_sets();
    }

    /// Sets of the same value by the same client are interchangeable; every other set is alone in its group.
    fn check_sets(&self) {
        let mut groups = BTreeMap::<_, Vec<_>>::new();
        for (call, told) in self.told.iter().enumerate().filter(|(_, told)| told.operation == "set") {
            groups.entry((&told.name, &told.value)).or_default().push((call, told));
        }
        for (group, sets) in groups {
            let made: Vec<_> = sets
                .iter()
                .flat_map(|(call, _)| self.of_call(*call, "set"))
                .map(|commit| &commit.version)
                .collect();
            let held = made.iter().filter(|version| self.vault.0.lock().unwrap().holds(version)).count();
            let mut acknowledged: Vec<_> =
                sets.iter().filter_map(|(_, told)| told.outcome.as_ref().ok()).collect();
            let may_be_more = |told: &Told| {
                // A version that is deleted before it is looked for cannot be seen.
                let unseen = usize::from(self.was_deleted_meanwhile(told));
                unseen + usize::from(told.outcome == Err(ErrorKind::OutcomeUnknown))
            };
            let unknown: usize = sets.iter().map(|(_, told)| may_be_more(told)).sum();
            assert!(
                acknowledged.iter().all(|version| made.contains(version)),
                "seed {}: a version that no set of {group:?} made was reported: {sets:?}",
                self.seed
            );
            let count = acknowledged.len();
            acknowledged.sort();
            acknowledged.dedup();
            assert_eq!(acknowledged.len(), count, "seed {}: one version for two sets: {sets:?}", self.seed);
            assert!(
                held <= count + unknown,
                "seed {}: {held} versions for {count} sets and {unknown} unknown: {sets:?} {:?}",
                self.seed,
                self.commits.iter().filter(|c| c.name == *group.0).collect::<Vec<_>>(),
            );
        }
    }
}

fn client(vault: &SimulatedVault) -> SecretClient {
    let options = ClientOptions::new().set("credential", "static_token").set("credential.token", "t");
    SecretClient::with_transport(URL, Config::new(options).unwrap(), Arc::new(vault.clone())).unwrap()
}

/// Makes one call after another.
async fn write(client: SecretClient, mut random: fastrand::Rng, first: usize, one_client: bool) -> Vec<Told> {
    let mut told = Vec::new();
    let mut backup = Vec::new();
    for call in first..first + CALLS {
        sleep(Duration::from_millis(random.u64(..1_500))).await;
        let timeout = Duration::from_secs(random.u64(3..90));
        let name = random.choice(["a", "b"]).unwrap();
        let value = if one_client && random.bool() { "same".to_owned() } else { call.to_string() };
        let began = Instant::now();
        let kind = random.u8(..16);
        let made = CALL.scope(call, make(&client, kind, name, &value, timeout, &mut backup));
        let (operation, outcome) = made.await;
        let outcome = outcome.map_err(|error| error.kind());
        told.push(Told {
            operation,
            name: name.to_owned(),
            value,
            outcome,
            began,
            ended: Instant::now(),
            timeout,
        });
    }
    told
}

async fn make(
    client: &SecretClient,
    kind: u8,
    name: &str,
    value: &str,
    timeout: Duration,
    backup: &mut Vec<u8>,
) -> (&'static str, Result<String>) {
    match kind {
        0 => ("delete", done(client.begin_delete_secret(name).timeout(timeout).await)),
        1 | 2 => ("recover", done(client.begin_recover_deleted_secret(name).timeout(timeout).await)),
        3 => ("purge", done(client.purge_deleted_secret(name).timeout(timeout).await)),
        4 => {
            let update = client.update_secret_properties(name).content_type(value);
            ("update", done(update.timeout(timeout).await))
        }
        5 if !backup.is_empty() => {
            ("restore", done(client.restore_secret_backup(backup.clone()).timeout(timeout).await))
        }
        6 => {
            *backup = client.backup_secret(name).timeout(timeout).await.unwrap_or_default();
            ("backup", Ok(String::new()))
        }
        _ => {
            let set = client.set_secret(name, value).enabled((kind == 7).then_some(false));
            let set = set.timeout(timeout).await;
            ("set", set.map(|set| set.properties.version.unwrap_or_default()))
        }
    }
}

fn done<T>(outcome: Result<T>) -> Result<String> {
    outcome.map(|_| String::new())
}

#[test]
fn every_acknowledged_set_is_one_version_and_nothing_else_is_reported_done() {
    let mut outcomes = BTreeMap::<String, usize>::new();
    for seed in 0..400 {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let case = runtime.block_on(Case::run(seed));
        case.check();
        for told in case.told {
            let outcome = told.outcome.map_or_else(|kind| kind.to_string(), |_| "done".to_owned());
            *outcomes.entry(format!("{} {outcome}", told.operation)).or_default() += 1;
        }
    }
    println!("{outcomes:#?}");
    // Weather that spares or fails everything would prove nothing.
    assert!(outcomes["set done"] > 1_000 && outcomes["set outcome_unknown"] > 100, "{outcomes:#?}");
}
