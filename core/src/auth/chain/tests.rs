//! The chain with sources that do as they are told.

use std::sync::{
    Mutex,
    atomic::{AtomicU32, Ordering::Relaxed},
};

use tokio::time::{Instant, sleep};

use super::*;

/// What a source does when it is asked.
#[derive(Clone, Debug)]
enum Does {
    Give,
    Fail,
    Hang,
}

#[derive(Debug)]
struct Fake {
    does: Mutex<Does>,
    asked: AtomicU32,
}

impl Fake {
    fn new(does: Does) -> Arc<Self> {
        Arc::new(Self { does: Mutex::new(does), asked: AtomicU32::new(0) })
    }

    fn asked(&self) -> u32 {
        self.asked.load(Relaxed)
    }
}

impl TokenSource for Fake {
    fn token(&self, _: TokenRequest) -> BoxFuture<'_, Result<AccessToken>> {
        self.asked.fetch_add(1, Relaxed);
        let does = self.does.lock().unwrap().clone();
        Box::pin(async move {
            match does {
                Does::Give => Ok(AccessToken { token: "t".into(), expires_on: None, refresh_on: None }),
                Does::Fail => {
                    Err(Error::new(ErrorKind::Authentication, "refused").with_advice("ask".to_owned()))
                }
                Does::Hang => {
                    sleep(Duration::from_secs(3_600)).await;
                    Err(Error::new(ErrorKind::Internal, "woke up"))
                }
            }
        })
    }
}

fn missing(name: &'static str) -> Link {
    Link { name, source: Source::Missing("not set".to_owned()) }
}

fn service(name: &'static str, source: &Arc<Fake>) -> Link {
    Link { name, source: Source::Service(source.clone()) }
}

fn tool(name: &'static str, source: &Arc<Fake>) -> Link {
    Link { name, source: Source::Developer(source.clone()) }
}

async fn ask(chain: &Chain) -> Result<AccessToken> {
    chain.token(TokenRequest::for_scope("s".to_owned())).await
}

#[tokio::test(start_paused = true)]
async fn the_first_that_gives_a_token_is_stayed_with() {
    let (first, second, third) = (Fake::new(Does::Fail), Fake::new(Does::Give), Fake::new(Does::Give));
    let links = vec![missing("environment"), tool("a", &first), tool("b", &second), tool("c", &third)];
    let chain = Chain::new(links);
    ask(&chain).await.unwrap();
    *first.does.lock().unwrap() = Does::Give;
    ask(&chain).await.unwrap();
    assert_eq!((first.asked(), second.asked(), third.asked()), (1, 2, 0));
    *second.does.lock().unwrap() = Does::Fail;
    let error = ask(&chain).await.unwrap_err();
    assert_eq!(error.message(), "no credential gave a token: b: refused");
}

#[tokio::test(start_paused = true)]
async fn a_failure_names_every_source_and_its_reason() {
    let (first, second) = (Fake::new(Does::Fail), Fake::new(Does::Hang));
    let chain = Chain::new(vec![missing("environment"), tool("a", &first), tool("b", &second)]);
    let began = Instant::now();
    let error = ask(&chain).await.unwrap_err();
    let said = "no credential gave a token: environment: not set; a: refused; b: no answer within 10 seconds";
    assert_eq!((error.message(), began.elapsed()), (said, TOOL));
    assert!(error.advice().unwrap().contains("az login"));
}

#[tokio::test(start_paused = true)]
async fn a_service_s_failure_is_not_hidden_by_another_identity() {
    let (first, second) = (Fake::new(Does::Fail), Fake::new(Does::Give));
    let chain = Chain::new(vec![service("environment", &first), tool("a", &second)]);
    let error = ask(&chain).await.unwrap_err();
    assert_eq!(error.message(), "no credential gave a token: environment: refused");
    assert_eq!((error.advice(), second.asked()), (Some("ask"), 0));
}
