//! The cookie of a sign-in through an issuer, which ends with the answer of the issuer.

use std::time::Duration;

use http::{HeaderMap, HeaderValue};

use crate::{app::HttpConfig, auth::PENDING_LIFETIME, session_cookie::find_named};

fn name(config: &HttpConfig) -> &'static str {
    if config.is_secure() {
        "__Host-tintero_login"
    } else {
        "tintero_login"
    }
}

/// Returns the value of the cookie in a request.
pub(crate) fn find<'a>(headers: &'a HeaderMap, config: &HttpConfig) -> Option<&'a str> {
    find_named(headers, name(config))
}

/// Returns the `Set-Cookie` of a new sign-in.
pub(crate) fn set(value: &str, config: &HttpConfig) -> HeaderValue {
    field(value, PENDING_LIFETIME, config)
}

/// Returns the `Set-Cookie` that deletes the cookie.
pub(crate) fn delete(config: &HttpConfig) -> HeaderValue {
    field("", Duration::ZERO, config)
}

/// With `Lax`, because the issuer, another site, sends the browser back.
fn field(value: &str, lifetime: Duration, config: &HttpConfig) -> HeaderValue {
    let secure = if config.is_secure() { "; Secure" } else { "" };
    let text = format!(
        "{}={value}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}",
        name(config),
        lifetime.as_secs()
    );
    let mut field = HeaderValue::try_from(text).expect("the value is base64");
    field.set_sensitive(true);
    field
}
