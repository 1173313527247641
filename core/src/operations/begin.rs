//! What operations share that begin work which the vault goes on with by itself.

use std::{ops::RangeInclusive, time::Duration};

use crate::{
    error::{Error, Result},
    identifier::SecretName,
    model::DeletedSecret,
    poller::{Poller, Work},
    request::{Context, Continue, Operation, Request},
};

/// How long a wait may pause, as for the client's `poll_interval_ms`.
const INTERVALS: RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_secs(3_600);

/// How to look at the work, and which to go on with.
#[derive(Clone, Debug, Default)]
pub struct Polling {
    interval: Option<Duration>,
    continuation_token: Option<String>,
}

/// An operation that gives a [`Poller`].
pub trait Begin: Operation<Output = Poller<Self::Begun>> + Continue {
    /// What the vault answers when the work begins.
    type Begun;

    #[doc(hidden)]
    fn polling(&mut self) -> &mut Polling;
}

impl<O: Begin> Request<O> {
    /// Sets how long the poller's waits pause between two looks, 1 ms to 1 h. By default the second look follows the first after 50 ms, and
    /// each further pause is twice as long, up to the client's `poll_interval_ms`.
    pub fn polling_interval(mut self, interval: impl Into<Option<Duration>>) -> Self {
        self.operation.polling().interval = interval.into();
        self
    }
}

impl Polling {
    pub(super) fn token(&mut self) -> &mut Option<String> {
        &mut self.continuation_token
    }

    /// Makes the poller of work that is about to begin.
    pub(super) fn poller<T>(
        &self,
        context: &Context,
        work: &'static Work,
        name: &SecretName,
    ) -> Result<Poller<T>>
    where
        T: From<DeletedSecret> + 'static,
    {
        if self.interval.is_some_and(|interval| !INTERVALS.contains(&interval)) {
            return Err(Error::invalid_argument("polling_interval", "must be from 1 ms to 1 h"));
        }
        Ok(Poller::new(context.pipeline.clone(), work, name.clone(), self.interval))
    }

    /// Goes on with work that has begun before; gives whether there is any.
    pub(super) async fn resume<T>(&self, poller: &Poller<T>, context: &Context) -> Result<bool> {
        let Some(token) = &self.continuation_token else { return Ok(false) };
        poller.resume(token, context).await?;
        Ok(true)
    }
}
