//! What keeps SIGPIPE from the host: it is raised where a connection is written to that the peer has closed, and ends a program
//! that has not made arrangements.

#[cfg(target_os = "linux")]
mod shield {
    use std::{
        mem::MaybeUninit,
        ptr::{null, null_mut},
    };

    /// While it lives, no write of its thread raises SIGPIPE; what is written to a broken connection only fails.
    pub(crate) struct Shield {
        /// Where the host blocks the signal itself, it stays blocked, and pending if it is.
        is_own: bool,
    }

    impl Shield {
        /// Shields the thread for a call, unless the program ignores the signal, as those of Python and Rust do.
        pub(crate) fn for_call() -> Option<Self> {
            (!is_ignored()).then(Self::new)
        }

        pub(crate) fn new() -> Self {
            let (only, mut before) = (only(), MaybeUninit::zeroed());
            // SAFETY: the pointers are to locals, and zeros are a set of signals.
            let was_blocked = unsafe {
                libc::pthread_sigmask(libc::SIG_BLOCK, &raw const only, before.as_mut_ptr());
                libc::sigismember(before.as_ptr(), libc::SIGPIPE)
            };
            Self { is_own: was_blocked == 0 }
        }
    }

    impl Drop for Shield {
        fn drop(&mut self) {
            if !self.is_own {
                return;
            }
            let (only, at_once) = (only(), libc::timespec { tv_sec: 0, tv_nsec: 0 });
            // SAFETY: the pointers are to locals.
            unsafe {
                // Takes what was raised meanwhile, or it would come now.
                libc::sigtimedwait(&raw const only, null_mut(), &raw const at_once);
                libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const only, null_mut());
            }
        }
    }

    fn is_ignored() -> bool {
        let mut action = MaybeUninit::<libc::sigaction>::zeroed();
        // SAFETY: the pointer is to a local, and zeros are a structure of it.
        unsafe {
            libc::sigaction(libc::SIGPIPE, null(), action.as_mut_ptr());
            action.assume_init().sa_sigaction == libc::SIG_IGN
        }
    }

    fn only() -> libc::sigset_t {
        let mut set = MaybeUninit::zeroed();
        // SAFETY: the pointer is to a local, and zeros are a set of signals.
        unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            libc::sigaddset(set.as_mut_ptr(), libc::SIGPIPE);
            set.assume_init()
        }
    }
}

/// There is no such signal, or the standard library makes sockets that do not raise it.
#[cfg(not(target_os = "linux"))]
mod shield {
    pub(crate) struct Shield;

    impl Shield {
        pub(crate) fn for_call() -> Option<Self> {
            None
        }

        pub(crate) fn new() -> Self {
            Self
        }
    }
}

pub(crate) use shield::Shield;

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{
        sync::{
            atomic::{AtomicUsize, Ordering::Relaxed},
            mpsc::channel,
        },
        time::Duration,
    };

    use libkv::Result;
    use tokio::task::yield_now;

    use super::*;
    use crate::{Task, wait};

    static RAISED: AtomicUsize = AtomicUsize::new(0);

    extern "C" fn count(_: libc::c_int) {
        RAISED.fetch_add(1, Relaxed);
    }

    /// Raises the signal on the thread that drives it, once it is under way.
    async fn write_to_a_broken_pipe() -> Result<()> {
        yield_now().await;
        // SAFETY: there is a handler.
        unsafe { libc::raise(libc::SIGPIPE) };
        Ok(())
    }

    #[test]
    fn no_thread_gets_a_signal_for_what_libkv_writes() {
        // SAFETY: the handler only counts.
        unsafe { libc::signal(libc::SIGPIPE, count as *const () as libc::sighandler_t) };
        wait(write_to_a_broken_pipe(), || false, |wait| wait()).unwrap();
        let (sender, told) = channel();
        Task::start(Box::pin(write_to_a_broken_pipe()), move |outcome| sender.send(outcome).unwrap())
            .unwrap();
        told.recv_timeout(Duration::from_secs(10)).unwrap().unwrap();
        assert_eq!(RAISED.load(Relaxed), 0);

        // Those of the host reach it as before, and do not where it blocks them.
        // SAFETY: as above.
        unsafe { libc::raise(libc::SIGPIPE) };
        assert_eq!(RAISED.load(Relaxed), 1);
        let host = Shield::new();
        // SAFETY: as above.
        unsafe { libc::raise(libc::SIGPIPE) };
        wait(write_to_a_broken_pipe(), || false, |wait| wait()).unwrap();
        assert_eq!(RAISED.load(Relaxed), 1);
        drop(host);
    }
}
