//! The hasher of passwords.

use async_trait::async_trait;

use super::PasswordHash;
use crate::{
    access::RequestSender,
    error::Result,
    values::{ClientNetwork, Password},
};

/// The place of a hash in the queue of hashes. The networks take turns, and attempts of guessers come last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashTurn {
    /// Network of the client.
    pub network: ClientNetwork,
    /// Number of earlier attempts at the account from the network, or of its failures at all accounts.
    pub attempts: u32,
}

impl HashTurn {
    /// The turn of a client whose request is no guess.
    #[must_use]
    pub fn first(sender: &RequestSender) -> Self {
        Self {
            network: sender.network(),
            attempts: 0,
        }
    }
}

/// Hashes passwords, on threads that serve no requests, because hashing is slow by design.
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// Hashes a password to be set.
    ///
    /// # Errors
    /// [`Unavailable`](crate::Error::Unavailable) if too many hashes wait, and
    /// [`TooManyAttempts`](crate::Error::TooManyAttempts) if too many of the network wait.
    async fn hash(&self, password: &Password, turn: HashTurn) -> Result<PasswordHash>;

    /// Whether the password matches. Takes equally long without a hash, so that the response
    /// time does not reveal which accounts exist.
    ///
    /// # Errors
    /// As [`hash`](Self::hash).
    async fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
        turn: HashTurn,
    ) -> Result<bool>;

    /// Whether a hash has the parameters of new hashes.
    fn is_current(&self, hash: &PasswordHash) -> bool;
}
