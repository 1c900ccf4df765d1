//! Moves a folder of Markdown into Tintero, as a client of its REST API.
//!
//! A run reads every file, compares it with the server, plans all changes (`plan`) and then
//! applies them (`apply`). It keeps no local state: the server stores the imported file with
//! each post, so a run that stopped can be repeated.
//!
//! [`Args`] are the arguments of `tintero import`. [`run`] runs the import and returns its outcome.

mod api;
mod apply;
mod args;
mod bylines;
mod diagnostic;
mod error;
mod file_index;
mod folder;
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

pub use args::{Args, GeneratorName, Token};
pub use run::{ImportOutcome, run};
