//! Users, their sessions and their API keys.

use tintero_domain::values::{ApiKeyId, Email, UserId};
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

/// The partition of all API keys; one request lists it.
const API_KEYS: &str = "KEYS";

/// An API key. Ids sort by time of creation.
#[must_use]
pub fn api_key(id: ApiKeyId) -> Key {
    Key::new(API_KEYS, id.uuid())
}

/// All API keys: their partition, the first place in it and the last.
#[must_use]
pub fn api_keys() -> (String, [String; 2]) {
    let ends = [Uuid::nil(), Uuid::max()].map(|id| id.to_string());
    (API_KEYS.to_owned(), ends)
}
