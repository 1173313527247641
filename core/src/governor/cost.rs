//! What a governor costs where nothing throttles, for `bench/governor.py`.

use std::{env, fs, future::Future, hint::black_box, pin::pin, task::Waker, time::Instant};

use super::*;

const ADMISSIONS: u32 = 5_000_000;

#[test]
#[ignore = "writes a file; `make bench-governor` runs it"]
fn cost() {
    let governor = Governor::default();
    governor.open.store(true, Relaxed);
    let mut context = std::task::Context::from_waker(Waker::noop());
    let began = Instant::now();
    for _ in 0..ADMISSIONS {
        let admitted = pin!(black_box(&governor).admit()).poll(&mut context);
        let std::task::Poll::Ready(permit) = admitted else { panic!("an open governor lets nobody wait") };
        black_box(permit).accepted();
    }
    let nanoseconds = began.elapsed().as_secs_f64() * 1e9 / f64::from(ADMISSIONS);
    let file = env::var_os("LIBKV_FIGURES").expect("LIBKV_FIGURES names the file to write");
    fs::write(file, format!("{nanoseconds}\n")).unwrap();
}
