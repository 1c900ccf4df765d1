//! Access tokens: JWTs of the profile in [RFC 9068](https://www.rfc-editor.org/rfc/rfc9068),
//! verified by the rules of [RFC 8725](https://www.rfc-editor.org/rfc/rfc8725).

mod claims;
mod fault;
mod foreign;
mod jwks;
mod key;
#[cfg(test)]
mod tests;
mod tokens;
mod verified;

pub use fault::TokenFault;
pub(crate) use foreign::{
    AuthorizationAnswer, EndedLogin, IssuerLoginFault, LoginOccasion, PENDING_LIFETIME, urlencoded,
};
pub use foreign::{
    BrowserClient, CodeExchange, ExchangeFault, FactorClaim, ForeignIssuers, IssuerDocuments,
    IssuerPolicy, IssuerSignIn, RoleClaim, SignInPorts, SignatureAlgorithm, TokenRequest,
};
pub(crate) use jwks::{Jwk, Jwks};
pub use key::{KeyFault, SigningKey};
pub use tokens::{AccessTokens, Parties};
