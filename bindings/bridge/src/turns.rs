//! A runtime without a thread, which the event loop of a host drives in turns.

mod marker;

use std::{
    cell::RefCell, collections::BTreeSet, future::poll_fn, io, mem, os::fd::RawFd, pin::Pin, sync::Arc,
    task::Poll, time::Duration,
};

use libkv::time::NoteWaits;
use tokio::time::{Instant, Sleep, sleep};

use self::marker::Marker;
use crate::{driver::Driver, log::undisturbed, runtime::Lease, task::Batch};

/// How soon a wait must end for [`Turns::turn`] to tell of it.
const NEAR: Duration = Duration::from_secs(1);

/// How far off a timer is that is always there: a call's deadline comes later, so that its timer need not interrupt the runtime.
const NEXT: Duration = Duration::from_millis(500);

/// How much later than asked for a timer fires at most, because the runtime counts in milliseconds.
const ROUNDING: Duration = Duration::from_millis(1);

/// The network of one thread, whose calls wake no other: neither on the way out nor for the answer.
#[derive(Debug)]
pub struct Turns {
    /// Empty only while this is dropped.
    driver: Option<Arc<Driver>>,
    marker: Marker,
    queue: RawFd,
    /// When those waits end that are near.
    waits: RefCell<BTreeSet<Instant>>,
    noted: NoteWaits,
    /// The timer that is always there.
    next: RefCell<Pin<Box<Sleep>>>,
}

impl Turns {
    /// Makes a runtime for the calling thread, which drives it and makes all calls on it.
    ///
    /// # Errors
    /// Those of the operating system, and [`io::ErrorKind::Unsupported`] where it does not show what a runtime waits for.
    pub fn new() -> io::Result<Self> {
        let (driver, marker) = Marker::in_driver()?;
        let queue = marker.find_queue()?;
        let entered = driver.runtime().enter();
        let next = RefCell::new(Box::pin(sleep(NEXT)));
        drop(entered);
        let (driver, waits, noted) = (Some(Arc::new(driver)), RefCell::default(), NoteWaits::new());
        Ok(Self { driver, marker, queue, waits, noted, next })
    }

    /// Returns the descriptor that is readable when a turn is due. It remains the runtime's.
    pub fn queue(&self) -> RawFd {
        self.queue
    }

    /// Leases the runtime to requests, or gives none once it has ended.
    pub fn lease(&self) -> Option<Lease> {
        self.driver.clone().map(Lease::on)
    }

    /// Goes on with a batch, and does what can be done without waiting; where that is much, a part of it, and the queue stays
    /// readable.
    ///
    /// Returns how soon the next turn is due though the descriptor may not be readable. Waits of a second and longer are not
    /// told: until a call is over, the host comes back every now and then.
    pub fn turn(&self, batch: Batch) -> Option<Duration> {
        let driver = self.driver.as_ref()?;
        let now = Instant::now();
        let mut waits = self.waits.borrow_mut();
        let later = waits.split_off(&now);
        let has_ended = !mem::replace(&mut *waits, later).is_empty();
        let is_done = undisturbed(|| {
            driver.runtime().block_on(async {
                self.keep_next(now).await;
                batch.spawn();
                self.marker.passes().await
            })
        });
        self.noted.take(|end| {
            if end + ROUNDING < now + NEAR {
                waits.insert(end + ROUNDING);
            }
        });
        // The runtime looks at its timers last.
        if has_ended || !is_done {
            self.marker.put();
        }
        waits.first().map(|end| end.saturating_duration_since(Instant::now()))
    }

    /// Sees to it that there is the next timer.
    async fn keep_next(&self, now: Instant) {
        poll_fn(|context| {
            let mut next = self.next.borrow_mut();
            if next.deadline() <= now {
                next.as_mut().reset(now + NEXT);
            }
            let _ = next.as_mut().poll(context);
            Poll::Ready(())
        })
        .await;
    }
}

impl Drop for Turns {
    /// Ends all calls, but does not wait for a name that is being resolved.
    fn drop(&mut self) {
        if let Some(driver) = mem::take(&mut self.driver).and_then(Arc::into_inner) {
            driver.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::{Ipv4Addr, TcpListener},
        sync::mpsc::{Receiver, channel},
        thread,
    };

    use libkv::Result;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
        task::yield_now,
        time::sleep,
    };

