//! Accounts: the store's promises around passwords and sessions.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

use std::sync::Arc;

use async_trait::async_trait;
use tintero_domain::{
    Error, Result,
    access::{RequestContext, Role},
    accounts::{Accounts, NewUser, PasswordHash, PasswordHasher, Proof, SESSION_LIFETIME},
    clock::Entropy,
    error::SignInFault,
    values::{Email, Password},
};

use tintero_embedded::faults::FaultAction;

use crate::site::{Site, site};

/// Passwords as they are: hashing is tested where it is done.
struct Plain;

#[async_trait]
impl PasswordHasher for Plain {
    async fn hash(&self, password: &Password) -> Result<PasswordHash> {
        Ok(PasswordHash(password.expose().to_owned()))
    }

    async fn verify(&self, password: &Password, hash: Option<&PasswordHash>) -> Result<bool> {
        Ok(hash.is_some_and(|hash| hash.0 == password.expose()))
    }
}

/// Secrets that count.
struct Secrets(std::sync::atomic::AtomicU8);

impl Entropy for Secrets {
    fn secret(&self) -> [u8; 32] {
        [self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst); 32]
    }
}

pub(crate) fn accounts(site: &Site) -> Accounts {
    let store = tintero_storage::DynamoAccountStore::new(site.dynamo.clone());
    Accounts::new(
        Arc::new(store),
        Arc::new(Plain),
        site.clock.clone(),
        site.ids.clone(),
        Arc::new(Secrets(1.into())),
    )
}

pub(crate) fn ana() -> Email {
    "ana@example.org".parse().unwrap()
}

fn password() -> Password {
    Password::chosen("correct horse battery".to_owned()).unwrap()
}

pub(crate) fn new_user() -> NewUser {
    NewUser {
        email: ana(),
        display_name: "Ana".parse().unwrap(),
        role: Role::Editor,
        password: password(),
    }
}

pub(crate) fn request() -> RequestContext {
    RequestContext::default()
}

fn refused<T>(result: Result<T>) -> Option<SignInFault> {
    if let Error::Unauthenticated(fault) = result.err()? {
        Some(fault)
    } else {
        None
    }
}

#[tokio::test]
async fn there_is_one_founder_and_one_account_to_an_address() {
    let site = site().await;
    let accounts = accounts(&site);
    assert!(
        accounts
            .found(&request(), new_user)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        accounts
            .found(&request(), new_user)
            .await
            .unwrap()
            .is_none()
    );
    let other = NewUser {
        email: "ANA@example.org ".parse().unwrap(),
        ..new_user()
    };
    assert!(matches!(
        accounts.add(&request(), other).await,
        Err(Error::Taken { .. })
    ));
}

#[tokio::test]
async fn a_session_goes_on_with_the_newest_token_only() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.add(&request(), new_user()).await.unwrap();
    let first = accounts
        .sign_in(&request(), &ana(), &password())
        .await
        .unwrap();
    let second = accounts
        .refresh(&request(), &first.refresh_token)
        .await
        .unwrap();
    let third = accounts
        .refresh(&request(), &second.refresh_token)
        .await
        .unwrap();
    assert_eq!(third.user_id, first.user_id);
    // Somebody has a token that was used: whoever it is, the session ends.
    assert_eq!(
        refused(accounts.refresh(&request(), &first.refresh_token).await),
        Some(SignInFault::RefreshToken)
    );
    assert_eq!(
        refused(accounts.refresh(&request(), &third.refresh_token).await),
        Some(SignInFault::RefreshToken)
    );
}

#[tokio::test]
async fn of_two_refreshes_at_once_one_goes_through() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.add(&request(), new_user()).await.unwrap();
    let session = accounts
        .sign_in(&request(), &ana(), &password())
        .await
        .unwrap();
    let request = request();
    let (one, two) = tokio::join!(
        accounts.refresh(&request, &session.refresh_token),
        accounts.refresh(&request, &session.refresh_token),
    );
    assert_ne!(one.is_ok(), two.is_ok());
}

