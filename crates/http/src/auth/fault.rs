/// The reason for which an access token is rejected. The messages are sent as `error_description`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// The token is not a JWT of this service.
    #[error("the token is malformed")]
    Malformed,
    /// The token exceeds the maximum length.
    #[error("the token is too long")]
    TooLong,
    /// The algorithm is not RS256.
    #[error("the token's algorithm is not accepted")]
    Algorithm,
    /// `typ` is not `at+jwt`: a token for another use.
    #[error("the token is not an access token")]
    Type,
    /// `kid` is not a known key.
    #[error("the token's key is unknown")]
    Key,
    /// The signature does not match.
    #[error("the token's signature does not match")]
    Signature,
    /// The token is from another issuer.
    #[error("the token comes from another issuer")]
    Issuer,
    /// The token is for another audience.
    #[error("the token is meant for another audience")]
    Audience,
    /// The token has expired.
    #[error("the token has expired")]
    Expired,
    /// The time of issue is in the future.
    #[error("the token is not valid yet")]
    NotYet,
}
