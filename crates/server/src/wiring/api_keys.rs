use anyhow::Context;
use tintero_domain::{
    Error,
    accounts::{ApiKey, IssuedKey, KeyRotation, ListedKey, NewKey},
    values::ApiKeyId,
};

use super::users::open_services;
use crate::{CommandError, config::Config};

/// Issues a key.
pub(crate) async fn issue_key(
    config: &Config,
    new: NewKey,
) -> Result<(IssuedKey, ApiKey), CommandError> {
    let services = open_services(config).await?;
    let email = new.email.clone();
    let api_keys = services.api_keys(services.accounts(config));
    match api_keys.issue(&services.request(), new).await {
        Err(Error::Invalid(errors)) => {
            let errors: Vec<_> = errors.iter().map(|one| one.error.to_string()).collect();
            let message = format!("--expires {}", errors.join(", "));
            Err(CommandError::precondition(message))
        }
        issued => Ok(issued.with_context(|| format!("cannot issue an API key to {email}"))?),
    }
}

/// Returns all keys, newest first.
pub(crate) async fn list_keys(config: &Config) -> Result<Vec<ListedKey>, CommandError> {
    let services = open_services(config).await?;
    let keys = services.api_keys(services.accounts(config)).list().await;
    Ok(keys.context("cannot list the API keys")?)
}

/// Revokes a key.
pub(crate) async fn revoke_key(config: &Config, id: ApiKeyId) -> Result<(), CommandError> {
    let services = open_services(config).await?;
    let api_keys = services.api_keys(services.accounts(config));
    let revoked = api_keys.revoke(&services.request(), id).await;
    revoked.with_context(|| format!("cannot revoke {id}"))?;
    Ok(())
}

/// Replaces a key by a new one.
pub(crate) async fn rotate_key(
    config: &Config,
    rotation: KeyRotation,
) -> Result<(IssuedKey, ApiKey), CommandError> {
    let services = open_services(config).await?;
    let api_keys = services.api_keys(services.accounts(config));
    let rotated = api_keys.rotate_any(&services.request(), rotation).await;
    Ok(rotated.with_context(|| format!("cannot rotate {}", rotation.id))?)
}
