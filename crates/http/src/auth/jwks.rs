use serde::Serialize;
use utoipa::ToSchema;

/// The public keys that verify access tokens ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Jwks {
    /// The keys. The first one signs new tokens.
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
    /// The id of the key in the headers of tokens.
    pub(crate) kid: String,
    /// The modulus in base64url.
    pub(crate) n: String,
    /// The exponent in base64url.
    pub(crate) e: String,
}
