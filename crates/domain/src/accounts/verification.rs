//! Verifying a password, slowly for guessers.

use super::{Accounts, AttemptHistory, Credentials, Guess, GuessAdmission, GuessTarget, HashTurn};
use crate::{
    access::RequestContext,
    error::{Error, Result, SignInFault},
    values::{Email, Password, Timestamp},
};

/// An e-mail address and a password that a client sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claimed<'a> {
    pub(super) target: GuessTarget,
    pub(super) email: &'a Email,
    pub(super) password: &'a Password,
}

impl Accounts {
    /// Returns the credentials of the account if the password is right. Does the same work if the account
    /// does not exist.
    ///
    /// # Errors
    /// [`Error::TooManyAttempts`] before any hashing, and [`Error::Unauthenticated`].
    pub(super) async fn verify(
        &self,
        request: &RequestContext,
        claimed: &Claimed<'_>,
    ) -> Result<Credentials> {
        let network = request.sender.network();
        let guess = Guess::new(claimed.target, claimed.email, network);
        let now = self.clock.now();
        let earlier = self.admit(&guess, now).await?;
        let credentials = self.store.find_credentials(claimed.email).await?;
        let hash = credentials.as_ref().map(|known| &known.password_hash);
        let turn = HashTurn {
            network,
            class: earlier.hash_class(),
        };
        let matches = self.passwords.verify(claimed.password, hash, turn).await?;
        if let Some(credentials) = credentials.filter(|_| matches) {
            unless_full(self.guesses.remember(&guess, now).await)?;
            Ok(credentials)
        } else {
            let counted = self.guesses.count_failure(&guess, &earlier, now).await;
            unless_full(counted)?;
            Err(Error::Unauthenticated(SignInFault::Credentials))
        }
    }

    /// Forgets the attempts before a success.
    pub(super) async fn forget(&self, guess: &Guess) -> Result<()> {
        unless_full(self.guesses.forget(guess).await)
    }

    /// Counts an attempt.
    ///
    /// # Errors
    /// [`Error::TooManyAttempts`].
    pub(super) async fn admit(&self, guess: &Guess, now: Timestamp) -> Result<AttemptHistory> {
        match self.guesses.admit(guess, now).await {
            Ok(GuessAdmission::Admitted(earlier)) => Ok(earlier),
            Ok(GuessAdmission::Wait(wait)) => Err(Error::TooManyAttempts(wait)),
            // People must be able to sign in and free space.
            Err(Error::StorageFull(_)) => Ok(AttemptHistory::default()),
            Err(error) => Err(error),
        }
    }
}

/// Ignores that nothing can be counted on a full disk. The pool of hashes still bounds the work.
fn unless_full(result: Result<()>) -> Result<()> {
    match result {
        Err(Error::StorageFull(_)) => Ok(()),
        other => other,
    }
}
