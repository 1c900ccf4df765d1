use std::sync::Arc;

use anyhow::Context;
use tintero_domain::accounts::SecretSealer;
use tintero_http::{
    AccessTokens, ForeignIssuers, IssuerDocuments, IssuerSignIn, Parties, SignInPorts,
};

use super::SystemPorts;
use crate::{
    CommandError,
    clock::SystemEntropy,
    config::{ClaimValue, ClientSecrets, Config, IssuerPolicies},
    issuer_documents::HttpsDocuments,
    keystore::{SigningKeyPair, SigningKeys},
};

/// Creates the issuer and verifier of access tokens. `url` is the default issuer.
pub(super) fn access_tokens(
    config: &Config,
    url: &str,
    keys: &SigningKeys,
    system: &SystemPorts,
) -> Result<AccessTokens, CommandError> {
    let issuer = config.issuer.as_ref().map_or(url, ClaimValue::as_str);
    let parties = Parties {
        issuer: issuer.to_owned(),
        audience: config.audience.as_str().to_owned(),
    };
    let current = signing_key(keys.current())?;
    let earlier = keys.iter().skip(1).map(signing_key);
    let earlier = earlier.collect::<Result<_, _>>()?;
    let (clock, ids) = (Arc::clone(&system.clock), Arc::clone(&system.ids));
    Ok(AccessTokens::new(current, earlier, parties, clock, ids))
}

/// Creates the verifier of tokens of foreign issuers. `url` is the default issuer of this server.
pub(super) fn foreign_issuers(
    config: &Config,
    url: &str,
    system: &SystemPorts,
) -> Result<ForeignIssuers, CommandError> {
    let Some(policies) = config.foreign_issuers.as_ref() else {
        return Ok(ForeignIssuers::default());
    };
    let policies = IssuerPolicies::as_slice(policies);
    let own = config.issuer.as_ref().map_or(url, ClaimValue::as_str);
    if policies.iter().any(|policy| policy.issuer == own) {
        return Err(CommandError::precondition(format!(
            "foreign_issuers contains {own}, which is the issuer of this server"
        )));
    }
    let documents: Arc<dyn IssuerDocuments> = Arc::new(HttpsDocuments::new()?);
    let policies = policies.to_vec();
    Ok(ForeignIssuers::new(policies, &documents, &system.clock))
}

/// Creates the sign-in of browsers through `issuers`.
pub(super) fn issuer_sign_in(
    config: &Config,
    issuers: &ForeignIssuers,
    sealer: Option<Arc<dyn SecretSealer>>,
    system: &SystemPorts,
) -> Result<IssuerSignIn, CommandError> {
    let policies = config.foreign_issuers.as_ref();
    let mut clients = policies.map_or_else(Vec::new, |policies| policies.clients().to_vec());
    let none = ClientSecrets::default();
    let secrets = config.client_secrets.as_ref().unwrap_or(&none);
    if let Some(id) = secrets
        .ids()
        .find(|id| clients.iter().all(|client| client.id != *id))
    {
        let detail = format!("client_secrets has {id}, which is no sign_in.id of foreign_issuers");
        return Err(CommandError::precondition(detail));
    }
    for client in &mut clients {
        client.client_secret = secrets.of(&client.id).map(str::to_owned);
    }
    if clients.is_empty() {
        return Ok(IssuerSignIn::default());
    }
    let Some(sealer) = sealer else {
        return Err(CommandError::precondition(
            "foreign_issuers has sign_in, which needs secret_keys".to_owned(),
        ));
    };
    let ports = SignInPorts {
        issuers: issuers.clone(),
        exchange: Arc::new(HttpsDocuments::new()?),
        sealer,
        entropy: Arc::new(SystemEntropy),
        clock: Arc::clone(&system.clock),
    };
    Ok(IssuerSignIn::new(clients, ports))
}

fn signing_key(key: &SigningKeyPair) -> Result<tintero_http::SigningKey, CommandError> {
    let key =
        tintero_http::SigningKey::new(key.kid(), key.private_pem(), key.modulus(), key.exponent());
    Ok(key.context("cannot use a signing key")?)
}
