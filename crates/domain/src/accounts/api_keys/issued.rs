use std::time::Duration;

use super::ApiKey;
use crate::{
    access::Scopes,
    values::{ApiKeyId, Email, KeyName, Timestamp, UserId},
};

/// A key to be issued.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Name of the key.
    pub name: KeyName,
    /// E-mail address of the account that the key acts for.
    pub email: Email,
    /// Scopes of the key.
    pub scopes: Scopes,
    /// Lifetime of the key.
    pub lifetime: Lifetime,
}

/// Lifetime of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// A duration from its issue.
    For(Duration),
    /// A fixed expiry.
    Until(Timestamp),
    /// No expiry.
    Endless,
}

impl Lifetime {
    /// Default: 90 days.
    pub const USUAL: Self = Self::For(Duration::from_hours(90 * 24));

    pub(super) fn end(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::For(time) => Some(now.after(time)),
            Self::Until(moment) => Some(moment),
            Self::Endless => None,
        }
    }
}

/// Stored data of an issued key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedKey {
    /// The key.
    pub id: ApiKeyId,
    /// Name of the key.
    pub name: KeyName,
    /// The user.
    pub user_id: UserId,
    /// [`ApiKey::digest`].
    pub digest: String,
    /// Scopes of the key.
    pub scopes: Scopes,
    /// Time of issue.
    pub created_at: Timestamp,
    /// Expiry, if the key has one.
    pub valid_until: Option<Timestamp>,
    /// Time of revocation, if the key was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Time of a recent use: the last one, or up to five minutes before it.
    pub last_used_at: Option<Timestamp>,
}

/// Minimum time between two records of the use of a key.
pub const USE_INTERVAL: Duration = Duration::from_mins(5);

/// Time for which an expired or revoked key stays in the list.
pub const KEY_RETENTION: Duration = Duration::from_hours(30 * 24);

/// State of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// The key is valid.
    Active,
    /// The key has expired.
    Expired,
    /// The key was revoked.
    Revoked,
}

impl KeyState {
    /// Name of the state in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

impl IssuedKey {
    /// State at a point in time.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> KeyState {
        if self.revoked_at.is_some() {
            KeyState::Revoked
        } else if self.valid_until.is_some_and(|end| end <= now) {
            KeyState::Expired
        } else {
            KeyState::Active
        }
    }

    /// Whether the retention of the key has passed. The store deletes such keys with a delay.
    #[must_use]
    pub fn is_forgotten(&self, now: Timestamp) -> bool {
        let ends = [self.revoked_at, self.valid_until].into_iter().flatten();
        ends.min()
            .is_some_and(|end| end.after(KEY_RETENTION) <= now)
    }

    /// Whether the use of the key must be recorded.
    pub(super) fn is_use_due(&self, now: Timestamp) -> bool {
        self.last_used_at
            .is_none_or(|last| last.after(USE_INTERVAL) <= now)
    }

    /// Whether the presented key is this key and is valid.
    pub(super) fn admits(&self, presented: &ApiKey, now: Timestamp) -> bool {
        presented.has_digest(&self.digest) && self.state(now) == KeyState::Active
    }
}
