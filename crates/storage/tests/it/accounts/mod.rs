//! Accounts: users, passwords and sessions.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod guesses;
mod passwords;
mod sessions;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering},
};

use async_trait::async_trait;
use tintero_domain::{
    Error, Result,
    access::{RequestContext, RequestSender, Role},
    accounts::{
        AccountPorts, Accounts, AuthenticatorCode, HashTurn, Mail, Mailer, NewUser, PasswordHash,
        PasswordHasher, RefreshToken, ResetToken, SecretSealer, SessionLifetime, SignedIn, Users,
        VerifiedToken,
    },
    clock::{Clock, Entropy},
    error::SignInFault,
    values::{Email, Password, UserId},
};
use tintero_storage::{DynamoAccountStore, DynamoGuessStore};

use tintero_embedded::faults::FaultAction;

use crate::site::{Site, cursors, site};

/// Stores passwords without hashing. Counts the hashes.
#[derive(Default)]
pub(crate) struct PlainHasher {
    hashes: AtomicUsize,
    /// Whether stored hashes count as outdated.
    outdated: AtomicBool,
}

impl PlainHasher {
    fn count(&self) -> usize {
        self.hashes.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl PasswordHasher for PlainHasher {
    async fn hash(&self, password: &Password, _: HashTurn) -> Result<PasswordHash> {
        self.hashes.fetch_add(1, Ordering::SeqCst);
        Ok(PasswordHash(password.expose().to_owned()))
    }

    async fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
        _: HashTurn,
    ) -> Result<bool> {
        self.hashes.fetch_add(1, Ordering::SeqCst);
        Ok(hash.is_some_and(|hash| hash.0 == password.expose()))
    }

    fn is_current(&self, _: &PasswordHash) -> bool {
        !self.outdated.load(Ordering::SeqCst)
    }
}

/// Encodes secrets without encryption.
struct PlainSealer;

impl SecretSealer for PlainSealer {
    fn seal(&self, _: UserId, secret: &[u8]) -> Result<String> {
        Ok(totp_rs::Secret::from(secret).to_base32())
    }

