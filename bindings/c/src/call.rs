//! Calls of every operation: the thread that makes one waits for it, or a callback is told.

use std::{
    ffi::c_void,
    future::IntoFuture,
    marker::PhantomData,
    ptr::null_mut,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use libkv::{BoxFuture, Error, ErrorKind, Operation, Request, Result};
use libkv_bridge::{SameProcess, Task, wait};
use tokio::{select, sync::Notify, task::yield_now};

use crate::{
    call_options::milliseconds,
    caller::{Caller, Out, guard_value},
    error::libkv_error,
    memory::{Gift, end, lend},
    user_data::UserData,
};

/// A call that was started. In the child of a fork it does nothing.
///
/// Functions: those that end in `_async`; `libkv_call_cancel`, `libkv_call_free`.
pub struct libkv_call(SameProcess<Arc<Notify>>);

/// Is told that a call without a result is done, or why it failed; see "Asynchronous calls". The error is the callback's, NULL
/// for a success.
pub type libkv_done_callback = Option<unsafe extern "C" fn(data: *mut c_void, error: *mut libkv_error)>;

/// A call that is ready to be made, and gives C a `T`. For all results it is one type within, which keeps the library small.
pub(crate) struct Call<T> {
    outcome: BoxFuture<'static, Result<Gift<()>>>,
    result: PhantomData<fn() -> T>,
}

impl<T: 'static> Call<T> {
    /// Makes the call of a request; `gift` makes what C gets of its output.
    pub(crate) fn new<O: Operation>(
        request: Request<O>,
        timeout_ms: i64,
        gift: impl FnOnce(O::Output) -> Gift<T> + Send + 'static,
    ) -> Self {
        let request = request.timeout(milliseconds(timeout_ms)).into_future();
        Self::from_future(async move { Ok(gift(request.await?)) })
    }

    /// Makes a call of what is no single request.
    pub(crate) fn from_future(future: impl Future<Output = Result<Gift<T>>> + Send + 'static) -> Self {
        Self { outcome: Box::pin(async move { Ok(future.await?.retype()) }), result: PhantomData }
    }

    /// Waits for the outcome on this thread.
    pub(crate) fn wait(self) -> Result<Gift<T>> {
        Ok(wait(self.outcome, || false, |wait| wait())?.retype())
    }

    /// Gives the outcome of a call that sends nothing, and so has it at once; in callbacks, too.
    pub(crate) fn at_once(mut self) -> Result<Gift<T>> {
        match self.outcome.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => Ok(outcome?.retype()),
            Poll::Pending => Err(Error::new(ErrorKind::Internal, "a call that sends nothing has waited")),
        }
    }

    /// Starts the call, which is told when it is done.
    pub(crate) fn start(self, then: Then<T>) -> Result<()> {
        let cancelled = Arc::new(Notify::new());
        // The callback may use and free it before this returns.
        then.call.give(Gift::handle(libkv_call(SameProcess::new(cancelled.clone()))));
        let outcome = Box::pin(async move {
            // Whatever is done at once is told by another thread: this one may hold a lock that the callback takes.
            yield_now().await;
            select! {
                biased;
                () = cancelled.notified() => Err(Error::new(ErrorKind::Cancelled, "the call was cancelled")),
                outcome = self.outcome => outcome,
            }
        });
        let started = Task::start(outcome, then.tell);
        if started.is_err() {
            // SAFETY: the handle was given above, and nothing has been told that could have freed it.
            unsafe { end(then.call.take()) }
        }
        started.map(drop)
    }
}

/// What follows a call that is started.
pub(crate) struct Then<T> {
    tell: Box<dyn FnOnce(Result<Gift<()>>) + Send>,
    call: Out<*mut libkv_call>,
    result: PhantomData<fn() -> T>,
}

impl Caller {
    /// Reads who is told a result of type `T`, and where the call's handle goes.
    pub(crate) fn then<T: 'static>(
        &self,
        callback: Option<unsafe extern "C" fn(*mut c_void, *mut T, *mut libkv_error)>,
        data: *mut c_void,
        call: *mut *mut libkv_call,
    ) -> Result<Then<T>> {
        let call = self.optional_out(call);
        let (callback, data) = (self.function("callback", callback)?, UserData::new(data, None));
        let tell = move |outcome: Result<Gift<()>>| {
            let (result, error) = match outcome {
                Ok(gift) => (gift.retype::<T>().into_raw(), null_mut()),
                Err(error) => (null_mut(), lend(&error)),
            };
            // SAFETY: the C program vouches for the function and its data until it is told.
            unsafe { callback(data.pointer(), result, error) }
        };
        Ok(Then { tell: Box::new(tell), call, result: PhantomData })
    }

    /// Reads who is told the end of a call without a result, and where the call's handle goes.
    pub(crate) fn then_done(
        &self,
        callback: libkv_done_callback,
        data: *mut c_void,
        call: *mut *mut libkv_call,
    ) -> Result<Then<()>> {
        let call = self.optional_out(call);
        let (callback, data) = (self.function("callback", callback)?, UserData::new(data, None));
        let tell = move |outcome: Result<Gift<()>>| {
            let error = outcome.map_or_else(|error| lend(&error), |_| null_mut());
            // SAFETY: as above.
            unsafe { callback(data.pointer(), error) }
        };
        Ok(Then { tell: Box::new(tell), call, result: PhantomData })
    }
}

/// Ends a call early: its callback is told `LIBKV_ERROR_CANCELLED`, unless the outcome was there before. Of a write that was under
/// way nobody knows whether it has been applied. NULL is allowed.
///
/// Threads: any; does not wait for the callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_call_cancel(call: *const libkv_call) {
    let cancel = |caller: &Caller| {
        caller.read("call", call)?.0.get()?.notify_one();
        Ok(())
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard_value((), cancel) }
}

/// Frees a call's handle; NULL is allowed. The call itself goes on.
///
/// Threads: any, once, when no other function uses the handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_call_free(call: *mut libkv_call) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { end(call) }
}
