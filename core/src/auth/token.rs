use std::{
    sync::{Arc, Mutex, MutexGuard, atomic::Ordering::Relaxed},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::HeaderValue;
use tokio::time::{Instant, timeout};
use zeroize::Zeroizing;

use crate::{
    auth::{AccessToken, TokenRequest, TokenSource},
    error::{Error, ErrorKind, Result},
    events,
    lock::lock,
    model::Timestamp,
    stats::Counters,
    value::SecretValue,
};

/// How long before its expiry a token without a refresh time is replaced.
const REFRESH_AHEAD: Duration = Duration::from_secs(300);
/// How long a refresh may take, for which no caller waits.
const REFRESH: Duration = Duration::from_secs(60);
/// How long after a refresh that failed the next one comes, while the old token is good.
const REFRESH_AGAIN: Duration = Duration::from_secs(30);

/// Keeps the one token that a vault takes, and fetches it once for however many callers.
#[derive(Debug)]
pub(super) struct TokenCache {
    source: Arc<dyn TokenSource>,
    state: Mutex<State>,
    /// Held by whoever fetches.
    fetching: Arc<tokio::sync::Mutex<()>>,
    counters: Arc<Counters>,
}

#[derive(Debug, Default)]
struct State {
    wanted: Option<TokenRequest>,
    token: Option<Token>,
    /// How many fetches have ended, and how the last one failed.
    fetches: u64,
    failure: Option<Error>,
    /// Before when no refresh is begun.
    refresh_not_before: Option<Instant>,
}

/// A token as the header that carries it, and its life on the monotonic clock.
#[derive(Clone, Debug)]
struct Token {
    header: HeaderValue,
    expires: Option<Instant>,
    refresh: Option<Instant>,
}

impl Token {
    fn is_usable(&self) -> bool {
        self.expires.is_none_or(|at| Instant::now() < at)
    }

    fn is_fresh(&self) -> bool {
        self.refresh.is_none_or(|at| Instant::now() < at)
    }
}

impl TokenCache {
    pub(super) fn new(
        source: Arc<dyn TokenSource>,
        wanted: Option<TokenRequest>,
        counters: Arc<Counters>,
    ) -> Self {
        let state = Mutex::new(State { wanted, ..State::default() });
        Self { source, state, fetching: Arc::default(), counters }
    }

    /// Returns the header of a good token, fetching one when there is none; none while nobody knows what the vault wants.
    ///
    /// A token is replaced in the background while it is still good, and goes on being used while that fails.
    pub(super) async fn current(self: &Arc<Self>) -> Result<Option<HeaderValue>> {
        let (Some(wanted), token) = self.read() else { return Ok(None) };
        if let Some(token) = token.filter(Token::is_usable) {
            if !token.is_fresh() {
                self.refresh(wanted);
            }
            return Ok(Some(token.header));
        }
        let before = self.lock().fetches;
        let _flight = self.fetching.lock().await;
        if let Some(token) = self.read().1.filter(Token::is_usable) {
            return Ok(Some(token.header));
        }
        if let Some(error) = self.failure_since(before) {
            return Err(error);
        }
        Ok(Some(self.fetch(wanted).await?.header))
    }

    /// Returns how the fetch that a caller waited for failed: asking again at once would fail again.
    fn failure_since(&self, fetches: u64) -> Option<Error> {
        let state = self.lock();
        state.failure.clone().filter(|_| state.fetches > fetches)
    }

    /// Begins to fetch a successor, unless that is under way or has just failed.
    fn refresh(self: &Arc<Self>, wanted: TokenRequest) {
        let Ok(flight) = self.fetching.clone().try_lock_owned() else { return };
        if self.lock().refresh_not_before.is_some_and(|at| Instant::now() < at) {
            return;
        }
        let cache = self.clone();
        tokio::spawn(async move {
            if !matches!(timeout(REFRESH, cache.fetch(wanted)).await, Ok(Ok(_))) {
                cache.lock().refresh_not_before = Some(Instant::now() + REFRESH_AGAIN);
            }
            drop(flight);
        });
    }

    pub(super) fn wanted(&self) -> Option<TokenRequest> {
        self.lock().wanted.clone()
    }

    /// Takes up what a challenge asks for, and forgets the token that the vault did not accept.
    pub(super) fn renew(&self, wanted: TokenRequest, rejected: Option<&HeaderValue>) {
        let mut state = self.lock();
        let current = state.token.as_ref().map(|token| &token.header);
        if state.wanted.as_ref() != Some(&wanted) || (rejected.is_some() && current == rejected) {
            *state = State { wanted: Some(wanted), fetches: state.fetches, ..State::default() };
        }
    }

    async fn fetch(&self, wanted: TokenRequest) -> Result<Token> {
        self.counters.tokens.fetch_add(1, Relaxed);
        let given = self.source.token(wanted.clone()).await;
        let outcome = given.and_then(|token| Token::new(token, SystemTime::now().into()));
        match &outcome {
            Ok(token) => events::token(&wanted, token.expires.map(|at| at - Instant::now())),
            Err(error) => events::no_token(&wanted, error),
        }
        let mut state = self.lock();
        state.fetches += 1;
        state.failure = outcome.as_ref().err().cloned();
        if state.wanted.as_ref() == Some(&wanted) {
            state.token = outcome.as_ref().ok().cloned().or_else(|| state.token.take());
        }
        outcome
    }

    fn read(&self) -> (Option<TokenRequest>, Option<Token>) {
        let state = self.lock();
        (state.wanted.clone(), state.token.clone())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Token {
    fn new(token: AccessToken, now: Timestamp) -> Result<Self> {
        let fetched = Instant::now();
        let at = |moment: Timestamp| {
            let left = moment.as_unix_seconds().saturating_sub(now.as_unix_seconds());
            fetched + Duration::from_secs(u64::try_from(left).unwrap_or(0))
        };
        let expires = token.expires_on.map(at);
        let ahead = expires.map(|at| at.checked_sub(REFRESH_AHEAD).unwrap_or(fetched));
        Ok(Self { header: bearer(&token.token)?, expires, refresh: token.refresh_on.map(at).or(ahead) })
    }
}

fn bearer(token: &SecretValue) -> Result<HeaderValue> {
    // The header is made of this very memory, which is zeroed when its last copy goes.
    let header = Bytes::from_owner(Zeroizing::new(format!("Bearer {}", token.expose()).into_bytes()));
    let mut value = HeaderValue::from_maybe_shared(header).map_err(|_| {
        Error::new(ErrorKind::Authentication, "the credential gave a token with illegal characters")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

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
                tokio::time::sleep(Duration::from_millis(10)).await;
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
            tokio::time::sleep(Duration::from_secs(pause_s)).await;
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
}
