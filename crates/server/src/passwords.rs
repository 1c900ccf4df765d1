//! Hashes passwords on the blocking pool.

use std::{sync::Arc, sync::LazyLock};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::{self, phc},
};
use rand::RngExt;
use tintero_domain::{
    Error,
    accounts::{PasswordHash, PasswordHasher},
    error::BoxError,
    values::Password,
};
use tokio::sync::Semaphore;

/// argon2id with the parameters of the
/// [OWASP cheat sheet](https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html):
/// 19 MiB, two passes, one lane.
static ARGON2: LazyLock<Argon2<'static>> = LazyLock::new(|| {
    let params =
        Params::new(19_456, 2, 1, None).expect("the parameters are within argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
});

/// A hash without a known password. Verifying against it makes unknown accounts take as long as known
/// ones.
const DUMMY_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1\
    $F0IaALqBF/ls+Gu7pYkr8A$psUyVNXAl0ekS/LN48bkiAo/Ga22ZeV/ANjM5wTXarI";

/// Hashes and verifies passwords with argon2id, with limited concurrency.
#[derive(Debug, Clone)]
pub struct Argon2Hasher {
    /// Permits for running and waiting calls. A call without a permit fails at once.
    queue: Arc<Semaphore>,
    /// Permits for running calls, which use 19 MiB and one core each.
    workers: Arc<Semaphore>,
}

impl Argon2Hasher {
    /// Waiting calls for each running one; they take a few seconds.
    const QUEUE: usize = 32;

    /// Creates a hasher with a maximum number of concurrent calls.
    #[must_use]
    pub fn new(max_concurrency: usize) -> Self {
        Self {
            queue: Arc::new(Semaphore::new(max_concurrency * (1 + Self::QUEUE))),
            workers: Arc::new(Semaphore::new(max_concurrency)),
        }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let queued = Arc::clone(&self.queue)
            .try_acquire_owned()
            .map_err(unavailable)?;
        let worker = Arc::clone(&self.workers)
            .acquire_owned()
            .await
            .map_err(unavailable)?;
        // The task holds the permits, because it continues if the caller is cancelled.
        let task = tokio::task::spawn_blocking(move || {
            let _permits = (queued, worker);
            work()
        });
        task.await.map_err(unavailable)
    }
}

impl Default for Argon2Hasher {
    fn default() -> Self {
        Self::new(2)
    }
}

#[async_trait::async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: &Password) -> Result<PasswordHash, Error> {
        let password = password.clone();
        let hash = self
            .run(move || hash(&password))
            .await?
            .map_err(unavailable)?;
        Ok(PasswordHash(hash.to_string()))
    }

    async fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, Error> {
        let password = password.clone();
        let known = hash.cloned();
        self.run(move || verify(&password, known.as_ref())).await?
    }
}

/// Generates a password that is easy to copy: five groups of four letters without similar ones, 90 bits.
#[must_use]
pub fn generate() -> Password {
    const LETTERS: [u8; 23] = *b"abcdefghjkmnpqrstuvwxyz";
    let mut rng = rand::rng();
    let mut letter = || char::from(LETTERS[rng.random_range(..LETTERS.len())]);
    let groups: Vec<String> = (0..5).map(|_| (0..4).map(|_| letter()).collect()).collect();
    Password::presented(groups.join("-"))
}

fn hash(password: &Password) -> password_hash::Result<phc::PasswordHash> {
    ARGON2.hash_password(password.expose().as_bytes())
}

fn verify(password: &Password, hash: Option<&PasswordHash>) -> Result<bool, Error> {
    let text = hash.map_or(DUMMY_HASH, |hash| hash.0.as_str());
    let stored = phc::PasswordHash::new(text).map_err(corrupt)?;
    match ARGON2.verify_password(password.expose().as_bytes(), &stored) {
        Ok(()) => Ok(hash.is_some()),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(corrupt(error)),
    }
}

fn corrupt(error: impl Into<BoxError>) -> Error {
    Error::Corrupt {
        what: "password hash".to_owned(),
        source: error.into(),
    }
}

fn unavailable(error: impl Into<BoxError>) -> Error {
    Error::Unavailable(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_hashed_password_is_verified() {
        let passwords = Argon2Hasher::default();
        let right = generate();
        let hash = passwords.hash(&right).await.unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.verify(&right, Some(&hash)).await.unwrap());
        assert!(!passwords.verify(&generate(), Some(&hash)).await.unwrap());
        assert!(!passwords.verify(&right, None).await.unwrap());
    }

    #[tokio::test]
    async fn an_invalid_stored_hash_is_an_error() {
        let answer = Argon2Hasher::default()
            .verify(&generate(), Some(&PasswordHash("plain".into())))
            .await;
        assert!(matches!(answer, Err(Error::Corrupt { .. })));
    }

    #[tokio::test]
    async fn a_full_queue_is_an_unavailable_error() {
        let passwords = Argon2Hasher {
            queue: Arc::new(Semaphore::new(0)),
            ..Argon2Hasher::default()
        };
        assert!(matches!(
            passwords.hash(&generate()).await,
            Err(Error::Unavailable(_))
        ));
    }

    #[test]
    fn the_dummy_hash_costs_as_much_as_a_real_one() {
        let known = hash(&generate()).unwrap();
        let dummy = phc::PasswordHash::new(DUMMY_HASH).unwrap();
        assert_eq!(
            (dummy.algorithm, dummy.version, dummy.params),
            (known.algorithm, known.version, known.params)
        );
    }

    #[test]
    fn generated_passwords_are_readable_and_valid() {
        let password = generate();
        let groups: Vec<&str> = password.expose().split('-').collect();
        assert_eq!(
            groups.iter().map(|group| group.len()).collect::<Vec<_>>(),
            [4; 5]
        );
        assert!(Password::chosen(password.expose().to_owned()).is_ok());
        assert_ne!(password.expose(), generate().expose());
    }
}
