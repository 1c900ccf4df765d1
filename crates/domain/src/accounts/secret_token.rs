//! Opaque tokens with an id and a secret.

use std::{fmt, marker::PhantomData};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

/// A token `<id>.<secret>` for one purpose. The store keeps only a digest.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretToken<Purpose> {
    id: Uuid,
    secret: [u8; 32],
    purpose: PhantomData<Purpose>,
}

/// The purpose of a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refreshing;

/// The purpose of the token in the cookie of a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Browsing;

/// The purpose of a token that resets a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resetting;

/// The purpose of a token that completes a sign-in with a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenging;

/// A token that stands for a verified password, until a code completes the sign-in.
pub type ChallengeToken = SecretToken<Challenging>;

/// A refresh token. Its id is that of its session.
pub type RefreshToken = SecretToken<Refreshing>;

/// The content of a session cookie. It stays the same for the whole session, whose id is its id.
pub type CookieToken = SecretToken<Browsing>;

/// A token that sets a new password once.
pub type ResetToken = SecretToken<Resetting>;

impl<Purpose> SecretToken<Purpose> {
    /// Creates a token.
    #[must_use]
    pub fn new(id: Uuid, secret: [u8; 32]) -> Self {
        let purpose = PhantomData;
        Self {
            id,
            secret,
            purpose,
        }
    }

    /// Parses a presented token. `None` if it does not have the form of a token.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.split_once('.')?;
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?;
        Some(Self::new(
            Uuid::try_parse(id).ok()?,
            secret.try_into().ok()?,
        ))
    }

    /// The id, which is no secret.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// SHA-256 of the secret, in lower-case hexadecimal. A fast digest is sufficient, because the
    /// secret has 256 random bits.
    #[must_use]
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.secret))
    }

    /// Compares the digest in constant time.
    #[must_use]
    pub fn has_digest(&self, digest: &str) -> bool {
        self.digest().as_bytes().ct_eq(digest.as_bytes()).into()
    }

    /// The token's text.
    #[must_use]
    pub fn expose(&self) -> String {
        let secret = URL_SAFE_NO_PAD.encode(self.secret);
        format!("{}.{secret}", self.id.simple())
    }
}

/// Number of the first bytes of the secret that are the same for all refresh tokens of a session.
const CONSTANT: usize = 16;

impl RefreshToken {
    /// Returns the next refresh token of the session.
    #[must_use]
    pub fn successor(&self, secret: [u8; 32]) -> Self {
        let mut next = self.secret;
        next[CONSTANT..].copy_from_slice(&secret[CONSTANT..]);
        Self::new(self.id, next)
    }
}

impl<Purpose> SecretToken<Purpose> {
    /// SHA-256 of the part that all refresh tokens of the session share, in lower-case hexadecimal. It tells
    /// a used token from a forged one.
    #[must_use]
    pub fn family_digest(&self) -> String {
        hex::encode(Sha256::digest(&self.secret[..CONSTANT]))
    }
}

impl<Purpose> fmt::Debug for SecretToken<Purpose> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretToken({}.…)", self.id.simple())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_debug_shows_no_secret() {
        let token = RefreshToken::new(Uuid::from_u128(7), [9; 32]);
        assert_eq!(RefreshToken::parse(&token.expose()), Some(token.clone()));
        assert!(token.has_digest(&token.digest()) && !token.has_digest(""));
        assert!(!format!("{token:?}").contains(&URL_SAFE_NO_PAD.encode([9; 32])));
        let next = token.successor([8; 32]);
        assert_eq!(next.family_digest(), token.family_digest());
        assert!(next.digest() != token.digest() && next.id() == token.id());
        assert_ne!(
            next.family_digest(),
            RefreshToken::new(token.id(), [8; 32]).family_digest()
        );
        for text in ["", ".", "a.b", "00000000000000000000000000000007.", "é.é"] {
            assert_eq!(RefreshToken::parse(text), None);
        }
    }
}
