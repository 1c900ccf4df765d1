//! Why a caller is not signed in or not admitted.

use std::fmt;

/// The reason for a failed authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInFault {
    /// The e-mail address or the password is wrong; the response does not reveal which one.
    Credentials,
    /// The code of the second factor is wrong or was used before.
    Code,
    /// The sign-in that a code should complete is unknown, completed or expired.
    Challenge,
    /// The refresh token is unknown, used, revoked or expired.
    RefreshToken,
    /// The session of the cookie has ended, or there is none.
    Cookie,
    /// The token to reset a password is unknown, used or expired.
    ResetToken,
    /// The user of the access token does not exist any more, or the token was revoked.
    Revoked,
    /// The API key is unknown, revoked or expired, or its user does not exist any more.
    ApiKey,
    /// The invitation is unknown, replaced, used or expired.
    Invitation,
}

impl fmt::Display for SignInFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Credentials => "the e-mail address or the password is wrong",
            Self::Code => "the code is wrong or was used before",
            Self::Challenge => "the sign-in has expired; start it again",
            Self::RefreshToken => "the refresh token is not valid",
            Self::Cookie => "the session has ended",
            Self::ResetToken => "the token to reset the password is not valid",
            Self::Revoked => "the token was revoked",
            Self::ApiKey => "the API key is not valid",
            Self::Invitation => "the invitation is not valid",
        })
    }
}

/// The reason for which a person of a foreign issuer is not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityRefusal {
    /// The identity is not linked to a user, and the policy of the issuer neither links nor creates one.
    Unknown,
    /// The token gives no role.
    NoRole,
}

impl fmt::Display for IdentityRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "the identity has no user here",
            Self::NoRole => "the token gives no role here",
        })
    }
}
