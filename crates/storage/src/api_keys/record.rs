use serde::{Deserialize, Serialize};
use tintero_domain::{
    access::Scopes,
    accounts::{IssuedKey, KEY_RETENTION},
    values::{ApiKeyId, KeyName, Timestamp, UserId},
};

/// The attributes of an API key.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ApiKeyRecord {
    name: KeyName,
    user_id: UserId,
    digest: String,
    scopes: Scopes,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Timestamp>,
    /// Time of deletion. Absent for a key that neither expires nor was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
}

/// Returns the TTL of a key that expires or was revoked at `end`, in seconds since the Unix epoch.
pub(super) fn expires_at(end: Timestamp) -> i64 {
    end.after(KEY_RETENTION).as_seconds()
}

impl ApiKeyRecord {
    /// The user of the key.
    pub(super) fn user_id(&self) -> UserId {
        self.user_id
    }

    /// Converts to the key with this id.
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
            last_used_at: self.last_used_at,
        }
    }
}

impl From<&IssuedKey> for ApiKeyRecord {
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
            last_used_at,
        } = key;
        Self {
            name: name.clone(),
            user_id: *user_id,
            digest: digest.clone(),
            scopes: scopes.clone(),
            created_at: *created_at,
            valid_until: *valid_until,
            revoked_at: *revoked_at,
            last_used_at: *last_used_at,
            expires_at: valid_until.map(expires_at),
        }
    }
}
