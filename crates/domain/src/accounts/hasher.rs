//! The hasher of passwords.

use async_trait::async_trait;

use super::PasswordHash;
use crate::{
    access::RequestSender,
    error::Result,
    values::{ClientNetwork, Password},
};

/// The place of a hash in the queue of hashes. Within a class, the networks take turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashTurn {
    /// Network of the client.
    pub network: ClientNetwork,
    /// Class of the client.
    pub class: HashClass,
}

/// Classes of clients that cause a hash, in the order of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HashClass {
    /// The client has proved a secret of the account, with this request or with a sign-in from this network.
    Known,
    /// There was no earlier attempt.
    First,
    /// There were few earlier attempts at the account from the network, or few failures of the network.
    Repeated,
    /// There were many.
    Guesser,
}

impl HashClass {
    /// Number of classes.
    pub const COUNT: usize = 4;
}

impl HashTurn {
    /// The turn of a client that has proved a secret, such as a token, with this request.
    #[must_use]
    pub fn proven(sender: &RequestSender) -> Self {
        Self {
            network: sender.network(),
            class: HashClass::Known,
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
