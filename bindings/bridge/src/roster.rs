//! Which thread drives the network.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::{Notify, futures::Notified};

use crate::same_process::SameProcess;

/// How long after a call nobody drives: the next one may be close behind, and its thread would have to get its turn back.
const LINGER: Duration = Duration::from_millis(50);

/// Gives one thread at a time its turn to drive.
///
/// It is a thread that waits for a call, if there is one: no other has to be woken then, neither on the way out nor for the
/// answer. The thread of the library's own has its turn while something goes on that nobody waits for, and when no call has
/// been made for a while.
#[derive(Debug)]
pub(crate) struct Roster {
    state: Mutex<State>,
    /// Tells the own thread to look whether it is its turn.
    wanted: Condvar,
    /// Tells one of the threads that wait beside that there is a turn to take.
    offered: Notify,
    /// Asks the thread that drives to give its turn back.
    recalled: Notify,
}

#[derive(Debug)]
struct State {
    driving: Option<Who>,
    is_recalled: bool,
    /// How many things go on that nobody waits for.
    attended: usize,
    /// How many threads wait while another drives.
    beside: usize,
    last_call: Instant,
    is_over: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Caller,
    Own,
}

impl Roster {
    pub(crate) fn new() -> Self {
        let state = State {
            driving: None,
            is_recalled: false,
            attended: 0,
            beside: 0,
            last_call: Instant::now(),
            is_over: false,
        };
        Self {
            state: Mutex::new(state),
            wanted: Condvar::new(),
            offered: Notify::new(),
            recalled: Notify::new(),
        }
    }

    /// Gives a thread that waits for a call its turn, or a place beside the one that has it.
    pub(crate) fn call(&self) -> Place<'_> {
        // Is told of every offer from here on.
        let offered = self.offered.notified();
        let mut state = self.lock();
        if state.driving.is_none() && state.attended == 0 {
            state.driving = Some(Who::Caller);
            return Place::Driving(Turn(self));
        }
        if state.driving == Some(Who::Own) && state.attended == 0 && state.is_busy() {
            self.recall(&mut state);
        }
        state.beside += 1;
        Place::Beside(offered, Beside(self))
    }

    /// Has the own thread drive, for as long as this is kept.
    pub(crate) fn attend(self: &Arc<Self>) -> Attendance {
        let mut state = self.lock();
        state.attended += 1;
        match state.driving {
            None => self.wanted.notify_one(),
            Some(Who::Caller) => self.recall(&mut state),
            Some(Who::Own) => {}
        }
        Attendance(SameProcess::new(self.clone()))
    }

    /// Waits for the own thread's next turn, or gives none once it is over.
    pub(crate) fn own_turn(&self) -> Option<Turn<'_>> {
        let mut state = self.lock();
        loop {
            if state.is_over {
                return None;
            }
            if state.driving.is_none() && (state.attended > 0 || !state.is_busy()) {
                state.driving = Some(Who::Own);
                return Some(Turn(self));
            }
            let woken = self.wanted.wait_timeout(state, LINGER);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Ends the own thread's turns.
    pub(crate) fn end(&self) {
        let mut state = self.lock();
        state.is_over = true;
        self.recall(&mut state);
        self.wanted.notify_one();
    }

    /// Has every thread look up that waits for a call.
    pub(crate) fn rouse(&self) {
        let mut state = self.lock();
        self.offered.notify_waiters();
        self.recall(&mut state);
    }

    fn recall(&self, state: &mut State) {
        if state.driving.is_some() && !state.is_recalled {
            state.is_recalled = true;
            self.recalled.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_busy(&self) -> bool {
        self.last_call.elapsed() < LINGER
    }
}

/// Where a thread that waits for a call stands.
pub(crate) enum Place<'a> {
    /// It drives.
    Driving(Turn<'a>),
    /// Another drives, until it is told that there is a turn to take.
    Beside(Notified<'a>, Beside<'a>),
}

/// The right and the duty to drive.
pub(crate) struct Turn<'a>(&'a Roster);

impl Turn<'_> {
    /// Is done when the turn is to be given back.
    pub(crate) fn recalled(&self) -> Notified<'_> {
        self.0.recalled.notified()
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        if state.driving.take() == Some(Who::Caller) {
            state.last_call = Instant::now();
        }
        state.is_recalled = false;
        if state.attended > 0 {
            self.0.wanted.notify_one();
        } else if state.beside > 0 {
            self.0.offered.notify_one();
        }
    }
}