#[tokio::test]
async fn sessions_end_by_time_by_signing_out_and_by_a_new_password() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.add(&request(), new_user()).await.unwrap();
    let signed_in = async || {
        accounts
            .sign_in(&request(), &ana(), &password())
            .await
            .unwrap()
    };

    let session = signed_in().await;
    accounts
        .sign_out(&request(), &session.refresh_token)
        .await
        .unwrap();
    accounts
        .sign_out(&request(), &session.refresh_token)
        .await
        .unwrap();
    assert!(refused(accounts.refresh(&request(), &session.refresh_token).await).is_some());

    let session = signed_in().await;
    site.clock
        .forward(i64::try_from(SESSION_LIFETIME.as_millis()).unwrap());
    assert!(refused(accounts.refresh(&request(), &session.refresh_token).await).is_some());

    let session = signed_in().await;
    let proof = Proof {
        user_id: session.user_id,
        issued_at: session.at.as_seconds(),
    };
    assert!(accounts.authenticate(proof, request()).await.is_ok());
    site.clock.forward(1000);
    accounts
        .reset_password(
            &request(),
            &ana(),
            &Password::presented("another password".into()),
        )
        .await
        .unwrap();
    assert_eq!(
        refused(accounts.authenticate(proof, request()).await),
        Some(SignInFault::Revoked)
    );
    assert!(refused(accounts.refresh(&request(), &session.refresh_token).await).is_some());
    assert_eq!(
        refused(accounts.sign_in(&request(), &ana(), &password()).await),
        Some(SignInFault::Credentials)
    );
}

#[tokio::test]
async fn an_unknown_account_and_a_wrong_password_look_the_same() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.add(&request(), new_user()).await.unwrap();
    let wrong = Password::presented("wrong".into());
    let unknown: Email = "bob@example.org".parse().unwrap();
    let one = refused(accounts.sign_in(&request(), &ana(), &wrong).await);
    let two = refused(accounts.sign_in(&request(), &unknown, &wrong).await);
    assert_eq!(
        (one, two),
        (
            Some(SignInFault::Credentials),
            Some(SignInFault::Credentials)
        )
    );
    assert!(matches!(
        accounts
            .reset_password(&request(), &unknown, &password())
            .await,
        Err(Error::NotFound(_))
    ));
}

#[tokio::test]
async fn a_password_that_is_replaced_while_it_is_verified_opens_no_session() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.add(&request(), new_user()).await.unwrap();
    let (other, clock) = (accounts.clone(), site.clock.clone());
    let handle = tokio::runtime::Handle::current();
    // The reset happens between the look at the password and the beginning of the session.
    let mut reset = Some(move || {
        let password = Password::presented("another password".into());
        // A session of the same millisecond could not be told from a later one.
        clock.forward(1);
        handle.spawn(async move { other.reset_password(&request(), &ana(), &password).await })
    });
    let done = Arc::new(std::sync::Mutex::new(None));
    let kept = Arc::clone(&done);
    site.wire.on(move |call| {
        if call.operation == "TransactWriteItems"
            && let Some(reset) = reset.take()
        {
            *kept.lock().unwrap() = Some(reset());
            return FaultAction::TransactionConflict;
        }
        FaultAction::Pass
    });
    let outcome = accounts.sign_in(&request(), &ana(), &password()).await;
    site.wire.clear();
    let reset = done.lock().unwrap().take().unwrap();
    reset.await.unwrap().unwrap();
    // Either the session came first and the reset ended it, or the reset came first and there is none.
    if let Ok(session) = outcome {
        assert!(refused(accounts.refresh(&request(), &session.refresh_token).await).is_some());
    }
}

#[tokio::test]
async fn a_session_from_before_a_reset_does_not_go_on_whatever_a_server_remembers() {
    let site = site().await;
    let (here, elsewhere) = (accounts(&site), accounts(&site));
    here.add(&request(), new_user()).await.unwrap();
    let session = here.sign_in(&request(), &ana(), &password()).await.unwrap();
    let proof = Proof {
        user_id: session.user_id,
        issued_at: session.at.as_seconds(),
    };
    // This server now remembers the user as of before the reset, which another process makes.
    here.authenticate(proof, request()).await.unwrap();
    site.clock.forward(1000);
    let another = Password::presented("another password".into());
    elsewhere
        .reset_password(&request(), &ana(), &another)
        .await
        .unwrap();
    assert_eq!(
        refused(here.refresh(&request(), &session.refresh_token).await),
        Some(SignInFault::RefreshToken)
    );
}
