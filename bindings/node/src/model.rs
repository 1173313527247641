use std::collections::BTreeMap;

use libkv::{OnConflict, Properties, Request, Result, Set, Tags, Timestamp};
use napi::{bindgen_prelude::ToNapiValue, sys};
use napi_derive::napi;
use serde::Serialize;

use crate::shaper::shape;

/// A record of the core, or a list of such, as JSON with the core's field names: one piece of text costs less to hand over than an object's
/// members one by one. `node/lib/models.cjs` gives them the official names.
#[derive(Clone)]
pub struct Record(String);

impl<T: Serialize> From<T> for Record {
    fn from(record: T) -> Self {
        // Text, numbers and tags: nothing in a record can fail to convert.
        Self(serde_json::to_string(&record).unwrap_or_default())
    }
}

#[allow(unsafe_code, reason = "a conversion that only napi calls")]
impl ToNapiValue for Record {
    unsafe fn to_napi_value(env: sys::napi_env, record: Self) -> napi::Result<sys::napi_value> {
        // SAFETY: the caller vouches for `env`.
        unsafe { <&str>::to_napi_value(env, &record.0) }
    }
}

/// What few secrets have, or have otherwise.
#[derive(Default, PartialEq, Serialize)]
struct Others {
    stale: Option<bool>,
    enabled: Option<bool>,
    managed: Option<bool>,
    tags: Option<Tags>,
    content_type: Option<String>,
    not_before: Option<Timestamp>,
    expires_on: Option<Timestamp>,
    key_id: Option<String>,
    previous_version: Option<String>,
}

/// A secret, of whose fields JavaScript makes an object.
pub struct Secret(libkv::Secret);

impl From<libkv::Secret> for Secret {
    fn from(secret: libkv::Secret) -> Self {
        Self(secret)
    }
}

#[allow(unsafe_code, reason = "a conversion that only napi calls")]
impl ToNapiValue for Secret {
    unsafe fn to_napi_value(env: sys::napi_env, Self(secret): Self) -> napi::Result<sys::napi_value> {
        let libkv::Secret { value, properties: of, stale, .. } = secret;
        let seconds = |moment: Option<Timestamp>| moment.map(Timestamp::as_unix_seconds);
        let others = Others {
            stale: stale.then_some(true),
            enabled: (!of.enabled).then_some(false),
            managed: of.managed.then_some(true),
            tags: Some(of.tags).filter(|tags| !tags.is_empty()),
            content_type: of.content_type,
            not_before: of.not_before,
            expires_on: of.expires_on,
            key_id: of.key_id,
            previous_version: of.previous_version,
        };
        let others = Some(others).filter(|others| *others != Others::default());
        // SAFETY: the caller vouches for `env`.
        unsafe {
            let fields = [
                ToNapiValue::to_napi_value(env, value.expose())?,
                ToNapiValue::to_napi_value(env, of.vault_url)?,
                ToNapiValue::to_napi_value(env, of.name)?,
                ToNapiValue::to_napi_value(env, of.version)?,
                ToNapiValue::to_napi_value(env, of.id)?,
                ToNapiValue::to_napi_value(env, seconds(of.created_on))?,
                ToNapiValue::to_napi_value(env, seconds(of.updated_on))?,
                ToNapiValue::to_napi_value(env, of.recoverable_days)?,
                ToNapiValue::to_napi_value(env, of.recovery_level)?,
                ToNapiValue::to_napi_value(env, others.map(Record::from))?,
            ];
            shape(env, &fields)
        }
    }
}

/// What a search for one secret comes to.
#[napi(object, object_from_js = false)]
pub struct Found {
    pub secret: Option<Secret>,
}

impl From<Option<libkv::Secret>> for Found {
    fn from(secret: Option<libkv::Secret>) -> Self {
        Self { secret: secret.map(Secret::from) }
    }
}

#[napi(object, object_from_js = false)]
pub struct Page {
    pub items: Record,
    pub continuation_token: Option<String>,
}

impl<T: Serialize> From<libkv::Page<T>> for Page {
    fn from(page: libkv::Page<T>) -> Self {
        Self { items: page.items.into(), continuation_token: page.continuation_token }
    }
}

/// What a caller says about a version besides its value; times in Unix seconds.
#[napi(object, object_to_js = false)]
pub struct VersionProperties {
    pub content_type: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
    pub enabled: Option<bool>,
    pub not_before: Option<i64>,
    pub expires_on: Option<i64>,
}

impl VersionProperties {
    pub fn put<O: Properties>(self, request: Request<O>) -> Request<O> {
        request
            .content_type(self.content_type)
            .tags(self.tags)
            .enabled(self.enabled)
            .not_before(self.not_before.map(Timestamp::from_unix_seconds))
            .expires_on(self.expires_on.map(Timestamp::from_unix_seconds))
    }
}

/// When a version is made.
#[napi(object, object_to_js = false)]
pub struct SetConditions {
    pub on_conflict: Option<String>,
    pub if_changed: Option<bool>,
    pub if_absent: Option<bool>,
}

impl SetConditions {
    pub fn put<O: Set>(self, request: Request<O>) -> Result<Request<O>> {
        let policy = self.on_conflict.map(|name| OnConflict::from_name(&name)).transpose()?;
        Ok(request.on_conflict(policy).if_changed(self.if_changed).if_absent(self.if_absent))
    }
}

/// Where a list goes on, and how long its pages are.
#[napi(object, object_to_js = false)]
pub struct PageSettings {
    pub max_page_size: Option<u32>,
    pub continuation_token: Option<String>,
}

impl PageSettings {
    pub fn put<O: libkv::List>(self, request: Request<O>) -> Request<O> {
        request.max_page_size(self.max_page_size).continuation_token(self.continuation_token)
    }
}
