use std::time::Duration;

use moka::sync::Cache;
use sha2::{Digest as _, Sha256};
use tintero_domain::accounts::VerifiedToken;

use super::TokenFault;

/// Maximum number of remembered tokens. A larger number of callers verifies tokens again.
const CAPACITY: u64 = 10_000;

/// Time after which a token is forgotten. Whether a token has expired is checked on every use.
const MAX_AGE: Duration = Duration::from_mins(20);

/// What the signature of a token confirms. It does not depend on the time.
#[derive(Debug, Clone, Copy)]
pub(super) struct SignedClaims {
    pub(super) token: VerifiedToken,
    /// Start of the validity, in seconds since the Unix epoch.
    pub(super) begins: i64,
    /// End of the validity, in seconds since the Unix epoch.
    pub(super) expires: i64,
}

/// Remembers the claims of tokens whose signature was verified, because a client sends the same token
/// with every request. The keys are digests, so that no token stays in memory.
#[derive(Debug)]
pub(super) struct VerifiedTokens(Cache<[u8; 32], SignedClaims>);

impl VerifiedTokens {
    pub(super) fn new() -> Self {
        let cache = Cache::builder().max_capacity(CAPACITY);
        Self(cache.time_to_live(MAX_AGE).build())
    }

    /// Returns the claims of a token. Calls `verify` if they are not remembered, and remembers them
    /// unless it fails.
    pub(super) fn claims(
        &self,
        token: &str,
        verify: impl FnOnce() -> Result<SignedClaims, TokenFault>,
    ) -> Result<SignedClaims, TokenFault> {
        let digest = Sha256::digest(token).into();
        if let Some(claims) = self.0.get(&digest) {
            return Ok(claims);
        }
        let claims = verify()?;
        self.0.insert(digest, claims);
        Ok(claims)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tintero_domain::values::UserId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_token_is_verified_once_and_a_rejected_one_every_time() {
        let tokens = VerifiedTokens::new();
        let calls = Cell::new(0);
        let accept = |user| {
            calls.set(calls.get() + 1);
            Ok(SignedClaims {
                token: VerifiedToken {
                    user_id: UserId::new(Uuid::from_u128(user)),
                    issued_at: 1,
                    session: None,
                },
                begins: 1,
                expires: 2,
            })
        };
        let first = tokens.claims("a", || accept(1)).unwrap();
        let again = tokens.claims("a", || accept(2)).unwrap();
        assert_eq!((calls.get(), first.token.user_id), (1, again.token.user_id));
        let other = tokens.claims("b", || accept(2)).unwrap();
        assert_eq!(calls.get(), 2);
        assert_ne!(other.token.user_id, first.token.user_id);
        for _ in 0..2 {
            let rejected = tokens.claims("c", || Err(TokenFault::Signature));
            assert_eq!(rejected.unwrap_err(), TokenFault::Signature);
        }
        assert!(tokens.claims("c", || accept(3)).is_ok());
    }
}
