//! The pipeline on virtual time, against a scripted vault.

use std::time::Duration;

use tokio::time::Instant;

use super::script::*;
use crate::{ErrorKind, OnConflict};

#[tokio::test(start_paused = true)]
async fn a_probe_carries_neither_token_nor_body() {
    let (client, script) = client_of(VAULT, options(), vec![challenge(), secret("v", 1)]);
    client.set_secret("n", "v").await.unwrap();
    assert_eq!(script.requests(), ["PUT /secrets/n", "PUT /secrets/n"]);
    assert!(!script.has_token(0) && script.body(0).is_empty());
    assert!(script.has_token(1) && script.body(1) == r#"{"value":"v"}"#);
}

#[test]
fn a_call_is_small_enough_for_what_allocators_keep_at_hand() {
    let (client, _) = client_of(VAULT, options(), Vec::new());
    let call = client.get_secret("n").into_future();
    assert!(size_of_val(&*call) <= 1_024, "{}", size_of_val(&*call));
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
async fn a_wait_pauses_as_told_and_tells_of_each_look() {
    let begun = answer(200, format!(r#"{{"id":"{VAULT}/secrets/n/0f","recoveryId":"r"}}"#));
    let acts = [begun].into_iter().chain((0..3).map(|_| refuse(404, "SecretNotFound"))).collect();
    let (client, script) = warm(options(), acts).await;
    let pause = Duration::from_secs(7);
    let poller = client.begin_delete_secret("n").polling_interval(pause).await.unwrap();
    let mut looks = poller.looks().timeout(Duration::from_secs(20)).await.unwrap();
    let began = Instant::now();
    for (look, seconds) in [(1, 0), (2, 7), (3, 14)] {
        assert!(!looks.next().await.unwrap());
        assert_eq!((poller.look_count(), began.elapsed().as_secs()), (look, seconds));
    }
    let error = looks.next().await.unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::Timeout, Some(pause)));
    assert_eq!(script.requests()[1..], ["GET /deletedsecrets/n"; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_recovery_that_another_client_began_is_gone_on_with() {
    let recovered = answer(200, format!(r#"{{"id":"{VAULT}/secrets/n/0e"}}"#));
    let (client, _) = warm(options(), vec![recovered]).await;
    let token = client.begin_recover_deleted_secret("n").await.unwrap().continuation_token();

    let acts = vec![refuse(404, "SecretNotFound"), refuse(404, "SecretNotFound"), secret("v", 1)];
    let (other, script) = warm(options(), acts).await;
    let poller = other.begin_recover_deleted_secret("n").continuation_token(&*token).await.unwrap();
    assert_eq!((poller.is_done(), poller.look_count(), poller.result()), (false, 1, None));
    assert_eq!(poller.continuation_token(), token);
    poller.wait().await.unwrap();
    assert_eq!((poller.look_count(), poller.result().unwrap().name.as_str()), (3, "n"));
    assert_eq!(script.requests(), ["GET /secrets/n"; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_resumed_poller_of_what_its_caller_may_not_read_is_done_without_a_result() {
    let (client, _) = warm(options(), vec![refuse(403, "ForbiddenByRbac")]).await;
    let token = r#"{"state":{"name":"n"}}"#;
    let poller = client.begin_delete_secret("n").continuation_token(token).await.unwrap();
    assert_eq!((poller.is_done(), poller.look_count(), poller.result()), (true, 1, None));
}

#[tokio::test(start_paused = true)]
async fn how_to_poll_is_checked_before_anything_is_sent() {
    let (client, script) = warm(options(), vec![]).await;
    for interval in [Duration::ZERO, Duration::from_micros(999), Duration::from_millis(3_600_001)] {
        let error = client.begin_delete_secret("n").polling_interval(interval).await.unwrap_err();
        assert_eq!(error.message(), "polling_interval: must be from 1 ms to 1 h");
    }
    for token in ["", "n", r#"{"state":{"name":"m"}}"#] {
        let error = client.begin_recover_deleted_secret("n").continuation_token(token).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().starts_with("continuation_token: must "));
    }
    assert!(script.requests().is_empty());
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
