use std::time::Duration;

use super::ApiKey;
use crate::{
    access::Scopes,
    values::{ApiKeyId, Email, KeyName, Timestamp, UserId},
};

/// A key that shall be issued.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// What tells it from others.
    pub name: KeyName,
    /// Whose: the account in whose name it calls.
    pub email: Email,
    /// What it may be used for.
    pub scopes: Scopes,
    /// How long.
    pub lifetime: Lifetime,
}

/// How long a key works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// For so long from its issue on.
    For(Duration),
    /// Until this moment.
    Until(Timestamp),
    /// Until it is revoked.
    Endless,
}

impl Lifetime {
    /// What a key gets for which nothing else is said: 90 days.
    pub const USUAL: Self = Self::For(Duration::from_hours(90 * 24));

    pub(super) fn end(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::For(time) => Some(now.after(time)),
            Self::Until(moment) => Some(moment),
            Self::Endless => None,
        }
    }
}

/// What is kept of a key that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedKey {
    /// Which key.
    pub id: ApiKeyId,
    /// What tells it from others.
    pub name: KeyName,
    /// Whose.
    pub user_id: UserId,
    /// [`ApiKey::digest`].
    pub digest: String,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When it ends by itself, if it does.
    pub valid_until: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// Whether a key works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It works.
    Active,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked,
}

impl KeyState {
    /// The state's name in tables.
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
    /// Whether it works at a moment.
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

    /// True when what was presented is this key, and it works.
    pub(super) fn admits(&self, presented: &ApiKey, now: Timestamp) -> bool {
        presented.has_digest(&self.digest) && self.state(now) == KeyState::Active
    }
}
