//! Reads Markdown files of Jekyll, Hugo and Zola sites and renders them to safe HTML.
//!
//! All functions are pure: none reads a file, the environment or the clock.
//!
//! - [`front_matter`] splits a file and reads its front matter.
//! - [`jekyll`] implements the rules of Jekyll: file names, dates, permalinks, `_config.yml`.
//! - [`hugo`] and [`zola`] implement the rules of these generators for the files in [`content_path`];
//!   [`generator`] names all three.
//! - [`templates`] evaluates the part of Liquid that posts use, and shortcodes.
//! - [`render`] renders a body to HTML that is safe to serve. [`targets`] resolves its images and
//!   links; [`report`] contains its warnings and references.
//! - [`budget`] bounds the work on one text.
//! - [`mod@excerpt`] extracts the first words of a body.
//! - [`transliterate`] turns a title or a name into a slug.

pub mod budget;
pub mod content_path;
pub mod excerpt;
pub mod front_matter;
pub mod generator;
pub mod hugo;
pub mod jekyll;
mod line_map;
mod liquid;
pub mod render;
pub mod report;
mod segments;
mod shortcodes;
pub mod targets;
pub mod templates;
pub mod transliterate;
pub mod zola;
