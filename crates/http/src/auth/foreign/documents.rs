use std::collections::HashMap;

use async_trait::async_trait;
use bytes::Bytes;
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, jwk::Jwk};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Fetches documents of issuers.
#[async_trait]
pub trait IssuerDocuments: Send + Sync {
    /// Fetches a JSON document. Follows no redirects and returns within seconds.
    ///
    /// # Errors
    /// The reason, for the log only. Also if the document exceeds a maximum size.
    async fn fetch(&self, url: &str) -> Result<Bytes, String>;
}

/// A public key of an issuer.
pub(super) struct IssuerKey {
    pub(super) decoding: DecodingKey,
    /// The only algorithm of the key, if the issuer names one.
    pub(super) algorithm: Option<String>,
}

impl IssuerKey {
    /// Whether the key may verify signatures of this algorithm.
    pub(super) fn serves(&self, algorithm: Algorithm) -> bool {
        self.decoding.family() == algorithm.family()
            && self
                .algorithm
                .as_ref()
                .is_none_or(|own| *own == format!("{algorithm:?}"))
    }
}

/// Contents of the discovery document and the key set of an issuer.
pub(super) struct IssuerFacts {
    pub(super) keys: KeysById,
    /// Absent if the issuer signs in nobody over https.
    pub(super) endpoints: Option<CodeEndpoints>,
}

/// The addresses of the authorization code flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CodeEndpoints {
    pub(super) authorization: String,
    pub(super) token: String,
    /// The address of further claims about a person.
    pub(super) user_info: Option<String>,
    /// Whether answers contain `iss`.
    pub(super) names_issuer: bool,
    /// Whether the secret of a client can be sent by Basic authentication.
    pub(super) takes_basic: bool,
}

/// The keys of an issuer by their `kid`.
pub(super) type KeysById = HashMap<String, IssuerKey>;

/// Largest number of keys of an issuer.
const MAX_KEYS: usize = 64;

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

impl Discovery {
    fn endpoints(self) -> Option<CodeEndpoints> {
        // Plain http suits development with an issuer on the same machine.
        let scheme = if self.issuer.starts_with("http://") {
            "http://"
        } else {
            "https://"
        };
        let is_private = |address: &String| address.starts_with(scheme);
        let methods = self.token_endpoint_auth_methods_supported;
        Some(CodeEndpoints {
            authorization: self.authorization_endpoint.filter(is_private)?,
            token: self.token_endpoint.filter(is_private)?,
            user_info: self.userinfo_endpoint.filter(is_private),
            names_issuer: self.authorization_response_iss_parameter_supported,
            takes_basic: methods
                .is_none_or(|methods| methods.iter().any(|one| one == "client_secret_basic")),
        })
    }
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Map<String, Value>>,
}

/// Fetches the current keys and addresses of an issuer.
pub(super) async fn fetch_facts(
    documents: &dyn IssuerDocuments,
    issuer: &str,
) -> Result<IssuerFacts, String> {
    let address = format!(
        "{}/.well-known/openid-configuration",
        issuer.trim_end_matches('/')
    );
    let document = documents.fetch(&address).await?;
    let discovery: Discovery = parsed(&document, "the discovery document")?;
    if discovery.issuer != issuer {
        return Err(format!(
            "the discovery document is that of {:?}",
            discovery.issuer
        ));
    }
    let document = documents.fetch(&discovery.jwks_uri).await?;
    let KeySet { keys } = parsed(&document, "the key set")?;
    let keys: KeysById = keys.iter().take(MAX_KEYS).filter_map(usable).collect();
    if keys.is_empty() {
        return Err("the key set has no usable key".to_owned());
    }
    Ok(IssuerFacts {
        keys,
        endpoints: discovery.endpoints(),
    })
}

fn parsed<T: serde::de::DeserializeOwned>(document: &[u8], name: &str) -> Result<T, String> {
    serde_json::from_slice(document).map_err(|error| format!("{name} is invalid: {error}"))
}

/// Returns a key that verifies signatures. Keys of other kinds are ignored.
fn usable(members: &Map<String, Value>) -> Option<(String, IssuerKey)> {
    const KNOWN: [&str; 8] = ["kty", "use", "kid", "n", "e", "crv", "x", "y"];
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let id = text("kid")?.to_owned();
    if text("use").is_some_and(|usage| usage != "sig") {
        return None;
    }
    let algorithm = text("alg").map(str::to_owned);
    let known = KNOWN.iter().filter_map(|name| {
        let value = members.get(*name)?.clone();
        Some(((*name).to_owned(), value))
    });
    let jwk: Jwk = serde_json::from_value(Value::Object(known.collect())).ok()?;
    let decoding = DecodingKey::from_jwk(&jwk).ok()?;
    if decoding.family() == AlgorithmFamily::Hmac {
        return None;
    }
    Some((
        id,
        IssuerKey {
            decoding,
            algorithm,
        },
    ))
}
