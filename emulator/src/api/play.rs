//! What a fault does to the request it hits.

use std::time::Duration;

use http::{HeaderName, HeaderValue, StatusCode};

use crate::reply::{self, Outcome, Reply};
use crate::vault::fault::{Action, Fault};

/// Lets a fault happen to an operation, and another caller's deeds behind it. `base` is the vault's URL.
pub(super) async fn play(
    fault: &Fault,
    base: &str,
    operation: impl Future<Output = Reply>,
    deeds: impl Future<Output = ()>,
) -> Outcome {
    let reply = match fault.action() {
        Action::Respond | Action::Reset => stated(fault, base),
        _ => operation.await,
    };
    deeds.await;
    if fault.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
    }
    match fault.action() {
        Action::Respond | Action::None => Outcome::Answer(reply),
        Action::RespondAfter => Outcome::Answer(stated(fault, base)),
        Action::Truncate if !reply.body().is_empty() => Outcome::Truncated(reply),
        Action::Reset | Action::ResetAfter | Action::Truncate => Outcome::Dropped,
    }
}

/// Returns the answer that the fault states.
fn stated(fault: &Fault, base: &str) -> Reply {
    let fill = |text: &str| text.replace("{vault_url}", base);
    let status = StatusCode::from_u16(fault.status()).unwrap_or_default();
    let body = fill(&fault.body());
    let mut reply = if body.is_empty() { reply::bare(status) } else { reply::json_text(status, body) };
    for (name, value) in &fault.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(fill(value))) {
            reply.headers_mut().insert(name, value);
        }
    }
    reply
}
