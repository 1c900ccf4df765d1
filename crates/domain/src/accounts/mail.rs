use std::time::Duration;

use super::ResetToken;
use crate::values::Email;

/// Mail to a user.
#[derive(Debug, Clone)]
pub enum Mail {
    /// A token that sets a new password once.
    PasswordReset {
        /// The address of the account.
        to: Email,
        /// The token.
        token: ResetToken,
        /// Time for which the token is valid.
        valid_for: Duration,
    },
}

/// Sends mail.
pub trait Mailer: Send + Sync {
    /// Queues mail to be sent and returns at once, so that the duration of a request does not depend on it.
    /// Mail that cannot be sent is logged without its secrets and dropped.
    fn send(&self, mail: Mail);
}
