use std::fmt;

/// A position in a file. Line and column are counted from one, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FilePosition {
    /// The line of the whole file. The opening fence is line 1.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl fmt::Display for FilePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// An error of reading front matter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrontMatterError {
    /// The file is not UTF-8.
    #[error("{at}: not UTF-8, but perhaps Latin-1 or Windows-1252; save the file as UTF-8")]
    NotUtf8 {
        /// The first invalid byte.
        at: FilePosition,
    },
    /// The YAML is invalid.
    #[error("{at}: {reason}")]
    Syntax {
        /// Position of the error of the parser.
        at: FilePosition,
        /// The message of the parser.
        reason: String,
    },
    /// The front matter is a text or a list.
    #[error("{at}: front matter must consist of `key: value` lines")]
    NotAMap {
        /// The start of the value.
        at: FilePosition,
    },
    /// The front matter is too long.
    #[error("front matter has {bytes} bytes; the limit is {limit}")]
    TooLong {
        /// The length, in bytes.
        bytes: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// Lists and maps are nested too deeply.
    #[error("{at}: nested more than {limit} levels deep")]
    TooDeep {
        /// Position at which the limit is exceeded.
        at: FilePosition,
        /// The limit, in levels.
        limit: usize,
    },
    /// The expanded aliases are too large.
    #[error("{at}: aliases expand to more than {limit} bytes")]
    TooLarge {
        /// The alias that exceeds the limit.
        at: FilePosition,
        /// The limit, in bytes.
        limit: usize,
    },
}

impl FrontMatterError {
    /// The position of the error, if it has one.
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