    fn open(&self, _: UserId, sealed: &str) -> Result<Vec<u8>> {
        let secret = totp_rs::Secret::try_from_base32(sealed);
        let secret = secret.map_err(|_| Error::SecretKeyMissing)?;
        Ok(secret.as_bytes().to_vec())
    }
}

/// Keeps the mail.
#[derive(Default)]
pub(crate) struct Mailbox(Mutex<Vec<Mail>>);

impl Mailbox {
    pub(crate) fn tokens(&self) -> Vec<ResetToken> {
        let token = |mail: &Mail| {
            let Mail::PasswordReset { token, .. } = mail;
            token.clone()
        };
        self.0.lock().unwrap().iter().map(token).collect()
    }
}

impl Mailer for Mailbox {
    fn send(&self, mail: Mail) {
        self.0.lock().unwrap().push(mail);
    }
}

/// Sequential secrets.
struct TestEntropy(AtomicU8);

impl Entropy for TestEntropy {
    fn secret(&self) -> [u8; 32] {
        [self.0.fetch_add(1, Ordering::SeqCst); 32]
    }
}

/// A server with its hasher and its mail.
pub(crate) struct TestServer {
    pub(crate) accounts: Accounts,
    pub(crate) hasher: Arc<PlainHasher>,
    pub(crate) mailbox: Arc<Mailbox>,
}

pub(crate) fn server(site: &Site) -> TestServer {
    server_on(site, DynamoAccountStore::new(site.dynamo.clone()))
}

fn server_on(site: &Site, store: DynamoAccountStore) -> TestServer {
    let store = Arc::new(store);
    let (hasher, mailbox) = (
        Arc::new(PlainHasher::default()),
        Arc::new(Mailbox::default()),
    );
    let accounts = Accounts::new(AccountPorts {
        store: store.clone(),
        sessions: store.clone(),
        resets: store.clone(),
        identities: store.clone(),
        factors: store,
        guesses: Arc::new(DynamoGuessStore::new(site.dynamo.clone())),
        passwords: hasher.clone(),
        sealer: Arc::new(PlainSealer),
        mailer: mailbox.clone(),
        clock: site.clock.clone(),
        ids: site.ids.clone(),
        entropy: Arc::new(TestEntropy(1.into())),
    });
    TestServer {
        accounts,
        hasher,
        mailbox,
    }
}

pub(crate) fn accounts(site: &Site) -> Accounts {
    server(site).accounts
}

/// The store of users of another server process.
pub(crate) fn user_store(site: &Site) -> tintero_storage::DynamoUserStore {
    let accounts = DynamoAccountStore::new(site.dynamo.clone());
    tintero_storage::DynamoUserStore::new(accounts, cursors())
}

/// The use cases of users of one server process, with the accounts that share their cache.
pub(crate) fn users(site: &Site) -> (Users, Accounts) {
    let store = DynamoAccountStore::new(site.dynamo.clone());
    let accounts = server_on(site, store.clone()).accounts;
    let users = tintero_storage::DynamoUserStore::new(store, cursors());
    let users = Users::new(accounts.clone(), Arc::new(users), site.operations.clone());
    (users, accounts)
}

pub(crate) fn ana() -> Email {
    "ana@example.org".parse().unwrap()
}

fn password() -> Password {
    Password::chosen("correct horse battery").unwrap()
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

async fn sign_in(accounts: &Accounts) -> SignedIn {
    let session = accounts.sign_in(&request(), &ana(), &password()).await;
    session.unwrap().done().unwrap()
}

/// The code that an authenticator shows now.
pub(crate) fn code_of(secret: &str, clock: &impl Clock) -> AuthenticatorCode {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let now = u64::try_from(clock.now().as_seconds()).unwrap();
    totp.generate(now).to_string().parse().unwrap()
}

/// A request from an address.
fn from(address: impl Into<std::net::IpAddr>) -> RequestContext {
    RequestContext {
        sender: RequestSender {
            address: Some(address.into()),
            agent: Some("test".into()),
        },
        ..RequestContext::default()
    }
}

pub(super) fn proof(session: &SignedIn) -> VerifiedToken {
    VerifiedToken {
        user_id: session.user_id,
        issued_at: session.at.as_seconds(),
        session: session.session(),
    }
}

fn refused<T>(result: Result<T>) -> Option<SignInFault> {
    if let Error::Unauthenticated(fault) = result.err()? {
        Some(fault)
    } else {
        None
    }
}

#[tokio::test]
async fn a_second_founder_and_a_used_address_are_rejected() {
    let site = site().await;
    let accounts = accounts(&site);
    for is_first in [true, false] {
        let founder = accounts
            .create_first_admin(&request(), new_user)
            .await
            .unwrap();
        assert_eq!(founder.is_some(), is_first);
    }
    let other = NewUser {
        email: "ANA@example.org ".parse().unwrap(),
        ..new_user()
    };
    assert!(matches!(
        accounts.create_user(&request(), other).await,
        Err(Error::Taken { .. })
    ));
}

#[tokio::test]
async fn a_used_refresh_token_ends_the_session() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.create_user(&request(), new_user()).await.unwrap();
    let first = sign_in(&accounts).await;
    let request = request();
    let second = accounts
        .refresh(&request, first.refresh_token.as_ref().unwrap())
        .await;
    let second = second.unwrap();
    let third = accounts
        .refresh(&request, second.refresh_token.as_ref().unwrap())
        .await;
    let third = third.unwrap();
    assert_eq!(third.user_id, first.user_id);
    // A used token may be stolen, so it ends the session.
    for session in [first, third] {
        let fault = refused(
            accounts
                .refresh(&request, session.refresh_token.as_ref().unwrap())
                .await,
        );
        assert_eq!(fault, Some(SignInFault::RefreshToken));
    }
}

#[tokio::test]
async fn one_of_two_concurrent_refreshes_fails() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.create_user(&request(), new_user()).await.unwrap();
    let session = sign_in(&accounts).await;
    let request = request();
    let (one, two) = tokio::join!(
        accounts.refresh(&request, session.refresh_token.as_ref().unwrap()),
        accounts.refresh(&request, session.refresh_token.as_ref().unwrap()),
    );
    assert_ne!(one.is_ok(), two.is_ok());
}

