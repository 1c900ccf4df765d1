use async_trait::async_trait;

use super::IssuedKey;
use crate::{error::Result, values::ApiKeyId, writes::WriteContext};

/// Stores API keys. Each write is atomic, including its audit record. All methods have the errors
/// of [`AccountStore`](crate::accounts::AccountStore).
#[async_trait]
pub trait ApiKeyStore: Send + Sync {
    /// Inserts a key.
    async fn insert_key(&self, context: &WriteContext, key: &IssuedKey) -> Result<()>;

    /// Reads a key; the result may be up to five seconds old.
    async fn find_key(&self, id: ApiKeyId) -> Result<Option<IssuedKey>>;

    /// Lists all keys, the newest first. Expired and revoked keys are kept for 30 days.
    async fn list_keys(&self) -> Result<Vec<IssuedKey>>;

    /// Revokes a key. A revoked key is not changed.
    ///
    /// # Errors
    /// [`NotFound`](crate::Error::NotFound).
    async fn revoke_key(&self, context: &WriteContext, id: ApiKeyId) -> Result<()>;
}
