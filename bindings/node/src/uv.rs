//! What libkv uses of libuv, the event loop of Node. Other hosts of addons do not have it, so it is looked up at run time.

use std::{
    ffi::{CStr, c_int, c_void},
    mem::transmute_copy,
    os::fd::RawFd,
    time::Duration,
};

use libc::{RTLD_DEFAULT, calloc, dlsym, free};
use napi::{Env, sys};

/// A handle of libuv's. Its first member is the data that it was made with.
pub type RawHandle = *mut *mut c_void;
/// Is called with the handle that has something to tell.
pub type OnTime = unsafe extern "C" fn(RawHandle);
/// Is called besides with a status and with events.
pub type OnReadable = unsafe extern "C" fn(RawHandle, c_int, c_int);

type Loop = *mut sys::uv_loop_s;

/// The numbers of libuv's ABI.
const POLL: c_int = 8;
const TIMER: c_int = 13;
const READABLE: c_int = 1;

/// The event loop of a thread, for that thread alone.
#[derive(Clone, Copy)]
pub struct Libuv {
    event_loop: Loop,
    handle_size: unsafe extern "C" fn(c_int) -> usize,
    unref: unsafe extern "C" fn(RawHandle),
    close: unsafe extern "C" fn(RawHandle, OnTime),
    poll_init: unsafe extern "C" fn(Loop, RawHandle, c_int) -> c_int,
    poll_start: unsafe extern "C" fn(RawHandle, c_int, OnReadable) -> c_int,
    timer_init: unsafe extern "C" fn(Loop, RawHandle) -> c_int,
    timer_start: unsafe extern "C" fn(RawHandle, OnTime, u64, u64) -> c_int,
}

impl Libuv {
    /// Returns the loop of this thread, if the host has libuv.
    pub fn of(env: &Env) -> Option<Self> {
        let event_loop = env.get_uv_event_loop().ok().filter(|found| !found.is_null())?;
        // SAFETY: these are functions of libuv, which have had these signatures since its first release.
        unsafe {
            Some(Self {
                event_loop,
                handle_size: symbol(c"uv_handle_size")?,
                unref: symbol(c"uv_unref")?,
                close: symbol(c"uv_close")?,
                poll_init: symbol(c"uv_poll_init")?,
                poll_start: symbol(c"uv_poll_start")?,
                timer_init: symbol(c"uv_timer_init")?,
                timer_start: symbol(c"uv_timer_start")?,
            })
        }
    }

    /// Calls back whenever a descriptor is readable, until this is dropped.
    ///
    /// # Safety
    /// What `call` makes of the data has to hold for as long.
    pub unsafe fn watch(self, descriptor: RawFd, data: *mut c_void, call: OnReadable) -> Option<Handle> {
        // SAFETY: the handle has the room that libuv asks for, and is initialized before it is started.
        unsafe {
            let handle =
                Handle::new(self, POLL, data, |raw| (self.poll_init)(self.event_loop, raw, descriptor))?;
            ((self.poll_start)(handle.raw, READABLE, call) == 0).then_some(handle)
        }
    }

    /// Makes a timer.
    pub fn timer(self, data: *mut c_void) -> Option<Handle> {
        // SAFETY: as above.
        unsafe { Handle::new(self, TIMER, data, |raw| (self.timer_init)(self.event_loop, raw)) }
    }
}

/// Looks a function up among what the process has loaded.
///
/// # Safety
/// `F` has to be the type of a pointer to the function.
unsafe fn symbol<F>(name: &CStr) -> Option<F> {
    // SAFETY: the name ends in a NUL.
    let found = unsafe { dlsym(RTLD_DEFAULT, name.as_ptr()) };
    // SAFETY: the caller vouches for the type, and a pointer to a function has the size of any other.
    (!found.is_null()).then(|| unsafe { transmute_copy(&found) })
}

/// A handle that does not keep its loop alive. It is closed on being dropped, and calls back no more.
pub struct Handle {
    libuv: Libuv,
    raw: RawHandle,
}

impl Handle {
    unsafe fn new(
        libuv: Libuv,
        kind: c_int,
        data: *mut c_void,
        init: impl FnOnce(RawHandle) -> c_int,
    ) -> Option<Self> {
        // SAFETY: takes room for one handle; libuv keeps it until it has closed the handle.
        let raw: RawHandle = unsafe { calloc(1, (libuv.handle_size)(kind)) }.cast();
        if raw.is_null() || init(raw) != 0 {
            // SAFETY: a handle that could not be initialized is known to nobody.
            unsafe { free(raw.cast()) };
            return None;
        }
        // SAFETY: the handle is initialized.
        unsafe {
            *raw = data;
            (libuv.unref)(raw);
        }
        Some(Self { libuv, raw })
    }

    /// Has a timer fire once, so long from now at the earliest, and not at another time.
    ///
    /// # Safety
    /// The handle has to be a timer, and what `call` makes of its data has to hold until the timer is dropped.
    pub unsafe fn start(&self, delay: Duration, call: OnTime) {
        let milliseconds = delay.as_nanos().div_ceil(1_000_000);
        // SAFETY: the caller vouches for it. It fails for a handle that is closing, which this is not.
        unsafe { (self.libuv.timer_start)(self.raw, call, milliseconds.try_into().unwrap_or(u64::MAX), 0) };
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        unsafe extern "C" fn forget(raw: RawHandle) {
            // SAFETY: libuv is done with the handle, whose room is that of `new`.
            unsafe { free(raw.cast()) };
        }
        // SAFETY: the handle is initialized, and closed this once.
        unsafe { (self.libuv.close)(self.raw, forget) };
    }
}
