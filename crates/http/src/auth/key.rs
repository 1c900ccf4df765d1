use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};

use super::Jwk;

/// An RSA key pair for RS256 ([RFC 7518](https://www.rfc-editor.org/rfc/rfc7518#section-3.3)),
/// the only algorithms that the JWT authorizer of API Gateway supports.
#[derive(Clone)]
pub struct SigningKey {
    kid: String,
    modulus: String,
    exponent: String,
    pub(super) encoding: EncodingKey,
    pub(super) decoding: DecodingKey,
}

/// An invalid private key.
#[derive(Debug, thiserror::Error)]
#[error("signing key {kid} cannot be read")]
pub struct KeyFault {
    kid: String,
    source: jsonwebtoken::errors::Error,
}

impl SigningKey {
    /// Creates a key from its id, its private key (PKCS #8 PEM), and the modulus and exponent of its
    /// public key (big-endian without leading zeros).
    ///
    /// # Errors
    /// [`KeyFault`] if the PEM text is not an RSA key.
    pub fn new(
        kid: impl Into<String>,
        private_pem: &str,
        modulus: &[u8],
        exponent: &[u8],
    ) -> Result<Self, KeyFault> {
        let kid = kid.into();
        match EncodingKey::from_rsa_pem(private_pem.as_bytes()) {
            Ok(encoding) => Ok(Self {
                kid,
                modulus: URL_SAFE_NO_PAD.encode(modulus),
                exponent: URL_SAFE_NO_PAD.encode(exponent),
                encoding,
                decoding: DecodingKey::from_rsa_raw_components(modulus, exponent),
            }),
            Err(source) => Err(KeyFault { kid, source }),
        }
    }

    /// Returns the id of the key in tokens.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    pub(super) fn jwk(&self) -> Jwk {
        Jwk {
            kty: "RSA",
            usage: "sig",
            alg: "RS256",
            kid: self.kid.clone(),
            n: self.modulus.clone(),
            e: self.exponent.clone(),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
