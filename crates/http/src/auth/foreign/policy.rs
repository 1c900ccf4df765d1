use std::{collections::BTreeMap, time::Duration};

use jsonwebtoken::{Algorithm, AlgorithmFamily};
use tintero_domain::{access::Role, accounts::IdentityRule};

/// Which tokens of a foreign issuer are accepted, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerPolicy {
    /// The issuer: the claim `iss`, and the start of the address of its discovery document.
    pub issuer: String,
    /// Accepted values of the claim `aud`. Empty if the audience is not checked. If both lists are empty, no
    /// access token is accepted.
    pub audiences: Vec<String>,
    /// Accepted values of the claim `client_id`, or else `azp`. Empty if the client is not checked.
    pub client_ids: Vec<String>,
    /// The required `typ` of the header, such as `at+jwt`.
    pub typ: Option<String>,
    /// Claims that must have exactly these values.
    pub required: BTreeMap<String, String>,
    /// Accepted algorithms.
    pub algorithms: Vec<SignatureAlgorithm>,
    /// Tolerated difference between the clocks.
    pub leeway: Duration,
    /// The claim with the role. Without one, the role is that of the user.
    pub role: Option<RoleClaim>,
    /// The claim that proves two factors. Without one, tokens prove one.
    pub second_factor: Option<FactorClaim>,
    /// What happens with an identity that has no user.
    pub admission: IdentityRule,
}

/// The claim that gives the role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleClaim {
    /// Name of the claim; a JSON Pointer if it starts with a slash.
    pub claim: String,
    /// The roles of its values. The highest role counts.
    pub roles: BTreeMap<String, Role>,
    /// The role of a token without such a value. Without one, the token is rejected.
    pub otherwise: Option<Role>,
}

/// The claim that says how the person signed in, such as `amr`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorClaim {
    /// Name of the claim; a JSON Pointer if it starts with a slash.
    pub claim: String,
    /// The values that stand for two factors.
    pub values: Vec<String>,
}

/// An algorithm with a private and a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignatureAlgorithm(pub(super) Algorithm);

impl SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    pub const RS256: Self = Self(Algorithm::RS256);

    /// Returns the algorithm with this name, unless it has a shared secret.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let algorithm: Algorithm = name.parse().ok()?;
        (algorithm.family() != AlgorithmFamily::Hmac).then_some(Self(algorithm))
    }
}
