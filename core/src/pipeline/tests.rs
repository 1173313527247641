//! The pipeline on virtual time, against a scripted vault.

use std::{
    collections::VecDeque,
    sync::Mutex,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::Method;
use tokio::time::{Instant, sleep};
use zeroize::Zeroizing;

use super::*;
use crate::{ClientOptions, ErrorKind, OnConflict, SecretClient, auth::BoxFuture, model::Timestamp};

const VAULT: &str = "https://kv.example";
const CHALLENGE: &str = r#"Bearer authorization="https://login.example/t", resource="https://example""#;

/// What the scripted vault does with one request.
enum Act {
    Answer(u16, Vec<(&'static str, String)>, String),
    Break(Reach),
    Hang,
}

fn answer(status: u16, body: impl Into<String>) -> Act {
    Act::Answer(status, Vec::new(), body.into())
}

fn refuse(status: u16, inner: &str) -> Act {
    answer(status, format!(r#"{{"error":{{"code":"C","message":"m","innererror":{{"code":"{inner}"}}}}}}"#))
}

fn with_header(status: u16, name: &'static str, value: &str) -> Act {
    Act::Answer(status, vec![(name, value.to_owned())], String::new())
}

fn challenge() -> Act {
    with_header(401, "www-authenticate", CHALLENGE)
}

fn secret(value: &str, created: i64) -> Act {
    let id = format!("{VAULT}/secrets/n/0f");
    answer(
        200,
        format!(r#"{{"value":"{value}","id":"{id}","attributes":{{"enabled":true,"created":{created}}}}}"#),
    )
}

fn now() -> i64 {
    Timestamp::from(SystemTime::now()).as_unix_seconds()
}

/// Plays its acts in order and keeps what was asked.
#[derive(Default)]
struct Script {
    acts: Mutex<VecDeque<Act>>,
    seen: Mutex<Vec<http::Request<Bytes>>>,
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Script")
    }
}

impl Transport for Script {
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.seen.lock().unwrap().push(request);
        let act = self.acts.lock().unwrap().pop_front().expect("the script has no act for this request");
        Box::pin(async move {
            match act {
                Act::Answer(status, headers, body) => {
                    sleep(Duration::from_millis(1)).await;
                    let mut response = http::Response::builder().status(status);
                    for (name, value) in headers {
                        response = response.header(name, value);
                    }
                    Ok(response.body(Zeroizing::new(body.into_bytes())).unwrap())
                }
                Act::Break(reach) => {
                    Err(TransportError { reach, message: "broken".to_owned(), source: None })
                }
                Act::Hang => std::future::pending().await,
            }
        })
    }
}

impl Script {
    fn requests(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter().map(|request| format!("{} {}", request.method(), request.uri().path())).collect()
    }

    fn has_token(&self, index: usize) -> bool {
        self.seen.lock().unwrap()[index].headers().contains_key(AUTHORIZATION)
    }

    fn body(&self, index: usize) -> Bytes {
        self.seen.lock().unwrap()[index].body().clone()
    }
}

fn options() -> ClientOptions {
    ClientOptions::new().set("credential", "static_token").set("credential.token", "hunter2")
}

fn client_of(url: &str, options: ClientOptions, acts: Vec<Act>) -> (SecretClient, Arc<Script>) {
    let script = Arc::new(Script { acts: Mutex::new(acts.into()), ..Script::default() });
    (SecretClient::with_transport(url, Config::new(options).unwrap(), script.clone()).unwrap(), script)
}

/// A client that knows the vault's challenge already, so that the script holds the acts of one call alone.
async fn warm(options: ClientOptions, acts: Vec<Act>) -> (SecretClient, Arc<Script>) {
    let (client, script) = client_of(VAULT, options, vec![challenge(), secret("v", 1)]);
    client.get_secret("warm-up").await.unwrap();
    script.seen.lock().unwrap().clear();
    *script.acts.lock().unwrap() = acts.into();
    (client, script)
}

#[tokio::test(start_paused = true)]
async fn a_probe_carries_neither_token_nor_body() {
    let (client, script) = client_of(VAULT, options(), vec![challenge(), secret("v", 1)]);
    client.set_secret("n", "v").await.unwrap();
    assert_eq!(script.requests(), ["PUT /secrets/n", "PUT /secrets/n"]);
    assert!(!script.has_token(0) && script.body(0).is_empty());
    assert!(script.has_token(1) && script.body(1) == r#"{"value":"v"}"#);
}

#[tokio::test(start_paused = true)]
async fn a_known_cloud_needs_no_probe() {
    let (client, script) = client_of("https://kv.vault.azure.net", options(), vec![secret("v", 1)]);
    client.get_secret("n").await.unwrap();
    assert!(script.has_token(0));
}

#[tokio::test(start_paused = true)]
async fn cold_callers_share_one_probe() {
    let acts = [challenge()].into_iter().chain((0..20).map(|_| secret("v", 1))).collect();
    let (client, script) = client_of(VAULT, options(), acts);
    let calls: Vec<_> = (0..20).map(|_| tokio::spawn(client.get_secret("n").into_future())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!((script.requests().len(), client.stats().tokens), (21, 1));
}

#[tokio::test(start_paused = true)]
async fn a_foreign_challenge_gets_no_token() {
    let foreign = r#"Bearer authorization="https://login.example/t", resource="https://vault.azure.net""#;
    let (client, script) = client_of(VAULT, options(), vec![with_header(401, "www-authenticate", foreign)]);
    let error = client.set_secret("n", "v").await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Authentication, Some(401)));
    assert_eq!(script.requests().len(), 1);
    assert_eq!(client.stats().tokens, 0);
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_not_sent_again() {
    let (client, script) = client_of(VAULT, options(), vec![challenge(), challenge()]);
    let error = client.get_secret("n").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert_eq!(script.requests().len(), 2);
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

#[tokio::test(start_paused = true)]
async fn no_call_outlives_its_deadline() {
    let (client, _) = warm(options(), vec![Act::Hang]).await;
    let began = Instant::now();
    let error = client.get_secret("n").timeout(Duration::from_secs(3)).await.unwrap_err();
    assert_eq!((error.kind(), began.elapsed()), (ErrorKind::Timeout, Duration::from_secs(3)));
    assert_eq!(error.fields().elapsed, 3.0);
}

#[tokio::test(start_paused = true)]
async fn a_try_that_the_deadline_cuts_short_leaves_the_failure_before_it() {
    let (client, _) = warm(options(), vec![answer(503, ""), answer(429, ""), Act::Hang]).await;
    let error = client.get_secret("n").timeout(Duration::from_secs(30)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.fields().attempts, error.fields().elapsed),
        (ErrorKind::Throttled, 3, 30.0)
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_would_cross_the_deadline_is_not_begun() {
    let (client, script) = warm(options(), vec![with_header(429, "retry-after", "120")]).await;
    let began = Instant::now();
    let error = client.get_secret("n").await.unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::Throttled, Some(Duration::from_secs(120))));
    assert!(began.elapsed() < Duration::from_secs(1));
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn failures_are_counted_and_throttling_is_not() {
    let acts = (0..8).map(|n| answer(if n % 2 == 0 { 429 } else { 503 }, "")).collect();
    let (client, _) = warm(options().set("retry.max_attempts", "4"), acts).await;
    let error = client.get_secret("n").await.unwrap_err();
    assert_eq!((error.kind(), error.fields().attempts), (ErrorKind::Unavailable, 8));
    let stats = client.stats();
    assert_eq!((stats.throttled, stats.operations), (4, 2));
}

#[tokio::test(start_paused = true)]
async fn the_server_s_delay_is_kept() {
    let (client, _) = warm(options(), vec![with_header(503, "retry-after-ms", "7000"), secret("v", 1)]).await;
    let began = Instant::now();
    client.get_secret("n").await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_millis(7_002));
}

#[tokio::test(start_paused = true)]
async fn a_redirect_is_not_followed() {
    let (client, script) = warm(options(), vec![with_header(307, "location", "https://evil.example/")]).await;
    assert_eq!(client.get_secret("n").await.unwrap_err().kind(), ErrorKind::Protocol);
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn bad_arguments_send_nothing() {
    let (client, script) = client_of(VAULT, options(), Vec::new());
    let tags: crate::Tags = (0..16).map(|n| (n.to_string(), String::new())).collect();
    let errors = [
        client.get_secret("").await.unwrap_err(),
        client.get_secret("n").version("../n").await.unwrap_err(),
        client.set_secret("n", "x".repeat(25_601)).await.unwrap_err(),
        client.set_secret("n", "").tags(tags).await.unwrap_err(),
        client.set_secret("n", "").content_type("x".repeat(256)).await.unwrap_err(),
        client.get_secret("n").timeout(Duration::ZERO).await.unwrap_err(),
        client.list_properties_of_secrets().max_page_size(26).await.unwrap_err(),
        client.list_properties_of_secrets().continuation_token("https://evil.example/").await.unwrap_err(),
        client.restore_secret_backup(Vec::new()).await.unwrap_err(),
    ];
    let named = [
        "name",
        "version",
        "value",
        "tags",
        "content_type",
        "timeout",
        "max_page_size",
        "continuation_token",
        "backup",
    ];
    for (error, name) in errors.iter().zip(named) {
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().starts_with(&format!("{name}: ")), "{error}");
    }
    assert!(script.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_link_to_another_host_is_refused() {
    let page = r#"{"value":[],"nextLink":"https://evil.example/secrets?api-version=1"}"#;
    let (client, script) = warm(options(), vec![answer(200, page)]).await;
    assert_eq!(
        client.list_properties_of_secrets().pages().collect().await.unwrap_err().kind(),
        ErrorKind::Protocol
    );
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_set_whose_answer_was_lost_is_looked_up() {
    for lost in [Act::Break(Reach::MaybeSent), answer(408, ""), answer(500, ""), answer(503, "")] {
        let (client, script) = warm(options(), vec![lost, secret("v", now())]).await;
        assert_eq!(client.set_secret("n", "v").await.unwrap().properties.version.as_deref(), Some("0f"));
        assert_eq!(script.requests(), ["PUT /secrets/n", "GET /secrets/n"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_set_that_was_not_applied_is_sent_again() {
    for found in [secret("other", now()), secret("v", now() - 3_600), refuse(404, "SecretNotFound")] {
        let acts = vec![Act::Break(Reach::MaybeSent), found, secret("v", now())];
        let (client, script) = warm(options(), acts).await;
        client.set_secret("n", "v").await.unwrap();
        assert_eq!(script.requests(), ["PUT /secrets/n", "GET /secrets/n", "PUT /secrets/n"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_set_that_did_not_leave_is_sent_again_without_a_look() {
    let (client, script) = warm(options(), vec![Act::Break(Reach::NotSent), secret("v", now())]).await;
    client.set_secret("n", "v").await.unwrap();
    assert_eq!(script.requests(), ["PUT /secrets/n", "PUT /secrets/n"]);
}

#[tokio::test(start_paused = true)]
async fn a_set_that_cannot_be_looked_up_has_an_unknown_outcome() {
    let (client, _) = warm(options(), vec![answer(500, ""), refuse(403, "ForbiddenByRbac")]).await;
    let error = client.set_secret("n", "v").await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::OutcomeUnknown, Some(500)));
    let (client, _) = warm(options(), vec![Act::Hang]).await;
    assert_eq!(client.set_secret("n", "v").await.unwrap_err().kind(), ErrorKind::OutcomeUnknown);
}

#[tokio::test(start_paused = true)]
async fn a_failing_set_is_given_up_with_the_vault_s_own_error() {
    let acts = (0..2).flat_map(|_| [answer(503, ""), refuse(404, "SecretNotFound")]).collect();
    let (client, _) = warm(options().set("retry.max_attempts", "2"), acts).await;
    let error = client.set_secret("n", "v").await.unwrap_err();
    assert_eq!((error.kind(), error.fields().attempts), (ErrorKind::Unavailable, 2));
}

#[tokio::test(start_paused = true)]
async fn a_deletion_waits_until_the_name_has_settled() {
    let deleted = format!(
        r#"{{"recoveryId":"{VAULT}/deletedsecrets/n","deletedDate":{},"id":"{VAULT}/secrets/n/0f"}}"#,
        now()
    );
    let gone = || refuse(404, "SecretNotFound");
    let acts = vec![Act::Break(Reach::MaybeSent), gone(), gone(), answer(200, deleted)];
    let (client, script) = warm(options(), acts).await;
    let poller = client.begin_delete_secret("n").await.unwrap();
    assert_eq!(poller.result().properties.name, "n");
    let look = ["GET /deletedsecrets/n", "GET /secrets/n", "GET /deletedsecrets/n"];
    assert_eq!(script.requests(), [&["DELETE /secrets/n"], &look[..]].concat());
}

#[tokio::test(start_paused = true)]
async fn a_purge_is_applied_when_the_deleted_secret_is_gone() {
    let (client, script) = warm(options(), vec![answer(502, ""), refuse(404, "SecretNotFound")]).await;
    client.purge_deleted_secret("n").await.unwrap();
    assert_eq!(script.requests(), ["DELETE /deletedsecrets/n", "GET /deletedsecrets/n"]);
}

#[tokio::test(start_paused = true)]
async fn a_restore_in_doubt_that_then_meets_its_name_is_unknown() {
    let conflict = || answer(409, r#"{"error":{"code":"Conflict","message":"m"}}"#);
    let (client, _) = warm(options(), vec![Act::Break(Reach::MaybeSent), conflict()]).await;
    assert_eq!(client.restore_secret_backup(*b"blob").await.unwrap_err().kind(), ErrorKind::OutcomeUnknown);
    let (client, _) = warm(options(), vec![conflict()]).await;
    assert_eq!(client.restore_secret_backup(*b"blob").await.unwrap_err().kind(), ErrorKind::AlreadyExists);
}

#[tokio::test(start_paused = true)]
async fn a_poller_knows_absent_disabled_and_unreadable() {
    let id = format!("{VAULT}/secrets/n/0f");
    let begun = || answer(200, format!(r#"{{"id":"{id}","recoveryId":"{VAULT}/deletedsecrets/n"}}"#));
    let acts = vec![begun(), refuse(404, "SecretNotFound"), refuse(403, "SecretDisabled")];
    let (client, script) = warm(options(), acts).await;
    let poller = client.begin_delete_secret("n").await.unwrap();
    assert!(!poller.poll().await.unwrap() && !poller.is_done());
    poller.wait().await.unwrap();
    assert!(poller.is_done() && poller.poll().await.unwrap());
    assert_eq!(script.requests().len(), 3, "a finished poller asks no more");

    let (client, _) = warm(options(), vec![begun(), refuse(403, "ForbiddenByFirewall")]).await;
    let poller = client.begin_delete_secret("n").await.unwrap();
    assert_eq!(poller.wait().await.unwrap_err().kind(), ErrorKind::Forbidden);
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_poller_ends_at_the_deadline() {
    let id = format!("{VAULT}/secrets/n/0f");
    let begun = answer(200, format!(r#"{{"id":"{id}","recoveryId":"r"}}"#));
    let acts = [begun].into_iter().chain((0..100).map(|_| refuse(404, "SecretNotFound"))).collect();
    let (client, _) = warm(options(), acts).await;
    let poller = client.begin_delete_secret("n").await.unwrap();
    let began = Instant::now();
    let error = poller.wait().timeout(Duration::from_secs(20)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(began.elapsed() <= Duration::from_secs(20));
}

#[tokio::test(start_paused = true)]
async fn an_update_is_simply_repeated() {
    let updated = answer(200, format!(r#"{{"id":"{VAULT}/secrets/n/0f"}}"#));
    let (client, script) = warm(options(), vec![Act::Break(Reach::MaybeSent), updated]).await;
    client.update_secret_properties("n").enabled(false).await.unwrap();
    assert_eq!(script.requests(), ["PATCH /secrets/n/", "PATCH /secrets/n/"]);
    assert_eq!(script.seen.lock().unwrap()[1].method(), Method::PATCH);
}

#[tokio::test(start_paused = true)]
async fn a_soft_deleted_name_is_recovered_and_written_on() {
    let recovered = answer(200, format!(r#"{{"id":"{VAULT}/secrets/n/0e"}}"#));
    let (held, busy) = ("ObjectIsDeletedButRecoverable", "ObjectIsBeingRecovered");
    let acts = vec![refuse(409, held), recovered, refuse(409, busy), refuse(409, busy), secret("v", now())];
    let (client, script) = warm(options(), acts).await;
    client.set_secret("n", "v").on_conflict(OnConflict::Recover).await.unwrap();
    let put = "PUT /secrets/n";
    assert_eq!(script.requests(), [put, "POST /deletedsecrets/n/recover", put, put, put]);
}

#[tokio::test(start_paused = true)]
async fn a_soft_deleted_name_is_purged_and_made_anew() {
    let acts = vec![
        refuse(409, "ObjectIsBeingDeleted"),
        refuse(409, "ObjectIsDeletedButRecoverable"),
        answer(204, ""),
        refuse(409, "ObjectIsBeingDeleted"),
        secret("v", now()),
    ];
    let (client, script) = warm(options(), acts).await;
    client.set_secret("n", "v").on_conflict(OnConflict::Purge).await.unwrap();
    let put = "PUT /secrets/n";
    assert_eq!(script.requests(), [put, put, "DELETE /deletedsecrets/n", put, put]);
}

#[tokio::test(start_paused = true)]
async fn another_caller_may_resolve_the_conflict_first() {
    let held = || refuse(409, "ObjectIsDeletedButRecoverable");
    let acts = vec![held(), refuse(404, "SecretNotFound"), held(), refuse(409, "None"), secret("v", now())];
    let (client, script) = warm(options(), acts).await;
    client.set_secret("n", "v").on_conflict(OnConflict::Recover).await.unwrap();
    assert_eq!(script.requests().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_conflict_that_cannot_be_resolved_is_the_failure() {
    let held = || refuse(409, "ObjectIsDeletedButRecoverable");
    let (client, script) = warm(options(), vec![held()]).await;
    assert_eq!(client.set_secret("n", "v").await.unwrap_err().kind(), ErrorKind::SoftDeleted);
    assert_eq!(script.requests().len(), 1);

    let (client, _) = warm(options(), vec![held(), refuse(403, "ForbiddenByRbac")]).await;
    let error = client.set_secret("n", "v").on_conflict(OnConflict::Purge).await.unwrap_err();
    assert_eq!((error.kind(), error.inner_code()), (ErrorKind::Forbidden, Some("ForbiddenByRbac")));

    let (client, _) = warm(options(), (0..100).map(|_| refuse(409, "ObjectIsBeingDeleted")).collect()).await;
    let began = Instant::now();
    let request =
        client.set_secret("n", "v").on_conflict(OnConflict::Recover).timeout(Duration::from_secs(20));
    let error = request.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BeingDeleted);
    assert!(error.retry_after().is_some() && began.elapsed() <= Duration::from_secs(20));
}
