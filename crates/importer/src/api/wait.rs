use std::time::Duration;

use reqwest::{
    StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};

/// How often a call is made again.
pub(super) const RETRIES: u32 = 4;
const FIRST: Duration = Duration::from_millis(250);
/// A server that asks for more patience gets this much.
const LONGEST: Duration = Duration::from_secs(30);

/// How long to wait after attempt `attempt`, counted from zero: what the server asks for, else
/// twice as long each time.
pub(super) fn before_retry(attempt: u32, asked: Option<Duration>) -> Duration {
    let doubled = FIRST * 2_u32.saturating_pow(attempt.min(16));
    asked.unwrap_or(doubled).min(LONGEST)
}

/// The seconds of `Retry-After`. A date is not read; the own rule holds then.
pub(super) fn asked(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}

/// Whether the same call may succeed later. A conflict passes only when the server says so.
pub(super) fn passes(status: StatusCode, headers: &HeaderMap) -> bool {
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => true,
        StatusCode::CONFLICT => headers.contains_key(RETRY_AFTER),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_are_bounded() {
        let waits = [0, 1, 2, 40].map(|attempt| before_retry(attempt, None).as_millis());
        assert_eq!(waits, [250, 500, 1000, 30_000]);
        assert_eq!(before_retry(0, Some(Duration::from_secs(7))).as_secs(), 7);
        assert_eq!(before_retry(0, Some(Duration::from_secs(9_999))), LONGEST);
    }

    #[test]
    fn a_conflict_passes_only_when_the_server_says_when() {
        let mut headers = HeaderMap::new();
        assert!(!passes(StatusCode::CONFLICT, &headers));
        headers.insert(RETRY_AFTER, "1".parse().unwrap());
        assert!(passes(StatusCode::CONFLICT, &headers));
        assert_eq!(asked(&headers), Some(Duration::from_secs(1)));
        assert!(!passes(StatusCode::BAD_REQUEST, &headers));
    }
}
