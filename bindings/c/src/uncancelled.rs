//! Calls that no `pthread_cancel` ends: it would unwind frames that do not survive that.

#[cfg(unix)]
mod state {
    use std::ffi::c_int;

    const DISABLE: c_int = if cfg!(target_vendor = "apple") { 0 } else { 1 };

    unsafe extern "C" {
        fn pthread_setcancelstate(state: c_int, before: *mut c_int) -> c_int;
    }

    /// While it lives, its thread is not cancelled. What was asked meanwhile happens at the next point after it.
    pub(crate) struct Uncancelled(c_int);

    impl Uncancelled {
        pub(crate) fn new() -> Self {
            let mut before = DISABLE;
            // SAFETY: the pointer is to a local; the function fails for unknown states alone.
            unsafe { pthread_setcancelstate(DISABLE, &raw mut before) };
            Self(before)
        }
    }

    impl Drop for Uncancelled {
        fn drop(&mut self) {
            let mut disabled = DISABLE;
            // SAFETY: as above; the state is the one that was there before.
            unsafe { pthread_setcancelstate(self.0, &raw mut disabled) };
        }
    }
}

/// There is no cancellation.
#[cfg(not(unix))]
mod state {
    pub(crate) struct Uncancelled;

    impl Uncancelled {
        pub(crate) fn new() -> Self {
            Self
        }
    }
}

pub(crate) use state::Uncancelled;
