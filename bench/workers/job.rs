//! A client at a job of many calls, for each of the workers in Rust; see `bench/README.md` for what a worker is told and says.

use std::{
    collections::HashSet,
    env,
    error::Error,
    io::{Write, stderr, stdin, stdout},
    time::Instant,
};

use futures_util::{StreamExt, stream};

/// What may go wrong in a call, whichever client makes it.
pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

/// A client as a worker uses it.
pub(crate) trait Client {
    /// Reads a secret's value.
    async fn get(&self, name: &str) -> Outcome<String>;

    /// Writes a secret and returns its value.
    async fn set(&self, name: &str, value: &str) -> Outcome<String>;

    /// Lists the vault's secrets.
    async fn names(&self) -> Outcome<Vec<String>>;

    /// Lists and reads the vault's secrets, as names and values.
    async fn read_all(&self, workers: usize) -> Outcome<Vec<(String, String)>> {
        Ok(each(self, "get", workers, self.names().await?).await)
    }

    /// Returns how often a token was asked for.
    fn tokens(&self) -> u64 {
        0
    }
}

/// Makes a call for each name, so many at a time. What fails has its error for a value.
async fn each<C: Client + ?Sized>(
    client: &C,
    operation: &str,
    workers: usize,
    names: Vec<String>,
) -> Vec<(String, String)> {
    let calls = stream::iter(names).map(|name| async move {
        let value = if operation == "set" { client.set(&name, &name).await } else { client.get(&name).await };
        let value = value.unwrap_or_else(|error| error.to_string());
        (name, value)
    });
    calls.buffer_unordered(workers).collect().await
}

/// Returns how many calls did not give what they must: each secret once, its name as its value.
fn failures(expected: &[String], results: &[(String, String)]) -> Outcome<usize> {
    let wrong = results.iter().filter(|(name, value)| name != value);
    if let Some((name, value)) = wrong.clone().next() {
        writeln!(stderr(), "{name}: {value}")?;
    }
    let got: HashSet<_> = results.iter().map(|(name, _)| name).collect();
    let missing = expected.iter().filter(|name| !got.contains(name)).count();
    Ok((wrong.count() + missing).max(results.len().abs_diff(expected.len())))
}

/// Does what the command line says with the client.
pub(crate) async fn work(client: impl Client, arguments: &[String]) -> Outcome<()> {
    let [operation, workers, first, count] = arguments else {
        return Err("usage: WORKER get|set|list|read|first WORKERS FIRST COUNT".into());
    };
    let (workers, first, count): (usize, u32, u32) = (workers.parse()?, first.parse()?, count.parse()?);
    let expected: Vec<_> = (first..first + count).map(|number| format!("secret-{number}")).collect();
    if operation == "first" {
        writeln!(stdout(), "{}", client.get(&expected[0]).await?)?;
        stdin().lines().for_each(drop);
        return Ok(());
    }
    writeln!(stdout(), "ready")?;
    for line in stdin().lines() {
        line?;
        let began = Instant::now();
        let results = match operation.as_str() {
            "list" => client.names().await?.into_iter().map(|name| (name.clone(), name)).collect(),
            "read" => client.read_all(workers).await?,
            _ => each(&client, operation, workers, expected.clone()).await,
        };
        let seconds = began.elapsed().as_secs_f64();
        let (failed, tokens) = (failures(&expected, &results)?, client.tokens());
        writeln!(stdout(), "{{\"failed\": {failed}, \"seconds\": {seconds}, \"tokens\": {tokens}}}")?;
    }
    Ok(())
}

/// Returns a variable of the environment.
pub(crate) fn variable(name: &str) -> Outcome<String> {
    env::var(name).map_err(|error| format!("{name}: {error}").into())
}
