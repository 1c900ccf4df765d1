/// Something in the front matter that was read, but perhaps not as its author meant it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrontMatterWarning {
    /// A key is written twice in one map; the last one counts.
    #[error("`{key}` is written twice; the last one counts")]
    DuplicateKey {
        /// The key.
        key: String,
        /// The line of the second writing.
        line: usize,
    },
    /// Jekyll splits this text on white space; it holds commas, so it was split on those.
    #[error(
        "`{key}` holds commas; it was split on them, where Jekyll would keep them in the names"
    )]
    CommaSeparated {
        /// The key.
        key: String,
        /// Its line.
        line: usize,
    },
    /// Both spellings of a key are there. Jekyll would read the singular one alone.
    #[error("both `{singular}` and `{plural}` are given; both were read")]
    BothSpellings {
        /// The key of one value.
        singular: String,
        /// The key of many.
        plural: String,
        /// The line of the singular key.
        line: usize,
    },
    /// The value has a shape this key does not take, so it was left out.
    #[error("`{key}` has a value of an unexpected shape and was not used")]
    UnexpectedShape {
        /// The key.
        key: String,
        /// Its line.
        line: usize,
    },
}

impl FrontMatterWarning {
    /// The line of the whole file, counted from one.
    #[must_use]
    pub fn line(&self) -> usize {
        match self {
            Self::DuplicateKey { line, .. }
            | Self::CommaSeparated { line, .. }
            | Self::BothSpellings { line, .. }
            | Self::UnexpectedShape { line, .. } => *line,
        }
    }

    /// A name for machines, which stays the same when the wording changes.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::DuplicateKey { .. } => "duplicate_key",
            Self::CommaSeparated { .. } => "comma_separated",
            Self::BothSpellings { .. } => "both_spellings",
            Self::UnexpectedShape { .. } => "unexpected_shape",
        }
    }
}
