use serde::Serialize;
use utoipa::ToSchema;

/// The public keys that verify access tokens ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Jwks {
    /// The keys, the one that signs new tokens first.
    pub(crate) keys: Vec<Jwk>,
}

/// One public RSA key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Jwk {
    /// Always `RSA`.
    pub(crate) kty: &'static str,
    /// Always `sig`: the key verifies signatures.
    #[serde(rename = "use")]
    pub(crate) usage: &'static str,
    /// Always `RS256`.
    pub(crate) alg: &'static str,
    /// Names the key in the header of tokens.
    pub(crate) kid: String,
    /// The modulus, as base64url.
    pub(crate) n: String,
    /// The exponent, as base64url.
    pub(crate) e: String,
}
