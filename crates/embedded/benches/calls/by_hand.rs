//! Rows inserted into SQLite by hand: prepared statements, one transaction and one fsync per call.

use std::time::Instant;

use rusqlite::{Connection, params};

use crate::{
    Failure, LEAST, cpu,
    shapes::{self, Row},
};

const TABLES: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE items (pk TEXT, sk TEXT, item TEXT, PRIMARY KEY (pk, sk)) WITHOUT ROWID;
    CREATE TABLE states (state TEXT, sk TEXT, pk TEXT, PRIMARY KEY (state, sk, pk)) WITHOUT ROWID;";

/// Measures both writes once.
pub(crate) fn measure(add: &mut impl FnMut(String, f64)) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let mut connection = Connection::open(folder.path().join("rows.db"))?;
    connection.execute_batch(TABLES)?;
    for (name, rows) in [("create", shapes::CREATE), ("publish", shapes::PUBLISH)] {
        let (before, started, mut calls) = (cpu()?, Instant::now(), 0_u32);
        while started.elapsed() < LEAST {
            insert(&mut connection, rows, &format!("{name}-{calls}"))?;
            calls += 1;
        }
        add(
            format!("{name} by hand"),
            (cpu()? - before) * 1e6 / f64::from(calls.max(1)),
        );
    }
    Ok(())
}

fn insert(connection: &mut Connection, rows: &[Row], pk: &str) -> Result<(), Failure> {
    let transaction = connection.transaction()?;
    for (number, row) in rows.iter().enumerate() {
        let item = shapes::text(row.bytes, row.bytes + pk.len());
        let mut insert = transaction.prepare_cached("INSERT INTO items VALUES (?1, ?2, ?3)")?;
        insert.execute(params![pk, number.to_string(), item])?;
        if row.indexed {
            let mut insert =
                transaction.prepare_cached("INSERT INTO states VALUES (?1, ?2, ?3)")?;
            insert.execute(params!["draft", number.to_string(), pk])?;
        }
    }
    transaction.commit()?;
    Ok(())
}
