/// Why an access token is not believed. The words are those of `error_description`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// It is not a JWT that this service could have made.
    #[error("the token is malformed")]
    Malformed,
    /// It is longer than any token of ours.
    #[error("the token is too long")]
    TooLong,
    /// It is signed by another algorithm than RS256, or by none.
    #[error("the token's algorithm is not accepted")]
    Algorithm,
    /// Its `typ` is not `at+jwt`: it is a token for another use.
    #[error("the token is not an access token")]
    Type,
    /// Its `kid` names no key of ours.
    #[error("the token's key is unknown")]
    Key,
    /// The signature does not match.
    #[error("the token's signature does not match")]
    Signature,
    /// Another issuer made it.
    #[error("the token comes from another issuer")]
    Issuer,
    /// It was made for another audience.
    #[error("the token is meant for another audience")]
    Audience,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// It claims to come from the future.
    #[error("the token is not valid yet")]
    NotYet,
}
