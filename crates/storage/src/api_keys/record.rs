use std::time::Duration;

use serde::{Deserialize, Serialize};
use tintero_domain::{
    access::Scopes,
    accounts::IssuedKey,
    values::{ApiKeyId, KeyName, Timestamp, UserId},
};

/// How long a key that ended still stands in the list.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// A key, without what its place says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KeyRecord {
    name: KeyName,
    user_id: UserId,
    digest: String,
    scopes: Scopes,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Timestamp>,
    /// [`swept_at`] its end; a key without end is never swept.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
}

/// When a key that ends at a moment leaves the table: seconds since the Unix epoch, as
/// DynamoDB's TTL wants them.
pub(super) fn swept_at(end: Timestamp) -> i64 {
    end.after(KEPT).as_seconds()
}

impl KeyRecord {
    /// Whose key it is.
    pub(super) fn user_id(&self) -> UserId {
        self.user_id
    }

    /// The key at this place.
    pub(super) fn into_key(self, id: ApiKeyId) -> IssuedKey {
        IssuedKey {
            id,
            name: self.name,
            user_id: self.user_id,
            digest: self.digest,
            scopes: self.scopes,
            created_at: self.created_at,
            valid_until: self.valid_until,
            revoked_at: self.revoked_at,
        }
    }
}

impl From<&IssuedKey> for KeyRecord {
    fn from(key: &IssuedKey) -> Self {
        let IssuedKey {
            id: _,
            name,
            user_id,
            digest,
            scopes,
            created_at,
            valid_until,
            revoked_at,
        } = key;
        Self {
            name: name.clone(),
            user_id: *user_id,
            digest: digest.clone(),
            scopes: scopes.clone(),
            created_at: *created_at,
            valid_until: *valid_until,
            revoked_at: *revoked_at,
            expires_at: valid_until.map(swept_at),
        }
    }
}
