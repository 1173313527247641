use std::{
    future::{IntoFuture, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
    time::Duration,
};

use libkv::{Error, ErrorKind, Result};
use tokio::runtime::Handle;

use crate::{broken_pipe::Shield, runtime::lease};

/// How often a waiting thread looks whether its host wants it back.
const INTERRUPT_INTERVAL: Duration = Duration::from_millis(50);

/// Drives a request on the calling thread until it is done, or until `interrupted` says so, which drops the request.
///
/// `detached` runs the wait itself, so that a host can give up its own lock around it; a request that is done at once never
/// gets there.
///
/// # Errors
/// Those of the request; [`ErrorKind::Cancelled`] when interrupted or shut down; [`ErrorKind::InvalidState`] on a thread of the
/// runtime, which would wait for itself; [`ErrorKind::Internal`] for a panic.
pub fn wait<T: Send>(
    request: impl IntoFuture<Output = Result<T>, IntoFuture: Send>,
    mut interrupted: impl FnMut() -> bool + Send,
    detached: impl FnOnce(&mut (dyn FnMut() -> Result<T> + Send)) -> Result<T>,
) -> Result<T> {
    if Handle::try_current().is_ok() {
        return Err(Error::new(
            ErrorKind::InvalidState,
            "a blocking call cannot be made on a thread that runs async tasks",
        ));
    }
    let lease = lease()?;
    let driver = lease.driver();
    let mut future = pin!(request.into_future());
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        // On the runtime, so that what the request wakes there is not taken to be another thread's doing.
        let first = poll_fn(|context| Poll::Ready(future.as_mut().poll(context)));
        if let Poll::Ready(outcome) = driver.runtime().block_on(first) {
            return outcome;
        }
        detached(&mut || {
            let _shield = Shield::for_call();
            loop {
                if let Some(outcome) = driver.wait(future.as_mut(), INTERRUPT_INTERVAL) {
                    return outcome;
                }
                if lease.is_recalled() {
                    return Err(Error::new(ErrorKind::Cancelled, "libkv was shut down"));
                }
                if interrupted() {
                    return Err(Error::new(ErrorKind::Cancelled, "the call was interrupted"));
                }
            }
        })
    }));
    outcome.unwrap_or_else(|_| Err(panicked()))
}

/// Makes the error of a panic, whose text may hold anything.
pub(crate) fn panicked() -> Error {
    Error::new(ErrorKind::Internal, "libkv failed within itself: a panic was caught")
}

#[cfg(test)]
mod tests {
    use std::{future::pending, time::Instant};

    use super::*;

    fn here<T>(wait: &mut (dyn FnMut() -> Result<T> + Send)) -> Result<T> {
        wait()
    }

    #[test]
    fn a_request_that_is_done_at_once_does_not_detach() {
        let outcome = wait(std::future::ready(Ok(7)), || true, |_| unreachable!());
        assert_eq!(outcome.unwrap(), 7);
    }

    #[test]
    fn an_interrupt_ends_the_wait() {
        let began = Instant::now();
        let error = wait(pending::<Result<()>>(), || true, here).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        assert!(began.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn a_panic_becomes_an_error() {
        let error = wait(async { if true { panic!("boom") } else { Ok(()) } }, || false, here).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal);
    }

    #[test]
    fn a_runtime_thread_does_not_wait_for_itself() {
        let error =
            wait(async { wait(pending::<Result<()>>(), || false, here) }, || false, here).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidState);
    }
}
