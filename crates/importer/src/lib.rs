//! Moves a folder of Markdown into Tintero, as a client of its REST API.
//!
//! A run reads every file, compares it with the server, plans all changes (`plan`) and then
//! applies them (`apply`). It keeps no local state: the server stores the imported file with
//! each post, so a run that stopped can be repeated.
//!
//! [`Args`] are the arguments of `tintero import`. [`run`] runs the import and returns its outcome.
//!
//! [`run_export`] writes the posts of a server to a folder; those that were imported become their files again.

mod api;
mod apply;
mod archives;
mod args;
mod bylines;
mod diagnostic;
mod error;
mod export;
mod file_index;
mod folder;
mod front_matter_writer;
mod plan;
mod post;
mod progress;
mod report;
mod rules;
mod run;
mod site_files;
mod slug;
#[cfg(test)]
mod test_folder;
mod text;

pub use args::{Args, GeneratorName, ServerArgs, Token};
pub use export::{ExportArgs, SiteFormat, run_export};
pub use run::{ImportOutcome, run};
