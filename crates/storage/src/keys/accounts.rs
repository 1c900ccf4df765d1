//! Users, their sessions and their API keys.

use tintero_domain::values::{ApiKeyId, Email, UserId};
use uuid::Uuid;

use super::ItemKey;

/// A user.
#[must_use]
pub fn user(id: UserId) -> ItemKey {
    ItemKey::new(format!("U#{id}"), "USER")
}

/// The sort key of a user in the index by role. Ids sort by creation time.
#[must_use]
pub fn user_sort_key(id: UserId) -> String {
    user(id).pk
}

/// A sort key after every user in the index by role.
#[must_use]
pub fn end_of_users() -> String {
    "U~".to_owned()
}

/// The invitation of a user.
#[must_use]
pub fn invitation(id: UserId) -> ItemKey {
    ItemKey::new(format!("V#{id}"), "INVITATION")
}

/// The claim on an e-mail address, with the credentials of its user.
#[must_use]
pub fn email(email: &Email) -> ItemKey {
    ItemKey::new(format!("E#{email}"), "EMAIL")
}

/// The mark that the first user exists.
#[must_use]
pub fn founder() -> ItemKey {
    ItemKey::new("SETUP", "FOUNDER")
}

/// A session.
#[must_use]
pub fn session(family: Uuid) -> ItemKey {
    ItemKey::new(format!("F#{family}"), "FAMILY")
}

/// The partition of all API keys.
const API_KEYS: &str = "KEYS";

/// An API key. Ids sort by creation time.
#[must_use]
pub fn api_key(id: ApiKeyId) -> ItemKey {
    ItemKey::new(API_KEYS, id.uuid())
}

/// The partition and the first and last sort key of all API keys.
#[must_use]
pub fn api_keys() -> (String, [String; 2]) {
    let ends = [Uuid::nil(), Uuid::max()].map(|id| id.to_string());
    (API_KEYS.to_owned(), ends)
}
