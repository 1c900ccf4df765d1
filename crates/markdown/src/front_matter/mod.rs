//! The head of a file: where it ends, what it says, what of it the product understands.
//!
//! [`split`] cuts the file without losing a byte, [`parse`] reads the YAML, and
//! [`Meta::read`] gives the keys their meaning.

mod error;
mod fence;
mod meta;
mod value;
mod warning;
mod yaml;

pub use error::{Error, Position};
pub(crate) use fence::decode;
pub use fence::{Block, Split, Syntax, split};
pub use meta::{Author, Image, ImageKeys, Meta};
pub use value::{Entry, Map, Scalar, Value};
pub use warning::Warning;
pub use yaml::{Parsed, parse, parse_yaml};
