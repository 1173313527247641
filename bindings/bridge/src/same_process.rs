use std::mem;

use libkv::{Error, ErrorKind, Result};

use crate::process;

/// Holds what works in the process that made it alone, because its tasks run there.
///
/// The child of a fork is refused it, and does not drop it: a lock behind it may be held for ever there.
#[derive(Debug)]
pub struct SameProcess<T> {
    process: u32,
    /// Empty only while this is dropped in another process.
    value: Option<T>,
}

impl<T> SameProcess<T> {
    /// Holds a value for this process.
    pub fn new(value: T) -> Self {
        Self { process: process::id(), value: Some(value) }
    }

    /// Returns the value.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidState`] in another process.
    pub fn get(&self) -> Result<&T> {
        let belongs = || Error::new(ErrorKind::InvalidState, "this belongs to the process before the fork");
        self.value.as_ref().filter(|_| self.is_same()).ok_or_else(belongs)
    }

    fn is_same(&self) -> bool {
        self.process == process::id()
    }
}

impl<T> Drop for SameProcess<T> {
    fn drop(&mut self) {
        if !self.is_same() {
            mem::forget(self.value.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn its_own_process_gets_and_drops_it() {
        let value = Arc::new(());
        let held = SameProcess::new(value.clone());
        assert!(held.get().is_ok());
        drop(held);
        assert_eq!(Arc::strong_count(&value), 1);
    }

    #[test]
    fn another_process_is_refused_and_leaves_it_alone() {
        let value = Arc::new(());
        let held = SameProcess { process: process::id() + 1, value: Some(value.clone()) };
        assert_eq!(held.get().unwrap_err().kind(), ErrorKind::InvalidState);
        drop(held);
        assert_eq!(Arc::strong_count(&value), 2);
    }
}
