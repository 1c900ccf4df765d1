//! Moves a folder of Markdown into Tintero, as a client of its REST API.
//!
//! A run reads every file of the folder, asks the server what it already holds of it, decides per
//! file what has to happen, and only then writes. It keeps no state of its own: what it needs to
//! know of an earlier run is stored with the posts, so a run that was cut off is simply repeated.
//!
//! - [`Args`] are the arguments of `tintero import`; [`run`] does the work and tells how it ended.

mod api;
mod apply;
mod args;
mod finding;
mod folder;
mod people;
mod plan;
mod post;
mod report;
mod run;
mod screen;
mod text;
mod tree;

pub use args::{Args, Token};
pub use run::{Outcome, run};
