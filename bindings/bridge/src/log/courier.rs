use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard},
    thread::{self, JoinHandle},
    time::{Duration, SystemTime},
};

use super::{Level, Record, Value, unpoisoned};

/// How many records may wait. What comes on top of them is counted and let go.
const ROOM: usize = 10_000;
/// How long the thread stays when there is nothing to do.
const LINGER: Duration = Duration::from_secs(1);

/// Carries records from threads that must not wait to a thread of its own, which comes and goes with them.
pub(super) struct Courier {
    deliver: fn(&Record),
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    records: VecDeque<Record>,
    lost: u64,
    is_running: bool,
    is_ending: bool,
    thread: Option<JoinHandle<()>>,
}

impl State {
    const fn new() -> Self {
        Self { records: VecDeque::new(), lost: 0, is_running: false, is_ending: false, thread: None }
    }
}

impl Courier {
    pub(super) const fn new(deliver: fn(&Record)) -> Self {
        Self { deliver, state: Mutex::new(State::new()), changed: Condvar::new() }
    }

    /// Takes a record along.
    pub(super) fn send(&'static self, record: Record) {
        let mut state = self.lock();
        if state.records.len() < ROOM {
            state.records.push_back(record);
        } else {
            state.lost += 1;
        }
        if !state.is_running {
            let started = thread::Builder::new().name("libkv-log".to_owned()).spawn(|| self.run());
            state.is_running = started.is_ok();
            state.thread = started.ok();
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Waits until everything is delivered and the thread has ended. Called by the listener itself, it does not wait.
    pub(super) fn finish(&self) {
        let mut state = self.lock();
        let Some(thread) = state.thread.take() else { return };
        if thread.thread().id() == thread::current().id() {
            state.thread = Some(thread);
            return;
        }
        state.is_ending = true;
        drop(state);
        self.changed.notify_all();
        let _ = thread.join();
        self.lock().is_ending = false;
    }

    fn run(&self) {
        while let Some(record) = self.next() {
            (self.deliver)(&record);
        }
    }

    /// Returns what is to be delivered next, or none when the thread is to end.
    fn next(&self) -> Option<Record> {
        let idle = |state: &mut State| state.records.is_empty() && !state.is_ending;
        let (mut state, _) = unpoisoned(self.changed.wait_timeout_while(self.lock(), LINGER, idle));
        if state.lost > 0 {
            return Some(lost(std::mem::take(&mut state.lost)));
        }
        let next = state.records.pop_front();
        state.is_running = next.is_some();
        if next.is_none() {
            // An empty queue keeps memory, in which a search for leaks takes an interest.
            state.records = VecDeque::new();
        }
        next
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        unpoisoned(self.state.lock())
    }
}

fn lost(count: u64) -> Record {
    Record {
        time: SystemTime::now(),
        level: Level::WARN,
        target: "libkv::log",
        message: "records were lost: the listener is too slow".to_owned(),
        fields: vec![("count", Value::Number(count))],
    }
}
