//! Tokens that sources give, fail to give, or take their time to give.

use std::{future::pending, sync::atomic::AtomicU32};

use tokio::{runtime::Builder, time::sleep};

use super::*;
use crate::auth::BoxFuture;

/// Gives numbered tokens of a given life, in seconds; fails where the life is absent.
#[derive(Debug)]
struct Numbered {
    given: AtomicU32,
    lives: Vec<Option<i64>>,
}

impl TokenSource for Numbered {
    fn token(&self, _request: TokenRequest) -> BoxFuture<'_, Result<AccessToken>> {
        let number = self.given.fetch_add(1, Relaxed);
        let life = self.lives[number as usize];
        Box::pin(async move {
            sleep(Duration::from_millis(10)).await;
            let life = life.ok_or_else(|| Error::new(ErrorKind::Authentication, "no"))?;
            let now = Timestamp::from(SystemTime::now()).as_unix_seconds();
            let expires_on = Some(Timestamp::from_unix_seconds(now + life));
            Ok(AccessToken { token: format!("t{number}").into(), expires_on, refresh_on: None })
        })
    }
}

fn cache(lives: &[Option<i64>]) -> Arc<TokenCache> {
    let source = Numbered { given: AtomicU32::new(0), lives: lives.to_vec() };
    Arc::new(TokenCache::new(Arc::new(source), Some(TokenRequest::for_scope("s".into())), Arc::default()))
}

async fn current(cache: &Arc<TokenCache>) -> String {
    cache.current().await.unwrap().unwrap().to_str().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn many_callers_share_one_fetch() {
    let cache = cache(&[Some(3_600)]);
    let callers: Vec<_> = (0..20)
        .map(|_| {
            tokio::spawn({
                let c = cache.clone();
                async move { current(&c).await }
            })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap(), "Bearer t0");
    }
}

#[tokio::test(start_paused = true)]
async fn many_callers_share_one_failure_and_the_next_one_tries_again() {
    let cache = cache(&[None, Some(3_600)]);
    let ask = || {
        let cache = cache.clone();
        tokio::spawn(async move { cache.current().await.map_err(|error| error.kind()) })
    };
    let callers: Vec<_> = (0..20).map(|_| ask()).collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap_err(), ErrorKind::Authentication);
    }
    assert_eq!(current(&cache).await, "Bearer t1");
}

