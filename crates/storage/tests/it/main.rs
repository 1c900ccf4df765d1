//! Storage on the embedded engine.

mod migrations;
mod posts;
mod site;
