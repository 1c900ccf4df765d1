//! ID tokens ([OpenID Connect Core](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation)),
//! which only a sign-in accepts.

use tintero_domain::accounts::ForeignToken;

use super::{
    claims::ForeignClaims,
    verification::{ForeignFault, ForeignIssuer},
};
use crate::auth::{TokenFault, tokens::MAX_LENGTH};

/// Required values of an ID token.
#[derive(Debug, Clone, Copy)]
pub(super) struct ExpectedIdToken<'a> {
    /// The `client_id` of this server.
    pub(super) client_id: &'a str,
    /// The nonce of the sign-in.
    pub(super) nonce: &'a str,
    /// The earliest time of the sign-in at the issuer, in seconds since the Unix epoch.
    pub(super) signed_in_from: Option<i64>,
}

impl ForeignIssuer {
    /// Verifies an ID token. Its audience is the client, not that of access tokens; the other rules of the policy
    /// apply.
    pub(super) async fn verify_id_token(
        &self,
        token: &str,
        expected: ExpectedIdToken<'_>,
    ) -> Result<ForeignToken, ForeignFault> {
        if token.len() > MAX_LENGTH {
            return Err(TokenFault::Malformed.into());
        }
        let claims = self.signed_claims(token, is_id_token).await?;
        claims.check_id_token(self.name(), expected)?;
        self.person(&claims)
    }
}

/// Whether the `typ` of a header is that of an ID token. Most issuers send `JWT` or none.
fn is_id_token(typ: &str) -> bool {
    typ.is_empty() || typ.eq_ignore_ascii_case("jwt")
}

impl ForeignClaims {
    fn check_id_token(
        &self,
        issuer: &str,
        ExpectedIdToken {
            client_id,
            nonce,
            signed_in_from,
        }: ExpectedIdToken<'_>,
    ) -> Result<(), TokenFault> {
        if self.text("iss") != Some(issuer) {
            return Err(TokenFault::Issuer);
        }
        let audiences = self.audiences();
        let presenter = self.text("azp");
        let is_ours = audiences.contains(&client_id)
            && match presenter {
                Some(presenter) => presenter == client_id,
                None => audiences.len() == 1,
            };
        if !is_ours {
            return Err(TokenFault::Audience);
        }
        // An access token with the same audience has no nonce.
        if self.text("nonce") != Some(nonce) {
            return Err(TokenFault::Type);
        }
        // An issuer that ignores `max_age` must not confirm a change of access.
        match signed_in_from {
            Some(from) if self.seconds("auth_time")?.is_none_or(|at| at < from) => {
                Err(TokenFault::Expired)
            }
            _ => Ok(()),
        }
    }
}
