use serde::{Deserialize, Serialize};

/// What an access token says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    /// Who issued it.
    pub(super) iss: String,
    /// For whom; foreign issuers may send a list, ours sends one.
    pub(super) aud: String,
    /// To which user.
    pub(super) sub: String,
    /// When it was issued, in seconds since the Unix epoch.
    pub(super) iat: i64,
    /// From when on it is worthless, in seconds since the Unix epoch.
    pub(super) exp: i64,
    /// Names the token.
    pub(super) jti: String,
}
