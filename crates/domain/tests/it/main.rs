//! Tests of the generated documentation.

mod text_limits;
mod written_tables;
