//! The rules of Jekyll, taken from its source code, so that a site keeps its URLs.

pub mod date;
pub mod defaults;
pub mod file_name;
pub mod permalink;
pub mod site;
pub mod slugify;
