use std::time::Duration;

use tokio::time::Instant;

/// How many requests may be under way until as many have been taken, window after window. After the last one the vault is taken for
/// one that does not throttle. The first ones are small, because all of a window may be refused where others use the vault, too.
const WINDOWS: [u32; 4] = [4, 4, 8, 64];

/// The rate to search upwards from after the first 429, per second. Higher rates waste requests where many processes share a
/// vault; lower ones waste time where few do.
const FIRST_RATE: f64 = 45.0;

/// The lowest rate: one request in twenty seconds.
const LOWEST_RATE: f64 = 0.05;

/// How much each accepted request raises the rate until the first 429 at that rate.
const SEARCH_STEP: f64 = 0.03;

/// What a 429 leaves of the mean of the rate and of what got through per second since the last cut.
const KEPT: f64 = 0.8;

/// How many turns a process sits out after a 429 in the mean, which leaves something for the others.
const TURNS_GIVEN_UP: f64 = 3.5;

/// How fast the rate grows after a 429, per second and second, at [`GROWTH_RATE`] requests a second.
///
/// Growth by the square root of the rate lies between equal growth, which makes shares equal fast but drowns a vault that a
/// thousand processes share, and proportional growth, which would keep unequal shares.
const GROWTH: f64 = 3.0;
const GROWTH_RATE: f64 = 50.0;

/// After how many seconds without a 429 the growth has doubled; it goes on with their fifth power, because the limit has moved.
const PATIENCE: f64 = 1.0;

/// What the growth is multiplied by at most.
const MOST_HASTE: f64 = 100.0;

/// The pause after the first 429.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// How many 429s in a row tell that nothing gets through at any rate, as when a window's allowance is used up. From then on the
/// rate stays, requests go one at a time, and pauses double up to the longest.
const BLOCKED: u32 = 5;
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How long without a 429 until the vault is taken for one that does not throttle.
const FORGET: Duration = Duration::from_secs(60);

/// When one process may ask one vault. Pure: the clock and chance come in as arguments.
#[derive(Debug)]
pub(super) struct Pace {
    phase: Phase,
    /// Requests under way that this pace let out.
    under_way: u32,
}

#[derive(Debug)]
enum Phase {
    /// Nothing is known yet: a window of requests is answered, then the next.
    Starting { window: usize, answered: u32 },
    /// The vault does not throttle.
    Open,
    /// The vault throttles.
    Paced(Paced),
}

#[derive(Debug)]
struct Paced {
    /// Requests per second.
    rate: f64,
    /// When the next request may leave.
    next: Instant,
    /// Up to when the rate has grown.
    grown: Instant,
    /// When the rate was last cut. A 429 of a request that left before tells nothing more.
    cut: Instant,
    /// Whether no 429 has come at this rate yet.
    searching: bool,
    /// 429s since a request got through.
    refused: u32,
    /// Requests that got through since the last cut.
    taken: u32,
}

/// When it is the next request's turn.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Now,
    At(Instant),
    AfterAnswer,
}

impl Default for Pace {
    fn default() -> Self {
        Self { phase: Phase::Starting { window: 0, answered: 0 }, under_way: 0 }
    }
}

impl Pace {
    /// Tells whether every request may leave at once.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open)
    }

    /// Tells whether the vault is known to throttle.
    pub(super) fn is_paced(&self) -> bool {
        matches!(self.phase, Phase::Paced(_))
    }

    /// Tells when the next request may leave. On [`Turn::Now`] it counts as having left.
    pub(super) fn turn(&mut self, now: Instant) -> Turn {
        let turn = match &mut self.phase {
            Phase::Starting { window, .. } if self.under_way >= WINDOWS[*window] => Turn::AfterAnswer,
            Phase::Starting { .. } | Phase::Open => Turn::Now,
            Phase::Paced(paced) => paced.turn(now, self.under_way),
        };
        if turn == Turn::Now {
            self.under_way += 1;
        }
        turn
    }

    /// Learns that the vault took a request.
    pub(super) fn accepted(&mut self, now: Instant) {
        self.abandoned();
        match &mut self.phase {
            Phase::Starting { window, answered } => {
                *answered += 1;
                if *answered == WINDOWS[*window] {
                    self.phase = after_window(*window);
                }
            }
            Phase::Open => {}
            Phase::Paced(paced) if now.duration_since(paced.cut) > FORGET => *self = Self::default(),
            Phase::Paced(paced) => paced.accepted(),
        }
    }

    /// Learns that the vault refused a request that `left` then; `counted` if this pace had let it out.
    pub(super) fn throttled(&mut self, now: Instant, left: Instant, counted: bool, chance: f64) {
        if counted {
            self.abandoned();
        }
        match &mut self.phase {
            Phase::Starting { .. } | Phase::Open => self.phase = Phase::Paced(Paced::new(now, chance)),
            Phase::Paced(paced) if left <= paced.cut => {}
            Phase::Paced(paced) => paced.cut(now, chance),
        }
    }

    /// Learns that a request is no longer under way.
    pub(super) fn abandoned(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }
}

