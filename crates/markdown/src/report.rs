//! Warnings and references of a rendered body.

/// A construct that readers do not see as it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderWarning {
    /// The line of the first occurrence in the body, counted from one.
    pub line: usize,
    /// The kind.
    pub kind: RenderWarningKind,
    /// The source of the first occurrence, cut if it is long.
    pub construct: String,
    /// The number of occurrences.
    pub count: usize,
}

/// The longest construct of a warning, in characters.
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
            count: 1,
        }
    }
}

/// Maximum number of warnings of a body. Further ones are dropped.
const MAX_WARNINGS: usize = 1000;

pub(crate) fn push_warning(warnings: &mut Vec<RenderWarning>, warning: RenderWarning) {
    if warnings.len() < MAX_WARNINGS {
        warnings.push(warning);
    }
}

/// The kinds of [`RenderWarning`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenderWarningKind {
    /// Liquid that is not supported; kept as is.
    Liquid,
    /// Liquid with an unknown value; left out, as in Jekyll.
    UnknownValue,
    /// Liquid with an unknown post or file; kept as is.
    UnknownTarget,
    /// HTML that is removed.
    Removed,
    /// A shortcode that is not supported; kept as is.
    Shortcode,
}

impl RenderWarningKind {
    /// A stable name for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Liquid => "liquid",
            Self::UnknownValue => "unknown_value",
            Self::UnknownTarget => "unknown_target",
            Self::Removed => "removed",
            Self::Shortcode => "shortcode",
        }
    }
}

/// A reference of a body to an image, a post or a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyReference {
    /// The kind.
    pub kind: ReferenceKind,
    /// The name with evaluated Liquid and without percent-encoding.
    pub name: String,
    /// The path of an image in the site, if the import found it elsewhere than the name says.
    pub target: Option<String>,
    /// The line of the first occurrence, counted from one.
    pub line: usize,
    /// The number of occurrences.
    pub count: usize,
    /// The resolved URL, if it is known.
    pub url: Option<String>,
    /// The alternative text of the first occurrence of an image.
    pub alt: Option<String>,
    /// Why the URL is not known, if the caller knows.
    pub reason: Option<UnresolvedReason>,
}

/// Reasons for which a reference has no URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnresolvedReason {
    /// Nothing has this name.
    Unknown,
    /// The post with this name is not public.
    NotPublic,
    /// The body has more names than are looked up.
    TooMany,
}

/// The kinds of [`BodyReference`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReferenceKind {
    /// An image of the body.
    Image,
    /// A post in `{% post_url %}`.
    Post,
    /// A file in `{% link %}`.
    File,
    /// A link to an old URL of a post.
    Link,
}
