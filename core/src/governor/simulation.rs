//! Processes that share a vault without talking to each other, in virtual time.

mod figures;
mod jobs;

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    time::Duration,
};

use tokio::time::Instant;

use super::pace::{Pace, Turn};

/// A vault that allows a rate, with a bucket for bursts. A 429 does not count against it.
struct Vault {
    rate: f64,
    burst: f64,
    tokens: f64,
    at: f64,
}

impl Vault {
    fn new(rate: f64, burst: f64) -> Self {
        Self { rate, burst, tokens: burst, at: 0.0 }
    }

    fn take(&mut self, now: f64) -> bool {
        self.tokens = (self.tokens + (now - self.at) * self.rate).min(self.burst);
        self.at = now;
        let taken = self.tokens >= 1.0;
        self.tokens -= f64::from(u8::from(taken));
        taken
    }
}

/// One process: a pace and the jobs it still has to do.
struct Process {
    pace: Pace,
    workers: u32,
    idle_workers: u32,
    jobs: u64,
    done: u64,
    finished: f64,
    wakes_at: Option<u64>,
    /// 429s, those of one burst counted once, and when the last of them came.
    refusals: u32,
    refused_at: u64,
    /// When the next request may leave, once the process has been told its share.
    told: Option<u64>,
}

impl Process {
    /// Tells whether a request is under way.
    fn asks(&self) -> bool {
        self.idle_workers < self.workers
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Wake(usize),
    Arrive { process: usize, left: u64 },
    Answer { process: usize, left: u64, taken: bool },
}

/// What came of a simulation.
struct Outcome {
    processes: Vec<Process>,
    sent: u64,
    refused: u64,
    /// What the vault took and what it refused, second by second.
    seconds: Vec<[u64; 2]>,
    end: f64,
}

impl Outcome {
    fn done(&self) -> u64 {
        self.processes.iter().map(|process| process.done).sum()
    }

    fn refused_share(&self) -> f64 {
        self.refused as f64 / self.sent as f64
    }

    /// Jain's index: 1 where all shares are equal, 1/n where one process has everything.
    fn fairness(&self) -> f64 {
        let shares = || self.processes.iter().map(|process| process.done as f64);
        shares().sum::<f64>().powi(2)
            / (self.processes.len() as f64 * shares().map(|share| share * share).sum::<f64>())
    }

    fn finished(&self) -> f64 {
        self.processes.iter().map(|process| process.finished).fold(0.0, f64::max)
    }
}

struct Simulation {
    base: Instant,
    vault: Vault,
    round_trip: f64,
    random: fastrand::Rng,
    queue: BinaryHeap<Reverse<(u64, u64, Event)>>,
    order: u64,
    outcome: Outcome,
    changes: VecDeque<(f64, f64)>,
    /// After how many 429s a process is told its share of the rate, and asks at it from then on.
    told_after: Option<u32>,
}

const NANOS: f64 = 1e9;

impl Simulation {
    fn new(vault: Vault, processes: usize, workers: u32, jobs: u64, round_trip: f64, seed: u64) -> Self {
        let process = || Process {
            pace: Pace::default(),
            workers,
            idle_workers: workers,
            jobs,
            done: 0,
            finished: 0.0,
            wakes_at: None,
            refusals: 0,
            refused_at: 0,
            told: None,
        };
        let processes = std::iter::repeat_with(process).take(processes).collect();
        Self {
            base: Instant::now(),
            vault,
            round_trip,
            random: fastrand::Rng::with_seed(seed),
            queue: BinaryHeap::new(),
            order: 0,
            outcome: Outcome { processes, sent: 0, refused: 0, seconds: Vec::new(), end: 0.0 },
            changes: VecDeque::new(),
            told_after: None,
        }
    }

    /// Tells each process its share at so many 429s. Until the first of them its requests go one at a time, which costs the fewest.
    fn tell(mut self, after: u32) -> Self {
        self.told_after = Some(after);
        self
    }

    /// Changes the vault's rate at a moment.
    fn change(mut self, at: f64, rate: f64) -> Self {
        self.changes.push_back((at, rate));
        self
    }

    fn push(&mut self, at: u64, event: Event) {
        self.order += 1;
        self.queue.push(Reverse((at, self.order, event)));
    }

    fn instant(&self, at: u64) -> Instant {
        self.base + Duration::from_nanos(at)
    }

    fn run(mut self, until: f64) -> Outcome {
        for process in 0..self.outcome.processes.len() {
            let start = (self.random.f64() * 0.02 * NANOS) as u64;
            self.outcome.processes[process].wakes_at = Some(start);
            self.push(start, Event::Wake(process));
        }
        while let Some(Reverse((now, _, event))) = self.queue.pop() {
            let seconds = now as f64 / NANOS;
            if seconds > until {
                break;
            }
            if self.changes.front().is_some_and(|(at, _)| *at <= seconds)
                && let Some((_, rate)) = self.changes.pop_front()
            {
                self.vault.rate = rate;
            }
            self.outcome.end = seconds;
            self.handle(now, event);
        }
        self.outcome
    }

