use std::{
    fmt,
    future::{Future, IntoFuture, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use libkv::{BoxFuture, Error, ErrorKind, Result};
use tokio::{select, spawn, sync::Notify};

use crate::{
    runtime::{Lease, lease},
    wait::panicked,
};

/// A request on its way, for which no thread of the host waits.
#[derive(Clone, Debug)]
pub struct Task(Option<Arc<Notify>>);

impl Task {
    /// Starts a request, and tells its outcome exactly once: its value, its error, that it was cancelled or panicked, or that the
    /// runtime has ended.
    ///
    /// What is done at once is told on the calling thread before this returns, everything else on a thread of the runtime.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when no runtime can be started, and [`ErrorKind::InvalidState`] while it is being shut down; nothing is
    /// told then.
    pub fn start<T: Send + 'static>(
        request: impl IntoFuture<Output = Result<T>, IntoFuture: Send + Unpin + 'static>,
        tell: impl FnOnce(Result<T>) + Send + 'static,
    ) -> Result<Self> {
        Ok(match Begun::on(lease()?, request) {
            Begun::Done(outcome) => {
                tell(outcome);
                Self(None)
            }
            Begun::UnderWay(rest) => rest.go_on(tell),
        })
    }

    /// Drops the request unless it is done. Of a write that was under way nobody knows whether it has been applied.
    pub fn cancel(&self) {
        if let Some(cancelled) = &self.0 {
            cancelled.notify_one();
        }
    }
}

/// A request after its first poll, on the calling thread: what is done at once pays for no other.
#[derive(Debug)]
pub enum Begun<T, F> {
    /// It is done.
    Done(Result<T>),
    /// It is under way, and stands still until it goes on.
    UnderWay(UnderWay<F>),
}

/// A request that has been begun.
#[derive(Debug)]
pub struct UnderWay<F> {
    lease: Lease,
    future: F,
}

impl<T: Send + 'static, F: Future<Output = Result<T>> + Send + Unpin + 'static> Begun<T, F> {
    /// Begins a request.
    pub fn on(lease: Lease, request: impl IntoFuture<Output = Result<T>, IntoFuture = F>) -> Self {
        let mut rest = UnderWay::on(lease, request);
        let entered = rest.lease.driver().runtime().enter();
        let first = poll(&mut rest.future, &mut Context::from_waker(Waker::noop()));
        drop(entered);
        match first {
            Poll::Ready(outcome) => Self::Done(outcome),
            Poll::Pending => Self::UnderWay(rest),
        }
    }
}

impl<T: Send + 'static, F: Future<Output = Result<T>> + Send + Unpin + 'static> UnderWay<F> {
    /// Takes a request without a poll, where the calling thread has better things to do.
    pub fn on(lease: Lease, request: impl IntoFuture<Output = Result<T>, IntoFuture = F>) -> Self {
        Self { lease, future: request.into_future() }
    }

    /// Goes on with the request on a thread of the runtime, and tells its outcome there, as [`Task::start`] does.
    pub fn go_on(self, tell: impl FnOnce(Result<T>) + Send + 'static) -> Task {
        let (task, lease, rest) = self.into_task(tell);
        lease.driver().runtime().spawn(rest);
        task
    }

    /// Goes on with the request when the batch does.
    pub fn go_on_with(self, batch: &mut Batch, tell: impl FnOnce(Result<T>) + Send + 'static) -> Task {
        let (task, lease, rest) = self.into_task(tell);
        batch.lease.get_or_insert(lease);
        batch.requests.push(Box::pin(rest));
        task
    }

    fn into_task(
        self,
        tell: impl FnOnce(Result<T>) + Send + 'static,
    ) -> (Task, Lease, impl Future<Output = ()> + Send + 'static) {
        let Self { lease, mut future } = self;
        let (teller, attendance) = (Teller { tell: Some(tell), outcome: None }, lease.attend());
        let cancelled = Arc::new(Notify::new());
        let task = Task(Some(cancelled.clone()));
        let rest = async move {
            let _attendance = attendance;
            let outcome = select! {
                biased;
                () = cancelled.notified() => None,
                outcome = poll_fn(|context| poll(&mut future, context)) => Some(outcome),
            };
            drop(future);
            teller.tell(outcome);
        };
        (task, lease, rest)
    }
}

/// How many requests fill a batch.
const FULL: usize = 128;

/// Requests that go on together: the runtime's thread is woken once for all of them, and what they send leaves in few writes.
#[derive(Default)]
pub struct Batch {
    /// Keeps the runtime that the requests were begun on.
    lease: Option<Lease>,
    requests: Vec<BoxFuture<'static, ()>>,
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Batch").field(&self.requests.len()).finish()
    }
}

impl Batch {
    /// Tells whether it had better go on: the network has work to do while more requests are made.
    pub fn is_full(&self) -> bool {
        self.requests.len() >= FULL
    }

    /// Goes on with all requests on a thread of the runtime.
    pub fn go_on(mut self) {
        if let Some(lease) = self.lease.take() {
            lease.driver().runtime().spawn(async { self.spawn() });
        }
    }

