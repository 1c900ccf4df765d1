//! The cookie of a session: its name, its attributes, and finding it in a request.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};

use crate::app::HttpConfig;

/// The end of both names.
const SUFFIX: &str = "tintero_session";

/// The name over https. Browsers accept the prefix only from the host itself, with `Secure` and for all paths
/// ([RFC 6265bis](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.3.2)).
pub(crate) const NAME: &str = "__Host-tintero_session";

/// Returns the name of the cookie. Over http, which only development uses, browsers reject `Secure`.
fn name(config: &HttpConfig) -> &'static str {
    if config.is_secure() { NAME } else { SUFFIX }
}

/// Returns the value of the cookie in a request.
pub(crate) fn find<'a>(headers: &'a HeaderMap, config: &HttpConfig) -> Option<&'a str> {
    find_named(headers, name(config))
}

/// Returns the value of the cookie with a name.
pub(crate) fn find_named<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let fields = headers.get_all(header::COOKIE).iter();
    fields
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// Part of the names of all cookies of the server, also of that of a sign-in through an issuer.
const COMMON: &[u8] = b"tintero_";

/// Whether a request may have a cookie of the server, on which its answer depends.
pub(crate) fn may_be_in(headers: &HeaderMap) -> bool {
    let mut fields = headers.get_all(header::COOKIE).iter();
    fields.any(|field| {
        let mut parts = field.as_bytes().windows(COMMON.len());
        parts.any(|part| part == COMMON)
    })
}

/// Returns the `Set-Cookie` that stores `value` for at most `lifetime`.
pub(crate) fn set(value: &str, lifetime: Duration, config: &HttpConfig) -> HeaderValue {
    let secure = if config.is_secure() { "; Secure" } else { "" };
    let text = format!(
        "{}={value}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{secure}",
        name(config),
        lifetime.as_secs()
    );
    let mut field = HeaderValue::try_from(text).expect("tokens and names are ASCII");
    field.set_sensitive(true);
    field
}

/// Returns the `Set-Cookie` that deletes the cookie.
pub(crate) fn delete(config: &HttpConfig) -> HeaderValue {
    set("", Duration::ZERO, config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_bound_to_the_host_over_https() {
        let month = Duration::from_hours(30 * 24);
        let https = set("x.y", month, &HttpConfig::new("https://example.org/cms"));
        assert_eq!(
            https,
            "__Host-tintero_session=x.y; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict; Secure"
        );
        let http = delete(&HttpConfig::new("http://localhost:8080"));
        assert_eq!(
            http,
            "tintero_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"
        );
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let config = HttpConfig::new("https://example.org");
        let mut headers = HeaderMap::new();
        assert!(!may_be_in(&headers));
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("_ga=1; theme=dark"),
        );
        assert!(!may_be_in(&headers) && find(&headers, &config).is_none());
        let mut pending = HeaderMap::new();
        let login = HeaderValue::from_static("__Host-tintero_login=x");
        pending.append(header::COOKIE, login);
        assert!(may_be_in(&pending) && find(&pending, &config).is_none());
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a=b;__Host-tintero_session=x.y"),
        );
        assert!(may_be_in(&headers));
        assert_eq!(find(&headers, &config), Some("x.y"));
    }
}
