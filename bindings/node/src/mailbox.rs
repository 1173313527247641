use std::{
    cell::OnceCell,
    collections::{HashMap, VecDeque},
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use libkv::{Operation, Request, Result};
use libkv_bridge::{Batch, Begun, Lease, Task, UnderWay, lease};
use napi::{
    Either, Env, Status, Unknown,
    bindgen_prelude::{Array, Function, FunctionRef, ToNapiValue},
    sys,
    threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode::NonBlocking},
};
use napi_derive::napi;
use tokio::runtime::Handle;

use crate::{
    call::{Outcome, duration, outcome},
    event_loop::EventLoop,
};

/// What JavaScript gets for a call: its outcome, or where that takes time, the number under which it will come.
pub type Reply<T> = Either<u32, Outcome<T>>;

/// The function of `node/lib/mailbox.cjs` that takes answers. By itself it does not keep the process alive; calls do.
type Wake = ThreadsafeFunction<(), (), (), Status, false, true>;

/// Makes JavaScript's value of an outcome, on JavaScript's thread.
type Answer = Box<dyn for<'env> FnOnce(&'env Env) -> napi::Result<Unknown<'env>> + Send>;

/// The calls of one JavaScript thread that take time, and their answers until they are taken.
///
/// Calls wait for [`depart`](Self::depart), so that those of one turn leave together, but for one that a thread drives and that is
/// the only one. All answers that have come are taken together.
#[napi]
pub struct Mailbox {
    calls: Arc<Calls>,
    take: FunctionRef<(), ()>,
    has_libuv: bool,
    /// What drives the calls instead of a thread, once there has been a client, where it can be had.
    event_loop: OnceCell<Option<EventLoop>>,
}

#[napi]
impl Mailbox {
    /// Makes a mailbox whose answers are taken by a function.
    #[napi(constructor)]
    pub fn new(take: Function<'_, (), ()>, has_libuv: bool) -> napi::Result<Self> {
        let wake = take.build_threadsafe_function().weak::<true>().build()?;
        let calls = Arc::new(Calls { wake, state: Mutex::default() });
        Ok(Self { calls, take: take.create_ref()?, has_libuv, event_loop: OnceCell::new() })
    }

    /// Takes answers, at most so many: of each the number of its call, and behind it the answer itself. Whoever gets as many as
    /// that has to ask again, because there is no further wake-up for what is left.
    #[napi]
    pub fn take<'env>(&self, env: &'env Env, most: u32) -> napi::Result<Array<'env>> {
        let mut flat = env.create_array(0)?;
        for (number, answer) in self.calls.take(env, most) {
            flat.insert(number)?;
            flat.insert(answer(env)?)?;
        }
        Ok(flat)
    }

    /// Has the calls leave that have been made so far, and tells whether there are answers already, of which nothing else tells.
    #[napi]
    pub fn depart(&self) -> bool {
        match self.event_loop.get() {
            Some(Some(event_loop)) => {
                event_loop.depart();
                self.calls.have_answers()
            }
            _ => {
                self.calls.take_batch().go_on();
                false
            }
        }
    }

    /// Gives a call up, unless it is over. There is an answer all the same.
    #[napi]
    pub fn cancel(&self, number: u32) {
        let task = self.calls.state().tasks.get(&number).cloned();
        if let Some(task) = task {
            task.cancel();
        }
    }
}

impl Mailbox {
    /// Returns the side of it that those see who make calls, and sees to it that they are driven.
    pub fn calls(&self, env: &Env) -> napi::Result<Arc<Calls>> {
        let take = self.take.borrow_back(env)?;
        self.event_loop
            .get_or_init(|| self.has_libuv.then(|| EventLoop::new(env, &take, &self.calls)).flatten());
        Ok(self.calls.clone())
    }
}

/// A call that outlived its JavaScript thread would keep its place before the vault.
impl Drop for Mailbox {
    fn drop(&mut self) {
        let tasks = mem::take(&mut self.calls.state().tasks);
        for task in tasks.into_values() {
            task.cancel();
        }
        self.calls.take_batch().go_on();
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
    /// The runtime that the event loop drives; without one, it is that of the process.
    lease: Option<Lease>,
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
        match request {
            Ok(request) => self.begin(env, request.timeout(duration(timeout_ms)), T::from),
            Err(error) => Either::B(outcome(Err(error))),
        }
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
        let begin = |request: Request<O>| Ok(Begun::on(self.lease()?, request.timeout(duration(timeout_ms))));
        match request.and_then(begin) {
            Err(error) => Either::B(outcome(Err(error))),
            Ok(Begun::Done(answer)) => Either::B(outcome(answer.map(T::from))),
            Ok(Begun::UnderWay(rest)) => Either::A(self.go_on(env, rest, T::from)),
        }
    }

    /// Makes a request of any kind. `convert` runs on JavaScript's thread, which some values cannot leave.
    pub fn begin<A, F, T>(
        self: &Arc<Self>,
        env: &Env,
        request: impl IntoFuture<Output = Result<A>, IntoFuture = F>,
        convert: impl FnOnce(A) -> T + Send + 'static,
    ) -> Reply<T>
    where
        A: Send + 'static,
        F: Future<Output = Result<A>> + Send + 'static,
        T: ToNapiValue + 'static,
    {
        match self.lease() {
            Ok(lease) => Either::A(self.go_on(env, UnderWay::on(lease, request), convert)),
            Err(error) => Either::B(outcome(Err(error))),
        }
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
        let is_driven = self.state().lease.is_some();
        let calls = self.clone();
        let tell = move |answer: Result<A>| {
            calls.deliver(number, Box::new(move |env| outcome(answer.map(convert)).into_unknown(env)));
        };
        let task = if is_alone && !is_driven {
            rest.go_on(tell)
        } else {
            rest.go_on_with(&mut self.state().batch, tell)
        };
        self.state().tasks.insert(number, task);
        if is_alone {
            self.keep_awake(env, true);
        }
        if !is_driven && self.state().batch.is_full() {
            self.take_batch().go_on();
        }
        number
    }

    /// Returns the number of the next call, and whether it is the only one.
    fn next_call(&self) -> (u32, bool) {
        let mut state = self.state();
        state.last = state.last.wrapping_add(1);
        (state.last, state.tasks.is_empty())
    }

    /// Has the calls from here on driven by the event loop, or by the runtime of the process.
    pub fn settle_on(&self, lease: Option<Lease>) {
        self.state().lease = lease;
    }

    fn lease(&self) -> Result<Lease> {
        let driven = self.state().lease.clone();
        driven.map_or_else(lease, Ok)
    }

    /// Takes the calls that have not left yet.
    pub fn take_batch(&self) -> Batch {
        mem::take(&mut self.state().batch)
    }

    /// Tells whether an answer is still to be taken.
    pub fn have_answers(&self) -> bool {
        !self.state().answers.is_empty()
    }

    /// Tells whether a call is not over yet.
    pub fn are_under_way(&self) -> bool {
        let state = self.state();
        state.tasks.len() > state.answers.len()
    }

    fn deliver(self: Arc<Self>, number: u32, answer: Answer) {
        let mut state = self.state();
        state.answers.push_back((number, answer));
        // The event loop looks for answers after each turn.
        let was_told = state.lease.is_some() || mem::replace(&mut state.is_told, true);
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
