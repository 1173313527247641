//! Calls that must happen once, although an answer may be lost.

use std::sync::atomic::Ordering::Relaxed;

use super::{Call, Failure, Pipeline, Tries};
use crate::{
    cache::Cache,
    error::{Error, ErrorKind, Result},
    events,
    settle::{Look, Settle, Verdict, outcome_unknown},
    wire::FromWire,
};

impl Pipeline {
    /// Makes a call that must happen once: where an answer is lost, `settle` looks at the vault before it is sent again.
    pub(crate) async fn send_once<T: FromWire>(&self, call: &Call, settle: &dyn Settle<T>) -> Result<T> {
        // However the call ends, and a caller that gives it up is one of the ways.
        let _forget = Forget { cache: &self.cache, name: call.name() };
        let mut tries = Tries::default();
        loop {
            let end = match self.attempt(call, &mut tries).await {
                Ok(answer) => {
                    let output = tries.read(&answer)?;
                    if settle.take(self.look(call, &tries), &output) {
                        return Ok(output);
                    }
                    tries.doubt(call.deadline.started);
                    taken()
                }
                Err(failure) if tries.in_doubt => self.pause_in_doubt(call, &mut tries, failure).await,
                Err(failure) => match self.pause(call, &mut tries, failure).await {
                    Ok(()) => continue,
                    Err(error) => return self.reread(call, &tries, settle, error).await,
                },
            };
            let seen = settle.look(self.look(call, &tries)).await;
            events::settled(call.about.name, &seen);
            match seen {
                Ok(Verdict::Applied(output)) => {
                    self.counters.settled.fetch_add(1, Relaxed);
                    return Ok(output);
                }
                Ok(Verdict::SendAgain) if tries.out_of_time && end.status().is_none() => {
                    let unknown = outcome_unknown(&end, "there was no time to let the vault finish it");
                    return Err(unknown.with_attempts(tries.all));
                }
                Ok(Verdict::SendAgain) if self.is_exhausted(&tries) => {
                    return self.reread(call, &tries, settle, end).await;
                }
                Ok(Verdict::SendAgain) => tries.in_doubt = false,
                Err(blind) => {
                    let unknown = outcome_unknown(&end, &format!("looking failed: {}", blind.message()));
                    return Err(unknown.with_source(blind).with_attempts(tries.all));
                }
            }
        }
    }

    /// Returns the error that ends a call, as `settle` reads it where a try before it was in doubt.
    async fn reread<T>(&self, call: &Call, tries: &Tries, settle: &dyn Settle<T>, error: Error) -> Result<T> {
        let read = if tries.doubted_since.is_none() {
            Err(error)
        } else {
            settle.reread(self.look(call, tries), error).await
        };
        if read.is_ok() {
            self.counters.settled.fetch_add(1, Relaxed);
        }
        read.map_err(|error| error.with_attempts(tries.all))
    }

    fn look<'a>(&'a self, call: &Call, tries: &Tries) -> Look<'a> {
        let since = tries.doubted_since.unwrap_or(call.deadline.started);
        Look { pipeline: self, deadline: call.deadline, since }
    }

    /// Waits before looking at the vault, as far as the deadline permits, and returns what happened.
    ///
    /// The vault may still have the request in hand, so the wait is never short: the upper half of a backoff.
    async fn pause_in_doubt(&self, call: &Call, tries: &mut Tries, failure: Failure) -> Error {
        let chance = f64::midpoint(1.0, fastrand::f64());
        let delay = failure.server_delay.unwrap_or_default().max(self.backoff(tries, chance));
        tries.out_of_time = call.deadline.is_crossed_by(delay);
        if tries.out_of_time {
            return failure.error.with_retry_after(delay);
        }
        self.sleep(delay).await;
        failure.error
    }
}

/// Forgets what is kept of a name once a write to it has ended.
struct Forget<'a> {
    cache: &'a Cache,
    name: &'a str,
}

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        self.cache.forget(self.name);
    }
}

fn taken() -> Error {
    Error::new(
        ErrorKind::Conflict,
        "another call that writes the same has taken this call's version for its own",
    )
}