#[tokio::test(start_paused = true)]
async fn a_token_is_replaced_ahead_of_expiry_and_kept_while_that_fails() {
    let cache = cache(&[Some(3_600), None, Some(3_600)]);
    assert_eq!(current(&cache).await, "Bearer t0");
    for (pause_s, token, fetched) in [
        (3_299, "Bearer t0", 1),
        (2, "Bearer t0", 1), // A refresh begins, and fails.
        (1, "Bearer t0", 2),
        (28, "Bearer t0", 2),
        (2, "Bearer t0", 2), // Another begins, and nobody waits for it.
        (1, "Bearer t2", 3),
    ] {
        sleep(Duration::from_secs(pause_s)).await;
        assert_eq!(cache.counters.tokens.load(Relaxed), fetched);
        assert_eq!(current(&cache).await, token);
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_is_not_used() {
    let cache = cache(&[Some(3_600), None]);
    current(&cache).await;
    tokio::time::advance(Duration::from_secs(3_601)).await;
    assert_eq!(cache.current().await.unwrap_err().kind(), ErrorKind::Authentication);
}

#[test]
fn times_that_no_clock_tells_are_never_and_long_ago() {
    let of = |expires_on, refresh_on| {
        let (expires_on, refresh_on) =
            (Timestamp::from_unix_seconds(expires_on), Timestamp::from_unix_seconds(refresh_on));
        let token =
            AccessToken { token: "t".into(), expires_on: Some(expires_on), refresh_on: Some(refresh_on) };
        let token = Token::new(token, SystemTime::now().into()).unwrap();
        (token.is_usable(), token.is_fresh())
    };
    assert_eq!(of(i64::MAX, i64::MAX), (true, true));
    assert_eq!(of(i64::MIN, i64::MIN), (false, false));
}

#[tokio::test(start_paused = true)]
async fn only_the_rejected_token_is_forgotten() {
    let cache = cache(&[Some(3_600), Some(3_600)]);
    let first = cache.current().await.unwrap().unwrap();
    let wanted = TokenRequest::for_scope("s".into());
    cache.renew(wanted.clone(), Some(&HeaderValue::from_static("Bearer older")));
    assert_eq!(current(&cache).await, "Bearer t0");
    cache.renew(wanted, Some(&first));
    assert_eq!(current(&cache).await, "Bearer t1");
}

/// Takes its time, and gives a token.
#[derive(Debug)]
struct Slow {
    takes: Duration,
    time_limit: Option<Duration>,
    begun: AtomicU32,
    /// One for each fetch that is under way.
    under_way: Arc<()>,
}

impl Slow {
    fn new(takes_s: u64, time_limit_s: Option<u64>) -> Arc<Self> {
        let (takes, time_limit) = (Duration::from_secs(takes_s), time_limit_s.map(Duration::from_secs));
        Arc::new(Self { takes, time_limit, begun: AtomicU32::new(0), under_way: Arc::default() })
    }

    fn cache(self: &Arc<Self>) -> Arc<TokenCache> {
        let wanted = Some(TokenRequest::for_scope("s".into()));
        Arc::new(TokenCache::new(self.clone(), wanted, Arc::default()))
    }

    /// How many fetches were begun, and how many are under way.
    fn fetches(&self) -> (u32, usize) {
        (self.begun.load(Relaxed), Arc::strong_count(&self.under_way) - 1)
    }
}

impl TokenSource for Slow {
    fn token(&self, request: TokenRequest) -> BoxFuture<'_, Result<AccessToken>> {
        self.begun.fetch_add(1, Relaxed);
        let under_way = self.under_way.clone();
        Box::pin(async move {
            sleep(self.takes).await;
            drop(under_way);
            let token = format!("for-{}", request.claims.unwrap_or_default()).into();
            Ok(AccessToken { token, expires_on: None, refresh_on: None })
        })
    }

    fn time_limit(&self) -> Option<Duration> {
        self.time_limit
    }
}

async fn impatient(cache: &Arc<TokenCache>) {
    timeout(Duration::from_secs(1), cache.current()).await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn a_fetch_outlives_the_callers_who_gave_up_and_serves_those_who_come() {
    let source = Slow::new(60, None);
    let cache = source.cache();
    for _ in 0..50 {
        impatient(&cache).await;
        assert_eq!(source.fetches(), (1, 1));
    }
    assert_eq!(current(&cache).await, "Bearer for-");
    assert_eq!(source.fetches(), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_fetch_without_an_end_is_one_for_ever_only_where_it_cannot_be_ended() {
    for (time_limit_s, begun) in [(None, 1), (Some(300), 10)] {
        let source = Slow::new(u64::from(u32::MAX), time_limit_s);
        let cache = source.cache();
        for _ in 0..50 {
            impatient(&cache).await;
            assert_eq!(source.fetches().1, 1);
            sleep(Duration::from_secs(60)).await;
        }
        assert_eq!(source.fetches().0, begun, "{time_limit_s:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_patient_caller_is_told_of_the_limit() {
    let cache = Slow::new(1_000, Some(300)).cache();
    let error = cache.current().await.unwrap_err();
    assert_eq!(error.message(), "the credential gave no token within 300 seconds");
}

#[tokio::test(start_paused = true)]
async fn a_hung_refresh_is_one_and_does_not_hide_the_old_token() {
    #[derive(Debug)]
    struct OnlyOnce(AtomicU32);
    impl TokenSource for OnlyOnce {
        fn token(&self, _: TokenRequest) -> BoxFuture<'_, Result<AccessToken>> {
            let is_first = self.0.fetch_add(1, Relaxed) == 0;
            Box::pin(async move {
                if !is_first {
                    pending::<()>().await;
                }
                let now = Timestamp::from(SystemTime::now()).as_unix_seconds();
                let at = |seconds| Some(Timestamp::from_unix_seconds(now + seconds));
                Ok(AccessToken { token: "t".into(), expires_on: at(86_400), refresh_on: at(600) })
            })
        }

        fn time_limit(&self) -> Option<Duration> {
            None
        }
    }
    let source = Arc::new(OnlyOnce(AtomicU32::new(0)));
    let wanted = Some(TokenRequest::for_scope("s".into()));
    let cache = Arc::new(TokenCache::new(source.clone(), wanted, Arc::default()));
    for (pause_s, asked) in [(0, 1), (590, 1), (20, 2), (3_600, 2)] {
        sleep(Duration::from_secs(pause_s)).await;
        assert_eq!(current(&cache).await, "Bearer t");
        tokio::task::yield_now().await;
        assert_eq!(source.0.load(Relaxed), asked);
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_token_gets_the_one_that_is_wanted_by_then() {
    let source = Slow::new(60, None);
    let cache = source.cache();
    let waiting = tokio::spawn({
        let cache = cache.clone();
        async move { current(&cache).await }
    });
    impatient(&cache).await;
    let claims = Some("more".to_owned());
    cache.renew(TokenRequest { claims, ..TokenRequest::for_scope("s".into()) }, None);
    assert_eq!(waiting.await.unwrap(), "Bearer for-more");
    assert_eq!(source.fetches(), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_fetch_ends_with_its_client() {
    let source = Slow::new(60, None);
    let cache = source.cache();
    impatient(&cache).await;
    drop(cache);
    tokio::task::yield_now().await;
    assert_eq!((source.fetches(), Arc::strong_count(&source)), ((1, 0), 1));
}

#[test]
fn a_runtime_that_ends_takes_its_fetch_with_it_and_no_other() {
    let source = Slow::new(60, None);
    let cache = source.cache();
    let runtime = || Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime().block_on(impatient(&cache));
    assert_eq!(runtime().block_on(current(&cache)), "Bearer for-");
    assert_eq!(source.fetches(), (2, 0));
}
