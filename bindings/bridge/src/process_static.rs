use std::{
    convert::Infallible,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

use crate::{per_process::PerProcess, process};

/// A static that the child of a fork finds as it was when the program began: a lock in it may be held for ever there, and what
/// it knows of threads is no longer true.
///
/// The first process that uses it needs no heap for it, which a search for leaks would find.
#[derive(Debug)]
pub struct ProcessStatic<T> {
    make: fn() -> T,
    first: T,
    owner: AtomicU32,
    of_children: PerProcess<T>,
}

impl<T> ProcessStatic<T> {
    /// Holds `first`, and in children what `make` makes.
    pub const fn new(first: T, make: fn() -> T) -> Self {
        Self { make, first, owner: AtomicU32::new(0), of_children: PerProcess::new() }
    }

    /// Returns this process's value.
    pub fn get(&self) -> &T {
        let process = process::id();
        let owner = self.owner.compare_exchange(0, process, Relaxed, Relaxed).unwrap_or_else(|owner| owner);
        if owner == 0 || owner == process {
            return &self.first;
        }
        let Ok(own) = self.of_children.get_or_try_init(|| Ok::<_, Infallible>((self.make)()));
        own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_process_has_the_first_value_and_another_its_own() {
        let value = ProcessStatic::new(1, || 2);
        assert_eq!((*value.get(), *value.get()), (1, 1));
        let inherited = ProcessStatic { owner: AtomicU32::new(process::id() + 1), ..value };
        assert_eq!((*inherited.get(), *inherited.get()), (2, 2));
    }
}
