use std::sync::{Mutex, MutexGuard, PoisonError};

/// Takes a lock, also one whose holder panicked: what these locks guard is whole at every moment.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
