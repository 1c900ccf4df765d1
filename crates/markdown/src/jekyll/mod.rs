//! Jekyll's rules, read from its own sources, so that a site keeps its meaning and its URLs.

pub mod file_name;
