//! Names that are taken, and resources that are in use.

use std::fmt;

use crate::values::{PostId, Tag, Title};

/// A use that prevents the deletion of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CategoryUse {
    /// It has child categories.
    Children,
    /// It has posts.
    Posts,
}

impl fmt::Display for CategoryUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Children => "it has child categories",
            Self::Posts => "it has posts",
        })
    }
}

/// The uses that prevent the deletion of a byline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BylineUse {
    /// Number of published and scheduled posts that name it, as far as known.
    pub count: u64,
    /// The first of them.
    pub posts: Vec<PostId>,
}

/// The uses that prevent the deletion of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageUsages {
    /// The first posts that use it, with their titles.
    pub posts: Vec<(PostId, Title)>,
    /// Whether more posts may use it.
    pub has_more: bool,
}

/// The holder of a tag name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagUse {
    /// Published posts.
    Posts,
    /// An alias of this tag.
    Alias(Tag),
    /// A former name of the tag, from which posts are still being moved.
    Leaving,
}

impl fmt::Display for TagUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Posts => f.write_str("published posts use it"),
            Self::Alias(tag) => write!(f, "it is an alias of the tag {tag}"),
            Self::Leaving => f.write_str("posts are still being moved from it"),
        }
    }
}

/// Unique names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unique {
    /// A slug in a locale.
    Slug(crate::values::Address),
    /// An alias.
    OldPath(crate::values::OldPath),
    /// The path of a redirect.
    RedirectedPath(crate::values::OldPath),
    /// The locale of a translation of one post.
    Translation(crate::values::Locale),
    /// The file of an import.
    Source,
    /// The source path of an image.
    SourcePath(crate::values::SourcePath),
    /// The bytes of an image without a source path.
    ImageBytes,
    /// A user's e-mail address.
    Email,
    /// A category's slug.
    CategorySlug(crate::values::Slug),
    /// A byline's slug.
    BylineSlug(crate::values::Slug),
}

impl fmt::Display for Unique {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slug(address) => write!(f, "slug {} ({})", address.slug, address.locale),
            Self::OldPath(path) | Self::RedirectedPath(path) => write!(f, "old address {path}"),
            Self::Source => f.write_str("import source"),
            Self::Translation(locale) => write!(f, "translation into {locale}"),
            Self::SourcePath(path) => write!(f, "source path {path}"),
            Self::ImageBytes => f.write_str("file"),
            Self::Email => f.write_str("e-mail address"),
            Self::CategorySlug(slug) | Self::BylineSlug(slug) => write!(f, "slug {slug}"),
        }
    }
}
