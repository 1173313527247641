//! The Rust adapter: speaks the line protocol of `tests/README.md` for the crate `libkv`.

use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use libkv::{
    Begin, DeletedSecret, DiagnosisStep, Error, ErrorFields, ErrorKind, List, Many, OPTIONS, OnConflict,
    Operation, Properties, Request, Results, Secret, SecretClient, SecretProperties, SecretVersion, Set,
    Stats, Tags, Timestamp,
};
use libkv_conformance::events;
use libkv_conformance::protocol::{self, Pairs, Reply};
use serde::Serialize;
use serde_json::Value;
use tracing::level_filters::LevelFilter;

/// The operations that [`call`] has an arm for.
const OPERATIONS: &str = "set_secret,set_secrets,get_secret,try_get_secret,get_secrets,get_secret_history,\
    rollback_secret,prune_secret_versions,update_secret_properties,list_properties_of_secrets,\
    list_properties_of_secret_versions,begin_delete_secret,get_deleted_secret,list_deleted_secrets,\
    begin_recover_deleted_secret,purge_deleted_secret,backup_secret,restore_secret_backup,diagnose,stats";

/// The fields of an `ERR` reply.
struct Failure(Pairs);

type Result<T> = std::result::Result<T, Failure>;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(fields("", &error.fields()))
    }
}

fn unknown(word: &str) -> Failure {
    let pairs = [("kind", "adapter"), ("message", word)];
    Failure(pairs.map(|(key, text)| (key.to_owned(), text.as_bytes().to_vec())).into())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let mut clients = HashMap::new();
    for line in io::stdin().lock().lines() {
        let protocol::Request { id, verb, pairs } =
            protocol::parse_request(&line?).map_err(io::Error::other)?;
        let reply = match answer(&mut clients, &verb, Args(pairs)).await {
            Ok(fields) => Reply::Ok(fields),
            Err(Failure(fields)) => Reply::Err(fields),
        };
        writeln!(io::stdout(), "{}", protocol::reply_line(id, &reply))?;
    }
    Ok(())
}

async fn answer(clients: &mut HashMap<String, SecretClient>, verb: &str, mut args: Args) -> Result<Pairs> {
    let name = args.text("client")?.unwrap_or_default();
    match verb {
        "OPEN" => {
            let vault_url = args.text("vault_url")?.unwrap_or_default();
            let options = args.under("o.")?.into_iter().collect();
            clients.insert(name, SecretClient::new(&vault_url, options)?);
        }
        "CALL" => return call(clients.get(&name).ok_or_else(|| unknown(&name))?, args).await,
        "CLOSE" => drop(clients.remove(&name)),
        "DESCRIBE" => return Ok(describe()),
        other => return Err(unknown(other)),
    }
    Ok(Pairs::new())
}

async fn call(client: &SecretClient, mut args: Args) -> Result<Pairs> {
    let op = args.text("op")?.unwrap_or_default();
    let timeout = args.value("a.timeout_ms")?.map(Duration::from_millis);
    let wait = args.value("a.wait")?.unwrap_or(false);
    let name = args.text("a.name")?.unwrap_or_default();
    let version = args.text("a.version")?;
    let reply = match op.as_str() {
        "set_secret" => {
            let value = args.text("a.value")?.unwrap_or_default();
            let request = args.properties(client.set_secret(name, value))?;
            with_value(&args.conditions(request)?.timeout(timeout).await?)
        }
        "set_secrets" => {
            let values = args.under("a.values.")?;
            let request = args.properties(client.set_secrets(values))?;
            results(args.conditions(request)?.timeout(timeout), &mut args).await?
        }
        "get_secrets" => {
            let request = client.get_secrets().prefix(args.text("a.prefix")?).tags(args.tags()?);
            let request = match args.names()? {
                Some(names) => request.names(names),
                None => request,
            };
            results(request.timeout(timeout), &mut args).await?
        }
        "try_get_secret" => {
            let found = client.try_get_secret(name).version(version).timeout(timeout).await?;
            let mut reply = found.as_ref().map(with_value).unwrap_or_default();
            reply.extend(fields("", &serde_json::json!({ "found": found.is_some() })));
            reply
        }
        "get_secret_history" => items(&client.get_secret_history(name).timeout(timeout).await?),
        "rollback_secret" => {
            let request = client.rollback_secret(name, version.unwrap_or_default());
            with_value(&request.timeout(timeout).await?)
        }
        "prune_secret_versions" => {
            let keep = args.value("a.keep")?.unwrap_or_default();
            items(&client.prune_secret_versions(name, keep).timeout(timeout).await?)
        }
        "get_secret" => with_value(&client.get_secret(name).version(version).timeout(timeout).await?),
        "update_secret_properties" => {
            let request = args.properties(client.update_secret_properties(name))?;
            fields("", &request.version(version).timeout(timeout).await?)
        }
        "list_properties_of_secrets" => {
            list(client.list_properties_of_secrets().timeout(timeout), &mut args).await?
        }
        "list_properties_of_secret_versions" => {
            list(client.list_properties_of_secret_versions(name).timeout(timeout), &mut args).await?
        }
        "list_deleted_secrets" => list(client.list_deleted_secrets().timeout(timeout), &mut args).await?,
        "begin_delete_secret" => {
            polled(client.begin_delete_secret(name).timeout(timeout), wait, timeout, &mut args).await?
        }
        "begin_recover_deleted_secret" => {
            polled(client.begin_recover_deleted_secret(name).timeout(timeout), wait, timeout, &mut args)
                .await?
        }
        "get_deleted_secret" => fields("", &client.get_deleted_secret(name).timeout(timeout).await?),
        "purge_deleted_secret" => {
            client.purge_deleted_secret(name).wait(wait).timeout(timeout).await?;
            Pairs::new()
        }
        "backup_secret" => [("backup".to_owned(), client.backup_secret(name).timeout(timeout).await?)].into(),
        "restore_secret_backup" => {
            let backup = args.0.remove("a.backup").unwrap_or_default();
            fields("", &client.restore_secret_backup(backup).timeout(timeout).await?)
        }
        "diagnose" => items(&client.diagnose().timeout(timeout).await?),
        "stats" => fields("", &client.stats()),
        "log" => events::take(args.value("a.level")?.unwrap_or(LevelFilter::OFF)),
        other => return Err(unknown(other)),
    };
    args.0.keys().next().map_or(Ok(reply), |key| Err(unknown(key)))
}

