//! Deletes the items that are past their time to live.

use crate::operations;
use crate::store::{RequestFailure, SqlDatabase};

/// Maximum number of items that one transaction deletes, so that other writes come between.
const PAGE: usize = 100;

/// Deletes the expired items of all tables and returns their number.
pub(crate) async fn delete_expired(database: &SqlDatabase) -> Result<usize, RequestFailure> {
    let names = database.read(|session| session.table_names("", usize::MAX))?;
    let mut deleted = 0;
    for name in names {
        loop {
            let table = name.clone();
            let delete = move |session: &_| operations::delete_expired_page(session, &table, PAGE);
            let page = database.write(0, delete).await?;
            deleted += page;
            if page < PAGE {
                break;
            }
        }
    }
    Ok(deleted)
}
