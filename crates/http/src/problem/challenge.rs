//! Refusals of whoever does not prove who they are: each 401 says which proof would do.

use http::header;

use super::{Kind, Problem};

/// The challenge to send an access token.
const BEARER: &str = r#"Bearer realm="tintero""#;

/// The challenge to send an API key; the scheme is our own.
const API_KEY: &str = r#"ApiKey realm="tintero""#;

/// The refusal of a request that does not say who calls.
pub(crate) fn nobody() -> Problem {
    let problem = Problem::new(Kind::Unauthenticated);
    problem
        .header(header::WWW_AUTHENTICATE, BEARER)
        .header(header::WWW_AUTHENTICATE, API_KEY)
}

/// The refusal of an e-mail address with a password.
pub(super) fn bad_credentials() -> Problem {
    Problem::new(Kind::BadCredentials).header(header::WWW_AUTHENTICATE, BEARER)
}

/// The refusal of a bad access or refresh token
/// ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750#section-3)).
pub(crate) fn refused_token(reason: &str) -> Problem {
    refused(BEARER, reason)
}

/// The refusal of a bad API key, in the same form.
pub(super) fn refused_key(reason: &str) -> Problem {
    refused(API_KEY, reason)
}

fn refused(challenge: &str, reason: &str) -> Problem {
    let challenge = format!(r#"{challenge}, error="invalid_token", error_description="{reason}""#);
    Problem::new(Kind::InvalidToken)
        .detail(format!("Not signed in: {reason}."))
        .header(header::WWW_AUTHENTICATE, &challenge)
}
