use std::sync::Arc;

use libkv::{ClientOptions, Operation, Request, Result, SecretClient};
use libkv_bridge::Session;
use napi::{
    Env,
    bindgen_prelude::{FnArgs, Function, ToNapiValue, Uint8Array},
};
use napi_derive::napi;

use crate::{
    call::{Outcome, duration, outcome},
    credential::{Fetcher, TokenCredential},
    mailbox::{Calls, Mailbox, Reply},
    model::{Found, Page, PageSettings, Record, Secret, SetConditions, VersionProperties},
    poller::Poller,
    results::{Results, Selection},
};

#[napi]
pub struct Client {
    session: Arc<Session>,
    pub(crate) calls: Arc<Calls>,
}

/// What the function takes that reads a secret: its name, its version and a timeout.
type Reading = FnArgs<(String, Option<String>, Option<f64>)>;

#[napi]
impl Client {
    #[napi(catch_unwind)]
    pub fn open(
        env: &Env,
        mailbox: &Mailbox,
        vault_url: String,
        options: Vec<(String, String)>,
        fetcher: Option<Fetcher>,
    ) -> napi::Result<Outcome<Client>> {
        let mut options = ClientOptions::from_iter(options);
        if let Some(fetcher) = fetcher {
            options = options.token_source(Arc::new(TokenCredential::new(fetcher)));
        }
        let calls = mailbox.calls(env)?;
        Ok(outcome(
            Session::new(&vault_url, options).map(|session| Self { session: Arc::new(session), calls }),
        ))
    }

    #[napi]
    pub fn close(&self) {
        self.session.close();
    }

    #[napi(getter)]
    pub fn vault_url(&self) -> Outcome<String> {
        outcome(self.session.client().map(|client| client.vault_url().to_owned()))
    }

    #[napi]
    pub fn stats(&self) -> Outcome<Record> {
        outcome(self.session.client().map(|client| client.stats().into()))
    }

    #[napi]
    pub fn set_secret(
        &self,
        env: &Env,
        name: String,
        value: String,
        properties: VersionProperties,
        conditions: SetConditions,
        timeout_ms: Option<f64>,
    ) -> Reply<Secret> {
        let set = |client: &SecretClient| conditions.put(properties.put(client.set_secret(name, value)));
        self.calls.start(env, self.session.client().and_then(set), timeout_ms)
    }

    #[napi(catch_unwind)]
    pub fn set_secrets(
        &self,
        values: Vec<(String, String)>,
        properties: VersionProperties,
        conditions: SetConditions,
        concurrency: Option<u32>,
        timeout_ms: Option<f64>,
    ) -> Outcome<Results> {
        let set = |client: &SecretClient| {
            let request = properties.put(client.set_secrets(values)).concurrency(concurrency);
            Ok(Results::new(conditions.put(request)?, timeout_ms))
        };
        outcome(self.session.client().and_then(set))
    }

