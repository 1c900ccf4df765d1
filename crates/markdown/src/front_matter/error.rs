use std::fmt;

/// A place in a file, both numbers counted from one, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FilePosition {
    /// Line of the whole file, the opening fence being line 1.
    pub line: usize,
    /// Column of that line.
    pub column: usize,
}

impl fmt::Display for FilePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Why the head of a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrontMatterError {
    /// The file is not UTF-8.
    #[error("{at}: not UTF-8; it looks like Latin-1 or Windows-1252: save the file as UTF-8")]
    NotUtf8 {
        /// The first byte that is no UTF-8.
        at: FilePosition,
    },
    /// The YAML is broken.
    #[error("{at}: {reason}")]
    Syntax {
        /// Where the parser gave up.
        at: FilePosition,
        /// What it expected.
        reason: String,
    },
    /// The front matter is a text or a list, so it has no keys.
    #[error("{at}: front matter must be a list of `key: value` lines")]
    NotAMap {
        /// Where the value begins.
        at: FilePosition,
    },
    /// The front matter is longer than what is read.
    #[error("front matter is {bytes} bytes long; at most {limit} are read")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// Lists and maps are nested too deeply.
    #[error("{at}: nested more than {limit} levels deep")]
    TooDeep {
        /// Where the limit was passed.
        at: FilePosition,
        /// The limit, in levels.
        limit: usize,
    },
    /// Aliases repeat so much text that the file would grow out of proportion.
    #[error("{at}: aliases expand to more than {limit} bytes")]
    TooLarge {
        /// The alias that passed the limit.
        at: FilePosition,
        /// The limit, in bytes.
        limit: usize,
    },
}

impl FrontMatterError {
    /// Where the problem is, when it has a place.
    #[must_use]
    pub fn position(&self) -> Option<FilePosition> {
        match self {
            Self::NotUtf8 { at }
            | Self::Syntax { at, .. }
            | Self::NotAMap { at }
            | Self::TooDeep { at, .. }
            | Self::TooLarge { at, .. } => Some(*at),
            Self::TooLong { .. } => None,
        }
    }
}
