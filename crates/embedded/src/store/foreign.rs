//! Compares the SQL schema of a database with the one that its tables need.

use std::collections::BTreeMap;

use super::{RequestFailure, SqlSession, catalog};

/// An object of the SQL schema: its type and its name.
type SchemaObject = (String, String);

impl SqlSession {
    /// Describes the tables, indexes, triggers and views that this engine did not create, created differently, or
    /// that are missing. Empty for a database that only this engine has written.
    pub(crate) fn foreign_objects(&self) -> Result<Vec<String>, RequestFailure> {
        self.snapshot(|| {
            let (found, mut expected) = (self.schema()?, self.expected_schema()?);
            let mut foreign = Vec::new();
            for (object, sql) in found {
                let fault = match expected.remove(&object) {
                    Some(expected) if expected == sql => continue,
                    Some(_) => "differs from the one of tintero",
                    None => "was not created by tintero",
                };
                foreign.push(described(&object, fault));
            }
            let missing = expected.into_keys();
            foreign.extend(missing.map(|object| described(&object, "is missing")));
            Ok(foreign)
        })
    }

    /// The schema of an empty database with the same tables.
    fn expected_schema(&self) -> Result<BTreeMap<SchemaObject, Option<String>>, RequestFailure> {
        let other = Self::new(rusqlite::Connection::open_in_memory()?);
        catalog::create(&other.connection)?;
        for name in self.table_names("", usize::MAX)? {
            let Some(table) = self.find_table(&name)? else {
                continue;
            };
            other.connection.execute_batch(&table.sql.create)?;
            for index in &table.indexes {
                other.connection.execute_batch(&index.sql.create)?;
            }
            if table.definition.time_to_live.is_some() {
                other.connection.execute_batch(&table.sql.create_expiry)?;
            }
        }
        Ok(other.schema()?)
    }

    fn schema(&self) -> rusqlite::Result<BTreeMap<SchemaObject, Option<String>>> {
        let mut statement = self
            .connection
            .prepare("SELECT type, name, sql FROM sqlite_schema")?;
        let objects =
            statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
        objects.collect()
    }
}

fn described((kind, name): &SchemaObject, fault: &str) -> String {
    format!("the {kind} {name} {fault}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        item::{KeyAttribute, KeyRole, KeySchema},
        store::{IndexDefinition, TableDefinition, opening},
    };

    /// A database with a table that has an index and a time to live.
    fn session() -> SqlSession {
        let session = opening::memory().unwrap();
        let attribute = |name: &str| KeyAttribute {
            name: name.to_owned(),
            kind: KeyRole::S,
        };
        let key = KeySchema {
            partition: attribute("pk"),
            sort: Some(attribute("sk")),
        };
        let definition = TableDefinition {
            key: key.clone(),
            indexes: vec![IndexDefinition {
                number: 0,
                name: "by_sk".to_owned(),
                key,
            }],
            next_index: 1,
            time_to_live: None,
            stream_view: None,
            is_protected: false,
            created_at: 0,
        };
        let table = session.create_table("t", definition).unwrap();
        let expires = Some("expires_at".to_owned());
        session.set_time_to_live(&table, expires).unwrap();
        session
    }

    #[test]
    fn a_database_of_the_engine_has_no_foreign_objects() {
        assert_eq!(session().foreign_objects().unwrap(), [""; 0]);
    }

    #[test]
    fn objects_of_others_are_foreign() {
        for (sql, expected) in [
            (
                "CREATE TABLE notes (text)",
                "the table notes was not created by tintero",
            ),
            (
                "CREATE INDEX fast ON items_1 (size)",
                "the index fast was not created by tintero",
            ),
            (
                "CREATE VIEW peek AS SELECT * FROM items_1",
                "the view peek was not created by tintero",
            ),
            (
                "CREATE TRIGGER spy AFTER INSERT ON items_1 BEGIN DELETE FROM keys_1; END",
                "the trigger spy was not created by tintero",
            ),
            (
                "ALTER TABLE items_1 ADD COLUMN spare TEXT",
                "the table items_1 differs from the one of tintero",
            ),
            ("DROP INDEX expiry_1", "the index expiry_1 is missing"),
        ] {
            let session = session();
            session.connection.execute_batch(sql).unwrap();
            assert_eq!(session.foreign_objects().unwrap(), [expected], "{sql}");
        }
    }
}
