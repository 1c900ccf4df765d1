//! The types of resources.

use std::fmt;

/// Resource types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// A post.
    Post,
    /// A user.
    User,
    /// An API key.
    ApiKey,
    /// An image.
    Image,
    /// The file of a direct upload.
    Upload,
    /// One revision of a post.
    Revision,
    /// An autosave.
    Autosave,
    /// An unknown address in the list of those.
    UnknownAddress,
    /// A redirect.
    Redirect,
    /// A category.
    Category,
    /// A tag.
    Tag,
    /// A byline.
    Byline,
    /// An operation.
    Operation,
    /// A session.
    Session,
    /// An identity of a foreign issuer.
    Identity,
    /// A second factor.
    SecondFactor,
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Post => "post",
            Self::User => "user",
            Self::ApiKey => "API key",
            Self::Image => "image",
            Self::Upload => "file of this upload",
            Self::Revision => "revision",
            Self::Autosave => "autosave",
            Self::UnknownAddress => "unknown address",
            Self::Redirect => "redirect",
            Self::Category => "category",
            Self::Tag => "tag",
            Self::Byline => "byline",
            Self::Operation => "operation",
            Self::Session => "session",
            Self::Identity => "identity",
            Self::SecondFactor => "second factor",
        })
    }
}
