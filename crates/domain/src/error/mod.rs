//! The errors of all use cases.

mod fields;
mod names;
mod resource;
mod sign_in;

use std::{fmt, time::Duration};

pub use fields::{FieldError, FieldErrors};
pub use names::{BylineUse, CategoryUse, ImageUsages, TagUse, Unique};
pub use resource::Resource;
pub use sign_in::{IdentityRefusal, SignInFault};
use tintero_markdown::budget::TooComplex;

use crate::{
    access::Permission,
    posts::{Conflict, SlugTaken, Transition},
    taxonomy::TooWide,
    values::{PostId, Tag, Timestamp, UserStatus, Version},
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
    /// The image cannot be deleted while posts use it.
    #[error("the image is in use")]
    ImageInUse(ImageUsages),
    /// The status of the user does not allow the change.
    #[error("the user is {}", .0.as_str())]
    UserStatus(UserStatus),
    /// The API key has expired or was revoked.
    #[error("the API key is not active")]
    KeyInactive,
    /// The user has the maximum number of active API keys.
    #[error("the user has {0} active API keys; revoke one first")]
    TooManyKeys(usize),
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
