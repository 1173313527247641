use std::sync::Arc;

use libkv::{ClientOptions, SecretClient};
use libkv_bridge::Session;
use napi::{Env, bindgen_prelude::Uint8Array};
use napi_derive::napi;

use crate::{
    call::{Call, Outcome, Reply, outcome, reply},
    credential::{Fetcher, TokenCredential},
    model::{Found, Page, PageSettings, Record, Secret, SetConditions, VersionProperties},
    poller::Poller,
    results::{Results, Selection},
};

#[napi]
pub struct Client(Session);

#[napi]
impl Client {
    #[napi(catch_unwind)]
    pub fn open(
        vault_url: String,
        options: Vec<(String, String)>,
        fetcher: Option<Fetcher>,
    ) -> Outcome<Client> {
        let mut options = ClientOptions::from_iter(options);
        if let Some(fetcher) = fetcher {
            options = options.token_source(Arc::new(TokenCredential::new(fetcher)));
        }
        outcome(Session::new(&vault_url, options).map(Self))
    }

    #[napi]
    pub fn close(&self) {
        self.0.close();
    }

    #[napi(getter)]
    pub fn vault_url(&self) -> Outcome<String> {
        outcome(self.0.client().map(|client| client.vault_url().to_owned()))
    }

    #[napi]
    pub fn stats(&self) -> Outcome<Record> {
        outcome(self.0.client().map(|client| client.stats().into()))
    }

    #[napi]
    pub fn set_secret(
        &self,
        env: &Env,
        name: String,
        value: String,
        properties: VersionProperties,
        conditions: SetConditions,
        call: Option<&Call>,
    ) -> Reply<Secret> {
        let set = |client: &SecretClient| conditions.put(properties.put(client.set_secret(name, value)));
        reply(env, self.0.client().and_then(set), call)
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
        outcome(self.0.client().and_then(set))
    }

    #[napi]
    pub fn get_secret(
        &self,
        env: &Env,
        name: String,
        version: Option<String>,
        call: Option<&Call>,
    ) -> Reply<Secret> {
        reply(env, self.0.client().map(|client| client.get_secret(name).version(version)), call)
    }

    #[napi]
    pub fn try_get_secret(
        &self,
        env: &Env,
        name: String,
        version: Option<String>,
        call: Option<&Call>,
    ) -> Reply<Found> {
        reply(env, self.0.client().map(|client| client.try_get_secret(name).version(version)), call)
    }

    #[napi(catch_unwind)]
    pub fn get_secrets(&self, selection: Selection, timeout_ms: Option<f64>) -> Outcome<Results> {
        let get = |client: &SecretClient| Results::new(selection.put(client.get_secrets()), timeout_ms);
        outcome(self.0.client().map(get))
    }

    #[napi]
    pub fn get_secret_history(&self, env: &Env, name: String, call: Option<&Call>) -> Reply<Record> {
        reply(env, self.0.client().map(|client| client.get_secret_history(name)), call)
    }

    #[napi]
    pub fn rollback_secret(
        &self,
        env: &Env,
        name: String,
        version: String,
        call: Option<&Call>,
    ) -> Reply<Secret> {
        reply(env, self.0.client().map(|client| client.rollback_secret(name, version)), call)
    }

    #[napi]
    pub fn prune_secret_versions(
        &self,
        env: &Env,
        name: String,
        keep: u32,
        call: Option<&Call>,
    ) -> Reply<Record> {
        reply(env, self.0.client().map(|client| client.prune_secret_versions(name, keep)), call)
    }

    #[napi]
    pub fn update_secret_properties(
        &self,
        env: &Env,
        name: String,
        version: String,
        properties: VersionProperties,
        call: Option<&Call>,
    ) -> Reply<Record> {
        let update = |client: &SecretClient| client.update_secret_properties(name).version(version);
        reply(env, self.0.client().map(|client| properties.put(update(client))), call)
    }

    #[napi]
    pub fn list_properties_of_secrets(
        &self,
        env: &Env,
        settings: PageSettings,
        call: Option<&Call>,
    ) -> Reply<Page> {
        reply(env, self.0.client().map(|client| settings.put(client.list_properties_of_secrets())), call)
    }

    #[napi]
    pub fn list_properties_of_secret_versions(
        &self,
        env: &Env,
        name: String,
        settings: PageSettings,
        call: Option<&Call>,
    ) -> Reply<Page> {
        let list = |client: &SecretClient| settings.put(client.list_properties_of_secret_versions(name));
        reply(env, self.0.client().map(list), call)
    }

    #[napi]
    pub fn begin_delete_secret(&self, env: &Env, name: String, call: Option<&Call>) -> Reply<Poller> {
        reply(env, self.0.client().map(|client| client.begin_delete_secret(name)), call)
    }

    #[napi]
    pub fn get_deleted_secret(&self, env: &Env, name: String, call: Option<&Call>) -> Reply<Record> {
        reply(env, self.0.client().map(|client| client.get_deleted_secret(name)), call)
    }

    #[napi]
    pub fn list_deleted_secrets(
        &self,
        env: &Env,
        settings: PageSettings,
        call: Option<&Call>,
    ) -> Reply<Page> {
        reply(env, self.0.client().map(|client| settings.put(client.list_deleted_secrets())), call)
    }

    #[napi]
    pub fn begin_recover_deleted_secret(
        &self,
        env: &Env,
        name: String,
        call: Option<&Call>,
    ) -> Reply<Poller> {
        reply(env, self.0.client().map(|client| client.begin_recover_deleted_secret(name)), call)
    }

    #[napi]
    pub fn purge_deleted_secret(
        &self,
        env: &Env,
        name: String,
        wait: Option<bool>,
        call: Option<&Call>,
    ) -> Reply<()> {
        reply(env, self.0.client().map(|client| client.purge_deleted_secret(name).wait(wait)), call)
    }

    #[napi]
    pub fn diagnose(&self, env: &Env, call: Option<&Call>) -> Reply<Record> {
        reply(env, self.0.client().map(SecretClient::diagnose), call)
    }

    #[napi]
    pub fn backup_secret(&self, env: &Env, name: String, call: Option<&Call>) -> Reply<Uint8Array> {
        reply(env, self.0.client().map(|client| client.backup_secret(name)), call)
    }

    #[napi]
    pub fn restore_secret_backup(&self, env: &Env, backup: Uint8Array, call: Option<&Call>) -> Reply<Record> {
        reply(env, self.0.client().map(|client| client.restore_secret_backup(backup.to_vec())), call)
    }
}
