//! Node's event loop as what drives the network of its thread. Calls and answers need no other thread then.

use std::{
    cell::{Cell, RefCell},
    ffi::{c_int, c_void},
    panic::{AssertUnwindSafe, catch_unwind},
    ptr::null_mut,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use libkv_bridge::Turns;
use napi::{
    Env, JsValue,
    bindgen_prelude::{Function, FunctionRef, JsValuesTupleIntoVec},
    sys,
};

use crate::{
    mailbox::{Answers, Calls},
    uv::{Handle, Libuv, RawHandle},
};

/// How long a turn is put off at most while calls are under way. A wait that was to take a second or more, such as for a
/// deadline, ends late by as much.
const TICK: Duration = Duration::from_millis(50);

/// Drives the calls of one thread until it is dropped, or the thread's environment ends.
pub struct EventLoop(Rc<Driven>);

struct Driven {
    env: sys::napi_env,
    calls: Arc<Calls>,
    /// Takes answers.
    take: FunctionRef<Answers, ()>,
    /// When the timer fires next.
    alarm: Cell<Option<Instant>>,
    /// None once it is closed.
    network: RefCell<Option<Network>>,
}

struct Network {
    /// Has a turn made whenever there is something to do. Goes before the runtime that it watches.
    _watch: Handle,
    /// Has a turn made that is due at a certain time.
    timer: Handle,
    turns: Turns,
}

impl EventLoop {
    /// Has the event loop drive the calls, if the host has one that can, and `take` called when there are answers.
    pub fn new(env: &Env, take: &Function<'_, Answers, ()>, calls: &Arc<Calls>) -> Option<Self> {
        let libuv = Libuv::of(env)?;
        let turns = Turns::new().ok()?;
        let driven = Rc::new(Driven {
            env: env.raw(),
            calls: calls.clone(),
            take: take.create_ref().ok()?,
            alarm: Cell::new(None),
            network: RefCell::new(None),
        });
        let data = Rc::as_ptr(&driven).cast_mut().cast::<c_void>();
        // SAFETY: the handles are dropped with what they are given, or before.
        let watch = unsafe { libuv.watch(turns.queue(), data, on_readable) }?;
        let timer = libuv.timer(data)?;
        calls.settle_on(turns.lease());
        driven.network.replace(Some(Network { _watch: watch, timer, turns }));
        // SAFETY: the hook is removed on being dropped.
        unsafe { sys::napi_add_env_cleanup_hook(env.raw(), Some(on_cleanup), data) };
        Some(Self(driven))
    }

    /// Has the calls leave that have been made so far.
    pub fn depart(&self) {
        self.0.turn();
    }
}

impl Drop for EventLoop {
    fn drop(&mut self) {
        self.0.close();
        let data = Rc::as_ptr(&self.0).cast_mut().cast::<c_void>();
        // SAFETY: the same hook and data as above; one that has run is not found.
        unsafe { sys::napi_remove_env_cleanup_hook(self.0.env, Some(on_cleanup), data) };
    }
}

impl Driven {
    fn turn(&self) {
        let network = self.network.borrow();
        let Some(Network { turns, timer, .. }) = &*network else { return };
        let due = turns.turn(self.calls.take_batch());
        let tick = self.calls.are_under_way().then_some(TICK);
        let Some(due) = due.into_iter().chain(tick).min() else { return };
        let at = Instant::now() + due;
        if self.alarm.get().is_none_or(|alarm| alarm > at) {
            self.alarm.set(Some(at));
            // SAFETY: it is the timer, whose data outlives it.
            unsafe { timer.start(due, on_time) };
        }
    }

    /// Gives JavaScript the answers that there are.
    fn deliver(&self) {
        if !self.calls.have_answers() {
            return;
        }
        let mut scope = null_mut();
        // SAFETY: this is JavaScript's thread, outside of any call. Where JavaScript has ended, the calls are refused.
        unsafe {
            sys::napi_open_handle_scope(self.env, &raw mut scope);
            let env = Env::from_raw(self.env);
            let answers = self.calls.take(&env).into_vec(self.env);
            if let (Ok(take), Ok(this), Ok(answers)) =
                (self.take.borrow_back(&env), env.get_global(), answers)
            {
                let (this, take, mut result) = (this.raw(), take.raw(), null_mut());
                let (count, answers) = (answers.len(), answers.as_ptr());
                let status = sys::napi_make_callback(
                    self.env,
                    null_mut(),
                    this,
                    take,
                    count,
                    answers,
                    &raw mut result,
                );
                if status == sys::Status::napi_pending_exception {
                    sys::napi_get_and_clear_last_exception(self.env, &raw mut result);
                    sys::napi_fatal_exception(self.env, result);
                }
            }
            sys::napi_close_handle_scope(self.env, scope);
        }
    }

    fn close(&self) {
        self.calls.settle_on(None);
        // Calls that have not left hold the runtime.
        drop(self.calls.take_batch());
        drop(self.network.take());
    }
}

/// Does something with what a handle was made with.
///
/// # Safety
/// The data has to be that of a `Driven` that is there.
unsafe fn with(data: *mut c_void, work: impl FnOnce(&Driven)) {
    let driven = data.cast_const().cast::<Driven>();
    // SAFETY: the caller vouches for it; JavaScript, which may drop it meanwhile, leaves this share.
    let driven = unsafe {
        Rc::increment_strong_count(driven);
        Rc::from_raw(driven)
    };
    // A panic within a call is its outcome; any other is none of the event loop's.
    let _ = catch_unwind(AssertUnwindSafe(|| work(&driven)));
}

unsafe extern "C" fn on_readable(handle: RawHandle, _status: c_int, _events: c_int) {
    // SAFETY: the handle has been given a `Driven`, and goes before that does.
    unsafe {
        with(*handle, |driven| {
            driven.turn();
            driven.deliver();
        });
    }
}

unsafe extern "C" fn on_time(handle: RawHandle) {
    // SAFETY: as above.
    unsafe {
        with(*handle, |driven| {
            driven.alarm.set(None);
            // The runtime looks at its timers last: what they wake goes on in the second turn.
            driven.turn();
            driven.turn();
            driven.deliver();
        });
    }
}

/// Closes what would keep the loop of an environment that ends.
unsafe extern "C" fn on_cleanup(data: *mut c_void) {
    // SAFETY: the hook is removed before the `Driven` goes.
    unsafe { with(data, Driven::close) };
}
