use std::{
    sync::mpsc::{Receiver, Sender, channel},
    thread::{self, ThreadId},
    time::Duration,
};

use tokio::time::sleep;

use super::*;
use crate::{Task, wait};

/// One test: the listener is the process's.
#[test]
fn records_come_where_they_arise_or_on_the_couriers_thread() {
    let (sender, receiver) = channel();
    listen(Level::INFO, teller(sender)).unwrap();
    let emit =
        || tracing::info!(target: "libkv::test", number = 7, text = "seven", absent = None::<u64>, "said");

    emit();
    let (record, thread) = receiver.recv().unwrap();
    assert_eq!(record, "said (number=7, text=seven)");
    assert_eq!(thread, thread::current().id());

    tracing::debug!(target: "libkv::test", "too fine");
    tracing::info!(target: "libkvother", "of another");
    let blocking = async move {
        tokio::task::yield_now().await;
        emit();
        Ok(())
    };
    wait(blocking, || false, here).unwrap();
    assert_eq!(receiver.try_recv().unwrap().1, thread::current().id());

    let (done, ended) = channel();
    let started = async move {
        tokio::task::yield_now().await;
        emit();
        Ok(())
    };
    let _task = Task::start(Box::pin(started), move |_| done.send(thread::current().id()).unwrap()).unwrap();
    let (_, carrier) = receiver.recv().unwrap();
    assert_ne!(carrier, ended.recv().unwrap(), "a runtime's thread was kept waiting");

    listening_does_not_tell_of_itself(&receiver);
    a_listener_may_wait_for_the_call_of_another_thread();
    silence();
    emit();
    assert!(receiver.recv().is_err(), "the listener is kept");
}

fn listening_does_not_tell_of_itself(receiver: &Receiver<(String, ThreadId)>) {
    let (sender, told) = channel();
    let listener = move |record: &Record| {
        sender.send(record.to_string()).unwrap();
        tracing::info!(target: "libkv::test", "within");
        if record.message == "bad" {
            panic!("a listener's own fault");
        }
    };
    listen(Level::DEBUG, Arc::new(listener)).unwrap();
    tracing::debug!(target: "libkv::test", "bad");
    tracing::debug!(target: "libkv::test", "good");
    assert_eq!([told.recv().unwrap(), told.recv().unwrap()], ["bad", "good"]);
    assert!(receiver.recv().is_err(), "two listeners");
    set_level(LevelFilter::OFF);
    tracing::error!(target: "libkv::test", "unheard");
    assert!(told.try_recv().is_err());
}

fn a_listener_may_wait_for_the_call_of_another_thread() {
    let (sender, told) = channel();
    let listener = move |_: &Record| {
        let (done, ended) = channel();
        thread::spawn(move || done.send(wait(nap(), || false, here)));
        sender.send(ended.recv_timeout(Duration::from_secs(10)).is_ok()).unwrap();
    };
    listen(Level::INFO, Arc::new(listener)).unwrap();
    let telling = async {
        tokio::task::yield_now().await;
        tracing::info!(target: "libkv::test", "on the way");
        Ok(())
    };
    // The first two take the turn to drive from the thread that has it.
    wait(nap(), || false, here).unwrap();
    wait(nap(), || false, here).unwrap();
    wait(telling, || false, here).unwrap();
    assert!(told.try_recv().unwrap());
}

async fn nap() -> Result<()> {
    sleep(Duration::from_millis(1)).await;
    Ok(())
}

fn here(go: &mut (dyn FnMut() -> Result<()> + Send)) -> Result<()> {
    go()
}

fn teller(sender: Sender<(String, ThreadId)>) -> Listener {
    let sender = Mutex::new(sender);
    Arc::new(move |record| {
        unpoisoned(sender.lock()).send((record.to_string(), thread::current().id())).unwrap();
    })
}