async fn list<O: List<Item: Serialize>>(request: Request<O>, args: &mut Args) -> Result<Pairs> {
    let request = request.continuation_token(args.text("a.continuation_token")?);
    let mut pages = request.max_page_size(args.value("a.max_page_size")?).pages();
    let max_pages: Option<u64> = args.value("a.max_pages")?;
    let (mut reply, mut read, mut items, mut token) = (Pairs::new(), 0, 0, None);
    while max_pages.is_none_or(|max| read < max)
        && let Some(page) = pages.next_page().await?
    {
        for item in &page.items {
            reply.extend(fields(&format!("{items}."), item));
            items += 1;
        }
        (read, token) = (read + 1, page.continuation_token);
    }
    let summary = serde_json::json!({ "count": items, "pages": read, "continuation_token": token });
    reply.extend(fields("", &summary));
    Ok(reply)
}

async fn results<O>(request: Request<O>, args: &mut Args) -> Result<Pairs>
where
    O: Many + Operation<Output = Results>,
{
    let told = Arc::new(Mutex::new(Vec::new()));
    let teller = told.clone();
    let request = request.concurrency(args.value("a.concurrency")?);
    let request = request
        .on_progress(move |progress| teller.lock().unwrap_or_else(PoisonError::into_inner).push(progress));
    let all = request.await?.collect().await?;
    let mut reply = fields("", &serde_json::json!({ "count": all.len() }));
    for (place, result) in all.iter().enumerate() {
        let (prefix, failure) = (format!("{place}."), format!("{place}.error."));
        reply.extend(match &result.outcome {
            Ok(secret) => under(&prefix, with_value(secret)),
            Err(error) => fields(&failure, &error.fields()),
        });
        reply.insert(format!("{place}.name"), result.name.clone().into_bytes());
    }
    let told = told.lock().unwrap_or_else(PoisonError::into_inner);
    let last = told.last().map(|last| serde_json::json!({ "done": last.done, "total": last.total }));
    reply.extend(fields("progress.", &serde_json::json!({ "calls": told.len() })));
    reply.extend(fields("progress.", &last));
    Ok(reply)
}

/// A list that comes as a whole.
fn items(items: &[impl Serialize]) -> Pairs {
    let mut reply = fields("", &serde_json::json!({ "count": items.len() }));
    for (place, item) in items.iter().enumerate() {
        reply.extend(fields(&format!("{place}."), item));
    }
    reply
}

async fn polled<O: Begin<Begun: Serialize>>(
    request: Request<O>,
    wait: bool,
    timeout: Option<Duration>,
    args: &mut Args,
) -> Result<Pairs> {
    let request = request.continuation_token(args.text("a.continuation_token")?);
    let interval = args.value("a.polling_interval_ms")?.map(Duration::from_millis);
    let poller = request.polling_interval(interval).await?;
    if wait {
        poller.wait().timeout(timeout).await?;
    }
    let mut reply = fields("", &poller.result());
    let seen = serde_json::json!({
        "done": poller.is_done(),
        "look_count": poller.look_count(),
        "continuation_token": poller.continuation_token(),
    });
    reply.extend(fields("", &seen));
    Ok(reply)
}

