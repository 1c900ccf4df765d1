use async_trait::async_trait;

use super::IssuedKey;
use crate::{writes::WriteContext, error::Result, values::ApiKeyId};

/// Keeps API keys. Each writing method is atomic, with its audit record; every method fails as
/// those of [`AccountStore`](crate::accounts::AccountStore) do.
#[async_trait]
pub trait ApiKeyStore: Send + Sync {
    /// Adds a key.
    async fn insert_key(&self, context: &WriteContext, key: &IssuedKey) -> Result<()>;

    /// A key as of at most five seconds ago.
    async fn find_key(&self, id: ApiKeyId) -> Result<Option<IssuedKey>>;

    /// All keys, the newest first. Those that ended stay for 30 days.
    async fn list_keys(&self) -> Result<Vec<IssuedKey>>;

    /// Revokes a key at the moment of the act; one that was revoked before stays as it is.
    ///
    /// # Errors
    /// [`NotFound`](crate::Error::NotFound).
    async fn revoke_key(&self, context: &WriteContext, id: ApiKeyId) -> Result<()>;
}
