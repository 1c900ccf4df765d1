//! Tests of the generated documentation.

mod written_tables;
