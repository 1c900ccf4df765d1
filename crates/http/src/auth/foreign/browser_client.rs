use async_trait::async_trait;
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// A client of a foreign issuer that signs in users of this server.
#[derive(Clone, PartialEq, Eq)]
pub struct BrowserClient {
    /// The issuer, one with a policy.
    pub issuer: String,
    /// Name in addresses, such as `staff`.
    pub id: String,
    /// Name on the button.
    pub name: String,
    /// The `client_id` at the issuer.
    pub client_id: String,
    /// The secret of a confidential client.
    pub client_secret: Option<String>,
    /// The requested scopes, with `openid`.
    pub scopes: Vec<String>,
}

impl std::fmt::Debug for BrowserClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BrowserClient")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// A request to a token endpoint.
#[derive(Debug)]
pub struct TokenRequest<'a> {
    /// The token endpoint.
    pub url: &'a str,
    /// The form, encoded.
    pub form: String,
    /// Name and password for Basic authentication, encoded.
    pub basic: Option<(String, String)>,
}

/// Exchanges codes for tokens.
#[async_trait]
pub trait CodeExchange: Send + Sync {
    /// Sends the request and returns the JSON of a success. Follows no redirects and returns within seconds.
    ///
    /// # Errors
    /// [`ExchangeFault`].
    async fn exchange(&self, request: TokenRequest<'_>) -> Result<Bytes, ExchangeFault>;

    /// Fetches the claims about the person of an access token
    /// ([`UserInfo`](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)), like [`exchange`](Self::exchange).
    ///
    /// # Errors
    /// [`ExchangeFault`].
    async fn user_info(&self, url: &str, access_token: &str) -> Result<Bytes, ExchangeFault>;
}

/// The reason for which there are no tokens, for the log only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExchangeFault {
    /// There is no answer, or one that says nothing about the code.
    Unreachable(String),
    /// The issuer rejects the code or the client.
    Refused(String),
}

/// The characters that a form and a query may contain.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// Encodes names and values for a query or a form.
pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}