    use super::*;
    use crate::{Task, UnderWay};

    fn begin<T: Send + 'static>(
        turns: &Turns,
        request: impl Future<Output = Result<T>> + Send + 'static,
    ) -> (Batch, Task, Receiver<Result<T>>) {
        let (sender, receiver) = channel();
        let mut batch = Batch::default();
        let tell = move |outcome| sender.send(outcome).unwrap();
        let task = UnderWay::on(turns.lease().unwrap(), Box::pin(request)).go_on_with(&mut batch, tell);
        (batch, task, receiver)
    }

    /// Waits until the event loop of a host would make a turn, or for so long.
    fn is_readable(turns: &Turns, milliseconds: i32) -> bool {
        let mut queue = libc::pollfd { fd: turns.queue(), events: libc::POLLIN, revents: 0 };
        // SAFETY: the structure lives until the call returns.
        unsafe { libc::poll(&raw mut queue, 1, milliseconds) == 1 }
    }

    #[test]
    fn an_answer_makes_the_queue_readable_and_its_turn_brings_it() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let server = thread::spawn(move || {
            let (mut peer, _) = listener.accept().unwrap();
            let mut byte = [0];
            while peer.read(&mut byte).unwrap() == 1 {
                peer.write_all(&[byte[0] + 1]).unwrap();
            }
        });
        let turns = Turns::new().unwrap();
        let (batch, _task, receiver) = begin(&turns, async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            for expected in 1..200 {
                stream.write_all(&[expected - 1]).await.unwrap();
                assert_eq!(stream.read_u8().await.unwrap(), expected);
            }
            Ok(())
        });
        turns.turn(batch);
        while receiver.try_recv().is_err() {
            assert!(is_readable(&turns, 10_000), "an answer was lost");
            turns.turn(Batch::default());
        }
        server.join().unwrap();
    }

    #[test]
    fn a_queue_without_events_is_not_readable_after_a_turn() {
        let turns = Turns::new().unwrap();
        for _ in 0..3 {
            assert_eq!(turns.turn(Batch::default()), None);
            assert!(!is_readable(&turns, 0));
        }
    }

    #[test]
    fn tasks_that_are_ready_are_not_left_behind() {
        let turns = Turns::new().unwrap();
        let (batch, _task, receiver) = begin(&turns, async {
            for _ in 0..1_000 {
                yield_now().await;
            }
            Ok(())
        });
        turns.turn(batch);
        while receiver.try_recv().is_err() {
            assert!(is_readable(&turns, 0));
            turns.turn(Batch::default());
        }
    }

    #[test]
    fn what_another_thread_wakes_makes_the_queue_readable() {
        let turns = Turns::new().unwrap();
        let (sender, awaited) = tokio::sync::oneshot::channel();
        let (batch, _task, receiver) = begin(&turns, async move { Ok(awaited.await.unwrap()) });
        assert_eq!(turns.turn(batch), None);
        assert!(!is_readable(&turns, 0));
        thread::spawn(move || sender.send(7).unwrap()).join().unwrap();
        assert!(is_readable(&turns, 0));
        turns.turn(Batch::default());
        assert_eq!(receiver.try_recv().unwrap().unwrap(), 7);
    }

    #[test]
    fn a_turn_tells_when_the_next_one_is_due() {
        let turns = Turns::new().unwrap();
        let call = async {
            libkv::time::sleep(Duration::from_millis(20)).await;
            Ok(())
        };
        let (batch, _task, receiver) = begin(&turns, call);
        let mut due = turns.turn(batch);
        while receiver.try_recv().is_err() {
            match due {
                Some(due) => thread::sleep(due),
                None => assert!(is_readable(&turns, 0)),
            }
            due = turns.turn(Batch::default());
        }
        assert_eq!(due, None);
    }

    #[test]
    fn dropping_it_ends_what_is_under_way() {
        let turns = Turns::new().unwrap();
        let (batch, _task, receiver) = begin(&turns, async {
            sleep(Duration::from_secs(3600)).await;
            Ok(())
        });
        turns.turn(batch);
        drop(turns);
        assert_eq!(receiver.try_recv().unwrap().unwrap_err().kind(), libkv::ErrorKind::Cancelled);
    }
}
