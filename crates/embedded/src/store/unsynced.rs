//! Files that are not yet in use. They are written without a log, and synced by their writer.

use std::path::Path;

use super::layout::{Index, Table};
use super::{RequestFailure, SqlSession, opening};

/// Creates a database in the empty file `path` and fills it in one transaction. The file is useless after an
/// error or a crash.
pub(crate) fn fill_unsynced<E: From<rusqlite::Error>>(
    path: &Path,
    fill: impl FnOnce(&SqlSession) -> Result<(), E>,
) -> Result<(), E> {
    let connection = opening::unsynced(path)?;
    connection.execute_batch("BEGIN")?;
    let session = SqlSession::new(connection);
    fill(&session)?;
    session.execute("COMMIT")?;
    Ok(())
}

/// Opens a file that [`fill_unsynced`] has written.
pub(crate) fn open_unsynced(path: &Path) -> rusqlite::Result<SqlSession> {
    opening::reader(path)
}

impl SqlSession {
    /// Passes the keys of every entry of an index that leads to its item to `visit`, in their order, until it
    /// returns `false`: those of the index, then those of the item.
    pub(crate) fn each_entry(
        &self,
        table: &Table,
        index: &Index,
        mut visit: impl FnMut([&str; 4]) -> bool,
    ) -> Result<(), RequestFailure> {
        let (entries, keys) = (table.entries(index), table.keys());
        let sql = format!(
            "SELECT e.index_pk, e.index_sk, e.pk, e.sk FROM {entries} e \
             CROSS JOIN {keys} k ON k.pk = e.pk AND k.sk = e.sk AND k.item_id = e.item_id \
             ORDER BY e.index_pk, e.index_sk, e.pk, e.sk"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let column = |at| row.get_ref(at)?.as_str().map_err(rusqlite::Error::from);
            if !visit([column(0)?, column(1)?, column(2)?, column(3)?]) {
                break;
            }
        }
        Ok(())
    }
}
