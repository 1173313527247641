use std::{
    cell::OnceCell,
    collections::{BTreeMap, VecDeque},
    mem,
    rc::Rc,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use libkv::{Error, ErrorKind, Operation, Request, Result};
use libkv_bridge::{Batch, Begun, Lease, Task, UnderWay, lease};
use napi::{
    Either, Env, JsValue, Status, Unknown,
    bindgen_prelude::{Function, FunctionRef, JsValuesTupleIntoVec, ToNapiValue},
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
type Wake = ThreadsafeFunction<Arc<Calls>, (), Answers, Status, false, true>;

/// Makes JavaScript's value of an outcome, on JavaScript's thread.
type Answer = Box<dyn for<'env> FnOnce(&'env Env) -> napi::Result<Unknown<'env>> + Send>;

/// Answers as JavaScript's function takes them: the number of a call, the answer, and so on.
pub struct Answers(Vec<(u32, Answer)>);

impl JsValuesTupleIntoVec for Answers {
    fn into_vec(self, env: sys::napi_env) -> napi::Result<Vec<sys::napi_value>> {
        let env = Env::from_raw(env);
        let mut arguments = Vec::with_capacity(2 * self.0.len());
        for (number, answer) in self.0 {
            arguments.push(number.into_unknown(&env)?.raw());
            arguments.push(answer(&env).or_else(|thrown| unmade(thrown).into_unknown(&env))?.raw());
        }
        Ok(arguments)
    }
}

/// What a call comes to where a class of the program threw while its answer was made.
fn unmade(thrown: napi::Error) -> Outcome<()> {
    let message = format!("the answer could not be made: {}", thrown.reason);
    outcome(Err(Error::new(ErrorKind::Internal, message).with_source(thrown)))
}

/// The calls of one JavaScript thread that take time, and their answers until they are taken.
///
/// Calls wait for their [departure](Self::departure), so that those of one turn leave together, but for one that a thread drives and that is
/// the only one. All answers that have come are given together.
#[napi]
pub struct Mailbox(Rc<Shared>);

struct Shared {
    calls: Arc<Calls>,
    take: FunctionRef<Answers, ()>,
    has_libuv: bool,
    /// What drives the calls instead of a thread, once there has been a client, where it can be had.
    event_loop: OnceCell<Option<EventLoop>>,
}

#[napi]
impl Mailbox {
    /// Makes a mailbox that gives its answers to a function, at most so many at a time. When there are as many as that, the
    /// function has to see to it that it is [given](Self::give) what is left.
    #[napi(constructor)]
    pub fn new(take: Function<'_, Answers, ()>, most: u32, has_libuv: bool) -> napi::Result<Self> {
        let wake = take.build_threadsafe_function::<Arc<Calls>>().weak::<true>();
        let wake = wake.build_callback(|context| Ok(context.value.take(&context.env)))?;
        let calls = Arc::new(Calls { wake, most: most as usize, state: Mutex::default() });
        let shared = Shared { calls, take: take.create_ref()?, has_libuv, event_loop: OnceCell::new() };
        Ok(Self(Rc::new(shared)))
    }

    /// Returns the function that has the calls leave that have been made so far. It is called for each of those that are made
    /// one after the other, and a method would cost more: napi keeps a record of what methods borrow.
    #[napi]
    pub fn departure<'env>(&self, env: &'env Env) -> napi::Result<Function<'env, (), ()>> {
        let shared = self.0.clone();
        env.create_function_from_closure("depart", move |context| shared.depart(context.env))
    }

    /// Gives the answers that have come.
    #[napi]
    pub fn give(&self, env: &Env) -> napi::Result<()> {
        self.0.give(env)
    }

    /// Gives a call up, unless it is over. There is an answer all the same.
    #[napi]
    pub fn cancel(&self, number: u32) {
        let task = self.0.calls.state().tasks.get(&number).cloned();
        if let Some(task) = task {
            task.cancel();
        }
    }
}

impl Mailbox {
    /// Returns the side of it that those see who make calls, and sees to it that they are driven.
    pub fn calls(&self, env: &Env) -> napi::Result<Arc<Calls>> {
        let Shared { calls, take, has_libuv, event_loop } = &*self.0;
        let take = take.borrow_back(env)?;
        event_loop.get_or_init(|| has_libuv.then(|| EventLoop::new(env, &take, calls)).flatten());
        Ok(calls.clone())
    }
}

impl Shared {
    fn depart(&self, env: &Env) -> napi::Result<()> {
        match self.event_loop.get() {
            Some(Some(event_loop)) => {
                event_loop.depart();
                // Nothing else tells of what has come meanwhile.
                self.give(env)
            }
            _ => {
                self.calls.take_batch().go_on();
                Ok(())
            }
        }
    }

    fn give(&self, env: &Env) -> napi::Result<()> {
        if self.calls.have_answers() {
            self.take.borrow_back(env)?.call(self.calls.take(env))
        } else {
            Ok(())
        }
    }
}

/// A call that outlived its JavaScript thread would keep its place before the vault.
impl Drop for Shared {
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
    /// How many answers are given at a time.
    most: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: u32,
    tasks: BTreeMap<u32, Task>,
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
        F: Future<Output = Result<A>> + Send + Unpin + 'static,
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
        F: Future<Output = Result<A>> + Send + Unpin + 'static,
        T: ToNapiValue + 'static,
    {
        let mut state = self.state();
        state.last = state.last.wrapping_add(1);
        let (number, is_alone, is_driven) = (state.last, state.tasks.is_empty(), state.lease.is_some());
        let calls = self.clone();
        let tell = move |answer: Result<A>| {
            calls.deliver(number, Box::new(move |env| outcome(answer.map(convert)).into_unknown(env)));
        };
        let task =
            if is_alone && !is_driven { rest.go_on(tell) } else { rest.go_on_with(&mut state.batch, tell) };
        state.tasks.insert(number, task);
        if is_alone {
            self.keep_awake(env, true);
        }
        if !is_driven && state.batch.is_full() {
            mem::take(&mut state.batch).go_on();
        }
        number
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

    /// Takes the answers that are given next.
    pub fn take(&self, env: &Env) -> Answers {
        let mut state = self.state();
        let count = state.answers.len().min(self.most);
        let taken: Vec<_> = state.answers.drain(..count).collect();
        state.is_told = count == self.most;
        for (number, _) in &taken {
            state.tasks.remove(number);
        }
        if state.tasks.is_empty() {
            self.keep_awake(env, false);
        }
        Answers(taken)
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
        self.0.wake.call(self.0.clone(), NonBlocking);
    }
}
