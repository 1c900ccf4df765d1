//! The head of a file: where it ends, what it says, what of it the product understands.
//!
//! [`split`] cuts the file without losing a byte, [`parse`] reads the YAML, and
//! [`Meta::read`] gives the keys their meaning.

mod error;
mod meta;
mod split;
mod value;
mod warning;
mod yaml;

pub use error::{FilePosition, FrontMatterError};
pub use meta::{Author, FrontMatterImage, ImageKeys, Meta};
pub(crate) use split::decode;
pub use split::{Block, SplitFile, Syntax, split};
pub use value::{Scalar, YamlEntry, YamlMap, YamlValue};
pub use warning::FrontMatterWarning;
pub use yaml::{ParsedYaml, parse, parse_yaml};
