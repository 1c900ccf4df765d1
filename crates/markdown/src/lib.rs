//! What a Markdown file means: its front matter, its place in a Jekyll site and the safe HTML it
//! becomes.
//!
//! Everything here is a pure function of its arguments. Nothing reads a file, the environment or
//! a clock, so the same bytes give the same answer on a laptop and in production.
//!
//! - [`front_matter`] splits a file and reads its head.
//! - [`jekyll`] holds the rules of that generator: file names, dates, permalinks, `_config.yml`.
//! - [`liquid`] evaluates the part of that template language that posts use.
//! - [`render`] turns a body into HTML that is safe to serve, asking [`targets`] what its images
//!   and links lead to, and saying in its [`report`] what it could not render.
//! - [`excerpt`] takes the first words of a body.
//! - [`slug`] makes the readable part of an address of a title or a name.

pub mod excerpt;
pub mod front_matter;
pub mod jekyll;
mod line_map;
pub mod liquid;
pub mod render;
pub mod report;
mod segments;
pub mod targets;
pub mod transliterate;
