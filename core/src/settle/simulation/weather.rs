//! Bad weather between the client and the simulated vault.

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::{Duration, UNIX_EPOCH},
};

use http::header::DATE;
use tokio::time::sleep;
use zeroize::Zeroizing;

use super::vault::State;
use crate::{
    auth::BoxFuture,
    transport::{Reach, Response, Transport, TransportError},
};

tokio::task_local! {
    /// Which call a request belongs to.
    pub(super) static CALL: usize;
}

#[derive(Clone)]
pub(super) struct SimulatedVault(pub(super) Arc<Mutex<State>>);

impl fmt::Debug for SimulatedVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SimulatedVault")
    }
}

impl SimulatedVault {
    pub(super) fn new(seed: u64, faults: f64) -> Self {
        Self(Arc::new(Mutex::new(State::new(seed, faults))))
    }

    fn draw(&self, longest_ms: u64) -> Duration {
        Duration::from_millis(self.0.lock().unwrap().random.u64(..=longest_ms))
    }

    fn perform(&self, call: usize, request: &reqwest::Request) -> Response {
        let mut state = self.0.lock().unwrap();
        let (status, body) = state.perform(call, request);
        let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(state.now()));
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        http::Response::builder().status(status).header(DATE, date).body(Zeroizing::new(body)).unwrap()
    }
}

impl Transport for SimulatedVault {
    fn send(&self, request: reqwest::Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let call = CALL.get();
        let failed = |reach| Err(TransportError { reach, message: "bad weather".to_owned(), source: None });
        let plain =
            |status: u16| Ok(http::Response::builder().status(status).body(Zeroizing::default()).unwrap());
        let weather = {
            let mut state = self.0.lock().unwrap();
            let is_fair = state.random.f64() >= state.faults;
            if is_fair { 0 } else { state.random.u8(1..=9) }
        };
        Box::pin(async move {
            sleep(self.draw(40)).await;
            match weather {
                1 => return failed(Reach::NotSent),
                2 => return plain(429),
                3 => return plain(503),
                4 => return failed(Reach::MaybeSent),
                5 => {
                    // The loss is noticed while the vault still has the request in hand.
                    let (vault, delay) = (self.clone(), self.draw(200));
                    tokio::spawn(async move {
                        sleep(delay).await;
                        vault.perform(call, &request);
                    });
                    return failed(Reach::MaybeSent);
                }
                _ => {}
            }
            let answer = self.perform(call, &request);
            sleep(self.draw(40)).await;
            match weather {
                6 => plain(500),
                7 | 8 => failed(Reach::MaybeSent),
                9 if self.draw(9).is_zero() => std::future::pending().await,
                _ => Ok(answer),
            }
        })
    }
}
