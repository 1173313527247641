use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering::Relaxed},
    time::{Duration, SystemTime},
};

use http::HeaderValue;
use tokio::time::Instant;

use crate::{
    auth::{AccessToken, TokenRequest, TokenSource},
    error::{Error, ErrorKind, Result},
    model::Timestamp,
    stats::Counters,
    value::SecretValue,
};

/// How long before its expiry a token without a refresh time is replaced.
const REFRESH_AHEAD: Duration = Duration::from_secs(300);

/// Keeps the one token that a vault takes, and fetches it once for however many callers.
#[derive(Debug)]
pub(super) struct TokenCache {
    source: Arc<dyn TokenSource>,
    state: Mutex<State>,
    /// Held by the one caller that fetches.
    fetching: tokio::sync::Mutex<()>,
    counters: Arc<Counters>,
}

#[derive(Debug, Default)]
struct State {
    wanted: Option<TokenRequest>,
    token: Option<Token>,
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
        let state = Mutex::new(State { wanted, token: None });
        Self { source, state, fetching: tokio::sync::Mutex::default(), counters }
    }

    /// Returns the header of a good token, fetching one when there is none; none while nobody knows what the vault wants.
    ///
    /// While the old token is good, one caller fetches its successor and the others go on with the old one.
    pub(super) async fn current(&self) -> Result<Option<HeaderValue>> {
        let (wanted, token) = self.read();
        let Some(wanted) = wanted else { return Ok(None) };
        let usable = token.filter(Token::is_usable);
        let _flight = match &usable {
            Some(token) if token.is_fresh() => return Ok(Some(token.header.clone())),
            Some(token) => match self.fetching.try_lock() {
                Ok(flight) => flight,
                Err(_) => return Ok(Some(token.header.clone())),
            },
            None => self.fetching.lock().await,
        };
        if let Some(token) = self.read().1.filter(|token| token.is_usable() && token.is_fresh()) {
            return Ok(Some(token.header));
        }
        match (self.fetch(wanted).await, usable) {
            (Ok(token), _) => Ok(Some(token.header)),
            (Err(_), Some(old)) if old.is_usable() => Ok(Some(old.header)),
            (Err(error), _) => Err(error),
        }
    }

    /// Takes up what a challenge asks for, and forgets the token that the vault did not accept.
    pub(super) fn renew(&self, wanted: TokenRequest, rejected: Option<&HeaderValue>) {
        let mut state = self.lock();
        let current = state.token.as_ref().map(|token| &token.header);
        if state.wanted.as_ref() != Some(&wanted) || (rejected.is_some() && current == rejected) {
            *state = State { wanted: Some(wanted), token: None };
        }
    }

    async fn fetch(&self, wanted: TokenRequest) -> Result<Token> {
        self.counters.tokens.fetch_add(1, Relaxed);
        let token = Token::new(self.source.token(wanted.clone()).await?, SystemTime::now().into())?;
        let mut state = self.lock();
        if state.wanted.as_ref() == Some(&wanted) {
            state.token = Some(token.clone());
        }
        Ok(token)
    }

    fn read(&self) -> (Option<TokenRequest>, Option<Token>) {
        let state = self.lock();
        (state.wanted.clone(), state.token.clone())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
    let header = zeroize::Zeroizing::new(format!("Bearer {}", token.expose()));
    let mut value = HeaderValue::from_str(&header).map_err(|_| {
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

    async fn current(cache: &TokenCache) -> String {
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
    async fn a_token_is_replaced_ahead_of_expiry_and_kept_while_that_fails() {
        let cache = cache(&[Some(3_600), None, Some(3_600)]);
        assert_eq!(current(&cache).await, "Bearer t0");
        tokio::time::advance(Duration::from_secs(3_400)).await;
        assert_eq!(current(&cache).await, "Bearer t0", "the refresh failed, the old token is still good");
        assert_eq!(current(&cache).await, "Bearer t2");
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
