//! Values kept in memory for a while, and one read for however many callers of the same name.

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    error::{Error, ErrorKind, Result},
    events,
    lock::lock,
    model::Secret,
    options::CacheConfig,
    pipeline::{Call, Pipeline},
    time::timeout_at,
};

/// How long a value past its time is served without asking the vault again, after the vault could not be asked.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Keeps what reads gave. A write of the same client makes it forget the name.
#[derive(Debug)]
pub(crate) struct Cache {
    config: CacheConfig,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    entries: HashMap<Key, Entry>,
    flights: HashMap<Key, Arc<Flight>>,
    swept: Option<Instant>,
}

/// A name and a version, empty for the newest; the service ignores letter case in both.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    name: String,
    version: String,
}

#[derive(Debug)]
struct Entry {
    secret: Secret,
    /// When the read began that gave it.
    read: Instant,
    /// When the vault was last found to throttle or to be away.
    missed: Option<Instant>,
}

/// A read under way, which callers of the same key wait for.
#[derive(Debug, Default)]
struct Flight {
    /// Held by the caller that reads.
    turn: tokio::sync::Mutex<()>,
    landed: Mutex<Option<Result<Secret>>>,
    /// Set when a write has made what is read a thing of the past.
    outdated: AtomicBool,
}

/// A caller's part in a flight. The last one to leave takes the flight away.
struct Seat<'a> {
    cache: &'a Cache,
    key: Key,
    flight: Arc<Flight>,
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        let mut state = lock(&self.cache.state);
        let is_last = |known: &Arc<Flight>| Arc::ptr_eq(known, &self.flight) && Arc::strong_count(known) == 2;
        if state.flights.get(&self.key).is_some_and(is_last) {
            state.flights.remove(&self.key);
        }
    }
}

impl Key {
    fn new(name: &str, version: &str) -> Self {
        Self { name: name.to_ascii_lowercase(), version: version.to_ascii_lowercase() }
    }
}

impl Cache {
    pub(crate) fn new(config: CacheConfig) -> Self {
        Self { config, state: Mutex::default() }
    }

    /// Gives a value that is kept, or reads it by the `call`, at once for all who ask for it.
    pub(crate) async fn get(
        &self,
        name: &str,
        version: &str,
        call: impl FnOnce() -> Call,
        pipeline: &Pipeline,
    ) -> Result<Secret> {
        if self.config.ttl.is_zero() {
            return pipeline.send(&call()).await;
        }
        let key = Key::new(name, version);
        if let Some(secret) = self.fresh(&key) {
            pipeline.counters.cache_hits.fetch_add(1, Relaxed);
            return Ok(secret);
        }
        // Apart, so that a call without the cache does not carry the room for it.
        let secret = Box::pin(self.find(key, &call(), pipeline)).await?;
        if secret.stale {
            events::stale(&secret.properties.name);
        }
        Ok(secret)
    }

    async fn find(&self, key: Key, call: &Call, pipeline: &Pipeline) -> Result<Secret> {
        let hit = || pipeline.counters.cache_hits.fetch_add(1, Relaxed);
        let stale = self.stale(&key);
        if let Some((secret, missed)) = &stale
            && (*missed || pipeline.is_throttled(call))
        {
            hit();
            return Ok(secret.clone());
        }
        let seat = self.board(key);
        let flight = &*seat.flight;
        let turn = timeout_at(call.deadline.at, flight.turn.lock()).await;
        let _turn = turn.map_err(|_| {
            Error::new(ErrorKind::Timeout, "the deadline passed while another call was reading the secret")
        })?;
        if let Some(landed) = lock(&flight.landed).clone() {
            hit();
            return landed;
        }
        let began = Instant::now();
        let outcome = match &stale {
            Some(_) => pipeline.send_without_retry(call).await,
            None => pipeline.send(call).await,
        };
        self.land(&seat, began, outcome, stale.map(|(secret, _)| secret))
    }

