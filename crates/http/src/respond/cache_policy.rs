use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use utoipa::{
    IntoResponses,
    openapi::{RefOr, Response as Documented},
};

/// Time for which caches may use a copy of a public resource.
const MAX_AGE: u64 = 60;

/// Time after that in which caches may use it while they revalidate it.
const MAX_STALE: u64 = 300;

/// Time for which caches may use a redirect, because URLs change again.
const MAX_REDIRECT_AGE: u64 = 300;

/// How other caches may store a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CachePolicy {
    /// A public resource.
    Public,
    /// A redirect of a public resource.
    Moved,
    /// Caches must ask before each use.
    Revalidated,
}

impl CachePolicy {
    /// `Cache-Control` for responses that depend on the caller.
    pub(crate) const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-cache");

    /// Returns `Cache-Control`. Copies are not used beyond `fresh_for`: after that time, a schedule
    /// changes the resource.
    pub(crate) fn field(self, fresh_for: Option<Duration>) -> HeaderValue {
        // Rounded down, so that copies never expire late.
        let fresh_for = fresh_for.map(|time| time.as_secs());
        match self {
            Self::Public => public(fresh_for.unwrap_or(MAX_AGE + MAX_STALE)),
            Self::Moved => {
                let age = fresh_for.unwrap_or(MAX_REDIRECT_AGE).min(MAX_REDIRECT_AGE);
                value(&format!("public, max-age={age}"))
            }
            Self::Revalidated => Self::PRIVATE,
        }
    }
}

fn public(fresh_for: u64) -> HeaderValue {
    let age = fresh_for.min(MAX_AGE);
    let stale = fresh_for.saturating_sub(age).min(MAX_STALE);
    if stale == 0 {
        value(&format!("public, max-age={age}, must-revalidate"))
    } else {
        value(&format!(
            "public, max-age={age}, stale-while-revalidate={stale}"
        ))
    }
}

fn value(field: &str) -> HeaderValue {
    HeaderValue::try_from(field).expect("the value is ASCII")
}

/// Marks a response that is the same for every anonymous caller, so that this server may store it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shareable {
    pub(crate) policy: CachePolicy,
    /// Time until a schedule changes the response, if any.
    pub(crate) fresh_for: Option<Duration>,
}

/// A response that is the same for every anonymous caller.
pub(crate) struct Shared<T> {
    /// The response.
    pub(crate) response: T,
    /// Time until a schedule changes it, if any.
    pub(crate) fresh_for: Option<Duration>,
}

impl<T: IntoResponse> IntoResponse for Shared<T> {
    fn into_response(self) -> Response {
        let mut response = self.response.into_response();
        response.extensions_mut().insert(Shareable {
            policy: CachePolicy::Revalidated,
            fresh_for: self.fresh_for,
        });
        response
    }
}

impl<T: IntoResponses> IntoResponses for Shared<T> {
    fn responses() -> std::collections::BTreeMap<String, RefOr<Documented>> {
        T::responses()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_expire_before_scheduled_changes() {
        let of =
            |policy: CachePolicy, n: u64| policy.field(Some(Duration::from_millis(n * 1000 + 999)));
        let expected = [
            (0, "public, max-age=0, must-revalidate"),
            (59, "public, max-age=59, must-revalidate"),
            (61, "public, max-age=60, stale-while-revalidate=1"),
            (3600, "public, max-age=60, stale-while-revalidate=300"),
        ];
        for (fresh_for, field) in expected {
            assert_eq!(of(CachePolicy::Public, fresh_for), field);
        }
        assert_eq!(CachePolicy::Public.field(None), expected[3].1);
        assert_eq!(of(CachePolicy::Moved, 7), "public, max-age=7");
        assert_eq!(CachePolicy::Moved.field(None), "public, max-age=300");
        assert_eq!(of(CachePolicy::Revalidated, 7), "private, no-cache");
    }
}
