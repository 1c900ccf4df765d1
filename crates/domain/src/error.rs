//! The errors of all use cases.

use std::{fmt, time::Duration};

use tintero_markdown::budget::TooComplex;

use crate::{
    access::Permission,
    posts::{Conflict, SlugTaken, Transition},
    taxonomy::TooWide,
    values::{Code, PostId, Tag, Timestamp, UserStatus, ValueError, Version},
};

/// Source of an error, for the log only.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Error of a use case. Each variant makes some caller behave differently.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The resource does not exist, or the caller may not know that it exists.
    #[error("{0} not found")]
    NotFound(Resource),
    /// The resource was public and was removed.
    #[error("{0} is gone")]
    Gone(Resource),
    /// A unique name is already taken.
    #[error("{unique} is already taken")]
    Taken {
        /// The name.
        unique: Unique,
        /// The post that holds it, if known.
        holder: Option<PostId>,
    },
    /// The address of a post is taken. Lists free alternatives.
    #[error("the slug {} is already taken", .0.address.slug)]
    SlugTaken(Box<SlugTaken>),
    /// The post has changed since the state that the write is based on.
    #[error("changed since it was read")]
    Stale(Box<Conflict>),
    /// A resource without revisions has changed since the state that the write is based on.
    #[error("changed since it was read; the current version is {0}")]
    Outdated(Version),
    /// The post's status does not allow this transition.
    #[error("{} is not possible in this status", .0.attempted)]
    IllegalTransition(IllegalTransition),
    /// Fields of a well-formed request are invalid. Lists all of them.
    #[error("{0}")]
    Invalid(FieldErrors),
    /// A list cursor is forged, expired, or belongs to another list.
    #[error("bad cursor: {0}")]
    BadCursor(CursorFault),
    /// The caller lacks a permission.
    #[error("not allowed: {0}")]
    Forbidden(Permission),
    /// The credentials are missing or invalid.
    #[error("not signed in: {0}")]
    Unauthenticated(SignInFault),
    /// The person of a foreign issuer has no user or no role here.
    #[error("not admitted: {0}")]
    NotAdmitted(IdentityRefusal),
    /// The identity has a user, or the user has another identity of the same issuer.
    #[error("the identity has a user, or the user has another identity of this issuer")]
    IdentityTaken,
    /// The operation manages the caller's account and accepts neither API keys nor tokens of foreign issuers.
    #[error("not allowed without a session")]
    SessionRequired,
    /// The role requires a second factor, and the caller has none.
    #[error("the role requires a second factor")]
    SecondFactorRequired,
    /// The user has a second factor already.
    #[error("a second factor is enrolled")]
    SecondFactorEnrolled,
    /// The change of access requires a sign-in with the second factor in this time.
    #[error("the sign-in is older than {} s", .0.as_secs())]
    SignInTooOld(Duration),
    /// The key that encrypts the secrets of second factors is missing.
    #[error("the key for secrets is missing")]
    SecretKeyMissing,
    /// Too many attempts at a secret. The next one is admitted after this time.
    #[error("too many attempts; wait {} s", .0.as_secs())]
    TooManyAttempts(Duration),
    /// The `Idempotency-Key` was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The new name of a tag is taken.
    #[error("the tag {name} is taken: {by}")]
    TagTaken {
        /// The name.
        name: Tag,
        /// Its holder.
        by: TagUse,
    },
    /// The category cannot be deleted while it is in use.
    #[error("the category is in use: {0}")]
    CategoryInUse(CategoryUse),
    /// The byline cannot be deleted while posts name it.
    #[error("the byline is in use")]
    BylineInUse(BylineUse),
    /// The status of the user does not allow the change.
    #[error("the user is {}", .0.as_str())]
    UserStatus(UserStatus),
    /// The API key has expired or was revoked.
    #[error("the API key is not active")]
    KeyInactive,
    /// The last active administrator must stay one.
    #[error("the user is the last active administrator")]
    LastAdministrator,
    /// The subtree has more non-empty categories than one list can combine.
    #[error("the subtree has {} non-empty categories", .0.lists)]
    TooWide(TooWide),
    /// Changes of the public side are only known since this time.
    #[error("changes are only known since {0}")]
    ForgottenChanges(Timestamp),
    /// Another runner holds the lease of the operation. Nothing was written.
    #[error("another runner holds the lease of the operation")]
    LeaseLost,
    /// A text exceeds a limit of the work on one text. Nothing was written.
    #[error("the text has {0}")]
    TooComplex(TooComplex),
    /// Too many renderings, diffs or merges wait. Nothing was written; a retry may succeed.
    #[error("too much work on texts is waiting")]
    Busy,
    /// Too many concurrent writes. Nothing was written; a retry may succeed.
    #[error("too many concurrent writes")]
    Contended,
    /// The store is unavailable.
    #[error("the store is unavailable")]
    Unavailable(#[source] BoxError),
    /// The disk of the store is full. Nothing was written; reads work.
    #[error("the disk of the store is full")]
    StorageFull(#[source] BoxError),
    /// A stored item cannot be decoded.
    #[error("stored {what} cannot be decoded")]
    Corrupt {
        /// Entity and key of the item.
        what: String,
        /// Error of the decoder.
        #[source]
        source: BoxError,
    },
}

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

/// An illegal transition, with the legal ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IllegalTransition {
    /// The attempted transition.
    pub attempted: Transition,
    /// The post's status.
    pub status: &'static str,
    /// The legal transitions.
    pub legal: Vec<Transition>,
}

