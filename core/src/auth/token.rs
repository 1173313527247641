#[cfg(test)]
mod tests;

use std::{
    sync::{
        Arc, Mutex, MutexGuard, Weak,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::HeaderValue;
use tokio::{
    sync::watch,
    task::AbortHandle,
    time::{Instant, timeout},
};
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
/// How long after a refresh that failed the next one comes, while the old token is good.
const REFRESH_AGAIN: Duration = Duration::from_secs(30);

/// Keeps the one token that a vault takes, and fetches it once for however many callers.
#[derive(Debug)]
pub(super) struct TokenCache {
    source: Arc<dyn TokenSource>,
    state: Mutex<State>,
    counters: Arc<Counters>,
}

#[derive(Debug, Default)]
struct State {
    wanted: Option<TokenRequest>,
    token: Option<Token>,
    /// The latest fetch of what is wanted.
    fetch: Option<Fetch>,
    /// Before when no refresh is begun.
    refresh_not_before: Option<Instant>,
}

/// A fetch, which goes on when its callers have given up, for those to come. Dropping it ends it.
#[derive(Debug)]
struct Fetch {
    outcome: watch::Receiver<Option<Arc<Fetched>>>,
    task: AbortHandle,
}

#[derive(Debug)]
struct Fetched {
    wanted: TokenRequest,
    token: Result<Token>,
    /// Whether there has been an event of it.
    is_told: AtomicBool,
}

/// A token as the header that carries it, and its life on the monotonic clock.
#[derive(Clone, Debug)]
struct Token {
    header: HeaderValue,
    expires: Option<Instant>,
    refresh: Option<Instant>,
}

impl TokenCache {
    pub(super) fn new(
        source: Arc<dyn TokenSource>,
        wanted: Option<TokenRequest>,
        counters: Arc<Counters>,
    ) -> Self {
        let state = Mutex::new(State { wanted, ..State::default() });
        Self { source, state, counters }
    }

    /// Returns the header of a good token, fetching one when there is none; none while nobody knows what the vault wants.
    ///
    /// A token is replaced in the background while it is still good, and goes on being used while that fails.
    pub(super) async fn current(self: &Arc<Self>) -> Result<Option<HeaderValue>> {
        // A fetch ends without an outcome where its runtime does, or where something else is wanted meanwhile.
        for _ in 0..2 {
            let mut outcome = {
                let mut state = self.lock();
                let Some(wanted) = &state.wanted else { return Ok(None) };
                if let Some(token) = state.token.as_ref().filter(|token| token.is_usable()) {
                    let header = token.header.clone();
                    if state.is_refresh_due(token) {
                        state.fetch = Some(self.begin(wanted.clone()));
                    }
                    return Ok(Some(header));
                }
                let wanted = wanted.clone();
                let under_way = state.fetch.take().filter(Fetch::is_under_way);
                state.fetch.insert(under_way.unwrap_or_else(|| self.begin(wanted))).outcome.clone()
            };
            let fetched = outcome.wait_for(Option::is_some).await.ok().and_then(|fetched| fetched.clone());
            if let Some(fetched) = fetched {
                fetched.tell();
                return fetched.token.clone().map(|token| Some(token.header));
            }
        }
        Err(Error::new(
            ErrorKind::Authentication,
            "the credential was asked twice and ended without an answer",
        ))
    }

    /// Begins a fetch on a task of its own.
    fn begin(self: &Arc<Self>, wanted: TokenRequest) -> Fetch {
        self.counters.tokens.fetch_add(1, Relaxed);
        let (sender, outcome) = watch::channel(None);
        let (source, cache) = (self.source.clone(), Arc::downgrade(self));
        let task = tokio::spawn(async move {
            let token = fetch(&*source, wanted.clone()).await;
            let fetched = Fetched { wanted, token, is_told: AtomicBool::new(false) };
            if let Some(cache) = Weak::upgrade(&cache) {
                cache.keep(&fetched);
            }
            // The cache itself is one receiver.
            if sender.receiver_count() <= 1 {
                fetched.tell();
            }
            // Refused where the client is gone.
            let _ = sender.send(Some(Arc::new(fetched)));
        });
        Fetch { outcome, task: task.abort_handle() }
    }

    /// Keeps what was fetched, unless something else is wanted by now.
    fn keep(&self, fetched: &Fetched) {
        let mut state = self.lock();
        if state.wanted.as_ref() != Some(&fetched.wanted) {
            return;
        }
        match &fetched.token {
            Ok(token) => state.token = Some(token.clone()),
            Err(_) => state.refresh_not_before = Some(Instant::now() + REFRESH_AGAIN),
        }
    }

    pub(super) fn wanted(&self) -> Option<TokenRequest> {
        self.lock().wanted.clone()
    }

    /// Takes up what a challenge asks for, and forgets the token that the vault did not accept.
    pub(super) fn renew(&self, wanted: TokenRequest, rejected: Option<&HeaderValue>) {
        let mut state = self.lock();
        if state.wanted.as_ref() != Some(&wanted) {
            *state = State { wanted: Some(wanted), ..State::default() };
        } else if rejected.is_some() && state.token.as_ref().map(|token| &token.header) == rejected {
            state.token = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl State {
    /// Tells whether it is time for a successor of a token, and none is being fetched or has just failed to be.
    fn is_refresh_due(&self, token: &Token) -> bool {
        !token.is_fresh()
            && !self.fetch.as_ref().is_some_and(Fetch::is_under_way)
            && self.refresh_not_before.is_none_or(|at| Instant::now() >= at)
    }
}

impl Fetch {
    fn is_under_way(&self) -> bool {
        self.outcome.borrow().is_none() && !self.task.is_finished()
    }
}

impl Fetched {
    /// Emits the event of the fetch, once; by a caller where one waits, because it is an event of that call.
    fn tell(&self) {
        if self.is_told.swap(true, Relaxed) {
            return;
        }
        match &self.token {
            Ok(token) => {
                let left = token.expires.map(|at| at.saturating_duration_since(Instant::now()));
                events::token(&self.wanted, left);
            }
            Err(error) => events::no_token(&self.wanted, error),
        }
    }
}

impl Drop for Fetch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn fetch(source: &dyn TokenSource, wanted: TokenRequest) -> Result<Token> {
    let given = source.token(wanted.clone());
    let given = match source.time_limit() {
        None => given.await,
        Some(limit) => timeout(limit, given).await.unwrap_or_else(|_| {
            let message = format!("the credential gave no token within {} seconds", limit.as_secs());
            Err(Error::new(ErrorKind::Authentication, message))
        }),
    };
    given.and_then(|token| Token::new(token, SystemTime::now().into()))
}

impl Token {
    fn is_usable(&self) -> bool {
        self.expires.is_none_or(|at| Instant::now() < at)
    }

    fn is_fresh(&self) -> bool {
        self.refresh.is_none_or(|at| Instant::now() < at)
    }

    fn new(token: AccessToken, now: Timestamp) -> Result<Self> {
        let fetched = Instant::now();
        // A moment that the clock cannot tell never comes.
        let at = |moment: Timestamp| {
            let left = moment.as_unix_seconds().saturating_sub(now.as_unix_seconds());
            fetched.checked_add(Duration::from_secs(u64::try_from(left).unwrap_or(0)))
        };
        let expires = token.expires_on.and_then(at);
        let ahead = expires.map(|at| at.checked_sub(REFRESH_AHEAD).unwrap_or(fetched));
        let refresh = token.refresh_on.and_then(at).or(ahead);
        Ok(Self { header: bearer(&token.token)?, expires, refresh })
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
