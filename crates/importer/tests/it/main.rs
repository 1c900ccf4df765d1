//! The importer against a server that answers as the API's description says.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

mod completed;
mod conflict;
mod desk;
mod failures;
mod first_run;
mod resume;
mod site;
mod things;
mod whole_site;
