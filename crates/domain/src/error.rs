//! The one closed set of ways in which a use case can fail.

use std::fmt;

use crate::{
    access::Permission,
    posts::{Conflict, SlugTaken, Transition},
    taxonomy::TooWide,
    values::{Code, PostId, Tag, ValueError, Version},
};

/// A source that is kept for the log and never shown to clients.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What every use case returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a use case failed. A variant exists because some caller behaves differently.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or this caller may not know of it.
    #[error("{0} not found")]
    NotFound(Resource),
    /// It was public once and was taken away on purpose.
    #[error("{0} is gone")]
    Gone(Resource),
    /// A name that must be unique belongs to something else.
    #[error("{unique} is already taken")]
    Taken {
        /// Which name.
        unique: Unique,
        /// The post that holds it, when it is a post and is known.
        holder: Option<PostId>,
    },
    /// The address of a post belongs to another post; others like it are free.
    #[error("the slug {} is already taken", .0.address.slug)]
    SlugTaken(Box<SlugTaken>),
    /// The resource changed after the state on which the write was based.
    #[error("changed since it was read")]
    Stale(Box<Conflict>),
    /// A resource without revisions changed after the state on which the write was based.
    #[error("changed since it was read, and is at version {0} now")]
    Outdated(Version),
    /// The post's status does not allow this transition.
    #[error("{} is not possible now", .0.attempted)]
    IllegalTransition(IllegalTransition),
    /// Members of a well-formed request break rules; all of them are listed.
    #[error("some members are invalid")]
    Invalid(FieldErrors),
    /// A list cursor was forged, is too old, or belongs to another list.
    #[error("bad cursor: {0}")]
    BadCursor(CursorFault),
    /// The caller is known and may not do this.
    #[error("not allowed: {0}")]
    Forbidden(Permission),
    /// Nobody is signed in, or what was presented does not prove who it is.
    #[error("not signed in: {0}")]
    Unauthenticated(SignInFault),
    /// The `Idempotency-Key` was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// A tag cannot be renamed so.
    #[error("the tag {name} is taken: {by}")]
    TagTaken {
        /// The name that it was to have.
        name: Tag,
        /// What has it.
        by: TagUse,
    },
    /// A category cannot go as long as something depends on it.
    #[error("the category is in use: {0}")]
    CategoryInUse(CategoryUse),
    /// What lies below a category lies in more lists than are read as one.
    #[error("posts lie in {} categories there", .0.lists)]
    TooWide(TooWide),
    /// Another runner works on the operation now; nothing was written.
    #[error("another runner has the lease of the operation")]
    LeaseLost,
    /// Others keep changing the same items; nothing was written and a later try may succeed.
    #[error("too much contention")]
    Contended,
    /// The store cannot answer at the moment.
    #[error("the store is unavailable")]
    Unavailable(#[source] BoxError),
    /// What the store holds cannot be read back.
    #[error("stored {what} cannot be read")]
    Corrupt {
        /// Entity and key of the unreadable item.
        what: String,
        /// What the decoder said.
        #[source]
        source: BoxError,
    },
}

/// Kinds of things that can be absent.
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
    /// One revision of a post.
    Revision,
    /// What an editor put aside and has not saved yet.
    Autosave,
    /// An old address.
    Redirect,
    /// A category.
    Category,
    /// A tag.
    Tag,
    /// A byline.
    Byline,
    /// A long operation.
    Operation,
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Post => "post",
            Self::User => "user",
            Self::ApiKey => "API key",
            Self::Image => "image",
            Self::Revision => "revision",
            Self::Autosave => "autosave",
            Self::Redirect => "redirect",
            Self::Category => "category",
            Self::Tag => "tag",
            Self::Byline => "byline",
            Self::Operation => "operation",
        })
    }
}

/// What keeps a category from going.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CategoryUse {
    /// Categories belong to it.
    Children,
    /// Posts are filed under it.
    Posts,
}

impl fmt::Display for CategoryUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Children => "other categories belong to it",
            Self::Posts => "posts are filed under it",
        })
    }
}

/// What has a name that a tag was to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagUse {
    /// Published posts.
    Posts,
    /// A tag that went; this one stands for it.
    Alias(Tag),
    /// The tag itself had it before, and posts are still on their way from there.
    Leaving,
}

impl fmt::Display for TagUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Posts => f.write_str("published posts have it"),
            Self::Alias(tag) => write!(f, "the tag {tag} stands for it"),
            Self::Leaving => f.write_str("posts are still moved away from it"),
        }
    }
}

/// Names of which there can be only one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unique {
    /// A slug within a locale.
    Slug(crate::values::Address),
    /// An old address.
    OldPath(crate::values::OldPath),
    /// The path that a redirect leads away from.
    RedirectedPath(crate::values::OldPath),
    /// A language among the translations of a post.
    Translation(crate::values::Locale),
    /// The place in an import source that a post came from.
    Source,
    /// The place that an image came from.
    SourcePath(crate::values::SourcePath),
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
            Self::Email => f.write_str("e-mail address"),
            Self::CategorySlug(slug) | Self::BylineSlug(slug) => write!(f, "slug {slug}"),
        }
    }
}

/// A transition that the table does not hold, with those that it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IllegalTransition {
    /// What was asked for.
    pub attempted: Transition,
    /// The post's status at that moment.
    pub status: &'static str,
    /// What is possible in that status.
    pub legal: Vec<Transition>,
}

/// What is wrong with a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CursorFault {
    /// It is not one of ours, or was changed on its way.
    Forged,
    /// It is older than cursors live.
    Expired,
    /// It continues another list.
    Foreign,
}

impl fmt::Display for CursorFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forged => "it is not a cursor of this service",
            Self::Expired => "it has expired; start the list again",
            Self::Foreign => "it belongs to a list with other parameters",
        })
    }
}

/// Why somebody could not be signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInFault {
    /// The e-mail address or the password is wrong; which of them is not said.
    Credentials,
    /// The refresh token is unknown, used, revoked or expired.
    RefreshToken,
    /// The access token's user is gone, or its tokens were revoked.
    Revoked,
    /// The API key is unknown, revoked or expired, or its user is gone.
    ApiKey,
}

impl fmt::Display for SignInFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Credentials => "the e-mail address or the password is wrong",
            Self::RefreshToken => "the refresh token is not valid",
            Self::Revoked => "the token was revoked",
            Self::ApiKey => "the API key is not valid",
        })
    }
}

/// Every problem with the members of one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

/// One problem with one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Where it stands: a JSON Pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)).
    pub pointer: String,
    /// Which rule it broke.
    pub error: ValueError,
}

impl FieldErrors {
    /// Notes a problem with the member at `pointer`.
    pub fn push(&mut self, pointer: impl Into<String>, error: ValueError) {
        self.0.push(FieldError {
            pointer: pointer.into(),
            error,
        });
    }

    /// One problem with one member.
    #[must_use]
    pub fn one(pointer: impl Into<String>, code: Code, detail: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.push(pointer, ValueError::new(code, detail));
        errors
    }

    /// `Ok` when nothing was noted.
    pub fn into_result(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self))
        }
    }

    /// True when nothing was noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The problems in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}
