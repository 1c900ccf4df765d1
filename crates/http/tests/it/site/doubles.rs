//! Stand-ins for what a site takes from its machine: time, ids, hashing, mail, readiness and the signing key.

use std::sync::{
    LazyLock, Mutex,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use async_trait::async_trait;
use aws_lc_rs::{
    encoding::AsDer,
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use tintero_domain::{
    Error, Result,
    accounts::{HashTurn, Mail, Mailer, PasswordHash, PasswordHasher, SecretSealer},
    clock::{Clock, Entropy, Ids},
    values::{Password, Timestamp, UserId},
};
use tintero_http::{Dependencies, SigningKey};
use uuid::Uuid;

/// A manual clock.
pub(crate) struct Hands(AtomicI64);

impl Hands {
    pub(super) fn at(millis: i64) -> Self {
        Self(AtomicI64::new(millis))
    }

    pub(crate) fn forward_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    /// Sets the time, in milliseconds since the Unix epoch.
    pub(crate) fn forward_to(&self, millis: i64) {
        self.0.fetch_max(millis, Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Sequential ids and secrets.
pub(super) struct Counter(AtomicU64);

impl Counter {
    pub(super) fn from(first: u64) -> Self {
        Self(AtomicU64::new(first))
    }
}

impl Ids for Counter {
    fn next(&self) -> Uuid {
        let n = self.0.fetch_add(1, Ordering::SeqCst);
        Uuid::from_u128(0x019b_0000_0000_7000_8000_0000_0000_0000 | u128::from(n))
    }
}

impl Entropy for Counter {
    fn secret(&self) -> [u8; 32] {
        let half = *self.next().as_bytes();
        let mut secret = [0; 32];
        secret[..16].copy_from_slice(&half);
        secret[16..].copy_from_slice(&half);
        secret
    }
}

/// Does not hash passwords, because hashing is slow by design and tested elsewhere.
pub(super) struct Plain;

#[async_trait]
impl PasswordHasher for Plain {
    async fn hash(&self, password: &Password, _: HashTurn) -> Result<PasswordHash> {
        Ok(PasswordHash(password.expose().to_owned()))
    }

    async fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
        _: HashTurn,
    ) -> Result<bool> {
        Ok(hash.is_some_and(|hash| hash.0 == password.expose()))
    }

    fn is_current(&self, _: &PasswordHash) -> bool {
        true
    }
}

/// Encodes secrets without encryption.
pub(super) struct PlainSealer;

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

/// Keeps the tokens of mail.
#[derive(Default)]
pub(crate) struct Mailbox(Mutex<Vec<String>>);

impl Mailbox {
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Mailer for Mailbox {
    fn send(&self, mail: Mail) {
        self.0.lock().unwrap().push(mail.secret());
    }
}

/// The result of readiness checks.
#[derive(Clone, Copy, Default)]
pub(crate) enum Finding {
    #[default]
    Ready,
    Missing,
    Silence,
    Panic,
}

/// Ready by default.
#[derive(Default)]
pub(crate) struct Switch(Mutex<Finding>);

impl Switch {
    pub(crate) fn set(&self, finding: Finding) {
        *self.0.lock().unwrap() = finding;
    }
}

#[async_trait]
impl Dependencies for Switch {
    async fn check(&self) -> std::result::Result<Option<Timestamp>, String> {
        let finding = *self.0.lock().unwrap();
        match finding {
            Finding::Ready => Ok(None),
            Finding::Missing => Err("table t-posts is missing".to_owned()),
            Finding::Silence => std::future::pending().await,
            Finding::Panic => panic!("a secret of the inside"),
        }
    }
}

// Generating an RSA key is slow, and no test depends on its value.
pub(super) static KEY: LazyLock<SigningKey> = LazyLock::new(|| {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der = pair.as_der().unwrap().as_ref().to_vec();
    let public = pair.public_key();
    SigningKey::new(
        "test",
        &pem::encode(&pem::Pem::new("PRIVATE KEY", der)),
        public.modulus().big_endian_without_leading_zero(),
        public.exponent().big_endian_without_leading_zero(),
    )
    .unwrap()
});
