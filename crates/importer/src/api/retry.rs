use std::time::Duration;

use reqwest::{
    StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};

/// Maximum number of retries of one call.
pub(super) const RETRIES: u32 = 4;
const FIRST: Duration = Duration::from_millis(250);
/// Maximum delay, even if the server requests a longer one.
const LONGEST: Duration = Duration::from_secs(30);

/// Returns the delay after attempt `attempt`, counted from zero: the server's `Retry-After`,
/// otherwise a delay that doubles each time.
pub(super) fn before_retry(attempt: u32, retry_after: Option<Duration>) -> Duration {
    let doubled = FIRST * 2_u32.saturating_pow(attempt.min(16));
    retry_after.unwrap_or(doubled).min(LONGEST)
}

/// Returns the seconds of `Retry-After`. A date is ignored.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}

/// Whether a retry may succeed. A conflict is retried only if it has `Retry-After`.
pub(super) fn is_retryable(status: StatusCode, headers: &HeaderMap) -> bool {
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
    fn delays_double_up_to_the_limit() {
        let delays = [0, 1, 2, 40].map(|attempt| before_retry(attempt, None).as_millis());
        assert_eq!(delays, [250, 500, 1000, 30_000]);
        assert_eq!(before_retry(0, Some(Duration::from_secs(7))).as_secs(), 7);
        assert_eq!(before_retry(0, Some(Duration::from_secs(9_999))), LONGEST);
    }

    #[test]
    fn a_conflict_is_retried_only_with_retry_after() {
        let mut headers = HeaderMap::new();
        assert!(!is_retryable(StatusCode::CONFLICT, &headers));
        headers.insert(RETRY_AFTER, "1".parse().unwrap());
        assert!(is_retryable(StatusCode::CONFLICT, &headers));
        assert_eq!(retry_after(&headers), Some(Duration::from_secs(1)));
        assert!(!is_retryable(StatusCode::BAD_REQUEST, &headers));
    }
}
