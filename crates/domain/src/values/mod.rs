//! Validated newtypes for single values.
//!
//! Each type has one `TryFrom` that checks its rules. The error is a sentence that says how to
//! correct the value.

mod address;
mod bio;
mod client_network;
mod destination;
mod digest;
mod email;
mod embed_host;
mod home_url;
mod id;
mod id_or_slug;
mod locale;
mod look;
mod old_path;
mod password;
mod planned_time;
mod single_line;
mod slug;
mod source_path;
mod text;
mod timestamp;
mod user_status;
mod version;

pub use address::Address;
pub use bio::Bio;
pub use client_network::ClientNetwork;
pub use destination::Destination;
pub use digest::Digest;
pub use email::Email;
pub use embed_host::EmbedHost;
pub use home_url::HomeUrl;
pub use id::{ApiKeyId, BylineId, CategoryId, ImageId, OperationId, PostId, RedirectId, UserId};
pub use id_or_slug::IdOrSlug;
pub use locale::Locale;
pub use look::{FocalPoint, RgbColor, ThumbHash};
pub use old_path::OldPath;
pub use password::Password;
pub use planned_time::{PlannedTime, TimeZone};
pub use single_line::{
    AltText, Caption, CategoryName, Credit, DisplayName, Excerpt, KeyName, Note, OriginalName,
    Position, SearchText, SiteDescription, SiteTitle, Tag, Title,
};
pub use slug::Slug;
pub use source_path::SourcePath;
pub use timestamp::Timestamp;
pub use user_status::UserStatus;
pub use version::{Revision, Version, VersionTag};

/// Validation error of a value: a stable code for programs and a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ValueError {
    /// Kind of the violated rule.
    pub code: Code,
    /// The correction, as the end of a sentence that starts with the member's name.
    pub detail: String,
}

impl ValueError {
    /// Creates an error.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
        }
    }
}

/// Stable codes of invalid members, as in `errors[].code`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// A required member is missing.
    Required,
    /// The operation does not have this member.
    UnknownMember,
    /// The member has the wrong JSON type.
    Type,
    /// The text is shorter than allowed.
    TooShort,
    /// The text, list or object is larger than allowed.
    TooLong,
    /// The text does not have the required format.
    Format,
    /// The value is well formed but not allowed.
    OutOfRange,
    /// The value occurs twice.
    Duplicate,
    /// The value refers to a resource that does not exist.
    UnknownReference,
}

impl Code {
    /// The code in responses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::UnknownMember => "unknown_member",
            Self::Type => "wrong_type",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::Format => "bad_format",
            Self::OutOfRange => "out_of_range",
            Self::Duplicate => "duplicate",
            Self::UnknownReference => "unknown_reference",
        }
    }
}
