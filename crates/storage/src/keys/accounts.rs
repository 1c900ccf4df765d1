//! Users, their sessions and their API keys.

use std::fmt;

use tintero_domain::{
    accounts::Guess,
    values::{ApiKeyId, Email, UserId},
};
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

/// The user of an identity of a foreign issuer.
#[must_use]
pub fn identity(issuer: &str, subject: &str) -> ItemKey {
    let digest = super::digest(&[issuer, subject]);
    ItemKey::new(format!("I#{digest}"), "IDENTITY")
}

/// The identity that a user has at an issuer.
#[must_use]
pub fn identity_row(user: UserId, issuer: &str) -> ItemKey {
    ItemKey::new(format!("U#{user}"), format!("{IDENTITY_ROW}{issuer}"))
}

/// The partition and the first and last sort key of the identities of a user.
#[must_use]
pub fn identity_rows(user: UserId) -> (String, [String; 2]) {
    let ends = [IDENTITY_ROW.to_owned(), format!("{IDENTITY_ROW}\u{10FFFF}")];
    (format!("U#{user}"), ends)
}

/// The start of the sort key of an identity of a user.
const IDENTITY_ROW: &str = "IDENTITY#";

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

/// Returns the session with this partition key.
#[must_use]
pub fn parse_session(pk: &str) -> Option<Uuid> {
    pk.strip_prefix("F#")?.parse().ok()
}

/// The entry of a session in the list of its user. Ids sort by creation time.
#[must_use]
pub fn session_row(user: UserId, family: Uuid) -> ItemKey {
    ItemKey::new(format!("S#{user}"), family)
}

/// The partition and the first and last sort key of the sessions of a user.
#[must_use]
pub fn session_rows(user: UserId) -> (String, [String; 2]) {
    let ends = [Uuid::nil(), Uuid::max()].map(|id| id.to_string());
    (format!("S#{user}"), ends)
}

/// A requested reset of a password.
#[must_use]
pub fn password_reset(id: Uuid) -> ItemKey {
    ItemKey::new(format!("R#{id}"), "RESET")
}

/// A sign-in that needs a code.
#[must_use]
pub fn sign_in_challenge(id: Uuid) -> ItemKey {
    ItemKey::new(format!("C#{id}"), "CHALLENGE")
}

/// The enrolment of a second factor that is not confirmed.
#[must_use]
pub fn factor_enrolment(user: UserId) -> ItemKey {
    ItemKey::new(format!("N#{user}"), "ENROLMENT")
}

/// Attempts at one account from one network.
#[must_use]
pub fn guess_pair(guess: &Guess) -> ItemKey {
    let Guess {
        account, network, ..
    } = guess;
    attempts(guess, "PAIR", format!("{account}#{network}"))
}

/// Failures of one network.
#[must_use]
pub fn guess_network(guess: &Guess) -> ItemKey {
    attempts(guess, "NETWORK", guess.network)
}

/// Failures at one account.
#[must_use]
pub fn guess_account(guess: &Guess) -> ItemKey {
    attempts(guess, "ACCOUNT", &guess.account)
}

fn attempts(guess: &Guess, scope: &str, of: impl fmt::Display) -> ItemKey {
    ItemKey::new(format!("A#{}#{of}", guess.target.as_str()), scope)
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
