//! One look after another, against a scripted vault.

use std::{future::IntoFuture, time::Duration};

use http::Method;
use tokio::time::{Instant, sleep};

use crate::{ErrorKind, pipeline::script::*, transport::Reach};

const LOST: Act = Act::Break(Reach::MaybeSent);

fn gone() -> Act {
    refuse(404, "SecretNotFound")
}

/// A version as a list shows it, or a deleted secret of that moment.
fn row(version: &str, enabled: bool, moment: i64) -> String {
    let id = format!("{VAULT}/secrets/n/{version}");
    format!(
        r#"{{"id":"{id}","deletedDate":{moment},"attributes":{{"enabled":{enabled},"created":{moment}}}}}"#
    )
}

fn list(rows: &[String]) -> Act {
    answer(200, format!(r#"{{"value":[{}],"nextLink":null}}"#, rows.join(",")))
}

#[tokio::test(start_paused = true)]
async fn a_set_whose_answer_was_lost_is_looked_up() {
    for lost in [LOST, answer(408, ""), answer(500, ""), answer(503, "")] {
        let (client, script) = warm(options(), vec![lost, secret("v", now())]).await;
        assert_eq!(client.set_secret("n", "v").await.unwrap().properties.version.as_deref(), Some("0f"));
        assert_eq!(script.requests(), ["PUT /secrets/n", "GET /secrets/n"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_set_that_was_not_applied_is_sent_again() {
    for found in [secret("v", now() - 3_600), gone()] {
        let acts = vec![LOST, found, secret("v", now())];
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
    let acts = (0..2).flat_map(|_| [answer(503, ""), gone()]).collect();
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
    let acts = vec![LOST, gone(), gone(), answer(200, deleted)];
    let (client, script) = warm(options(), acts).await;
    let poller = client.begin_delete_secret("n").await.unwrap();
    assert_eq!(poller.result().unwrap().properties.name, "n");
    let look = ["GET /deletedsecrets/n", "GET /secrets/n", "GET /deletedsecrets/n"];
    assert_eq!(script.requests(), [&["DELETE /secrets/n"], &look[..]].concat());
}

#[tokio::test(start_paused = true)]
async fn a_purge_is_applied_when_the_deleted_secret_is_gone() {
    let (client, script) = warm(options(), vec![answer(502, ""), gone(), gone()]).await;
    client.purge_deleted_secret("n").await.unwrap();
    let purge = "DELETE /deletedsecrets/n";
    assert_eq!(script.requests(), [purge, purge, "GET /secrets/n"]);
}

#[tokio::test(start_paused = true)]
async fn a_restore_in_doubt_that_then_meets_its_name_is_unknown() {
    let conflict = || answer(409, r#"{"error":{"code":"Conflict","message":"m"}}"#);
    let (client, _) = warm(options(), vec![LOST, conflict()]).await;
    assert_eq!(client.restore_secret_backup(*b"blob").await.unwrap_err().kind(), ErrorKind::OutcomeUnknown);
    let (client, _) = warm(options(), vec![conflict()]).await;
    assert_eq!(client.restore_secret_backup(*b"blob").await.unwrap_err().kind(), ErrorKind::AlreadyExists);
}

#[tokio::test(start_paused = true)]
async fn an_update_is_simply_repeated() {
    let updated = answer(200, format!(r#"{{"id":"{VAULT}/secrets/n/0f"}}"#));
    let (client, script) = warm(options(), vec![LOST, updated]).await;
    client.update_secret_properties("n").enabled(false).await.unwrap();
    assert_eq!(script.requests(), ["PATCH /secrets/n/", "PATCH /secrets/n/"]);
    assert_eq!(script.seen.lock().unwrap()[1].method(), Method::PATCH);
}

#[tokio::test(start_paused = true)]
async fn a_version_is_no_other_call_s_once_it_is_acknowledged() {
    let acts = vec![
        secret("v", now()),
        LOST,
        secret("v", now()),
        list(&[row("0f", true, now())]),
        version("1f", "v", now()),
    ];
    let (client, script) = warm(options(), acts).await;
    let first = client.set_secret("n", "v").await.unwrap().properties.version;
    let second = client.set_secret("n", "v").await.unwrap().properties.version;
    assert_eq!((first.as_deref(), second.as_deref()), (Some("0f"), Some("1f")));
    assert_eq!(
        script.requests()[1..],
        ["PUT /secrets/n", "GET /secrets/n", "GET /secrets/n/versions", "PUT /secrets/n"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_set_whose_version_an_older_call_took_goes_on_with_the_older_one() {
    let theirs = || version("1f", "v", now() - 5);
    let rows = list(&[row("0f", true, now() - 24), row("1f", true, now() - 5)]);
    let older = version("0f", "v", now() - 24);
    let lost = |delay| with_header(503, "retry-after-ms", delay);
    let acts = vec![lost("10000"), lost("20000"), theirs(), theirs(), rows, older];
    let (client, script) = warm(options(), acts).await;
    let later = async {
        sleep(Duration::from_secs(5)).await;
        client.set_secret("n", "v").await
    };
    let (earlier, later) = tokio::join!(client.set_secret("n", "v").into_future(), later);
    assert_eq!(earlier.unwrap().properties.version.as_deref(), Some("1f"));
    assert_eq!(later.unwrap().properties.version.as_deref(), Some("0f"));
    assert_eq!(script.requests().iter().filter(|request| request.starts_with("PUT")).count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_set_is_found_under_another_writer_s_version() {
    let rows = [row("0e", true, now() - 3_600), row("0f", true, now()), row("1f", true, now())];
    let acts = vec![LOST, version("1f", "theirs", now()), list(&rows), secret("v", now())];
    let (client, script) = warm(options(), acts).await;
    assert_eq!(client.set_secret("n", "v").await.unwrap().properties.version.as_deref(), Some("0f"));
    assert_eq!(script.requests()[2..], ["GET /secrets/n/versions", "GET /secrets/n/0f"]);
}

#[tokio::test(start_paused = true)]
async fn a_set_with_another_writer_s_version_alone_is_sent_again() {
    let theirs = || version("1f", "theirs", now());
    let acts = vec![LOST, theirs(), list(&[row("1f", true, now())]), secret("v", now())];
    let (client, script) = warm(options(), acts).await;
    client.set_secret("n", "v").await.unwrap();
    assert_eq!(script.requests().last().unwrap(), "PUT /secrets/n");
}

#[tokio::test(start_paused = true)]
async fn a_version_whose_properties_differ_may_be_the_call_s() {
    let acts = vec![LOST, secret("v", now()), list(&[row("0f", true, now())]), secret("v", now())];
    let (client, _) = warm(options(), acts).await;
    let error = client.set_secret("n", "v").content_type("t".to_owned()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    assert!(error.message().contains("other properties"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_list_proves_that_no_disabled_version_was_made() {
    let disabled = || refuse(403, "SecretDisabled");
    let old = list(&[row("0e", false, now() - 3_600)]);
    let (client, script) = warm(options(), vec![LOST, disabled(), old, secret("v", now())]).await;
    client.set_secret("n", "v").enabled(false).await.unwrap();
    assert_eq!(script.requests().last().unwrap(), "PUT /secrets/n");

    let (client, _) = warm(options(), vec![LOST, disabled(), list(&[row("0f", false, now())])]).await;
    let error = client.set_secret("n", "v").enabled(false).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
}

#[tokio::test(start_paused = true)]
async fn a_name_deleted_with_the_call_s_version_in_it_is_unknown() {
    let deleted = || refuse(409, "ObjectIsDeletedButRecoverable");
    for (moment, kind) in [(now(), ErrorKind::OutcomeUnknown), (now() - 3_600, ErrorKind::SoftDeleted)] {
        let acts = vec![LOST, gone(), deleted(), answer(200, row("0f", true, moment))];
        let (client, _) = warm(options(), acts).await;
        assert_eq!(client.set_secret("n", "v").await.unwrap_err().kind(), kind);
    }
}

#[tokio::test(start_paused = true)]
async fn the_vault_is_given_time_before_a_look() {
    let (client, _) =
        warm(options().set("retry.base_delay_ms", "8000"), vec![LOST, secret("v", now())]).await;
    let began = Instant::now();
    client.set_secret("n", "v").await.unwrap();
    assert!(began.elapsed() >= Duration::from_secs(4));
}

#[tokio::test(start_paused = true)]
async fn a_look_without_time_before_it_proves_no_absence() {
    let slow = || options().set("retry.base_delay_ms", "8000");
    for (lost, kind) in [(LOST, ErrorKind::OutcomeUnknown), (answer(503, ""), ErrorKind::Unavailable)] {
        let (client, _) = warm(slow(), vec![lost, gone()]).await;
        let error = client.set_secret("n", "v").timeout(Duration::from_secs(3)).await.unwrap_err();
        assert_eq!(error.kind(), kind);
    }
    let (client, _) = warm(slow(), vec![LOST, secret("v", now())]).await;
    client.set_secret("n", "v").timeout(Duration::from_secs(3)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_would_cross_the_deadline_leaves_a_look_and_no_second_try() {
    let (client, script) = warm(options(), vec![with_header(503, "retry-after", "120"), gone()]).await;
    let error = client.set_secret("n", "v").await.unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::Unavailable, Some(Duration::from_secs(120))));
    assert_eq!(script.requests(), ["PUT /secrets/n", "GET /secrets/n"]);
}

#[tokio::test(start_paused = true)]
async fn a_purge_of_a_name_that_is_still_being_deleted_is_not_done() {
    let (client, _) = warm(options(), vec![answer(503, ""), refuse(409, "ObjectIsBeingDeleted")]).await;
    assert_eq!(client.purge_deleted_secret("n").await.unwrap_err().kind(), ErrorKind::BeingDeleted);
    let (client, _) = warm(options(), vec![answer(503, ""), gone(), secret("v", now())]).await;
    assert_eq!(client.purge_deleted_secret("n").await.unwrap_err().kind(), ErrorKind::OutcomeUnknown);
}

#[tokio::test(start_paused = true)]
async fn a_disabled_secret_s_deletion_and_recovery_are_read_from_the_lists() {
    let disabled = || refuse(403, "SecretDisabled");
    let (client, script) = warm(options(), vec![LOST, disabled(), list(&[row("0f", false, now())])]).await;
    let poller = client.begin_delete_secret("n").await.unwrap();
    assert!(poller.result().unwrap().deleted_date.is_some());
    assert_eq!(script.requests()[1..], ["GET /deletedsecrets/n", "GET /deletedsecrets"]);

    let rows = [row("0e", false, now() - 9), row("0f", false, now() - 8), row("1f", true, now() - 7)];
    let (client, script) = warm(options(), vec![LOST, disabled(), list(&rows)]).await;
    let poller = client.begin_recover_deleted_secret("n").await.unwrap();
    assert_eq!(poller.result().unwrap().version.as_deref(), Some("0f"));
    assert_eq!(script.requests()[1..], ["GET /secrets/n", "GET /secrets/n/versions"]);
}

#[tokio::test(start_paused = true)]
async fn a_deletion_applied_after_the_look_is_found_when_the_second_one_finds_nothing() {
    let deleted = answer(200, row("0f", true, now()));
    let acts = vec![LOST, gone(), secret("v", now() - 9), gone(), deleted];
    let (client, _) = warm(options(), acts).await;
    client.begin_delete_secret("n").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_name_in_no_state_for_too_long_has_an_unknown_outcome() {
    let acts = [LOST].into_iter().chain((0..60).map(|_| gone())).collect();
    let (client, _) = warm(options(), acts).await;
    let began = Instant::now();
    assert_eq!(client.begin_delete_secret("n").await.unwrap_err().kind(), ErrorKind::OutcomeUnknown);
    assert!(began.elapsed() < Duration::from_secs(50), "the deadline is not used up");
}

#[tokio::test(start_paused = true)]
async fn a_write_that_nobody_can_look_at_is_unknown_when_its_tries_are_used_up() {
    let options = || options().set("retry.max_attempts", "2");
    let lost = || vec![LOST, answer(503, "")];
    let (client, _) = warm(options(), lost()).await;
    let error = client.update_secret_properties("n").enabled(true).await.unwrap_err();
    assert_eq!((error.kind(), error.fields().attempts), (ErrorKind::OutcomeUnknown, 2));
    let (client, _) = warm(options(), lost()).await;
    assert_eq!(client.restore_secret_backup(*b"blob").await.unwrap_err().kind(), ErrorKind::OutcomeUnknown);
    let (client, _) = warm(options(), vec![LOST, refuse(403, "ForbiddenByRbac")]).await;
    let error = client.update_secret_properties("n").enabled(true).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "an earlier try was refused alike");
}