    /// Returns the function that reads a secret. The most frequent call is no method, which would cost more: napi keeps a record
    /// of what methods borrow.
    #[napi]
    pub fn reader<'env>(&self, env: &'env Env) -> napi::Result<Function<'env, Reading, Reply<Secret>>> {
        let (session, calls) = (self.session.clone(), self.calls.clone());
        env.create_function_from_closure("getSecret", move |context| {
            let (name, version, timeout_ms) = context.args::<(String, Option<String>, Option<f64>)>()?;
            let client = session.client();
            let request = client.map(|client| client.get_secret(name).version(version));
            Ok(read(&session, &calls, context.env, request, timeout_ms))
        })
    }

    #[napi]
    pub fn try_get_secret(
        &self,
        env: &Env,
        name: String,
        version: Option<String>,
        timeout_ms: Option<f64>,
    ) -> Reply<Found> {
        let request = self.session.client().map(|client| client.try_get_secret(name).version(version));
        read(&self.session, &self.calls, env, request, timeout_ms)
    }

    #[napi(catch_unwind)]
    pub fn get_secrets(&self, selection: Selection, timeout_ms: Option<f64>) -> Outcome<Results> {
        let get = |client: &SecretClient| Results::new(selection.put(client.get_secrets()), timeout_ms);
        outcome(self.session.client().map(get))
    }

    #[napi]
    pub fn get_secret_history(&self, env: &Env, name: String, timeout_ms: Option<f64>) -> Reply<Record> {
        self.calls.start(env, self.session.client().map(|client| client.get_secret_history(name)), timeout_ms)
    }

    #[napi]
    pub fn rollback_secret(
        &self,
        env: &Env,
        name: String,
        version: String,
        timeout_ms: Option<f64>,
    ) -> Reply<Secret> {
        self.calls.start(
            env,
            self.session.client().map(|client| client.rollback_secret(name, version)),
            timeout_ms,
        )
    }

    #[napi]
    pub fn prune_secret_versions(
        &self,
        env: &Env,
        name: String,
        keep: u32,
        timeout_ms: Option<f64>,
    ) -> Reply<Record> {
        self.calls.start(
            env,
            self.session.client().map(|client| client.prune_secret_versions(name, keep)),
            timeout_ms,
        )
    }

    #[napi]
    pub fn update_secret_properties(
        &self,
        env: &Env,
        name: String,
        version: String,
        properties: VersionProperties,
        timeout_ms: Option<f64>,
    ) -> Reply<Record> {
        let update = |client: &SecretClient| client.update_secret_properties(name).version(version);
        self.calls.start(env, self.session.client().map(|client| properties.put(update(client))), timeout_ms)
    }

    #[napi]
    pub fn list_properties_of_secrets(
        &self,
        env: &Env,
        settings: PageSettings,
        timeout_ms: Option<f64>,
    ) -> Reply<Page> {
        self.calls.start(
            env,
            self.session.client().map(|client| settings.put(client.list_properties_of_secrets())),
            timeout_ms,
        )
    }

    #[napi]
    pub fn list_properties_of_secret_versions(
        &self,
        env: &Env,
        name: String,
        settings: PageSettings,
        timeout_ms: Option<f64>,
    ) -> Reply<Page> {
        let list = |client: &SecretClient| settings.put(client.list_properties_of_secret_versions(name));
        self.calls.start(env, self.session.client().map(list), timeout_ms)
    }

    #[napi]
    pub fn begin_delete_secret(
        &self,
        env: &Env,
        name: String,
        interval_ms: Option<f64>,
        continuation_token: Option<String>,
        timeout_ms: Option<f64>,
    ) -> Reply<Poller> {
        let begin = |client: &SecretClient| {
            let request = client.begin_delete_secret(name).polling_interval(duration(interval_ms));
            request.continuation_token(continuation_token)
        };
        self.calls.start(env, self.session.client().map(begin), timeout_ms)
    }

    #[napi]
    pub fn get_deleted_secret(&self, env: &Env, name: String, timeout_ms: Option<f64>) -> Reply<Record> {
        self.calls.start(env, self.session.client().map(|client| client.get_deleted_secret(name)), timeout_ms)
    }

    #[napi]
    pub fn list_deleted_secrets(
        &self,
        env: &Env,
        settings: PageSettings,
        timeout_ms: Option<f64>,
    ) -> Reply<Page> {
        self.calls.start(
            env,
            self.session.client().map(|client| settings.put(client.list_deleted_secrets())),
            timeout_ms,
        )
    }

    #[napi]
    pub fn begin_recover_deleted_secret(
        &self,
        env: &Env,
        name: String,
        interval_ms: Option<f64>,
        continuation_token: Option<String>,
        timeout_ms: Option<f64>,
    ) -> Reply<Poller> {
        let begin = |client: &SecretClient| {
            let request = client.begin_recover_deleted_secret(name).polling_interval(duration(interval_ms));
            request.continuation_token(continuation_token)
        };
        self.calls.start(env, self.session.client().map(begin), timeout_ms)
    }

    #[napi]
    pub fn purge_deleted_secret(
        &self,
        env: &Env,
        name: String,
        wait: Option<bool>,
        timeout_ms: Option<f64>,
    ) -> Reply<()> {
        self.calls.start(
            env,
            self.session.client().map(|client| client.purge_deleted_secret(name).wait(wait)),
            timeout_ms,
        )
    }

    #[napi]
    pub fn diagnose(&self, env: &Env, timeout_ms: Option<f64>) -> Reply<Record> {
        self.calls.start(env, self.session.client().map(SecretClient::diagnose), timeout_ms)
    }

    #[napi]
    pub fn backup_secret(&self, env: &Env, name: String, timeout_ms: Option<f64>) -> Reply<Uint8Array> {
        self.calls.start(env, self.session.client().map(|client| client.backup_secret(name)), timeout_ms)
    }

    #[napi]
    pub fn restore_secret_backup(
        &self,
        env: &Env,
        backup: Uint8Array,
        timeout_ms: Option<f64>,
    ) -> Reply<Record> {
        self.calls.start(
            env,
            self.session.client().map(|client| client.restore_secret_backup(backup.to_vec())),
            timeout_ms,
        )
    }
}

/// Reads, on this thread where the answer may be in memory: a cached value is worth no change of threads.
fn read<O, T>(
    session: &Session,
    calls: &Arc<Calls>,
    env: &Env,
    request: Result<Request<O>>,
    timeout_ms: Option<f64>,
) -> Reply<T>
where
    O: Operation<Output: 'static>,
    T: From<O::Output> + ToNapiValue + 'static,
{
    if session.client().is_ok_and(SecretClient::caches_values) {
        calls.start_here(env, request, timeout_ms)
    } else {
        calls.start(env, request, timeout_ms)
    }
}
