use super::item_write::ItemWrite;
use crate::store::{RequestFailure, SqlSession};

/// Deletes up to `limit` expired items of a table and returns their number.
pub(crate) fn delete_expired_page(
    session: &SqlSession,
    table: &str,
    limit: usize,
) -> Result<usize, RequestFailure> {
    let Some(table) = session.find_table(table)? else {
        return Ok(0);
    };
    let keys = session.expired(&table, limit)?;
    for key in &keys {
        ItemWrite::delete(session, &table, key)?;
    }
    Ok(keys.len())
}
