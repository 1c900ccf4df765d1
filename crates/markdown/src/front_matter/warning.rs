use std::fmt;

/// A part of the front matter that may not have been read as its author intended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontMatterWarning {
    /// The kind of warning.
    pub kind: FrontMatterWarningKind,
    /// The key.
    pub key: String,
    /// The line of the whole file, counted from one.
    pub line: usize,
}

/// The kinds of [`FrontMatterWarning`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrontMatterWarningKind {
    /// A map has the key twice. The last value is used.
    DuplicateKey,
    /// The text contains commas, so it was split on them. Jekyll splits it on white space.
    CommaSeparated,
    /// The key is present in singular and plural, of which Jekyll reads only the singular.
    BothSpellings,
    /// The value has the wrong type and was ignored.
    UnexpectedShape,
}

impl FrontMatterWarning {
    pub(super) fn new(kind: FrontMatterWarningKind, key: impl Into<String>, line: usize) -> Self {
        Self {
            kind,
            key: key.into(),
            line,
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.kind {
            FrontMatterWarningKind::DuplicateKey => "duplicate_key",
            FrontMatterWarningKind::CommaSeparated => "comma_separated",
            FrontMatterWarningKind::BothSpellings => "both_spellings",
            FrontMatterWarningKind::UnexpectedShape => "unexpected_shape",
        }
    }
}

impl fmt::Display for FrontMatterWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = &self.key;
        match self.kind {
            FrontMatterWarningKind::DuplicateKey => {
                write!(f, "`{key}` is present twice; the last value is used")
            }
            FrontMatterWarningKind::CommaSeparated => write!(
                f,
                "`{key}` contains commas and was split on them; Jekyll splits on white space"
            ),
            FrontMatterWarningKind::BothSpellings => {
                write!(f, "both `{key}` and `{key}s` are present; both were read")
            }
            FrontMatterWarningKind::UnexpectedShape => {
                write!(f, "`{key}` has a value of the wrong type and was ignored")
            }
        }
    }
}
