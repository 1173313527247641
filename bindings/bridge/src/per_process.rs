use std::{
    ptr::null_mut,
    sync::atomic::{
        AtomicPtr,
        Ordering::{AcqRel, Acquire},
    },
};

use crate::process;

/// Holds a value that each process makes for itself.
///
/// After a fork the child makes its own and leaves the parent's alone: threads and sockets behind it are not the child's. A
/// lock would not do here, because another thread may hold it at the moment of the fork.
#[derive(Debug)]
pub struct PerProcess<T> {
    slot: AtomicPtr<Slot<T>>,
}

#[derive(Debug)]
struct Slot<T> {
    process: u32,
    value: T,
}

impl<T> PerProcess<T> {
    /// Holds nothing yet.
    pub const fn new() -> Self {
        Self { slot: AtomicPtr::new(null_mut()) }
    }

    /// Returns this process's value, making it first if there is none.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn get_or_try_init<E>(&self, make: impl Fn() -> Result<T, E>) -> Result<&T, E> {
        let process = process::id();
        loop {
            let current = self.slot.load(Acquire);
            // SAFETY: a non-null pointer comes from `Box::into_raw` below, and is freed only where no other thread has seen it.
            if let Some(slot) = unsafe { current.as_ref() }
                && slot.process == process
            {
                return Ok(&slot.value);
            }
            let fresh = Box::into_raw(Box::new(Slot { process, value: make()? }));
            if self.slot.compare_exchange(current, fresh, AcqRel, Acquire).is_err() {
                // SAFETY: `fresh` lost the race, so this thread alone knows it.
                drop(unsafe { Box::from_raw(fresh) });
            }
        }
    }
}

impl<T> Default for PerProcess<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        let slot = *self.slot.get_mut();
        // SAFETY: a non-null pointer comes from `Box::into_raw` above and is freed nowhere else.
        if unsafe { slot.as_ref() }.is_some_and(|slot| slot.process == process::id()) {
            // SAFETY: as above; and no reference is left, because each borrows from `self`.
            drop(unsafe { Box::from_raw(slot) });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        convert::Infallible,
        sync::{
            Arc,
            atomic::{AtomicU32, Ordering::Relaxed},
        },
        thread,
    };

    use super::*;

    #[test]
    fn all_threads_see_one_value() {
        let (slot, made) = (PerProcess::new(), AtomicU32::new(0));
        let get = || *slot.get_or_try_init(|| Ok::<_, Infallible>(made.fetch_add(1, Relaxed))).unwrap();
        let values: Vec<u32> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(get)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(values.iter().all(|value| *value == values[0]));
    }

    #[test]
    fn a_value_goes_with_its_holder() {
        let value = Arc::new(());
        let slot = PerProcess::new();
        assert!(slot.get_or_try_init(|| Ok::<_, Infallible>(value.clone())).is_ok());
        assert_eq!(Arc::strong_count(&value), 2);
        drop(slot);
        assert_eq!(Arc::strong_count(&value), 1);
    }

    #[test]
    fn a_failure_is_not_kept() {
        let slot = PerProcess::new();
        assert_eq!(slot.get_or_try_init(|| Err::<u32, _>("no")), Err("no"));
        assert_eq!(slot.get_or_try_init(|| Ok::<_, Infallible>(1)), Ok(&1));
    }
}
