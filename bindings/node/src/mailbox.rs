use std::{
    collections::{HashMap, VecDeque},
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use libkv::{Operation, Request, Result};
use libkv_bridge::{Batch, Begun, Task, UnderWay};
use napi::{
    Either, Env, Status, Unknown,
    bindgen_prelude::{Array, ToNapiValue},
    sys,
    threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode::NonBlocking, UnknownReturnValue},
};
use napi_derive::napi;
use tokio::runtime::Handle;

use crate::call::{Outcome, duration, outcome};

/// What JavaScript gets for a call: its outcome, or where that takes time, the number under which it will come.
pub type Reply<T> = Either<u32, Outcome<T>>;

/// The function of `node/lib/mailbox.cjs` that takes answers. By itself it does not keep the process alive; calls do.
type Wake = ThreadsafeFunction<(), UnknownReturnValue, (), Status, false, true>;

/// Makes JavaScript's value of an outcome, on JavaScript's thread.
type Answer = Box<dyn for<'env> FnOnce(&'env Env) -> napi::Result<Unknown<'env>> + Send>;

/// The calls of one JavaScript thread that take time, and their answers until they are taken.
///
/// A call leaves at once where it is the only one. Others wait for [`depart`](Self::depart), so that those of one turn leave
/// together; one wake-up of the event loop serves all answers that have come until it runs.
#[napi]
pub struct Mailbox(Arc<Calls>);

#[napi]
impl Mailbox {
    #[napi(constructor)]
    pub fn new(wake: Wake) -> Self {
        Self(Arc::new(Calls { wake, state: Mutex::default() }))
    }

    /// Takes answers, at most so many: of each the number of its call, and behind it the answer itself. Whoever gets as many as
    /// that has to ask again, because there is no further wake-up for what is left.
    #[napi]
    pub fn take<'env>(&self, env: &'env Env, most: u32) -> napi::Result<Array<'env>> {
        let mut flat = env.create_array(0)?;
        for (number, answer) in self.0.take(env, most) {
            flat.insert(number)?;
            flat.insert(answer(env)?)?;
        }
        Ok(flat)
    }

    /// Lets the calls leave that have been made so far.
    #[napi]
    pub fn depart(&self) {
        self.0.depart();
    }

    /// Gives a call up, unless it is over. There is an answer all the same.
    #[napi]
    pub fn cancel(&self, number: u32) {
        let task = self.0.state().tasks.get(&number).cloned();
        if let Some(task) = task {
            task.cancel();
        }
    }
}

impl Mailbox {
    /// Returns the side of it that those see who make calls.
    pub fn calls(&self) -> Arc<Calls> {
        self.0.clone()
    }
}

/// A call that outlived its JavaScript thread would keep its place before the vault.
impl Drop for Mailbox {
    fn drop(&mut self) {
        let tasks = mem::take(&mut self.0.state().tasks);
        for task in tasks.into_values() {
            task.cancel();
        }
        self.depart();
    }
}

pub struct Calls {
    wake: Wake,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: u32,
    tasks: HashMap<u32, Task>,
    /// The calls that have not left yet.
    batch: Batch,
    answers: VecDeque<(u32, Answer)>,
    /// Whether JavaScript knows of answers, or will ask for some.
    is_told: bool,
}

impl Calls {
    /// Makes a request.
    pub fn start<O, T>(
        self: &Arc<Self>,
        env: &Env,
        request: Result<Request<O>>,
        timeout_ms: Option<f64>,
    ) -> Reply<T>
    where
        O: Operation<Output: 'static>,
        T: From<O::Output> + ToNapiValue + 'static,
    {
        let begun = request.and_then(|request| UnderWay::new(request.timeout(duration(timeout_ms))));
        self.finish(env, begun.map(Begun::UnderWay), T::from)
    }

