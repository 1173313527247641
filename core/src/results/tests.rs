//! Many secrets on virtual time, of a scripted vault.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::time::{sleep, timeout};

use crate::{
    ErrorKind, Progress, Results,
    pipeline::script::{Act, answer, options, refuse, secret, warm},
};

async fn values(results: Results) -> Vec<Result<String, ErrorKind>> {
    let results = results.collect().await.unwrap();
    let shown = results.into_iter().map(|result| result.outcome);
    shown.map(|outcome| outcome.map(|s| s.value.expose().to_owned()).map_err(|e| e.kind())).collect()
}

#[tokio::test(start_paused = true)]
async fn nothing_is_begun_before_the_first_result_is_asked_for() {
    let (client, script) = warm(options(), vec![secret("v", 1)]).await;
    let mut results = client.get_secrets().names(["n"]).await.unwrap();
    sleep(Duration::from_secs(1)).await;
    assert!(script.requests().is_empty());
    assert_eq!(results.next().await.unwrap().unwrap().name, "n");
    assert!(results.next().await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn what_is_under_way_goes_on_while_nobody_waits() {
    let (client, script) = warm(options(), (0..5).map(|_| secret("v", 1)).collect()).await;
    let mut results = client.get_secrets().names(["a", "b", "c", "d", "e"]).concurrency(3).await.unwrap();
    results.next().await.unwrap();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(script.requests().len(), 3);
    assert_eq!(results.progress(), Progress { done: 1, total: Some(5) });
    assert_eq!(values(results).await.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn results_come_in_order_though_answers_do_not() {
    let acts = vec![Act::Hang, secret("b", 1), refuse(404, "")];
    let (client, _) = warm(options(), acts).await;
    let request = client.get_secrets().names(["a", "b", "c"]).timeout(Duration::from_secs(1));
    let given = values(request.await.unwrap()).await;
    assert_eq!(given, [Err(ErrorKind::Timeout), Ok("b".to_owned()), Err(ErrorKind::NotFound)]);
}

#[tokio::test(start_paused = true)]
async fn a_result_that_is_not_waited_for_to_the_end_is_not_lost() {
    let (client, _) = warm(options(), vec![secret("v", 1), secret("w", 1)]).await;
    let mut results = client.get_secrets().names(["a", "b"]).concurrency(1).await.unwrap();
    assert!(timeout(Duration::ZERO, results.next()).await.is_err());
    assert_eq!(values(results).await, [Ok("v".to_owned()), Ok("w".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_results_cancels_what_is_under_way() {
    let (client, script) = warm(options(), vec![secret("v", 1), refuse(503, ""), secret("w", 1)]).await;
    let mut results = client.get_secrets().names(["a", "b"]).await.unwrap();
    results.next().await.unwrap();
    drop(results);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(script.requests().len(), 2, "the second is not tried again");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_fails_does_so_behind_the_results_of_its_pages() {
    let row = |name| format!(r#"{{"id":"https://kv.example/secrets/{name}"}}"#);
    let link = "https://kv.example/secrets?api-version=2026-04-01&$skiptoken=x";
    let page = format!(r#"{{"value":[{},{}],"nextLink":"{link}"}}"#, row("a"), row("b"));
    // Reads are begun when the list's next page is asked for, and leave while it is waited for.
    let acts = vec![answer(200, page), refuse(403, "ForbiddenByRbac"), secret("v", 1), secret("w", 1)];
    let (client, _) = warm(options(), acts).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let teller = told.clone();
    let request =
        client.get_secrets().on_progress(move |progress| teller.lock().unwrap().push(progress.total));
    let mut results = request.await.unwrap();
    assert_eq!(results.next().await.unwrap().unwrap().name, "a");
    assert_eq!(results.next().await.unwrap().unwrap().name, "b");
    assert_eq!(results.next().await.unwrap_err().kind(), ErrorKind::Forbidden);
    assert!(results.next().await.unwrap().is_none());
    assert_eq!(results.progress(), Progress { done: 2, total: None });
    assert_eq!(*told.lock().unwrap(), [None, None]);
}
