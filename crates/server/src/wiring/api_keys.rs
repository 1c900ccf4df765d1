use std::sync::Arc;

use anyhow::Context;
use tintero_domain::{
    Error,
    accounts::{Accounts, ApiKey, ApiKeys, IssuedKey, ListedKey, NewKey},
    values::ApiKeyId,
};

use super::{database::Ready, users};
use crate::{Failure, config::Config};

/// Issues a key.
pub(crate) async fn issue_key(
    config: &Config,
    new: NewKey,
) -> Result<(IssuedKey, ApiKey), Failure> {
    let (ready, accounts, request) = users::open(config).await?;
    let email = new.email.clone();
    match api_keys(&ready, accounts).issue(&request, new).await {
        Err(Error::Invalid(errors)) => {
            let errors: Vec<_> = errors.iter().map(|one| one.error.to_string()).collect();
            Err(Failure::refused(format!("--expires {}", errors.join(", "))))
        }
        done => Ok(done.with_context(|| format!("no key was issued to {email}"))?),
    }
}

/// All keys, the newest first.
pub(crate) async fn list_keys(config: &Config) -> Result<Vec<ListedKey>, Failure> {
    let (ready, accounts, _) = users::open(config).await?;
    let keys = api_keys(&ready, accounts).list().await;
    Ok(keys.context("the keys cannot be listed")?)
}

/// Revokes a key.
pub(crate) async fn revoke_key(config: &Config, id: ApiKeyId) -> Result<(), Failure> {
    let (ready, accounts, request) = users::open(config).await?;
    let done = api_keys(&ready, accounts).revoke(&request, id).await;
    done.with_context(|| format!("{id} was not revoked"))?;
    Ok(())
}

/// The use cases around API keys.
pub(super) fn api_keys(ready: &Ready, accounts: Accounts) -> ApiKeys {
    let store = tintero_storage::ApiKeys::new(ready.dynamo.clone());
    ApiKeys::new(accounts, Arc::new(store))
}
