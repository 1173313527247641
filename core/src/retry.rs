//! Which failures are worth another try, and after how long. Pure: time and chance come in as arguments.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode, header::RETRY_AFTER};

use crate::{options::RetryConfig, transport::Reach};

/// What a failed try means for the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Another try would fail alike.
    Final,
    /// The request was not applied: try again.
    Again,
    /// The vault turned the request away for its rate: try again, and do not count this try.
    Throttled,
    /// The request may have been applied: try again if that does no harm, otherwise look first.
    InDoubt,
}

impl Verdict {
    /// A probe has no body and no token, so nothing of it was applied.
    pub(crate) fn of_a_probe(self) -> Self {
        if self == Self::InDoubt { Self::Again } else { self }
    }
}

/// Judges an answer that is not a success.
pub(crate) fn after_answer(status: StatusCode) -> Verdict {
    match status.as_u16() {
        429 => Verdict::Throttled,
        408 | 500 | 502 | 503 | 504 => Verdict::InDoubt,
        _ => Verdict::Final,
    }
}

/// Judges a request that got no usable answer.
pub(crate) fn after_transport_failure(reach: Reach) -> Verdict {
    match reach {
        Reach::NotSent => Verdict::Again,
        Reach::MaybeSent => Verdict::InDoubt,
        Reach::Distrusted | Reach::Answered => Verdict::Final,
    }
}

/// Reads how long the server asks to wait: the millisecond headers, else `Retry-After` as seconds or as an HTTP date.
pub(crate) fn server_delay(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let number = |text: &str| text.parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0);
    let milliseconds = |name: &str| text(name).and_then(number).map(|ms| ms / 1_000.0);
    let seconds = || text(RETRY_AFTER.as_str()).and_then(number);
    let date = || {
        let until = httpdate::parse_http_date(text(RETRY_AFTER.as_str())?).ok()?;
        Some(until.duration_since(now).unwrap_or_default())
    };
    milliseconds("retry-after-ms")
        .or_else(|| milliseconds("x-ms-retry-after-ms"))
        .or_else(seconds)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .or_else(date)
}

/// Returns a wait by full jitter: a `chance` in [0, 1) of a bound that doubles with each failure so far.
pub(crate) fn backoff(config: &RetryConfig, failures: u32, chance: f64) -> Duration {
    let doubled = config.base_delay.saturating_mul(1u32.checked_shl(failures).unwrap_or(u32::MAX));
    doubled.min(config.max_delay).mul_f64(chance)
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn delay(pairs: &[(&'static str, &'static str)]) -> Option<Duration> {
        let headers =
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        server_delay(&headers, UNIX_EPOCH + Duration::from_secs(784_111_770))
    }

    #[test]
    fn every_form_of_delay_is_read() {
        assert_eq!(delay(&[("retry-after", "3")]), Some(Duration::from_secs(3)));
        assert_eq!(delay(&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")]), Some(Duration::from_secs(7)));
        assert_eq!(delay(&[("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT")]), Some(Duration::ZERO));
        assert_eq!(delay(&[("retry-after-ms", "40")]), Some(Duration::from_millis(40)));
        assert_eq!(
            delay(&[("x-ms-retry-after-ms", "50"), ("retry-after", "9")]),
            Some(Duration::from_millis(50))
        );
    }

    #[test]
    fn nonsense_is_no_delay() {
        for text in ["", "soon", "-1", "NaN", "inf", "1e300", "Sun, 99 Nov 1994"] {
            assert_eq!(delay(&[("retry-after", text)]), None, "{text}");
        }
        assert_eq!(delay(&[]), None);
    }

    #[test]
    fn backoff_doubles_up_to_its_bound_and_scales_with_chance() {
        let config = RetryConfig {
            max_attempts: 5,
            base_delay: Duration::from_millis(100),
            max_delay: Duration::from_millis(350),
        };
        let bounds: Vec<_> = (0..4).map(|failures| backoff(&config, failures, 1.0).as_millis()).collect();
        assert_eq!(bounds, [100, 200, 350, 350]);
        assert_eq!(backoff(&config, 1, 0.25), Duration::from_millis(50));
        assert_eq!(backoff(&config, u32::MAX, 0.0), Duration::ZERO);
    }
}
