use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The claims of an access token.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TokenClaims {
    /// The issuer.
    pub(super) iss: String,
    /// The audience: one value, no list.
    pub(super) aud: String,
    /// The user.
    pub(super) sub: String,
    /// Time of issue, in seconds since the Unix epoch.
    pub(super) iat: i64,
    /// Time before which the token is not valid, in seconds since the Unix epoch. Tokens of this
    /// service have none, but a holder of the key may issue tokens with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) nbf: Option<i64>,
    /// Time of expiry, in seconds since the Unix epoch.
    pub(super) exp: i64,
    /// The id of the token.
    pub(super) jti: String,
    /// The session. Absent if the server could not store one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sid: Option<Uuid>,
}
