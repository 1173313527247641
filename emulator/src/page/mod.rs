//! The page of the plain listener: what the vaults hold, without the values, and what they were asked last.

mod html;

use std::fmt::{self, Display, Formatter};

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response};
use hyper::body::Incoming;

use crate::app::App;
use crate::host::Address;
use crate::operation::Operation;
use crate::reply::Reply;
use crate::server::Line;
use crate::vault::Vault;
use crate::vault::contents::Contents;
use crate::vault::request_log::{Entry, RequestLog};
use crate::vault::secret::Secret;

use html::{Table, Text};

const STYLE: &str = include_str!("style.css");
/// The page has no script, and would run none that came in with a name.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// How many secrets of a vault are shown, and how many requests to it.
const SECRETS: usize = 250;
const REQUESTS: usize = 25;

/// Says whether a request asks for the page.
pub(crate) fn is_asked_for(request: &Request<Incoming>) -> bool {
    request.uri().path() == "/" && matches!(*request.method(), Method::GET | Method::HEAD)
}

/// Answers with the page.
pub(crate) fn answer(app: &App, line: &Line, request: &Parts) -> Reply {
    if let Err(error) = Address::of(request, &line.scheme, line.port) {
        return error.into();
    }
    let mut reply = Response::new(Bytes::from(Page(app).to_string()));
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    reply
}

struct Page<'a>(&'a App);

impl Display for Page<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let vaults = self.0.vaults.all();
        write!(
            f,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>kv-emulator</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             <header><h1>kv-emulator</h1>\n<p>Local vaults: {}. Values are not shown. Reload for what has changed.</p>\
             </header>\n<main>\n",
            vaults.len(),
        )?;
        for (name, vault) in &vaults {
            Section { app: self.0, name, vault }.fmt(f)?;
        }
        f.write_str("</main>\n</body>\n</html>\n")
    }
}

/// A vault on the page.
struct Section<'a> {
    app: &'a App,
    name: &'a str,
    vault: &'a Vault,
}

impl Display for Section<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let name = Text(self.name);
        let url = self.app.authority(&format!("{}.localhost", self.name));
        writeln!(f, "<section aria-labelledby=\"{name}\">\n<h2 id=\"{name}\">{name}</h2>")?;
        let mut contents = self.vault.contents();
        contents.settle_all(self.app.vaults.clock().now());
        writeln!(f, "<p><code>{}</code> · {}</p>", Text(url), contents.settings().recovery_level())?;
        let secrets = secret_table(self.name, &contents);
        drop(contents);
        let requests = request_table(self.name, &self.vault.requests());
        writeln!(f, "{secrets}{requests}</section>")
    }
}

fn secret_table(vault: &str, contents: &Contents) -> Table<5> {
    let all = contents.walk("").count();
    let shown = if all > SECRETS { format!(", the first {SECRETS} of {all}") } else { String::new() };
    Table {
        caption: format!("Secrets of {vault}{shown}"),
        head: ["Name", "State", "Versions", "Enabled", "Content type"],
        rows: contents.walk("").take(SECRETS).map(|(_, secret)| secret_row(secret)).collect(),
        empty: "No secrets.",
    }
}

fn secret_row(secret: &Secret) -> [String; 5] {
    let newest = secret.newest().map(|(_, version)| version);
    let enabled = newest.is_some_and(|version| version.enabled);
    [
        secret.head.name.clone(),
        secret.head.life.state().to_owned(),
        secret.versions.len().to_string(),
        if enabled { "yes" } else { "no" }.to_owned(),
        newest.and_then(|version| version.content_type.clone()).unwrap_or_default(),
    ]
}

fn request_table(vault: &str, log: &RequestLog) -> Table<4> {
    Table {
        caption: format!("Last requests to {vault}, newest first"),
        head: ["Request", "Operation", "Status", "Remark"],
        rows: log.newest_first().take(REQUESTS).map(request_row).collect(),
        empty: "No requests.",
    }
}

fn request_row(entry: &Entry) -> [String; 4] {
    let remark = match entry.fault {
        Some(fault) => format!("fault: {fault}"),
        None if !entry.authenticated && entry.operation != Some(Operation::Token) => {
            "no good token".to_owned()
        }
        None => String::new(),
    };
    [
        format!("{} {}", entry.method, entry.path),
        entry.operation.map_or("none", Operation::name).to_owned(),
        entry.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string()),
        remark,
    ]
}