#[tokio::test]
async fn expiry_sign_out_and_a_new_password_end_sessions() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.create_user(&request(), new_user()).await.unwrap();
    let session = sign_in(&accounts).await;
    let token = session.refresh_token.as_ref().unwrap();
    for _ in 0..2 {
        accounts.sign_out(&request(), token).await.unwrap();
    }
    assert!(refused(accounts.refresh(&request(), token).await).is_some());

    let session = sign_in(&accounts).await;
    site.clock
        .forward(i64::try_from(SessionLifetime::default().idle.as_millis()).unwrap());
    assert!(
        refused(
            accounts
                .refresh(&request(), session.refresh_token.as_ref().unwrap())
                .await
        )
        .is_some()
    );

    let session = sign_in(&accounts).await;
    let proof = proof(&session);
    assert!(accounts.authenticate(proof, request()).await.is_ok());
    site.clock.forward(1000);
    accounts
        .reset_password(&request(), &ana(), &Password::presented("another password"))
        .await
        .unwrap();
    assert_eq!(
        refused(accounts.authenticate(proof, request()).await),
        Some(SignInFault::Revoked)
    );
    assert!(
        refused(
            accounts
                .refresh(&request(), session.refresh_token.as_ref().unwrap())
                .await
        )
        .is_some()
    );
    assert_eq!(
        refused(accounts.sign_in(&request(), &ana(), &password()).await),
        Some(SignInFault::Credentials)
    );
}

#[tokio::test]
async fn an_unknown_account_and_a_wrong_password_return_the_same_error() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.create_user(&request(), new_user()).await.unwrap();
    let wrong = Password::presented("wrong");
    let unknown: Email = "bob@example.org".parse().unwrap();
    for email in [&ana(), &unknown] {
        let fault = refused(accounts.sign_in(&request(), email, &wrong).await);
        assert_eq!(fault, Some(SignInFault::Credentials));
    }
    let reset = accounts
        .reset_password(&request(), &unknown, &password())
        .await;
    assert!(matches!(reset, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_password_reset_during_sign_in_leaves_no_valid_session() {
    let site = site().await;
    let accounts = accounts(&site);
    accounts.create_user(&request(), new_user()).await.unwrap();
    let (other, clock) = (accounts.clone(), site.clock.clone());
    let handle = tokio::runtime::Handle::current();
    // The reset runs between the verification of the password and the start of the session.
    let mut reset = Some(move || {
        let password = Password::presented("another password");
        // A session of the same millisecond counts as later.
        clock.forward(1);
        handle.spawn(async move { other.reset_password(&request(), &ana(), &password).await })
    });
    let done = Arc::new(Mutex::new(None));
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
    // Either the reset ended the session, or the sign-in failed.
    if let Ok(step) = outcome {
        let session = step.done().unwrap();
        assert!(
            refused(
                accounts
                    .refresh(&request(), session.refresh_token.as_ref().unwrap())
                    .await
            )
            .is_some()
        );
    }
}

#[tokio::test]
async fn a_server_with_a_cached_user_rejects_sessions_from_before_a_reset() {
    let site = site().await;
    let (here, elsewhere) = (accounts(&site), accounts(&site));
    here.create_user(&request(), new_user()).await.unwrap();
    let session = sign_in(&here).await;
    let proof = proof(&session);
    // This server caches the user before another server resets the password.
    here.authenticate(proof, request()).await.unwrap();
    site.clock.forward(1000);
    let another = Password::presented("another password");
    elsewhere
        .reset_password(&request(), &ana(), &another)
        .await
        .unwrap();
    assert_eq!(
        refused(
            here.refresh(&request(), session.refresh_token.as_ref().unwrap())
                .await
        ),
        Some(SignInFault::RefreshToken)
    );
}
