//! The front matter of a file.
//!
//! [`split`] cuts the file without losing a byte, [`parse`] reads YAML, TOML or JSON, and [`Meta::read`]
//! reads the known keys.

mod error;
mod meta;
mod split;
mod toml;
mod value;
mod warning;
mod yaml;

pub use error::{FilePosition, FrontMatterError};
pub use meta::{Author, FrontMatterImage, ImageKeys, Meta};
pub use split::{Block, SplitFile, Syntax, decode, split};
pub use toml::parse_toml;
pub use value::{Scalar, YamlEntry, YamlMap, YamlValue};
pub use warning::{FrontMatterWarning, FrontMatterWarningKind};
pub use yaml::{ParsedYaml, parse, parse_yaml, parse_yaml_value};
