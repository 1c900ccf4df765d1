//! What could not be rendered as it was meant, and what a body names.

/// Something in a body that readers will not see as its author meant it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderWarning {
    /// The line of the body, counted from one.
    pub line: usize,
    /// What it is.
    pub kind: RenderWarningKind,
    /// The text of the construct as it was written, cut to its first words when it is long.
    pub construct: String,
}

/// The most of a construct a warning repeats, in characters.
const MAX_CONSTRUCT: usize = 120;

impl RenderWarning {
    pub(crate) fn new(line: usize, kind: RenderWarningKind, construct: &str) -> Self {
        let construct = match construct.char_indices().nth(MAX_CONSTRUCT) {
            Some((end, _)) => format!("{}…", &construct[..end]),
            None => construct.to_owned(),
        };
        Self {
            line,
            kind,
            construct,
        }
    }
}

/// More warnings than anyone reads; what comes after them is not reported.
const MAX_WARNINGS: usize = 1000;

pub(crate) fn push_warning(warnings: &mut Vec<RenderWarning>, warning: RenderWarning) {
    if warnings.len() < MAX_WARNINGS {
        warnings.push(warning);
    }
}

/// The kinds of [`RenderWarning`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RenderWarningKind {
    /// Liquid outside the evaluated subset; kept as it is.
    Liquid,
    /// Liquid that names a value nobody gave; it became nothing, as in Jekyll.
    UnknownValue,
    /// Liquid that names a post or file nobody knows; kept as it is.
    UnknownTarget,
    /// A kramdown attribute list or extension; left out.
    Attributes,
    /// A formula between `$$`; kept as text.
    Formula,
    /// An image target with spaces, which Markdown does not allow; repaired.
    SpacesInTarget,
    /// Blocks or marks inside each other beyond any use; the innermost became plain text.
    TooDeep,
    /// More footnotes than any post has; they stayed text.
    TooManyFootnotes,
}

impl RenderWarningKind {
    /// A name for machines, which stays the same when the wording changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Liquid => "liquid",
            Self::UnknownValue => "unknown_value",
            Self::UnknownTarget => "unknown_target",
            Self::Attributes => "attributes",
            Self::Formula => "formula",
            Self::SpacesInTarget => "spaces_in_target",
            Self::TooDeep => "too_deep",
            Self::TooManyFootnotes => "too_many_footnotes",
        }
    }
}

/// Something outside the body that the body names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyReference {
    /// What is named.
    pub kind: ReferenceKind,
    /// The name: Liquid evaluated, percent-encoding undone.
    pub name: String,
    /// The line of the body on which it is named first, counted from one.
    pub line: usize,
    /// How often the body names it.
    pub count: usize,
    /// The URL it became, or none when nobody knows it.
    pub url: Option<String>,
    /// What stands for an image where it is named first, when that is said there.
    pub alt: Option<String>,
}

/// The kinds of [`BodyReference`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReferenceKind {
    /// An image of the body.
    Image,
    /// A post named by `{% post_url %}`.
    Post,
    /// A file named by `{% link %}`.
    File,
    /// An ordinary link that was an old address.
    Link,
}