    /// Makes a request that is done at once where the answer is in memory.
    pub fn start_here<O, T>(
        self: &Arc<Self>,
        env: &Env,
        request: Result<Request<O>>,
        timeout_ms: Option<f64>,
    ) -> Reply<T>
    where
        O: Operation<Output: 'static>,
        T: From<O::Output> + ToNapiValue + 'static,
    {
        let begun = request.and_then(|request| Begun::new(request.timeout(duration(timeout_ms))));
        self.finish(env, begun, T::from)
    }

    /// Drives what has been begun. `convert` runs on JavaScript's thread, which some values cannot leave.
    pub fn finish<A, F, T>(
        self: &Arc<Self>,
        env: &Env,
        begun: Result<Begun<A, F>>,
        convert: impl FnOnce(A) -> T + Send + 'static,
    ) -> Reply<T>
    where
        A: Send + 'static,
        F: Future<Output = Result<A>> + Send + 'static,
        T: ToNapiValue + 'static,
    {
        let rest = match begun {
            Err(error) => return Either::B(outcome(Err(error))),
            Ok(Begun::Done(answer)) => return Either::B(outcome(answer.map(convert))),
            Ok(Begun::UnderWay(rest)) => rest,
        };
        Either::A(self.go_on(env, rest, convert))
    }

    fn go_on<A, F, T>(
        self: &Arc<Self>,
        env: &Env,
        rest: UnderWay<F>,
        convert: impl FnOnce(A) -> T + Send + 'static,
    ) -> u32
    where
        A: Send + 'static,
        F: Future<Output = Result<A>> + Send + 'static,
        T: ToNapiValue + 'static,
    {
        let (number, is_alone) = self.next_call();
        let calls = self.clone();
        let tell = move |answer: Result<A>| {
            calls.deliver(number, Box::new(move |env| outcome(answer.map(convert)).into_unknown(env)));
        };
        let task = if is_alone { rest.go_on(tell) } else { rest.go_on_with(&mut self.state().batch, tell) };
        self.state().tasks.insert(number, task);
        if is_alone {
            self.keep_awake(env, true);
        } else if self.state().batch.is_full() {
            self.depart();
        }
        number
    }

    /// Returns the number of the next call, and whether it is the only one.
    fn next_call(&self) -> (u32, bool) {
        let mut state = self.state();
        state.last = state.last.wrapping_add(1);
        (state.last, state.tasks.is_empty())
    }

    fn depart(&self) {
        let batch = mem::take(&mut self.state().batch);
        batch.go_on();
    }

    fn deliver(self: Arc<Self>, number: u32, answer: Answer) {
        let mut state = self.state();
        state.answers.push_back((number, answer));
        let was_told = mem::replace(&mut state.is_told, true);
        drop(state);
        if was_told {
            return;
        }
        let call = WakeUp(self);
        // What has come with this answer is delivered before.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move { drop(call) });
        }
    }

    fn take(&self, env: &Env, most: u32) -> Vec<(u32, Answer)> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let mut state = self.state();
        let count = state.answers.len().min(most);
        let taken: Vec<_> = state.answers.drain(..count).collect();
        state.is_told = count == most;
        for (number, _) in &taken {
            state.tasks.remove(number);
        }
        if state.tasks.is_empty() {
            self.keep_awake(env, false);
        }
        taken
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says whether the event loop goes on for answers that are still to come.
    #[allow(unsafe_code, reason = "napi has no other way to do this for a function that is shared")]
    fn keep_awake(&self, env: &Env, is_needed: bool) {
        let change =
            if is_needed { sys::napi_ref_threadsafe_function } else { sys::napi_unref_threadsafe_function };
        // SAFETY: the function lives as long as `wake`, and this is the thread of its environment. It takes any number of either.
        unsafe { change(env.raw(), self.wake.raw()) };
    }
}

/// Wakes JavaScript on being dropped, so that it is not forgotten where a runtime ends.
struct WakeUp(Arc<Calls>);

impl Drop for WakeUp {
    fn drop(&mut self) {
        // Refused only where JavaScript has ended, and nobody is left to hear it.
        self.0.wake.call((), NonBlocking);
    }
}
