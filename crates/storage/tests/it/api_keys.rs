//! API keys: permissions, expiry and revocation.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::{sync::Arc, time::Duration};

use tintero_domain::{
    Error, Result,
    access::{Caller, Permission, RequestContext},
    accounts::{ApiKey, ApiKeys, IssuedKey, KeyState, Lifetime, NewKey},
    error::SignInFault,
    values::{ApiKeyId, Password},
};
use uuid::Uuid;

use crate::{
    accounts::{accounts, ana, new_user, request},
    site::{Site, cursors, site},
};

/// The service of another server with the same tables.
pub(crate) fn keys(site: &Site) -> ApiKeys {
    let store = tintero_storage::DynamoApiKeyStore::new(site.dynamo.clone(), cursors());
    ApiKeys::new(accounts(site), Arc::new(store))
}

/// A site with one user, an editor.
async fn site_with_ana() -> Site {
    let site = site().await;
    accounts(&site)
        .create_user(&request(), new_user())
        .await
        .unwrap();
    site
}

fn new_key(scopes: &str, lifetime: Lifetime) -> NewKey {
    NewKey {
        name: "robot".parse().unwrap(),
        email: ana(),
        scopes: scopes.parse().unwrap(),
        lifetime,
    }
}

async fn issued(keys: &ApiKeys, scopes: &str) -> (IssuedKey, ApiKey) {
    keys.issue(&request(), new_key(scopes, Lifetime::USUAL))
        .await
        .unwrap()
}

async fn enter(keys: &ApiKeys, key: &str) -> Result<Caller> {
    keys.authenticate(key, RequestContext::default()).await
}

async fn is_refused(keys: &ApiKeys, key: &str) -> bool {
    matches!(
        enter(keys, key).await,
        Err(Error::Unauthenticated(SignInFault::ApiKey))
    )
}

#[tokio::test]
async fn a_key_has_the_permissions_of_both_its_scopes_and_the_role_of_its_user() {
    let site = site_with_ana().await;
    let keys = keys(&site);
    let (key, secret) = issued(&keys, "posts:create,posts:read").await;
    let caller = enter(&keys, secret.expose()).await.unwrap();
    assert_eq!(caller.user_id, key.user_id);
    let held: Vec<_> = caller.permissions().collect();
    assert_eq!(held, [Permission::ReadPosts, Permission::CreatePosts]);
    assert!(caller.require(Permission::CreatePosts).is_ok());
    assert!(matches!(
        caller.require(Permission::EditAnyPosts),
        Err(Error::Forbidden(Permission::EditAnyPosts))
    ));
    let (own, any) = (Permission::EditOwnPosts, Permission::EditAnyPosts);
    assert!(caller.require_for(caller.user_id, own, any).is_err());
}

#[tokio::test]
async fn revoked_expired_unknown_and_malformed_keys_return_the_same_error() {
    let site = site_with_ana().await;
    let keys = keys(&site);
    let (revoked, secret_of_revoked) = issued(&keys, "import").await;
    let (key, secret) = issued(&keys, "import").await;
    keys.revoke(&request(), revoked.id).await.unwrap();
    assert!(is_refused(&keys, secret_of_revoked.expose()).await);
    let guessed = ApiKey::new(key.id, [77; 32]);
    assert!(is_refused(&keys, guessed.expose()).await);
    let unknown = ApiKey::new(ApiKeyId::new(Uuid::from_u128(1)), [77; 32]);
    assert!(is_refused(&keys, unknown.expose()).await);
    assert!(is_refused(&keys, "tin_").await);

    assert!(enter(&keys, secret.expose()).await.is_ok());
    site.clock.forward(90 * 24 * 60 * 60 * 1000 - 1);
    assert!(enter(&keys, secret.expose()).await.is_ok());
    site.clock.forward(1);
    assert!(is_refused(&keys, secret.expose()).await);
}

#[tokio::test]
async fn a_new_password_does_not_revoke_keys() {
    let site = site_with_ana().await;
    let keys = keys(&site);
    let (_, secret) = issued(&keys, "posts:read").await;
    site.clock.forward(1000);
    let password = Password::presented("another password");
    accounts(&site)
        .reset_password(&request(), &ana(), &password)
        .await
        .unwrap();
    assert!(enter(&keys, secret.expose()).await.is_ok());
}

#[tokio::test]
async fn a_server_caches_a_key_and_its_user() {
    let site = site_with_ana().await;
    let (_, secret) = issued(&keys(&site), "posts:read").await;
    let keys = keys(&site);
    let _ = site.wire.measure();
    enter(&keys, secret.expose()).await.unwrap();
    // The update stores the time of the use.
    assert_eq!(
        site.wire.measure().operations,
        ["GetItem", "GetItem", "UpdateItem"]
    );
    enter(&keys, secret.expose()).await.unwrap();
    assert_eq!(site.wire.measure().requests, 0);
    assert!(is_refused(&keys, "tin_mistyped").await);
    assert_eq!(site.wire.measure().requests, 0);
}

#[tokio::test]
async fn keys_are_listed_newest_first_with_user_and_state() {
    let site = site_with_ana().await;
    let keys = keys(&site);
    let (endless, _) = keys
        .issue(&request(), new_key("import", Lifetime::Endless))
        .await
        .unwrap();
    let short = Lifetime::For(Duration::from_secs(1));
    let (short, _) = keys
        .issue(&request(), new_key("import", short))
        .await
        .unwrap();
    let (revoked, _) = issued(&keys, "import").await;
    keys.revoke(&request(), revoked.id).await.unwrap();
    site.clock.forward(1000);

    let _ = site.wire.measure();
    let listed = keys.list().await.unwrap();
    assert_eq!(site.wire.measure().operations, ["Query", "GetItem"]);
    let states: Vec<_> = listed.iter().map(|row| (row.key.id, row.state)).collect();
    let expected = [
        (revoked.id, KeyState::Revoked),
        (short.id, KeyState::Expired),
        (endless.id, KeyState::Active),
    ];
    assert_eq!(states, expected);
    assert_eq!(listed[2].key, endless);
    assert!(
        listed
            .iter()
            .all(|row| row.user.as_ref().unwrap().email == ana())
    );
}

#[tokio::test]
async fn a_second_revocation_changes_nothing_and_an_unknown_key_is_not_found() {
    let site = site_with_ana().await;
    let keys = keys(&site);
    let (key, _) = issued(&keys, "posts:read").await;
    keys.revoke(&request(), key.id).await.unwrap();
    let first = keys.list().await.unwrap()[0].key.revoked_at;
    site.clock.forward(1000);
    keys.revoke(&request(), key.id).await.unwrap();
    assert_eq!(keys.list().await.unwrap()[0].key.revoked_at, first);
    let unknown = ApiKeyId::new(Uuid::from_u128(1));
    assert!(matches!(
        keys.revoke(&request(), unknown).await,
        Err(Error::NotFound(_))
    ));
}

#[tokio::test]
async fn a_key_without_a_user_or_with_a_past_expiry_is_rejected() {
    let site = site_with_ana().await;
    let keys = keys(&site);
    let unknown_user = NewKey {
        email: "bob@example.org".parse().unwrap(),
        ..new_key("import", Lifetime::USUAL)
    };
    let refused = keys.issue(&request(), unknown_user).await;
    assert!(matches!(refused, Err(Error::NotFound(_))));
    let past = Lifetime::Until("2020-01-01T00:00:00Z".parse().unwrap());
    let refused = keys.issue(&request(), new_key("import", past)).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    assert!(keys.list().await.unwrap().is_empty());
}
