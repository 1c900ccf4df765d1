//! Hashing of passwords, away from the threads that serve requests.

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

/// A hash that no password is known to have, so that unknown accounts take as long as known ones.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1\
    $F0IaALqBF/ls+Gu7pYkr8A$psUyVNXAl0ekS/LN48bkiAo/Ga22ZeV/ANjM5wTXarI";

/// Hashes and verifies with argon2id, few at a time.
#[derive(Debug, Clone)]
pub struct Passwords {
    /// Places for those at work and those who wait; whoever finds none is turned away.
    places: Arc<Semaphore>,
    /// Each piece of work holds 19 MiB and one core.
    workers: Arc<Semaphore>,
}

impl Passwords {
    /// How many may wait for each one at work: a few seconds' worth.
    const QUEUE: usize = 32;

    /// A hasher that works on at most `at_once` passwords at a time.
    #[must_use]
    pub fn new(at_once: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(at_once * (1 + Self::QUEUE))),
            workers: Arc::new(Semaphore::new(at_once)),
        }
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(unavailable)?;
        let worker = Arc::clone(&self.workers)
            .acquire_owned()
            .await
            .map_err(unavailable)?;
        // The permits go along: a caller who gives up does not stop the work, nor free its place.
        let task = tokio::task::spawn_blocking(move || {
            let _held = (place, worker);
            work()
        });
        task.await.map_err(unavailable)
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new(2)
    }
}

#[async_trait::async_trait]
impl PasswordHasher for Passwords {
    async fn hash(&self, password: &Password) -> Result<PasswordHash, Error> {
        let password = password.clone();
        let hash = self
            .work(move || hash(&password))
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
        self.work(move || verify(&password, known.as_ref())).await?
    }
}

/// A password for somebody to copy by hand once: five groups of four letters, none of which
/// looks like another; 90 bits.
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
    let text = hash.map_or(NOBODY, |hash| hash.0.as_str());
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
    async fn a_password_is_recognised_and_another_is_not() {
        let passwords = Passwords::default();
        let right = generate();
        let hash = passwords.hash(&right).await.unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.verify(&right, Some(&hash)).await.unwrap());
        assert!(!passwords.verify(&generate(), Some(&hash)).await.unwrap());
        assert!(!passwords.verify(&right, None).await.unwrap());
    }

    #[tokio::test]
    async fn a_stored_hash_that_is_none_is_an_error_and_not_a_wrong_password() {
        let answer = Passwords::default()
            .verify(&generate(), Some(&PasswordHash("plain".into())))
            .await;
        assert!(matches!(answer, Err(Error::Corrupt { .. })));
    }

    #[tokio::test]
    async fn whoever_finds_the_queue_full_is_turned_away() {
        let passwords = Passwords {
            places: Arc::new(Semaphore::new(0)),
            ..Passwords::default()
        };
        assert!(matches!(
            passwords.hash(&generate()).await,
            Err(Error::Unavailable(_))
        ));
    }

    #[test]
    fn an_unknown_account_costs_what_a_known_one_does() {
        let known = hash(&generate()).unwrap();
        let nobody = phc::PasswordHash::new(NOBODY).unwrap();
        assert_eq!(
            (nobody.algorithm, nobody.version, nobody.params),
            (known.algorithm, known.version, known.params)
        );
    }

    #[test]
    fn generated_passwords_are_readable_and_may_be_chosen() {
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
