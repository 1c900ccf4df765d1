use std::sync::Arc;

use anyhow::Context;
use tintero_http::{AccessTokens, Parties};

use super::Time;
use crate::{
    Failure,
    config::{Claim, Config},
    keystore::{CursorKey, CursorKeys, SigningKey, SigningKeys},
};

/// Issues and verifies access tokens; `url` is the issuer unless one is configured.
pub(super) fn tokens(
    config: &Config,
    url: &str,
    keys: &SigningKeys,
    time: &Time,
) -> Result<AccessTokens, Failure> {
    let parties = Parties {
        issuer: config.issuer.as_ref().map_or(url, Claim::as_str).to_owned(),
        audience: config.audience.as_str().to_owned(),
    };
    let current = signing(keys.current())?;
    let earlier = keys.iter().skip(1).map(signing).collect::<Result<_, _>>()?;
    let (clock, ids) = (Arc::clone(&time.clock), Arc::clone(&time.ids));
    Ok(AccessTokens::new(current, earlier, parties, clock, ids))
}

fn signing(key: &SigningKey) -> Result<tintero_http::SigningKey, Failure> {
    let key =
        tintero_http::SigningKey::new(key.kid(), key.private_pem(), key.modulus(), key.exponent());
    Ok(key.context("a signing key was accepted and cannot be used")?)
}

/// The keys of list cursors, as the storage takes them.
pub(super) fn cursors(keys: &CursorKeys) -> tintero_storage::CursorKeys {
    let key = |key: &CursorKey| tintero_storage::CursorKey(*key.bytes());
    tintero_storage::CursorKeys::new(key(&keys.current), keys.previous.as_ref().map(key))
}