    fn board(&self, key: Key) -> Seat<'_> {
        let flight = lock(&self.state).flights.entry(key.clone()).or_default().clone();
        Seat { cache: self, key, flight }
    }

    /// Forgets a name, and what is being read of it.
    pub(crate) fn forget(&self, name: &str) {
        if self.config.ttl.is_zero() {
            return;
        }
        let name = name.to_ascii_lowercase();
        let mut state = lock(&self.state);
        state.entries.retain(|key, _| key.name != name);
        state.flights.retain(|key, flight| {
            let is_other = key.name != name;
            if !is_other {
                flight.outdated.store(true, Relaxed);
            }
            is_other
        });
    }

    /// Returns how many reads are under way.
    #[cfg(test)]
    fn flights(&self) -> usize {
        lock(&self.state).flights.len()
    }

    fn fresh(&self, key: &Key) -> Option<Secret> {
        let state = lock(&self.state);
        let entry = state.entries.get(key)?;
        (entry.read.elapsed() < self.config.ttl).then(|| entry.secret.clone())
    }

    /// Returns a value past its time, and whether the vault was away just now.
    fn stale(&self, key: &Key) -> Option<(Secret, bool)> {
        let state = lock(&self.state);
        let entry = state.entries.get(key).filter(|entry| self.is_of_use(entry))?;
        let missed = entry.missed.is_some_and(|at| at.elapsed() < ASK_AGAIN);
        Some((Secret { stale: true, ..entry.secret.clone() }, missed))
    }

    fn is_of_use(&self, entry: &Entry) -> bool {
        entry.read.elapsed() < self.config.ttl + self.config.stale
    }

    /// Ends a read: keeps what it gave, and lets those who waited have it too.
    fn land(
        &self,
        seat: &Seat<'_>,
        began: Instant,
        outcome: Result<Secret>,
        stale: Option<Secret>,
    ) -> Result<Secret> {
        let Seat { key, flight, .. } = seat;
        let mut state = lock(&self.state);
        let outcome = match (outcome, stale) {
            (Ok(secret), _) => {
                if !flight.outdated.load(Relaxed) {
                    let entry = Entry { secret: secret.clone(), read: began, missed: None };
                    self.keep(&mut state, key.clone(), entry);
                }
                Ok(secret)
            }
            (Err(error), _) if is_verdict(&error) => {
                state.entries.remove(key);
                Err(error)
            }
            (Err(error), Some(stale)) if is_away(error.kind()) => {
                if let Some(entry) = state.entries.get_mut(key) {
                    entry.missed = Some(Instant::now());
                }
                Ok(stale)
            }
            // Whoever waits may have a later deadline, and tries for itself.
            (Err(error), _) => return Err(error),
        };
        *lock(&flight.landed) = Some(outcome.clone());
        if state.flights.get(key).is_some_and(|known| Arc::ptr_eq(known, flight)) {
            state.flights.remove(key);
        }
        outcome
    }

    /// Adds an entry; what is of no more use goes from time to time, and the one read longest ago where there is no room.
    fn keep(&self, state: &mut State, key: Key, entry: Entry) {
        let is_full = state.entries.len() >= self.config.max_entries;
        if is_full || state.swept.is_none_or(|at| at.elapsed() >= self.config.ttl) {
            state.entries.retain(|_, entry| self.is_of_use(entry));
            state.swept = Some(Instant::now());
        }
        if state.entries.len() >= self.config.max_entries && !state.entries.contains_key(&key) {
            let oldest = state.entries.iter().min_by_key(|(_, entry)| entry.read).map(|(key, _)| key.clone());
            oldest.and_then(|oldest| state.entries.remove(&oldest));
        }
        state.entries.insert(key, entry);
    }
}

/// Tells whether the vault has spoken: the answer is the same for whoever asks.
fn is_verdict(error: &Error) -> bool {
    matches!(error.status(), Some(400..=404))
}

fn is_away(kind: ErrorKind) -> bool {
    use ErrorKind::{Network, Throttled, Timeout, Unavailable};
    matches!(kind, Throttled | Unavailable | Network | Timeout)
}
