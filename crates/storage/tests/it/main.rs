//! Storage on the embedded engine.

mod accounts;
mod items;
mod migrations;
mod posts;
mod site;
