use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::connector::Connector;
use crate::copy;
use crate::error::EngineError;
use crate::expiry;
use crate::store::{SqlDatabase, SqlSession, resolved};
use crate::takeover;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

/// A DynamoDB inside this process. Clones share one database.
///
/// A database file has one thread that writes and any number of connections that read. Concurrent writes
/// share one sync of the disk, and reads do not wait for writes.
#[derive(Clone)]
pub struct Engine {
    database: Arc<SqlDatabase>,
}

impl Engine {
    /// Opens an empty database in memory. It is dropped with the last clone of this engine.
    ///
    /// # Errors
    ///
    /// [`EngineError::Failed`] if SQLite cannot allocate memory.
    pub fn memory() -> Result<Self, EngineError> {
        SqlDatabase::memory().map(Self::with)
    }

    /// Opens the database file `path`. Creates the file with mode 0600 if it is missing; its folder
    /// must exist.
    ///
    /// A write is acknowledged after it was synced to the disk. Other processes may open the same
    /// file; a write waits up to five seconds for the lock. This function blocks on disk reads.
    ///
    /// A file of an earlier version is converted first. The original is kept next to it as
    /// `<path>.before-engine-2`.
    ///
    /// # Errors
    ///
    /// [`EngineError::Unusable`], [`EngineError::NotADatabase`], [`EngineError::Newer`],
    /// [`EngineError::NotTakenOver`], [`EngineError::Locked`] or [`EngineError::NoSpace`].
    pub fn file(path: &Path) -> Result<Self, EngineError> {
        let path = resolved(path)?;
        takeover::take_over_if_needed(&path)?;
        SqlDatabase::file(&path).map(Self::with)
    }

    fn with(database: SqlDatabase) -> Self {
        Self {
            database: Arc::new(database),
        }
    }

    /// Returns the HTTP client for the configuration of an AWS SDK client. Endpoint and credentials
    /// are ignored.
    ///
    /// Short reads are executed on the calling thread, long ones on the blocking pool of tokio, and
    /// writes on the thread of the database file. A database in memory executes all requests on the
    /// calling thread.
    #[must_use]
    pub fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(Connector::new(Arc::clone(&self.database)))
    }

    /// Deletes the items of all tables that are past their time to live and returns their number.
    /// Other requests are executed between the pages of this work.
    ///
    /// # Errors
    ///
    /// [`EngineError::Failed`]. Items that were already deleted stay deleted.
    pub async fn delete_expired(&self) -> Result<usize, EngineError> {
        Ok(expiry::delete_expired(&self.database).await?)
    }

    /// Writes a consistent copy of the whole database to the new file `path`, which
    /// [`Engine::file`] opens. Requests to a database file are executed meanwhile and are not part of it.
    ///
    /// The copy is written to `<path>.partial`, synced and renamed.
    ///
    /// # Errors
    ///
    /// [`EngineError::CopyExists`] if `path` exists, [`EngineError::NoSpace`], or another error of
    /// writing. The file `path` is not created then.
    pub async fn copy_to(&self, path: &Path) -> Result<(), EngineError> {
        let path = path.to_owned();
        self.blocking(move |database| copy::write(database, &path))
            .await
    }

    /// Returns the number of items of each table, by full table name. Reads the whole file.
    ///
    /// # Errors
    ///
    /// [`EngineError::Failed`].
    pub async fn item_counts(&self) -> Result<BTreeMap<String, u64>, EngineError> {
        self.blocking(|database| Ok(database.read(SqlSession::count_all_items)?))
            .await
    }

    /// Describes the SQL tables, indexes, triggers and views of the database file that this engine did not create,
    /// created differently, or that are missing.
    ///
    /// # Errors
    ///
    /// [`EngineError::Failed`].
    pub async fn foreign_objects(&self) -> Result<Vec<String>, EngineError> {
        self.blocking(|database| Ok(database.read(SqlSession::foreign_objects)?))
            .await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&SqlDatabase) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let database = Arc::clone(&self.database);
        tokio::task::spawn_blocking(move || work(&database))
            .await
            .map_err(|source| EngineError::Stopping { source })?
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Engine").field(&self.database).finish()
    }
}
