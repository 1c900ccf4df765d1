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
use crate::tokens::Tokens;

/// A DynamoDB inside this process. Clones share one database.
///
/// All requests go through one SQLite connection behind one lock: right for one
/// site on one machine.
#[derive(Clone)]
pub struct Engine {
    store: Arc<Store>,
    tokens: Arc<Tokens>,
}

impl Engine {
    /// Opens an empty database that lives as long as the last clone of this
    /// engine.
    ///
    /// # Errors
    ///
    /// [`EngineError::Failed`], where SQLite gets no memory.
    pub fn memory() -> Result<Self, EngineError> {
        Store::memory().map(Self::around)
    }

    /// Opens the database in `path`, creating the file (readable by its owner
    /// alone) where there is none; the folder must exist.
    ///
    /// A write is acknowledged after the disk has confirmed it. Other processes
    /// may open the same file; whoever needs the lock waits up to five seconds.
    /// This call reads from the disk and blocks.
    ///
    /// # Errors
    ///
    /// What is wrong with the file, and what to do about it.
    pub fn file(path: &Path) -> Result<Self, EngineError> {
        Store::file(path).map(Self::around)
    }

    fn around(store: Store) -> Self {
        Self {
            store: Arc::new(store),
            tokens: Arc::default(),
        }
    }

    /// The HTTP client to build an AWS SDK client with. The endpoint it is
    /// given is not used, and neither are credentials.
    ///
    /// A database in memory answers on the calling thread, which is faster than
    /// handing over; a file is served by tokio's blocking pool, so its clients
    /// need a tokio runtime.
    #[must_use]
    pub fn http_client(&self) -> SharedHttpClient {
        let connector = Connector::new(Arc::clone(&self.store), Arc::clone(&self.tokens));
        SharedHttpClient::new(connector)
    }

    /// Removes the items whose time to live has passed from every table that
    /// has one, and says how many they were. Requests are let through between
    /// the pages of a sweep.
    ///
    /// # Errors
    ///
    /// [`EngineError::Failed`] with what the engine reported; what was removed
    /// before stays removed.
    pub async fn sweep_expired(&self) -> Result<usize, EngineError> {
        self.blocking(|store| {
            store
                .with(Database::sweep_ttl)?
                .map_err(EngineError::of_engine)
        })
        .await
    }

    /// Writes a copy of the whole database, as of one moment, to a new file.
    /// The name appears once the copy is complete and on the disk; until then
    /// its bytes lie beside it under the ending `.partial`. Requests wait
    /// meanwhile. [`Engine::file`] opens a copy.
    ///
    /// # Errors
    ///
    /// [`EngineError::CopyExists`], [`EngineError::NoSpace`], or what else kept
    /// the copy from being written. Nothing is left under `path` then.
    pub async fn copy_to(&self, path: &Path) -> Result<(), EngineError> {
        let path = path.to_owned();
        self.blocking(move |store| copy::write(store, &path)).await
    }

    /// How many items each table holds, by the table's full name. Reads the
    /// whole file; requests wait meanwhile.
    ///
    /// # Errors
    ///
    /// [`EngineError::Failed`] with what the engine reported.
    pub async fn item_counts(&self) -> Result<BTreeMap<String, u64>, EngineError> {
        let tables = self
            .blocking(|store| {
                store
                    .with(Database::table_stats)?
                    .map_err(EngineError::of_engine)
            })
            .await?;
        let counted = tables.into_iter().map(|table| {
            let items = u64::try_from(table.item_count).unwrap_or_default();
            (table.table_name, items)
        });
        Ok(counted.collect())
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
