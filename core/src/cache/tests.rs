//! The cache on virtual time, behind a client of a scripted vault.

use std::{
    future::IntoFuture,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use tokio::time::{Instant, sleep};

use crate::{
    ClientOptions, ErrorKind, Result, Secret, SecretClient,
    pipeline::script::{Act, Script, options, refuse, secret, warm},
    transport::Reach,
};

fn caching(ttl_ms: u32, stale_ms: u32) -> ClientOptions {
    options().set("cache.ttl_ms", ttl_ms.to_string()).set("cache.stale_ms", stale_ms.to_string())
}

/// The values that this many reads at once give, or the kinds of their errors.
async fn at_once(client: &SecretClient, count: usize) -> Vec<Result<String, ErrorKind>> {
    let reads: Vec<_> = (0..count).map(|_| tokio::spawn(client.get_secret("n").into_future())).collect();
    let mut given = Vec::new();
    for read in reads {
        given.push(shown(read.await.unwrap()));
    }
    given
}

fn shown(outcome: Result<Secret>) -> Result<String, ErrorKind> {
    outcome.map(|secret| secret.value.expose().to_owned()).map_err(|error| error.kind())
}

async fn reads(client: &SecretClient, script: &Arc<Script>) -> (Secret, usize) {
    let secret = client.get_secret("n").await.unwrap();
    (secret, script.requests().len())
}

#[tokio::test(start_paused = true)]
async fn a_hit_is_there_at_the_first_poll() {
    let (client, script) = warm(caching(1_000, 0), vec![secret("v", 1)]).await;
    client.get_secret("n").await.unwrap();
    let mut again = pin!(client.get_secret("n").into_future());
    let outcome = again.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(Ok(secret)) = outcome else { panic!("not ready: {outcome:?}") };
    assert_eq!((secret.value.expose(), script.requests().len()), ("v", 1));
}

#[tokio::test(start_paused = true)]
async fn a_value_is_kept_for_its_time_from_the_begin_of_its_read() {
    let (client, script) = warm(caching(1_000, 0), vec![secret("v", 1), secret("w", 1)]).await;
    let began = Instant::now();
    client.get_secret("n").await.unwrap();
    sleep(Duration::from_millis(999) - began.elapsed()).await;
    assert_eq!(reads(&client, &script).await.1, 1);
    sleep(Duration::from_millis(1)).await;
    let (secret, requests) = reads(&client, &script).await;
    assert_eq!((secret.value.expose(), secret.stale, requests), ("w", false, 2));
}

#[tokio::test(start_paused = true)]
async fn reads_at_once_share_one_flight() {
    let (client, script) = warm(caching(1_000, 0), vec![secret("v", 1)]).await;
    assert_eq!(at_once(&client, 100).await, vec![Ok("v".to_owned()); 100]);
    assert_eq!((script.requests().len(), client.stats().cache_hits), (1, 99));
}

#[tokio::test(start_paused = true)]
async fn reads_at_once_share_the_vault_s_verdict() {
    let (client, script) = warm(caching(1_000, 0), vec![refuse(404, ""), secret("v", 1)]).await;
    assert_eq!(at_once(&client, 10).await, vec![Err(ErrorKind::NotFound); 10]);
    assert_eq!(script.requests().len(), 1);
    assert_eq!(reads(&client, &script).await.0.value.expose(), "v");
}

#[tokio::test(start_paused = true)]
async fn a_flight_that_is_given_up_is_taken_over() {
    let (client, script) = warm(caching(1_000, 0), vec![Act::Hang, secret("v", 1)]).await;
    let hasty = tokio::spawn(client.get_secret("n").timeout(Duration::from_secs(1)).into_future());
    let patient: Vec<_> = (0..3).map(|_| tokio::spawn(client.get_secret("n").into_future())).collect();
    assert_eq!(shown(hasty.await.unwrap()), Err(ErrorKind::Timeout));
    for read in patient {
        assert_eq!(shown(read.await.unwrap()), Ok("v".to_owned()));
    }
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_flight_whose_caller_is_dropped_is_taken_over() {
    let (client, script) = warm(caching(1_000, 0), vec![Act::Hang, secret("v", 1)]).await;
    let dropped = tokio::spawn(client.get_secret("n").into_future());
    tokio::task::yield_now().await;
    let waiting = tokio::spawn(client.get_secret("n").into_future());
    tokio::task::yield_now().await;
    dropped.abort();
    assert_eq!(shown(waiting.await.unwrap()), Ok("v".to_owned()));
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_for_a_flight_keeps_its_own_deadline() {
    let (client, _) = warm(caching(1_000, 0), vec![Act::Hang]).await;
    let _reading = tokio::spawn(client.get_secret("n").into_future());
    tokio::task::yield_now().await;
    let began = Instant::now();
    let error = client.get_secret("n").timeout(Duration::from_secs(2)).await.unwrap_err();
    assert_eq!((error.kind(), began.elapsed()), (ErrorKind::Timeout, Duration::from_secs(2)));
}

#[tokio::test(start_paused = true)]
async fn what_was_read_while_a_write_was_under_way_is_not_kept() {
    let slow = |value| {
        Act::Answer(
            200,
            Vec::new(),
            format!(r#"{{"value":"{value}","id":"https://kv.example/secrets/n/0f"}}"#),
        )
    };
    let acts = vec![slow("old"), secret("new", 1), secret("new", 1)];
    let (client, script) = warm(caching(1_000, 0), acts).await;
    let reading = tokio::spawn(client.get_secret("n").into_future());
    tokio::task::yield_now().await;
    // The read has left; a write that ends before the answer comes is newer than it.
    client.pipeline().cache.forget("N");
    assert_eq!(shown(reading.await.unwrap()), Ok("old".to_owned()));
    assert_eq!(reads(&client, &script).await.0.value.expose(), "new");
}

#[tokio::test(start_paused = true)]
async fn a_vault_that_is_away_is_asked_once_a_second_while_the_value_may_be_stale() {
    let away = || Act::Break(Reach::NotSent);
    let acts = vec![secret("v", 1), away(), away(), secret("w", 1)];
    let (client, script) = warm(caching(1_000, 60_000), acts).await;
    client.get_secret("n").await.unwrap();
    sleep(Duration::from_secs(1)).await;
    for (pause_ms, requests) in [(0, 2), (0, 2), (999, 2), (1, 3), (0, 3)] {
        sleep(Duration::from_millis(pause_ms)).await;
        let (secret, made) = reads(&client, &script).await;
        assert_eq!((secret.value.expose(), secret.stale, made), ("v", true, requests));
    }
    sleep(Duration::from_secs(1)).await;
    let (secret, made) = reads(&client, &script).await;
    assert_eq!((secret.value.expose(), secret.stale, made), ("w", false, 4));
}

#[tokio::test(start_paused = true)]
async fn a_stale_value_has_its_end() {
    let acts = vec![secret("v", 1), Act::Break(Reach::NotSent)];
    let (client, _) = warm(caching(1_000, 2_000).set("retry.max_attempts", "1"), acts).await;
    client.get_secret("n").await.unwrap();
    sleep(Duration::from_secs(3)).await;
    assert_eq!(client.get_secret("n").await.unwrap_err().kind(), ErrorKind::Network);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_left_of_flights_that_have_ended() {
    let acts = vec![secret("v", 1), refuse(404, ""), Act::Hang, Act::Hang];
    let (client, _) = warm(caching(1, 0), acts).await;
    for timeout_s in [9, 9, 1, 1] {
        let _ = client.get_secret("n").timeout(Duration::from_secs(timeout_s)).await;
        sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(client.pipeline().cache.flights(), 0);
}
