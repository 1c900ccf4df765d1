//! Markdown and HTML bodies as HTML that is safe to serve.

mod headings;
mod markdown;
mod nesting;
mod sanitise;

/// A body made ready to serve.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Safe HTML: no script, no event handlers, no `javascript:` links.
    pub html: String,
    /// What could not be rendered as it was meant, in the order of the source.
    pub flags: Vec<Flag>,
    /// The images and posts the body names, in the order of the source.
    pub references: Vec<Reference>,
}

/// Something in a body that readers will not see as its author meant it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// The line of the body, counted from one.
    pub line: usize,
    /// What it is.
    pub kind: FlagKind,
    /// The text of the construct, as it was written.
    pub construct: String,
}

/// The kinds of [`Flag`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FlagKind {
    /// Liquid outside the evaluated subset; kept as it is.
    Liquid,
    /// Liquid that names a value nobody gave; it became nothing, as in Jekyll.
    UnknownValue,
    /// Liquid that names a post or file nobody knows; kept as it is.
    UnknownTarget,
    /// A kramdown attribute list or extension; left out.
    Attributes,
    /// Blocks or marks inside each other beyond any use; the innermost became plain text.
    TooDeep,
}

/// Something outside the body that the body names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// What is named.
    pub kind: ReferenceKind,
    /// The name, Liquid evaluated.
    pub name: String,
    /// The line of the body, counted from one, when it could be told.
    pub line: Option<usize>,
    /// The URL it became, or none when nobody knows it.
    pub url: Option<String>,
}

/// The kinds of [`Reference`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReferenceKind {
    /// An image of the body.
    Image,
    /// A link to another post.
    Post,
}

/// Renders Markdown for callers who know no site and no images: targets stay as they were written.
#[must_use]
pub fn render_plain(source: &str) -> Rendered {
    Rendered {
        html: sanitise::clean(&markdown::to_html(source)),
        ..Rendered::default()
    }
}

#[cfg(test)]
mod tests;
