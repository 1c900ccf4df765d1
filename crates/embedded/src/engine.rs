use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use dynoxide::Database;

use crate::connector::Connector;
use crate::copy;
use crate::error::EngineError;
use crate::store::Store;
use crate::transaction_tokens::TransactionTokens;

/// A DynamoDB inside this process. Clones share one database.
///
/// All requests use one SQLite connection behind one lock, which suits one site on one machine.
#[derive(Clone)]
pub struct Engine {
    store: Arc<Store>,
    tokens: Arc<TransactionTokens>,
}

impl Engine {
    /// Opens an empty database in memory. It is dropped with the last clone of this engine.
    ///
    /// # Errors
    ///
    /// [`EngineError::Failed`] if SQLite cannot allocate memory.
    pub fn memory() -> Result<Self, EngineError> {
        Store::memory().map(Self::with_store)
    }

    /// Opens the database file `path`. Creates the file with mode 0600 if it is missing; its folder
    /// must exist.
    ///
    /// A write is acknowledged after it was synced to the disk. Other processes may open the same
    /// file; a request waits up to five seconds for the lock. This function blocks on disk reads.
    ///
    /// # Errors
    ///
    /// [`EngineError::Unusable`], [`EngineError::NotADatabase`], [`EngineError::Locked`] or
    /// [`EngineError::NoSpace`].
    pub fn file(path: &Path) -> Result<Self, EngineError> {
        Store::file(path).map(Self::with_store)
    }

    fn with_store(store: Store) -> Self {
        Self {
            store: Arc::new(store),
            tokens: Arc::default(),
        }
    }

    /// Returns the HTTP client for the configuration of an AWS SDK client. Endpoint and credentials
    /// are ignored.
    ///
    /// A database in memory executes requests on the calling thread. A database file uses the
    /// blocking pool of tokio, so its clients need a tokio runtime.
    #[must_use]
    pub fn http_client(&self) -> SharedHttpClient {
        let connector = Connector::new(Arc::clone(&self.store), Arc::clone(&self.tokens));
        SharedHttpClient::new(connector)
    }

    /// Deletes the items of all tables that are past their time to live and returns their number.
    /// Other requests are executed between the pages of this work.
    ///
    /// # Errors
    ///
    /// [`EngineError::Failed`]. Items that were already deleted stay deleted.
    pub async fn delete_expired(&self) -> Result<usize, EngineError> {
        self.blocking(|store| {
            store
                .with(Database::sweep_ttl)?
                .map_err(EngineError::of_engine)
        })
        .await
    }

    /// Writes a consistent copy of the whole database to the new file `path`, which
    /// [`Engine::file`] opens. Other requests wait until the copy is complete.
    ///
    /// The copy is written to `<path>.partial`, synced and renamed.
    ///
    /// # Errors
    ///
    /// [`EngineError::CopyExists`] if `path` exists, [`EngineError::NoSpace`], or another error of
    /// writing. The file `path` is not created then.
    pub async fn copy_to(&self, path: &Path) -> Result<(), EngineError> {
        let path = path.to_owned();
        self.blocking(move |store| copy::write(store, &path)).await
    }

    /// Returns the number of items of each table, by full table name. Reads the whole file; other
    /// requests wait.
    ///
    /// # Errors
    ///
    /// [`EngineError::Failed`].
    pub async fn item_counts(&self) -> Result<BTreeMap<String, u64>, EngineError> {
        let tables = self
            .blocking(|store| {
                store
                    .with(Database::table_stats)?
                    .map_err(EngineError::of_engine)
            })
            .await?;
        let counts = tables.into_iter().map(|table| {
            let items = u64::try_from(table.item_count).unwrap_or_default();
            (table.table_name, items)
        });
        Ok(counts.collect())
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let store = Arc::clone(&self.store);
        tokio::task::spawn_blocking(move || work(&store))
            .await
            .map_err(|source| EngineError::Stopping { source })?
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place: &dyn fmt::Debug = match &*self.store {
            Store::Memory(_) => &"memory",
            Store::File { path, .. } => path,
        };
        f.debug_tuple("Engine").field(place).finish()
    }
}
