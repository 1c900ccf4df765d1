use std::time::Duration;

use super::{InvitationToken, ResetToken};
use crate::values::{Email, Locale};

/// Mail to a user.
#[derive(Debug, Clone)]
pub enum Mail {
    /// A token that sets a new password once.
    PasswordReset {
        /// The address of the account.
        to: Email,
        /// The preferred language of the user.
        language: Option<Locale>,
        /// The token.
        token: ResetToken,
        /// Time for which the token is valid.
        valid_for: Duration,
    },
    /// A token with which an invited user sets the first password.
    Invitation {
        /// The address of the account.
        to: Email,
        /// The preferred language of the user.
        language: Option<Locale>,
        /// The token.
        token: InvitationToken,
        /// Time for which the token is valid.
        valid_for: Duration,
    },
}

impl Mail {
    /// The receiver.
    #[must_use]
    pub fn to(&self) -> &Email {
        match self {
            Self::PasswordReset { to, .. } | Self::Invitation { to, .. } => to,
        }
    }

    /// The preferred language of the receiver.
    #[must_use]
    pub fn language(&self) -> Option<&Locale> {
        match self {
            Self::PasswordReset { language, .. } | Self::Invitation { language, .. } => {
                language.as_ref()
            }
        }
    }

    /// The secret text of the token.
    #[must_use]
    pub fn secret(&self) -> String {
        match self {
            Self::PasswordReset { token, .. } => token.expose(),
            Self::Invitation { token, .. } => token.expose(),
        }
    }
}

/// Sends mail.
pub trait Mailer: Send + Sync {
    /// Queues mail to be sent and returns at once, so that the duration of a request does not depend on it.
    /// Mail that cannot be sent is logged without its secrets and dropped.
    fn send(&self, mail: Mail);
}