    fn handle(&mut self, now: u64, event: Event) {
        match event {
            Event::Wake(process) => {
                let wakes_at = &mut self.outcome.processes[process].wakes_at;
                // An earlier wake has taken this one's place.
                if *wakes_at != Some(now) {
                    return;
                }
                *wakes_at = None;
            }
            Event::Arrive { process, left } => {
                let taken = self.vault.take(now as f64 / NANOS);
                self.outcome.sent += 1;
                self.outcome.refused += u64::from(!taken);
                let second = (now as f64 / NANOS) as usize;
                self.outcome.seconds.resize(self.outcome.seconds.len().max(second + 1), [0, 0]);
                self.outcome.seconds[second][usize::from(!taken)] += 1;
                let answer = now + self.half_trip();
                return self.push(answer, Event::Answer { process, left, taken });
            }
            Event::Answer { process, left, taken } => {
                if !taken {
                    self.count_refusal(now, process, left);
                }
                let (at, left, chance) = (self.instant(now), self.instant(left), self.random.f64());
                let state = &mut self.outcome.processes[process];
                state.idle_workers += 1;
                if taken {
                    state.pace.accepted(at);
                    (state.done, state.finished) = (state.done + 1, now as f64 / NANOS);
                } else {
                    state.pace.throttled(at, left, true, chance);
                    state.jobs += 1;
                }
            }
        }
        let (Event::Wake(process) | Event::Answer { process, .. } | Event::Arrive { process, .. }) = event;
        self.send(now, process);
    }

    fn count_refusal(&mut self, now: u64, process: usize, left: u64) {
        let Some(after) = self.told_after else { return };
        let state = &mut self.outcome.processes[process];
        if state.refusals > 0 && left <= state.refused_at {
            return;
        }
        (state.refusals, state.refused_at) = (state.refusals + 1, now);
        if state.refusals == after {
            let turn = self.share_turn();
            // Somewhere in a turn, so that the processes' turns are spread.
            let next = now + (self.random.f64() * turn as f64) as u64;
            self.outcome.processes[process].told = Some(next);
        }
    }

    /// Returns how long a turn is where each process has the same share of the rate.
    fn share_turn(&self) -> u64 {
        (self.outcome.processes.len() as f64 / self.vault.rate * NANOS) as u64
    }

    /// Tells when a process's next request may leave.
    fn turn(&mut self, now: u64, process: usize) -> Turn {
        let (at, turn) = (self.instant(now), self.share_turn());
        let state = &mut self.outcome.processes[process];
        match state.told {
            Some(next) if now < next => Turn::At(self.base + Duration::from_nanos(next)),
            Some(next) => {
                state.told = Some(next + turn);
                Turn::Now
            }
            None if self.told_after.is_some() && state.refusals == 0 && state.asks() => Turn::AfterAnswer,
            None => state.pace.turn(at),
        }
    }

    /// Lets out what may leave, and wakes the process again for the next.
    fn send(&mut self, now: u64, process: usize) {
        loop {
            let state = &self.outcome.processes[process];
            if state.idle_workers == 0 || state.jobs == 0 {
                return;
            }
            let turn = self.turn(now, process);
            let state = &mut self.outcome.processes[process];
            match turn {
                Turn::Now => {
                    state.idle_workers -= 1;
                    state.jobs -= 1;
                    let arrival = now + self.half_trip();
                    self.push(arrival, Event::Arrive { process, left: now });
                }
                Turn::At(moment) => {
                    let wake = moment.duration_since(self.base).as_nanos() as u64;
                    if state.wakes_at.is_none_or(|at| at > wake) {
                        state.wakes_at = Some(wake);
                        self.push(wake, Event::Wake(process));
                    }
                    return;
                }
                Turn::AfterAnswer => return,
            }
        }
    }

    fn half_trip(&mut self) -> u64 {
        (self.round_trip * (0.8 + 0.4 * self.random.f64()) / 2.0 * NANOS) as u64
    }
}

/// How many processes share the documented quota, 4,000 requests in ten seconds.
const CROWDS: [usize; 4] = [2, 20, 200, 1_000];

fn crowd(processes: usize) -> Simulation {
    Simulation::new(Vault::new(400.0, 400.0), processes, 8, u64::MAX / 2, 0.02, 7)
}

impl Outcome {
    /// Returns the share of what a [`crowd`]'s vault allowed that was used, the first burst left out.
    fn used(&self) -> f64 {
        (self.done() as f64 - 400.0) / (400.0 * self.end)
    }
}

#[test]
fn processes_find_equal_shares_without_talking_to_each_other() {
    for processes in CROWDS {
        let outcome = crowd(processes).run(120.0);
        let used = outcome.used();
        let fairness = outcome.fairness();
        println!(
            "{processes} processes: used {used:.3}, fairness {fairness:.3}, refused {:.3}",
            outcome.refused_share()
        );
        assert!(used >= 0.9 && fairness >= 0.95, "{processes} processes: used {used}, fairness {fairness}");
    }
}

/// For ten seconds the vault takes nothing.
fn outage() -> Outcome {
    crowd(20).change(40.0, 0.0).change(50.0, 400.0).run(90.0)
}

#[test]
fn an_outage_ends_without_a_storm() {
    let outcome = outage();
    for (second, [_, refused]) in outcome.seconds.iter().enumerate() {
        // While nothing gets through, a process asks about once a second.
        let most = if (42..50).contains(&second) { 40 } else { 200 };
        assert!(second < 5 || *refused <= most, "{refused} refused in second {second}");
    }
    let taken: u64 = outcome.seconds[55..].iter().map(|[taken, _]| taken).sum();
    let used = taken as f64 / (400.0 * outcome.seconds[55..].len() as f64);
    assert!(used >= 0.9, "used {used}");
}

#[test]
fn a_changed_limit_is_followed() {
    for rate in [100.0, 400.0] {
        let simulation =
            Simulation::new(Vault::new(200.0, 20.0), 4, 32, u64::MAX / 2, 0.002, 3).change(20.0, rate);
        let outcome = simulation.run(40.0);
        let allowed = 20.0 * 200.0 + 20.0 * rate;
        let used = outcome.done() as f64 / allowed;
        println!("to {rate}: used {used:.3}, refused {:.3}", outcome.refused_share());
        assert!(used >= 0.9, "to {rate}: used {used}");
    }
}