/// The fault of a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CursorFault {
    /// It was not issued by this service, or was modified.
    Forged,
    /// It has expired.
    Expired,
    /// It belongs to another list.
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

/// The reason for a failed authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInFault {
    /// The e-mail address or the password is wrong; the response does not reveal which one.
    Credentials,
    /// The code of the second factor is wrong or was used before.
    Code,
    /// The sign-in that a code should complete is unknown, completed or expired.
    Challenge,
    /// The refresh token is unknown, used, revoked or expired.
    RefreshToken,
    /// The session of the cookie has ended, or there is none.
    Cookie,
    /// The token to reset a password is unknown, used or expired.
    ResetToken,
    /// The user of the access token does not exist any more, or the token was revoked.
    Revoked,
    /// The API key is unknown, revoked or expired, or its user does not exist any more.
    ApiKey,
    /// The invitation is unknown, replaced, used or expired.
    Invitation,
}

impl fmt::Display for SignInFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Credentials => "the e-mail address or the password is wrong",
            Self::Code => "the code is wrong or was used before",
            Self::Challenge => "the sign-in has expired; start it again",
            Self::RefreshToken => "the refresh token is not valid",
            Self::Cookie => "the session has ended",
            Self::ResetToken => "the token to reset the password is not valid",
            Self::Revoked => "the token was revoked",
            Self::ApiKey => "the API key is not valid",
            Self::Invitation => "the invitation is not valid",
        })
    }
}

/// The reason for which a person of a foreign issuer is not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityRefusal {
    /// The identity is not linked to a user, and the policy of the issuer neither links nor creates one.
    Unknown,
    /// The token gives no role.
    NoRole,
}

impl fmt::Display for IdentityRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "the identity has no user here",
            Self::NoRole => "the token gives no role here",
        })
    }
}

/// All invalid fields of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

/// An invalid field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON Pointer to the field ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)).
    pub pointer: String,
    /// The broken rule.
    pub error: ValueError,
}

impl FieldErrors {
    /// Adds an error for the field at `pointer`.
    pub fn push(&mut self, pointer: impl Into<String>, error: ValueError) {
        self.0.push(FieldError {
            pointer: pointer.into(),
            error,
        });
    }

    /// An invalid field.
    #[must_use]
    pub fn one(pointer: impl Into<String>, code: Code, detail: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.push(pointer, ValueError::new(code, detail));
        errors
    }

    /// `Ok` if there are no errors.
    pub fn into_result(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self))
        }
    }

    /// Whether there are no errors.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Iterates over the errors in order.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }
}

/// Names each field and its correction, such as `password must have at least 12 characters`.
impl fmt::Display for FieldErrors {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, FieldError { pointer, error }) in self.iter().enumerate() {
            let separator = if at == 0 { "" } else { "; " };
            write!(to, "{separator}{} {error}", pointer.trim_start_matches('/'))?;
        }
        Ok(())
    }
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}
