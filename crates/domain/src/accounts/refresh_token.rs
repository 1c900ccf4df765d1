use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A refresh token: `<family>.<secret>`. The store keeps only a digest.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    family: Uuid,
    secret: [u8; 32],
}

impl RefreshToken {
    /// Creates a token of a session.
    #[must_use]
    pub fn new(family: Uuid, secret: [u8; 32]) -> Self {
        Self { family, secret }
    }

    /// Parses a presented token. `None` if it does not have the form of a refresh token.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (family, secret) = text.split_once('.')?;
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?;
        Some(Self {
            family: Uuid::try_parse(family).ok()?,
            secret: secret.try_into().ok()?,
        })
    }

    /// The session that the token belongs to.
    #[must_use]
    pub fn family(&self) -> Uuid {
        self.family
    }

    /// SHA-256 of the secret, in lower-case hexadecimal. A fast digest is sufficient, because the
    /// secret has 256 random bits.
    #[must_use]
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.secret))
    }

    /// The token's text.
    #[must_use]
    pub fn expose(&self) -> String {
        format!(
            "{}.{}",
            self.family.simple(),
            URL_SAFE_NO_PAD.encode(self.secret)
        )
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RefreshToken({}.…)", self.family.simple())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_debug_shows_no_secret() {
        let token = RefreshToken::new(Uuid::from_u128(7), [9; 32]);
        assert_eq!(RefreshToken::parse(&token.expose()), Some(token.clone()));
        assert!(!format!("{token:?}").contains(&URL_SAFE_NO_PAD.encode([9; 32])));
        for text in ["", ".", "a.b", "00000000000000000000000000000007.", "é.é"] {
            assert_eq!(RefreshToken::parse(text), None);
        }
    }
}
