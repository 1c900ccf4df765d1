//! Accounts: users, passwords and sessions.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod doubles;
mod guesses;
mod passwords;
mod sessions;
mod sign_in;

use std::sync::{Arc, Mutex, atomic::Ordering};

use tintero_domain::{
    Error, Result,
    access::{RequestContext, RequestSender, Role},
    accounts::{
        AccountPorts, Accounts, AuthenticatorCode, NewUser, RefreshToken, ResetToken,
        SessionLifetime, SignedIn, Users, VerifiedToken,
    },
    clock::Clock,
    error::SignInFault,
    values::{Email, Password},
};
use tintero_embedded::faults::FaultAction;
use tintero_storage::{DynamoAccountStore, DynamoGuessStore};

pub(crate) use doubles::{Mailbox, PlainHasher};
use doubles::{PlainSealer, TestEntropy};

use crate::site::{Site, cursors, site};

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
