//! Hashes passwords with argon2id, on few threads.

mod pool;

use std::{num::NonZeroUsize, thread};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::{self, phc},
};
use rand::RngExt;
use tintero_domain::{
    Error,
    accounts::{HashTurn, PasswordHash, PasswordHasher},
    error::BoxError,
    values::Password,
};

use self::pool::HashPool;
use crate::config::Argon2Cost;

/// Salt and digest without a known password, for a hash with the current parameters. Verifying against it
/// makes unknown accounts take as long as known ones.
const DUMMY: &str = "F0IaALqBF/ls+Gu7pYkr8A$psUyVNXAl0ekS/LN48bkiAo/Ga22ZeV/ANjM5wTXarI";

/// Hashes and verifies passwords with argon2id, with limited concurrency.
#[derive(Clone)]
pub struct Argon2Hasher {
    argon2: Argon2<'static>,
    /// The start of every hash with the current parameters.
    prefix: String,
    pool: HashPool,
}

impl Argon2Hasher {
    /// Maximum number of threads. Each uses one core and the memory of the cost.
    const MAX_THREADS: usize = 4;

    /// Creates a hasher. It leaves one core to other work, if there are several.
    ///
    /// # Panics
    /// If the system starts no thread.
    #[must_use]
    pub fn new(cost: Argon2Cost) -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let Argon2Cost { memory, passes } = cost;
        let params = Params::new(memory, passes, 1, None)
            .expect("the parameters are within argon2's limits");
        Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            prefix: format!("$argon2id$v=19$m={memory},t={passes},p=1$"),
            pool: HashPool::new((cores - 1).clamp(1, Self::MAX_THREADS)),
        }
    }
}

impl Default for Argon2Hasher {
    fn default() -> Self {
        Self::new(Argon2Cost::default())
    }
}

#[async_trait::async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: &Password, turn: HashTurn) -> Result<PasswordHash, Error> {
        let (argon2, password) = (self.argon2.clone(), password.clone());
        let work = move || argon2.hash_password(password.expose().as_bytes());
        let hash: phc::PasswordHash = self.pool.run(turn, work).await?.map_err(unavailable)?;
        Ok(PasswordHash(hash.to_string()))
    }

    async fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
        turn: HashTurn,
    ) -> Result<bool, Error> {
        let (argon2, password) = (self.argon2.clone(), password.clone());
        let is_known = hash.is_some();
        let text = match hash {
            Some(hash) => hash.0.clone(),
            None => format!("{}{DUMMY}", self.prefix),
        };
        let verified = move || verify(&argon2, &password, &text);
        Ok(self.pool.run(turn, verified).await?? && is_known)
    }

    fn is_current(&self, hash: &PasswordHash) -> bool {
        hash.0.starts_with(&self.prefix)
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

/// Uses the parameters of the hash.
fn verify(argon2: &Argon2<'_>, password: &Password, hash: &str) -> Result<bool, Error> {
    let stored = phc::PasswordHash::new(hash).map_err(corrupt)?;
    match argon2.verify_password(password.expose().as_bytes(), &stored) {
        Ok(()) => Ok(true),
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
    use tintero_domain::access::RequestSender;

    use super::*;
    use crate::config::SettingValue as _;

    fn turn() -> HashTurn {
        HashTurn::proven(&RequestSender::default())
    }

    #[tokio::test]
    async fn only_the_hashed_password_is_verified() {
        let passwords = Argon2Hasher::default();
        let right = generate();
        let hash = passwords.hash(&right, turn()).await.unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let verify = async |password: &Password, hash| {
            let verified = passwords.verify(password, hash, turn()).await;
            verified.unwrap()
        };
        assert!(verify(&right, Some(&hash)).await);
        assert!(!verify(&generate(), Some(&hash)).await);
        assert!(!verify(&right, None).await);
    }

    #[tokio::test]
    async fn a_hash_with_other_parameters_is_verified_and_outdated() {
        let (old, new) = (
            Argon2Hasher::default(),
            Argon2Hasher::new(Argon2Cost::parse("m=32768,t=2").unwrap()),
        );
        let right = generate();
        let hash = old.hash(&right, turn()).await.unwrap();
        assert!(new.verify(&right, Some(&hash), turn()).await.unwrap());
        assert!(old.is_current(&hash) && !new.is_current(&hash));
        let hash = new.hash(&right, turn()).await.unwrap();
        assert!(new.is_current(&hash));
    }

    #[tokio::test]
    async fn an_invalid_stored_hash_is_an_error() {
        let stored = PasswordHash("plain".into());
        let passwords = Argon2Hasher::default();
        let answer = passwords.verify(&generate(), Some(&stored), turn()).await;
        assert!(matches!(answer, Err(Error::Corrupt { .. })));
    }

    #[tokio::test]
    async fn the_dummy_hash_costs_as_much_as_a_real_one() {
        let passwords = Argon2Hasher::default();
        let known = passwords.hash(&generate(), turn()).await.unwrap();
        let known = phc::PasswordHash::new(&known.0).unwrap();
        let dummy = phc::PasswordHash::new(&format!("{}{DUMMY}", passwords.prefix)).unwrap();
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
        assert!(Password::chosen(password.expose()).is_ok());
        assert_ne!(password.expose(), generate().expose());
    }
}
