//! Users and their sessions.

use tintero_domain::values::{Email, UserId};
use uuid::Uuid;

use super::Key;

/// A user.
#[must_use]
pub fn user(id: UserId) -> Key {
    Key::new(format!("U#{id}"), "USER")
}

/// A user's claim on an e-mail address, with what signing in needs.
#[must_use]
pub fn email(email: &Email) -> Key {
    Key::new(format!("E#{email}"), "EMAIL")
}

/// Says that there was a first user.
#[must_use]
pub fn founder() -> Key {
    Key::new("SETUP", "FOUNDER")
}

/// A session.
#[must_use]
pub fn session(family: Uuid) -> Key {
    Key::new(format!("F#{family}"), "FAMILY")
}
