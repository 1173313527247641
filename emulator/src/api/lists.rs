//! The three lists, page by page.

use serde::Serialize;

use super::paging::{self, Walk};
use super::wire::Page;
use crate::error::ServiceError;
use crate::vault::contents::Contents;
use crate::vault::life::Life;

use super::{Answer, Call, text};

pub(super) fn secrets(call: &Call<'_>, contents: &Contents) -> Answer {
    let frame = call.frame(contents);
    let walk = call.walk(contents)?;
    let rows = contents.walk(&walk.first).map(|(key, secret)| {
        let shown = secret.newest().filter(|_| secret.head.life == Life::Active);
        (key, shown.map(|(_, version)| frame.item(secret, frame.secret_id(&secret.head.name), version)))
    });
    call.page("secrets", paging::cut(rows, walk.size))
}

pub(super) fn deleted_secrets(call: &Call<'_>, contents: &Contents) -> Answer {
    let frame = call.frame(contents);
    let walk = call.walk(contents)?;
    let rows = contents.walk(&walk.first).map(|(key, secret)| {
        let name = &secret.head.name;
        let shown = secret.newest().zip(secret.head.life.deleted_since());
        let item = shown.map(|((_, version), since)| {
            frame.deleted(name, since, frame.item(secret, frame.secret_id(name), version))
        });
        (key, item)
    });
    call.page("deletedsecrets", paging::cut(rows, walk.size))
}

/// Lists the versions by their id, as the service does. A missing name has none.
pub(super) fn versions(call: &Call<'_>, contents: &Contents) -> Answer {
    let frame = call.frame(contents);
    let walk = call.walk(contents)?;
    let secret = contents.active(call.name);
    let from = secret.into_iter().flat_map(|secret| {
        secret.versions.range(walk.first.clone()..).map(move |(id, version)| (secret, id, version))
    });
    let rows = from.map(|(secret, id, version)| {
        (id.as_str(), Some(frame.item(secret, frame.version_id(&secret.head.name, id), version)))
    });
    call.page(&format!("secrets/{}/versions", call.name), paging::cut(rows, walk.size))
}

impl Call<'_> {
    fn walk(&self, contents: &Contents) -> Result<Walk, ServiceError> {
        Walk::new(self.query, contents.settings().page_size)
    }

    fn page<T: Serialize>(&self, path: &str, (value, next): (Vec<T>, Option<&str>)) -> Answer {
        let next_link = next.map(|next| paging::link(self.base, path, self.query, next));
        text(&Page { value, next_link })
    }
}
