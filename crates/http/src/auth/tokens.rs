use std::{sync::Arc, time::Duration};

use jsonwebtoken::{
    Algorithm, Header, Validation, decode, decode_header, encode, errors::ErrorKind,
};
use tintero_domain::{
    accounts::VerifiedToken,
    clock::{Clock, Ids, MAX_SKEW},
    values::{Timestamp, UserId},
};
use uuid::Uuid;

use super::{
    Jwks, SigningKey, TokenFault,
    claims::TokenClaims,
    verified::{SignedClaims, VerifiedTokens},
};

/// Issues and verifies access tokens.
#[derive(Clone)]
pub struct AccessTokens(Arc<Inner>);

struct Inner {
    current: SigningKey,
    earlier: Vec<SigningKey>,
    parties: Parties,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    verified: VerifiedTokens,
}

/// Maximum length of a token in bytes.
pub(super) const MAX_LENGTH: usize = 8 * 1024;

/// The issuer and the audience of tokens.
#[derive(Debug, Clone)]
pub struct Parties {
    /// The claim `iss`.
    pub issuer: String,
    /// The claim `aud`.
    pub audience: String,
}

impl AccessTokens {
    /// Validity of a token: 15 minutes.
    pub const LIFETIME: Duration = Duration::from_mins(15);
    /// Tolerated difference between the clocks of two servers, in seconds.
    const LEEWAY: i64 = MAX_SKEW.as_secs().cast_signed();
    /// The media type of access tokens (RFC 9068, section 2.1).
    const TYPE: &str = "at+jwt";

    /// Signs with `current`; accepts signatures by `current` and `earlier`.
    #[must_use]
    pub fn new(
        current: SigningKey,
        earlier: Vec<SigningKey>,
        parties: Parties,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self(Arc::new(Inner {
            current,
            earlier,
            parties,
            clock,
            ids,
            verified: VerifiedTokens::new(),
        }))
    }

    /// Issues a token for a user and a session at time `at`.
    pub(crate) fn issue(&self, user: UserId, session: Option<Uuid>, at: Timestamp) -> String {
        let Inner {
            current,
            parties,
            ids,
            ..
        } = self.0.as_ref();
        let claims = TokenClaims {
            iss: parties.issuer.clone(),
            aud: parties.audience.clone(),
            sub: user.to_string(),
            iat: at.as_seconds(),
            nbf: None,
            exp: at.after(Self::LIFETIME).as_seconds(),
            jti: ids.next().to_string(),
            sid: session,
        };
        let header = Header {
            typ: Some(Self::TYPE.to_owned()),
            kid: Some(current.kid().to_owned()),
            ..Header::new(Algorithm::RS256)
        };
        encode(&header, &claims, &current.encoding)
            .expect("a parsed RSA key signs, and the claims are plain JSON")
    }

    /// Verifies a token.
    ///
    /// # Errors
    /// [`TokenFault`] if the token is invalid or expired.
    pub fn verify(&self, token: &str) -> Result<VerifiedToken, TokenFault> {
        if token.len() > MAX_LENGTH {
            return Err(TokenFault::TooLong);
        }
        let signed = self
            .0
            .verified
            .claims(token, || self.verify_signature(token))?;
        let now = self.0.clock.now().as_seconds();
        if signed.expires.saturating_add(Self::LEEWAY) <= now {
            return Err(TokenFault::Expired);
        }
        if signed.begins.saturating_sub(Self::LEEWAY) > now {
            return Err(TokenFault::NotYet);
        }
        Ok(signed.token)
    }

    /// Checks everything but the time.
    fn verify_signature(&self, token: &str) -> Result<SignedClaims, TokenFault> {
        let key = self.key_of(token)?;
        let claims = decode::<TokenClaims>(token, &key.decoding, &self.validation())
            .map_err(|error| fault(error.kind()))?
            .claims;
        Ok(SignedClaims {
            token: VerifiedToken {
                user_id: claims.sub.parse().map_err(|_| TokenFault::Malformed)?,
                issued_at: claims.iat,
                session: claims.sid,
            },
            begins: claims.nbf.map_or(claims.iat, |nbf| nbf.max(claims.iat)),
            expires: claims.exp,
        })
    }

    /// Returns the issuer.
    pub(crate) fn issuer(&self) -> &str {
        &self.0.parties.issuer
    }

    /// Returns the public keys.
    pub(crate) fn jwks(&self) -> Jwks {
        Jwks {
            keys: self.keys().map(SigningKey::jwk).collect(),
        }
    }

    fn keys(&self) -> impl Iterator<Item = &SigningKey> {
        std::iter::once(&self.0.current).chain(&self.0.earlier)
    }

    /// Checks the header and returns the key that it names.
    fn key_of(&self, token: &str) -> Result<&SigningKey, TokenFault> {
        // Parsing fails for `none` and for unknown algorithms.
        let header = decode_header(token).map_err(|_| TokenFault::Malformed)?;
        if header.alg != Algorithm::RS256 {
            return Err(TokenFault::Algorithm);
        }
        let typ = header.typ.unwrap_or_default().to_ascii_lowercase();
        if typ.strip_prefix("application/").unwrap_or(&typ) != Self::TYPE || header.crit.is_some() {
            return Err(TokenFault::Type);
        }
        // Keys are never taken from a token, so a token that brings one is an attack.
        let brings_key = header.jku.is_some()
            || header.jwk.is_some()
            || header.x5u.is_some()
            || header.x5c.is_some();
        let kid = header.kid.filter(|_| !brings_key).ok_or(TokenFault::Key)?;
        self.keys()
            .find(|key| key.kid() == kid)
            .ok_or(TokenFault::Key)
    }

    fn validation(&self) -> Validation {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_issuer(&[&self.0.parties.issuer]);
        validation.set_audience(&[&self.0.parties.audience]);
        // The library would use the system clock.
        validation.validate_exp = false;
        validation
    }
}

/// Converts an error of the library.
pub(super) fn fault(kind: &ErrorKind) -> TokenFault {
    match kind {
        ErrorKind::InvalidSignature => TokenFault::Signature,
        ErrorKind::InvalidIssuer => TokenFault::Issuer,
        ErrorKind::InvalidAudience => TokenFault::Audience,
        ErrorKind::InvalidAlgorithm => TokenFault::Algorithm,
        _ => TokenFault::Malformed,
    }
}
