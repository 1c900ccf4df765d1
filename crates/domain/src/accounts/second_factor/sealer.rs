use crate::{error::Result, values::UserId};

/// Encrypts the secrets of second factors, so that a copy of the database does not contain them.
pub trait SecretSealer: Send + Sync {
    /// Encrypts a secret of a user.
    ///
    /// # Errors
    /// [`SecretKeyMissing`](crate::Error::SecretKeyMissing).
    fn seal(&self, owner: UserId, secret: &[u8]) -> Result<String>;

    /// Decrypts a secret of the user.
    ///
    /// # Errors
    /// [`SecretKeyMissing`](crate::Error::SecretKeyMissing), also if the secret is one of another user or was
    /// changed.
    fn open(&self, owner: UserId, sealed: &str) -> Result<Vec<u8>>;
}
