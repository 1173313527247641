use std::collections::BTreeMap;

use libkv::{OnConflict, Properties, Request, Result, SecretValue, Set, Timestamp};
use napi::{bindgen_prelude::ToNapiValue, sys};
use napi_derive::napi;
use serde::Serialize;

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

/// A secret's value, which leaves no copy behind on this side.
pub struct Exposed(SecretValue);

#[allow(unsafe_code, reason = "a conversion that only napi calls")]
impl ToNapiValue for Exposed {
    unsafe fn to_napi_value(env: sys::napi_env, value: Self) -> napi::Result<sys::napi_value> {
        // SAFETY: the caller vouches for `env`.
        unsafe { <&str>::to_napi_value(env, value.0.expose()) }
    }
}

/// A secret, as an array of its value, its properties and whether it is stale. The properties are an array, too, in the order that
/// `node/lib/models.cjs` lists them: without names they cost half as much, and a cached value costs little else.
pub struct Secret((Exposed, Record, bool));

impl From<libkv::Secret> for Secret {
    fn from(secret: libkv::Secret) -> Self {
        let of = secret.properties;
        let properties = (
            of.vault_url,
            of.name,
            of.version,
            of.id,
            of.content_type,
            of.enabled,
            of.not_before,
            of.expires_on,
            of.created_on,
            of.updated_on,
            of.tags,
            of.recoverable_days,
            of.recovery_level,
            of.managed,
            of.key_id,
            of.previous_version,
        );
        Self((Exposed(secret.value), properties.into(), secret.stale))
    }
}

#[allow(unsafe_code, reason = "a conversion that only napi calls")]
impl ToNapiValue for Secret {
    unsafe fn to_napi_value(env: sys::napi_env, secret: Self) -> napi::Result<sys::napi_value> {
        // SAFETY: the caller vouches for `env`.
        unsafe { ToNapiValue::to_napi_value(env, secret.0) }
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
