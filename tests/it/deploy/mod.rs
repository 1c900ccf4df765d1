//! Checks of the templates in `deploy/`.
//!
//! Emulators of AWS ignore many properties of a template without an error, so these tests read the templates themselves.

mod data;
mod migrations;
mod routes;
mod settings;
mod template;
