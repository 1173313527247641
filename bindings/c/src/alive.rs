//! In debug builds, what C holds: what is not among it has been freed before, and is left alone.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use libkv_bridge::ProcessStatic;

static ALIVE: ProcessStatic<Mutex<BTreeSet<usize>>> =
    ProcessStatic::new(Mutex::new(BTreeSet::new()), Mutex::default);

/// Notes what C gets.
pub(crate) fn note<T>(pointer: *mut T) {
    if cfg!(debug_assertions) && !pointer.is_null() {
        alive().insert(pointer.addr());
    }
}

/// Tells whether C holds what it frees, which it does no longer then. A release build takes its word for it.
pub(crate) fn strike<T>(pointer: *mut T) -> bool {
    if !cfg!(debug_assertions) {
        return true;
    }
    let mut alive = alive();
    let is_held = alive.remove(&pointer.addr());
    if alive.is_empty() {
        // An empty set keeps memory, in which a search for leaks takes an interest.
        *alive = BTreeSet::new();
    }
    is_held
}

fn alive() -> MutexGuard<'static, BTreeSet<usize>> {
    ALIVE.get().lock().unwrap_or_else(PoisonError::into_inner)
}
