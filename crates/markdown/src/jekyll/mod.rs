//! Jekyll's rules, read from its own sources, so that a site keeps its meaning and its URLs.

pub mod date;
pub mod file_name;
pub mod permalink;
pub mod site;
pub mod slugify;
