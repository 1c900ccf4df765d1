//! Problems with status 401. Each names the accepted credentials in `WWW-Authenticate`.

use std::time::Duration;

use http::header;

use super::{Problem, ProblemType};

/// The challenge to send an access token.
const BEARER: &str = r#"Bearer realm="tintero""#;

/// The challenge to send an API key, in a non-standard scheme.
const API_KEY: &str = r#"ApiKey realm="tintero""#;

/// Returns the problem for a request without a credential.
pub(crate) fn unauthenticated() -> Problem {
    let problem = Problem::new(ProblemType::Unauthenticated);
    problem
        .header(header::WWW_AUTHENTICATE, BEARER)
        .header(header::WWW_AUTHENTICATE, API_KEY)
}

/// Returns the problem for a wrong e-mail address or password.
pub(super) fn bad_credentials() -> Problem {
    Problem::new(ProblemType::BadCredentials).header(header::WWW_AUTHENTICATE, BEARER)
}

/// Returns the problem for a wrong code of a second factor.
pub(super) fn bad_code() -> Problem {
    Problem::new(ProblemType::BadCode).header(header::WWW_AUTHENTICATE, BEARER)
}

/// Returns the problem for a change of access in an old session
/// ([RFC 9470](https://www.rfc-editor.org/rfc/rfc9470#section-3)).
pub(super) fn sign_in_too_old(age: Duration) -> Problem {
    let seconds = age.as_secs();
    let challenge = format!(
        r#"{BEARER}, error="insufficient_user_authentication", error_description="a recent sign-in with the second factor is required", max_age="{seconds}""#
    );
    Problem::new(ProblemType::SignInTooOld)
        .member("max_age", seconds)
        .header(header::WWW_AUTHENTICATE, &challenge)
}

/// Returns the problem for an invalid access or refresh token
/// ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750#section-3)).
pub(crate) fn invalid_token(reason: &str) -> Problem {
    invalid(BEARER, reason)
}

/// Returns the problem for an invalid API key, in the same form.
pub(super) fn invalid_key(reason: &str) -> Problem {
    invalid(API_KEY, reason)
}

fn invalid(challenge: &str, reason: &str) -> Problem {
    let challenge = format!(r#"{challenge}, error="invalid_token", error_description="{reason}""#);
    Problem::new(ProblemType::InvalidToken)
        .detail(format!("Authentication failed: {reason}."))
        .header(header::WWW_AUTHENTICATE, &challenge)
}
