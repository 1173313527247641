//! What a governor costs where nothing throttles, for `bench/governor.py`.

use std::{env, fs, future::Future, hint::black_box, pin::pin, task::Waker, time::Instant};

use super::*;

const ADMISSIONS: u32 = 5_000_000;

/// Returns a way through a governor where nothing throttles.
pub(crate) fn open_admission() -> impl Fn() {
    let governor = Governor::default();
    governor.open.store(true, Relaxed);
    move || {
        let mut context = std::task::Context::from_waker(Waker::noop());
        let admitted = pin!(black_box(&governor).admit()).poll(&mut context);
        let std::task::Poll::Ready(permit) = admitted else { panic!("an open governor lets nobody wait") };
        black_box(permit).accepted();
    }
}

#[test]
#[ignore = "writes a file; `make bench-governor` runs it"]
fn cost() {
    let admit = open_admission();
    let began = Instant::now();
    for _ in 0..ADMISSIONS {
        admit();
    }
    let nanoseconds = began.elapsed().as_secs_f64() * 1e9 / f64::from(ADMISSIONS);
    let file = env::var_os("LIBKV_FIGURES").expect("LIBKV_FIGURES names the file to write");
    fs::write(file, format!("{nanoseconds}\n")).unwrap();
}
