//! Replacements of the ports of accounts besides the store.

use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering},
};

use async_trait::async_trait;
use tintero_domain::{
    Error, Result,
    accounts::{
        HashClass, HashTurn, Mail, Mailer, PasswordHash, PasswordHasher, ResetToken, SecretSealer,
    },
    clock::Entropy,
    values::{Password, UserId},
};

/// Stores passwords without hashing. Counts the hashes.
#[derive(Default)]
pub(crate) struct PlainHasher {
    hashes: AtomicUsize,
    /// The class of each verification.
    classes: Mutex<Vec<HashClass>>,
    /// Whether stored hashes count as outdated.
    pub(super) outdated: AtomicBool,
}

impl PlainHasher {
    pub(super) fn count(&self) -> usize {
        self.hashes.load(Ordering::SeqCst)
    }

    /// Returns and forgets the classes of the verifications.
    pub(super) fn take_classes(&self) -> Vec<HashClass> {
        std::mem::take(&mut self.classes.lock().unwrap())
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
        turn: HashTurn,
    ) -> Result<bool> {
        self.classes.lock().unwrap().push(turn.class);
        self.hashes.fetch_add(1, Ordering::SeqCst);
        Ok(hash.is_some_and(|hash| hash.0 == password.expose()))
    }

    fn is_current(&self, _: &PasswordHash) -> bool {
        !self.outdated.load(Ordering::SeqCst)
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

/// Keeps the mail.
#[derive(Default)]
pub(crate) struct Mailbox(Mutex<Vec<Mail>>);

impl Mailbox {
    /// The tokens of resets.
    pub(crate) fn tokens(&self) -> Vec<ResetToken> {
        let token = |mail: &Mail| match mail {
            Mail::PasswordReset { token, .. } => Some(token.clone()),
            Mail::Invitation { .. } => None,
        };
        self.0.lock().unwrap().iter().filter_map(token).collect()
    }
}

impl Mailer for Mailbox {
    fn send(&self, mail: Mail) {
        self.0.lock().unwrap().push(mail);
    }
}

/// Sequential secrets.
pub(super) struct TestEntropy(pub(super) AtomicU8);

impl Entropy for TestEntropy {
    fn secret(&self) -> [u8; 32] {
        [self.0.fetch_add(1, Ordering::SeqCst); 32]
    }
}
