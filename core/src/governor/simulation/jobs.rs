//! Jobs of `bench/throttle.py`, in virtual time.

use super::{Outcome, Simulation, Vault};

const READS: u32 = 3_000;
const RATE: f64 = 200.0;
const BURST: f64 = 20.0;
const CHANGE_AT: f64 = 7.5;
const RUNS: u64 = 31;

/// Processes that share out reads from a vault.
pub(super) struct Job {
    pub(super) title: &'static str,
    processes: u32,
    workers: u32,
    /// What the vault allows per second after [`CHANGE_AT`].
    later_rate: f64,
}

pub(super) const JOBS: [Job; 4] = [
    Job { title: "4 processes of 32 workers", processes: 4, workers: 32, later_rate: RATE },
    Job { title: "the same, quota halved midway", processes: 4, workers: 32, later_rate: RATE / 2.0 },
    Job { title: "the same, quota doubled midway", processes: 4, workers: 32, later_rate: RATE * 2.0 },
    Job { title: "32 processes of 4 workers", processes: 32, workers: 4, later_rate: RATE },
];

/// Returns the job of the most processes.
pub(super) fn many() -> &'static Job {
    &JOBS[3]
}

/// After how many 429s [`many`] are told what no 429 tells.
pub(super) const TOLD_AFTER: [u32; 3] = [1, 2, 3];

/// The medians of a job's runs.
pub(super) struct Figures {
    pub(super) time_over_ideal: f64,
    /// 429s among the answers.
    pub(super) refused: f64,
    /// The same of those 429s alone that came in the first second.
    pub(super) refused_at_first: f64,
}

impl Job {
    fn simulation(&self, seed: u64) -> Simulation {
        // The processes' shares are whole where the bench gives the first ones a read more.
        let reads = u64::from(READS.div_ceil(self.processes));
        Simulation::new(Vault::new(RATE, BURST), self.processes as usize, self.workers, reads, 0.004, seed)
            .change(CHANGE_AT, self.later_rate)
    }

    fn ideal(&self, reads: u64) -> f64 {
        CHANGE_AT + (reads as f64 - BURST - RATE * CHANGE_AT) / self.later_rate
    }

    pub(super) fn figures(&self) -> Figures {
        self.figures_of(|seed| self.simulation(seed))
    }

    /// Returns what would come of the job if each process were told its share at so many 429s.
    pub(super) fn figures_if_told(&self, after: u32) -> Figures {
        self.figures_of(|seed| self.simulation(seed).tell(after))
    }

    fn figures_of(&self, simulation: impl Fn(u64) -> Simulation) -> Figures {
        let runs: Vec<_> = (0..RUNS).map(|seed| simulation(seed).run(60.0)).collect();
        assert!(runs.iter().all(|run| run.done() >= u64::from(READS)), "{} was not done", self.title);
        let median = |figure: &dyn Fn(&Outcome) -> f64| {
            let mut figures: Vec<_> = runs.iter().map(figure).collect();
            figures.sort_by(f64::total_cmp);
            figures[figures.len() / 2]
        };
        Figures {
            time_over_ideal: median(&|run| run.finished() / self.ideal(run.done())),
            refused: median(&Outcome::refused_share),
            refused_at_first: median(&|run| run.seconds[0][1] as f64 / run.sent as f64),
        }
    }
}

#[test]
fn a_job_larger_than_the_limit_takes_about_as_long_as_the_limit_permits() {
    let [steady, halved, doubled, many] = JOBS.map(|job| job.figures());
    assert!(steady.time_over_ideal < 1.08 && steady.refused < 0.03);
    assert!(halved.time_over_ideal < 1.08 && halved.refused < 0.034);
    assert!(doubled.time_over_ideal < 1.14 && doubled.refused < 0.03);
    assert!(many.time_over_ideal < 1.08 && many.refused < 0.18);
}

#[test]
fn many_processes_would_have_to_know_their_share_from_the_second_429_on() {
    let [first, second, third] = TOLD_AFTER.map(|after| many().figures_if_told(after));
    assert!([first, second].iter().all(|told| told.time_over_ideal < 1.08 && told.refused < 0.03));
    assert!(third.refused > 0.03, "{}", third.refused);
}
