use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, Mutex},
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use super::*;
use crate::{error::ErrorKind, lock::lock};

type Seen = (String, Level, BTreeSet<String>);

/// Keeps the shape of what is emitted.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Seen>>>);

impl Subscriber for Collector {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut names = Names::default();
        event.record(&mut names);
        assert!(names.0.remove("message"), "an event without a message");
        let metadata = event.metadata();
        lock(&self.0).push((metadata.target().to_owned(), *metadata.level(), names.0));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[derive(Default)]
struct Names(BTreeSet<String>);

impl Visit for Names {
    fn record_debug(&mut self, field: &Field, _: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned());
    }
}

fn answer() -> Response {
    http::Response::builder().header("x-ms-request-id", "r").body(Vec::new().into()).unwrap()
}

#[test]
fn the_table_lists_what_is_emitted() {
    let collector = Collector::default();
    let error = Error::new(ErrorKind::Unavailable, "no").with_service(503, None, None);
    let url = Url::parse("https://contoso.vault.azure.net/secrets/name").unwrap();
    let wanted = TokenRequest { tenant_id: Some("t".into()), ..TokenRequest::for_scope("s".into()) };
    let lost =
        TransportError { reach: crate::transport::Reach::MaybeSent, message: "reset".into(), source: None };
    tracing::subscriber::with_default(collector.clone(), || {
        operation("get_secret", Some(&error), Instant::now());
        request("get_secret", &Method::GET, &url);
        response("get_secret", &Ok(answer()), Instant::now());
        response("get_secret", &Err(lost), Instant::now());
        retry("get_secret", 1, &error, Duration::ZERO);
        throttled("get_secret", &url);
        settled("set_secret", &Ok(Verdict::Applied(())));
        conflict("name", "recover");
        stale("name");
        token(&wanted, Some(Duration::ZERO));
        no_token(&wanted, &error);
        source_missed("environment", "not set");
        source_found("azure_cli");
    });
    let seen = lock(&collector.0).clone();
    for EventSpec { target, level, fields, .. } in EVENTS {
        let of_it = seen.iter().filter(|(t, l, _)| t == target && l == level);
        let emitted: BTreeSet<&str> = of_it.flat_map(|(_, _, names)| names).map(String::as_str).collect();
        assert_eq!(emitted, fields.iter().copied().collect(), "{target} {level}");
    }
    let is_listed =
        |(target, level, _): &Seen| EVENTS.iter().any(|e| e.target == target && e.level == *level);
    assert!(seen.iter().all(is_listed), "{seen:?}");
}
