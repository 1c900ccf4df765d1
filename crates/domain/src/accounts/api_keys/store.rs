use async_trait::async_trait;

use super::IssuedKey;
use crate::{
    error::Result,
    page::{Page, PageRequest},
    values::{ApiKeyId, Timestamp, UserId},
    writes::{WriteContext, WriteOutcome},
};

/// Stores API keys. Each write is atomic, including its audit record. All methods have the errors
/// of [`AccountStore`](crate::accounts::AccountStore).
#[async_trait]
pub trait ApiKeyStore: Send + Sync {
    /// Inserts a key.
    async fn insert_key(&self, context: &WriteContext, key: &IssuedKey) -> Result<()>;

    /// Reads a key; the result may be up to five seconds old.
    async fn find_key(&self, id: ApiKeyId) -> Result<Option<IssuedKey>>;

    /// Reads a key consistently.
    async fn find_current(&self, id: ApiKeyId) -> Result<Option<IssuedKey>>;

    /// Lists the keys of a user or of all users, the newest first. Eventually consistent. A page can be
    /// short or empty although more keys follow. Expired and revoked keys are kept for 30 days.
    async fn list(
        &self,
        owner: Option<UserId>,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<IssuedKey>>;

    /// Inserts `new` and sets the expiry of `replaced`, which must not be revoked.
    async fn rotate(
        &self,
        context: &WriteContext,
        replaced: &IssuedKey,
        new: &IssuedKey,
    ) -> Result<WriteOutcome>;

    /// Records that a key is used, unless that was recorded within [`USE_INTERVAL`](super::USE_INTERVAL).
    /// Not audited.
    async fn record_use(&self, key: &IssuedKey, now: Timestamp) -> Result<()>;

    /// Lists all keys, the newest first. Expired and revoked keys are kept for 30 days.
    async fn list_keys(&self) -> Result<Vec<IssuedKey>>;

    /// Revokes a key. A revoked key is not changed.
    ///
    /// # Errors
    /// [`NotFound`](crate::Error::NotFound).
    async fn revoke_key(&self, context: &WriteContext, id: ApiKeyId) -> Result<()>;
}