fn with_value(secret: &Secret) -> Pairs {
    let mut reply = fields("", &secret.properties);
    reply.insert("value".to_owned(), secret.value.expose().as_bytes().to_vec());
    reply.insert("stale".to_owned(), secret.stale.to_string().into_bytes());
    reply
}

fn under(prefix: &str, pairs: Pairs) -> Pairs {
    pairs.into_iter().map(|(key, value)| (format!("{prefix}{key}"), value)).collect()
}

/// A record's members that have a value, under `prefix`.
fn fields(prefix: &str, record: &impl Serialize) -> Pairs {
    let mut pairs = Pairs::new();
    if let Ok(Value::Object(members)) = serde_json::to_value(record) {
        for (key, value) in members {
            let key = format!("{prefix}{key}");
            match value {
                Value::Null => {}
                Value::Object(_) => pairs.extend(fields(&format!("{key}."), &value)),
                Value::String(text) => drop(pairs.insert(key, text.into_bytes())),
                other => drop(pairs.insert(key, other.to_string().into_bytes())),
            }
        }
    }
    pairs
}

fn describe() -> Pairs {
    fn names(record: impl Serialize) -> String {
        let value = serde_json::to_value(record).unwrap_or_default();
        value
            .as_object()
            .into_iter()
            .flat_map(|members| members.keys().cloned())
            .collect::<Vec<_>>()
            .join(",")
    }
    let options: Vec<_> = OPTIONS.iter().map(|spec| spec.key).collect();
    let kinds: Vec<_> = ErrorKind::ALL.iter().map(|kind| kind.name()).collect();
    let described = [
        ("operations", OPERATIONS.to_owned()),
        ("options", options.join(",")),
        ("error_kinds", kinds.join(",")),
        ("fields.secret", "value,properties,stale".to_owned()),
        ("fields.secret_version", names(SecretVersion::default())),
        ("fields.secret_properties", names(SecretProperties::default())),
        ("fields.deleted_secret", names(DeletedSecret::default())),
        ("fields.diagnosis_step", names(DiagnosisStep::default())),
        ("fields.error", names(ErrorFields::default())),
        ("fields.stats", names(Stats::default())),
    ];
    described.map(|(key, list)| (key.to_owned(), list.into_bytes())).into()
}

/// A request's pairs; what is read is taken out, so that what is left is unknown.
struct Args(Pairs);

impl Args {
    fn text(&mut self, key: &str) -> Result<Option<String>> {
        let bytes = self.0.remove(key);
        Ok(bytes
            .map(String::from_utf8)
            .transpose()
            .map_err(|_| Error::invalid_argument(key, "must be UTF-8"))?)
    }

    fn value<T: FromStr>(&mut self, key: &str) -> Result<Option<T>> {
        let parse = |text: String| {
            text.parse().map_err(|_| Error::invalid_argument(key, "is not of the argument's type"))
        };
        Ok(self.text(key)?.map(parse).transpose()?)
    }

    /// Takes the pairs under `prefix`, without it.
    fn under(&mut self, prefix: &str) -> Result<Vec<(String, String)>> {
        let keys: Vec<_> = self.0.keys().filter(|key| key.starts_with(prefix)).cloned().collect();
        keys.iter()
            .map(|key| Ok((key[prefix.len()..].to_owned(), self.text(key)?.unwrap_or_default())))
            .collect()
    }

    fn properties<O: Properties>(&mut self, request: Request<O>) -> Result<Request<O>> {
        let time = |seconds: Option<i64>| seconds.map(Timestamp::from_unix_seconds);
        let request = request.content_type(self.text("a.content_type")?).enabled(self.value("a.enabled")?);
        let request = request.not_before(time(self.value("a.not_before")?));
        let request = request.expires_on(time(self.value("a.expires_on")?));
        Ok(request.tags(self.tags()?))
    }

    fn conditions<O: Set>(&mut self, request: Request<O>) -> Result<Request<O>> {
        let policy = self.text("a.on_conflict")?.map(|name| OnConflict::from_name(&name)).transpose()?;
        let request = request.on_conflict(policy);
        Ok(request.if_changed(self.value("a.if_changed")?).if_absent(self.value("a.if_absent")?))
    }

    fn tags(&mut self) -> Result<Option<Tags>> {
        let has_none = self.0.remove("a.tags.none").is_some();
        let tags = self.under("a.tags.")?;
        Ok((has_none || !tags.is_empty()).then(|| tags.into_iter().collect()))
    }

    /// Takes a list in the order of its numbers.
    fn names(&mut self) -> Result<Option<Vec<String>>> {
        let has_none = self.0.remove("a.names.none").is_some();
        let mut names = Vec::new();
        while let Some(name) = self.text(&format!("a.names.{}", names.len()))? {
            names.push(name);
        }
        Ok((has_none || !names.is_empty()).then_some(names))
    }
}
