//! Runs the importer against a fake server that implements the operations it uses.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod conflict;
mod failures;
mod fake_resources;
mod fake_server;
mod first_run;
mod generators;
mod legacy_imports;
mod moved_files;
mod resources;
mod resume;
mod site;