/// A place beside the thread that drives.
pub(crate) struct Beside<'a>(&'a Roster);

impl Drop for Beside<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.beside -= 1;
        state.last_call = Instant::now();
    }
}

/// Something that goes on, for which nobody waits.
#[derive(Debug)]
pub struct Attendance(SameProcess<Arc<Roster>>);

impl Drop for Attendance {
    fn drop(&mut self) {
        let Ok(roster) = self.0.get() else { return };
        let mut state = roster.lock();
        state.attended -= 1;
        if state.attended == 0 && state.driving.is_none() && state.beside > 0 {
            roster.offered.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        task::{Context, Poll, Waker},
        thread,
    };

    use super::*;

    fn drives(place: &Place<'_>) -> bool {
        matches!(place, Place::Driving(_))
    }

    fn is_done(signal: impl Future<Output = ()>) -> bool {
        pin!(signal).poll(&mut Context::from_waker(Waker::noop())) == Poll::Ready(())
    }

    #[test]
    fn one_caller_drives_and_offers_its_turn_to_another() {
        let roster = Roster::new();
        let (first, second) = (roster.call(), roster.call());
        assert!(drives(&first));
        let Place::Beside(offered, _beside) = second else { panic!("two drive") };
        drop(first);
        assert!(is_done(offered));
        assert!(drives(&roster.call()));
    }

    #[test]
    fn what_nobody_waits_for_takes_the_turn_from_a_caller() {
        let roster = Arc::new(Roster::new());
        let Place::Driving(turn) = roster.call() else { panic!("nobody drives") };
        assert!(!is_done(turn.recalled()));
        let attendance = roster.attend();
        assert!(is_done(turn.recalled()));
        drop(turn);
        assert!(!drives(&roster.call()));
        let own = roster.own_turn().unwrap();
        assert!(!drives(&roster.call()));
        drop((attendance, own));
        assert!(drives(&roster.call()));
    }

    #[test]
    fn whoever_waits_beside_is_offered_the_turn_that_nothing_needs_any_more() {
        let roster = Arc::new(Roster::new());
        let attendance = roster.attend();
        let Place::Beside(offered, _beside) = roster.call() else { panic!("the own thread's turn is taken") };
        drop(attendance);
        assert!(is_done(offered));
    }

    #[test]
    fn a_caller_gets_the_turn_back_only_close_behind_another_call() {
        let roster = Roster::new();
        let own = Turn(&roster);
        roster.lock().driving = Some(Who::Own);
        roster.lock().last_call -= 2 * LINGER;
        drop(roster.call());
        assert!(!is_done(own.recalled()), "the first call in a while");
        // However long this test takes, the call was just now.
        roster.lock().last_call += LINGER * 1000;
        drop(roster.call());
        assert!(is_done(own.recalled()), "the second");
    }

    #[test]
    fn the_own_thread_has_its_turn_when_no_call_was_made_for_a_while() {
        let roster = Roster::new();
        roster.lock().last_call -= LINGER;
        assert!(roster.own_turn().is_some());
    }

    #[test]
    fn the_end_recalls_the_own_thread_for_good() {
        let roster = Arc::new(Roster::new());
        let _attendance = roster.attend();
        thread::scope(|scope| {
            let own = scope.spawn(|| {
                while let Some(turn) = roster.own_turn() {
                    while !is_done(turn.recalled()) {
                        thread::yield_now();
                    }
                }
            });
            roster.end();
            own.join().unwrap();
        });
    }

    #[test]
    fn everyone_looks_up_when_roused() {
        let roster = Roster::new();
        let Place::Driving(turn) = roster.call() else { panic!("nobody drives") };
        let Place::Beside(offered, _beside) = roster.call() else { panic!("two drive") };
        roster.rouse();
        assert!(is_done(offered) && is_done(turn.recalled()));
    }
}
