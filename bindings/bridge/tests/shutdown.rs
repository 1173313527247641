//! A shutdown, in a process of its own: it ends all calls there are.

use std::{future::pending, sync::mpsc::channel, thread, time::Duration};

use libkv::{ErrorKind, Result};
use libkv_bridge::{Task, shutdown, spawn, wait};

const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn a_shutdown_ends_calls_and_threads_and_the_next_call_starts_anew() {
    shutdown().unwrap();

    let (sender, told) = channel();
    let tell = move |outcome: Result<()>| {
        let again = Task::start(pending::<Result<()>>(), |_| ());
        sender.send((outcome.unwrap_err().kind(), again.unwrap_err().kind())).unwrap();
    };
    Task::start(pending(), tell).unwrap();
    let (sender, waits) = channel();
    let waiting = thread::spawn(move || {
        let outcome = wait(
            pending::<Result<()>>(),
            || false,
            |wait| {
                sender.send(()).unwrap();
                wait()
            },
        );
        outcome.unwrap_err().kind()
    });
    waits.recv_timeout(PATIENCE).unwrap();
    let (sender, refused) = channel();
    spawn("callback", move || sender.send(shutdown().unwrap_err().kind()).unwrap()).unwrap();
    assert_eq!(refused.recv_timeout(PATIENCE).unwrap(), ErrorKind::InvalidState);

    shutdown().unwrap();
    assert_eq!(told.try_recv().unwrap(), (ErrorKind::Cancelled, ErrorKind::InvalidState));
    assert_eq!(waiting.join().unwrap(), ErrorKind::Cancelled);

    let (sender, told) = channel();
    let request = Box::pin(async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        Ok(7)
    });
    Task::start(request, move |outcome| sender.send(outcome.unwrap()).unwrap()).unwrap();
    assert_eq!(told.recv_timeout(PATIENCE).unwrap(), 7);
    let on_a_worker = wait(async { shutdown() }, || false, |wait| wait());
    assert_eq!(on_a_worker.unwrap_err().kind(), ErrorKind::InvalidState);
    shutdown().unwrap();
}
