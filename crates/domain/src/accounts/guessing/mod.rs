//! Slows guesses of secrets down, before any expensive work.
//!
//! Every attempt is counted before its outcome is known, in the store, so that all servers count
//! together. A correct secret clears the count of its account and network. Waits grow with the count of
//! one account from one network, and with the failures of a network over all accounts. Failures of an
//! account over all networks make the first of these waits stricter, but block nobody else: the owner can
//! always sign in from another network.

mod attempts;
mod slowdown;
mod store;

pub use attempts::{AttemptCount, AttemptHistory};
pub use store::{GuessAdmission, GuessStore};

use sha2::{Digest as _, Sha256};

use crate::values::{ClientNetwork, Email};

/// What is guessed, for whom and from where.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Guess {
    /// The guessed secret.
    pub target: GuessTarget,
    /// Digest of the e-mail address, which need not be that of an account.
    pub account: String,
    /// The network of the guesser.
    pub network: ClientNetwork,
}

/// A kind of secret, with counts and waits of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GuessTarget {
    /// A password.
    SignIn,
    /// A code of a second factor. Only who knows the password can guess it, so all networks count together.
    Code,
    /// Not a guess, but a request for mail, which is slowed down like one.
    Mail,
}

impl GuessTarget {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::SignIn, Self::Code, Self::Mail];

    /// Name of the kind in keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Code => "code",
            Self::Mail => "mail",
        }
    }
}

impl Guess {
    /// A guess for the account with this address. Stores only a digest, because people also type other
    /// things into the field.
    #[must_use]
    pub fn new(target: GuessTarget, email: &Email, network: ClientNetwork) -> Self {
        let digest = hex::encode(Sha256::digest(email.as_str()));
        Self {
            target,
            account: digest,
            network,
        }
    }
}
