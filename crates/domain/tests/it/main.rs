//! The rules as they are written down for people.

mod written_tables;