/// Returns what follows when as many requests were taken as a window has.
fn after_window(window: usize) -> Phase {
    match window + 1 {
        next if next == WINDOWS.len() => Phase::Open,
        next => Phase::Starting { window: next, answered: 0 },
    }
}

impl Paced {
    fn new(now: Instant, chance: f64) -> Self {
        let next = now + FIRST_PAUSE.mul_f64(0.5 + chance);
        Self { rate: FIRST_RATE, next, grown: next, cut: now, searching: true, refused: 1, taken: 0 }
    }

    fn turn(&mut self, now: Instant, under_way: u32) -> Turn {
        if now < self.next {
            return Turn::At(self.next);
        }
        // One request at a time finds out when something gets through again.
        if self.refused > BLOCKED && under_way > 0 {
            return Turn::AfterAnswer;
        }
        self.grow(now);
        // A turn that nobody took is lost, so that an idle process does not save up for a burst.
        self.next = now.max(self.next) + Duration::from_secs_f64(1.0 / self.rate);
        Turn::Now
    }

    fn accepted(&mut self) {
        self.refused = 0;
        self.taken += 1;
        if self.searching {
            self.rate *= 1.0 + SEARCH_STEP;
        }
    }

    fn cut(&mut self, now: Instant, chance: f64) {
        self.grow(now);
        self.refused += 1;
        let pause = match self.refused.checked_sub(BLOCKED + 1) {
            None => {
                // The refused request left at the rate too: without it, a short run would look slower than it was.
                let got_through = f64::from(self.taken + 1) / now.duration_since(self.cut).as_secs_f64();
                self.rate = (KEPT * (self.rate + self.rate.min(got_through)) / 2.0).max(LOWEST_RATE);
                Duration::from_secs_f64(TURNS_GIVEN_UP * 2.0 * chance / self.rate)
            }
            Some(more) => (FIRST_PAUSE * (2 << more.min(8))).min(LONGEST_PAUSE).mul_f64(0.5 + chance),
        };
        (self.searching, self.cut, self.taken) = (false, now, 0);
        // The random part keeps processes that were refused together from coming back together.
        self.next = self.next.max(now + pause);
    }

    /// Grows with time, but not for more than a second of idleness.
    fn grow(&mut self, now: Instant) {
        let seconds = now.saturating_duration_since(self.grown).as_secs_f64().min(1.0);
        self.grown = now;
        if !self.searching {
            let since_cut = now.saturating_duration_since(self.cut).as_secs_f64();
            let haste = (1.0 + (since_cut / PATIENCE).powi(5)).min(MOST_HASTE);
            self.rate += haste * GROWTH * (self.rate / GROWTH_RATE).sqrt() * seconds;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttled(now: Instant) -> Pace {
        let mut pace = Pace::default();
        assert_eq!(pace.turn(now), Turn::Now);
        pace.throttled(now, now, true, 0.5);
        pace
    }

    fn rate(pace: &Pace) -> f64 {
        match &pace.phase {
            Phase::Paced(paced) => paced.rate,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_few_requests_go_ahead() {
        let now = Instant::now();
        let mut pace = Pace::default();
        for admitted in WINDOWS {
            let left = std::iter::from_fn(|| (pace.turn(now) == Turn::Now).then_some(())).count();
            assert_eq!(left, usize::try_from(admitted).unwrap());
            (0..admitted).for_each(|_| pace.accepted(now));
        }
        assert!(pace.is_open());
    }

    #[test]
    fn a_429_stops_everybody_for_a_moment() {
        let now = Instant::now();
        let mut pace = throttled(now);
        assert_eq!(pace.turn(now), Turn::At(now + FIRST_PAUSE));
        let later = now + FIRST_PAUSE;
        assert_eq!(pace.turn(later), Turn::Now);
        assert_eq!(pace.turn(later), Turn::At(later + Duration::from_secs_f64(1.0 / FIRST_RATE)));
    }

    #[test]
    fn answers_to_one_burst_cut_once() {
        let now = Instant::now();
        let mut pace = throttled(now);
        let before = rate(&pace);
        pace.throttled(now + Duration::from_millis(1), now, true, 0.5);
        assert_eq!(rate(&pace), before);
    }

    #[test]
    fn a_blocked_vault_is_asked_one_request_at_a_time_and_less_and_less() {
        let mut now = Instant::now();
        let mut pace = throttled(now);
        let mut asked = 0;
        let end = now + Duration::from_secs(10);
        while now < end {
            match pace.turn(now) {
                Turn::Now => {
                    asked += 1;
                    assert!(pace.under_way <= 1);
                    let left = now;
                    now += Duration::from_millis(5);
                    pace.throttled(now, left, true, 0.5);
                }
                Turn::At(moment) => now = moment,
                Turn::AfterAnswer => panic!("nothing is under way"),
            }
        }
        assert!(asked <= 20, "{asked}");
    }

    #[test]
    fn a_minute_without_a_429_is_forgotten_about() {
        let now = Instant::now();
        let mut pace = throttled(now);
        let later = now + FORGET + Duration::from_secs(1);
        assert_eq!(pace.turn(later), Turn::Now);
        pace.accepted(later);
        assert!(matches!(pace.phase, Phase::Starting { .. }));
    }
}