    /// Goes on with all requests on the runtime that this is called on.
    pub(crate) fn spawn(self) {
        for request in self.requests {
            spawn(request);
        }
    }
}

/// Polls a request, and makes a panic its error.
fn poll<T>(
    future: &mut (impl Future<Output = Result<T>> + Unpin),
    context: &mut Context<'_>,
) -> Poll<Result<T>> {
    let polled = catch_unwind(AssertUnwindSafe(|| Pin::new(future).poll(context)));
    polled.unwrap_or_else(|_| Poll::Ready(Err(panicked())))
}

/// Tells an outcome, or on being dropped that the request was.
struct Teller<T, F: FnOnce(Result<T>)> {
    tell: Option<F>,
    outcome: Option<Result<T>>,
}

impl<T, F: FnOnce(Result<T>)> Teller<T, F> {
    fn tell(mut self, outcome: Option<Result<T>>) {
        self.outcome = outcome;
    }
}

impl<T, F: FnOnce(Result<T>)> Drop for Teller<T, F> {
    fn drop(&mut self) {
        let cancelled = || Err(Error::new(ErrorKind::Cancelled, "the call was cancelled"));
        if let Some(tell) = self.tell.take() {
            tell(self.outcome.take().unwrap_or_else(cancelled));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::{pending, ready},
        sync::mpsc::{Receiver, channel},
        time::Duration,
    };

    use super::*;

    fn started<F>(request: F) -> (Task, Receiver<Result<u32>>)
    where
        F: Future<Output = Result<u32>> + Send + 'static,
    {
        let (sender, receiver) = channel();
        (Task::start(Box::pin(request), move |outcome| sender.send(outcome).unwrap()).unwrap(), receiver)
    }

    /// The one outcome that was told, and that there is no other.
    fn told(receiver: &Receiver<Result<u32>>) -> Result<u32> {
        let outcome = receiver.recv_timeout(Duration::from_secs(10)).unwrap();
        assert!(receiver.recv_timeout(Duration::from_secs(10)).is_err(), "told twice");
        outcome
    }

    #[test]
    fn what_is_done_at_once_is_told_before_it_returns() {
        let (task, receiver) = started(ready(Ok(7)));
        assert_eq!(receiver.try_recv().unwrap().unwrap(), 7);
        task.cancel();
        assert!(receiver.recv().is_err());
    }

    #[test]
    fn what_takes_time_is_told_when_it_is_done() {
        let (_task, receiver) = started(async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            Ok(8)
        });
        assert_eq!(told(&receiver).unwrap(), 8);
    }

    #[test]
    fn a_cancelled_request_is_told_as_such_once() {
        let (task, receiver) = started(pending());
        task.cancel();
        task.cancel();
        assert_eq!(told(&receiver).unwrap_err().kind(), ErrorKind::Cancelled);
    }

    #[test]
    fn requests_of_a_batch_stand_still_until_it_goes_on() {
        let (sender, receiver) = channel();
        let mut batch = Batch::default();
        for number in 0..3 {
            let (polled, told) = (sender.clone(), sender.clone());
            let request = async move {
                polled.send(format!("{number} begins")).unwrap();
                tokio::task::yield_now().await;
                Ok(())
            };
            let tell =
                move |outcome: Result<()>| told.send(format!("{number} ends: {}", outcome.is_ok())).unwrap();
            UnderWay::on(lease().unwrap(), Box::pin(request)).go_on_with(&mut batch, tell);
        }
        assert!(receiver.try_recv().is_err());
        batch.go_on();
        drop(sender);
        let seen: Vec<_> = receiver.iter().collect();
        let (begun, ended) = seen.split_at(3);
        assert_eq!(begun, ["0 begins", "1 begins", "2 begins"]);
        assert!(ended.len() == 3 && ended.iter().all(|told| told.ends_with("ends: true")), "{ended:?}");
    }

    #[test]
    fn what_is_cancelled_before_its_batch_goes_on_is_never_begun() {
        let (sender, receiver) = channel();
        let mut batch = Batch::default();
        let request = async { if true { panic!("begun") } else { Ok(0) } };
        let tell = move |outcome| sender.send(outcome).unwrap();
        UnderWay::on(lease().unwrap(), Box::pin(request)).go_on_with(&mut batch, tell).cancel();
        batch.go_on();
        assert_eq!(told(&receiver).unwrap_err().kind(), ErrorKind::Cancelled);
    }

    #[test]
    fn requests_of_a_batch_that_never_goes_on_are_told_as_cancelled() {
        let (sender, receiver) = channel();
        let mut batch = Batch::default();
        UnderWay::on(lease().unwrap(), pending())
            .go_on_with(&mut batch, move |outcome| sender.send(outcome).unwrap());
        drop(batch);
        assert_eq!(told(&receiver).unwrap_err().kind(), ErrorKind::Cancelled);
    }

    #[test]
    fn a_panic_is_told_as_an_error() {
        for at_once in [true, false] {
            let (_task, receiver) = started(async move {
                if !at_once {
                    tokio::task::yield_now().await;
                }
                if true { panic!("boom") } else { Ok(0) }
            });
            assert_eq!(told(&receiver).unwrap_err().kind(), ErrorKind::Internal);
        }
    }
}
