//! Newtypes that carry the rules of single values.
//!
//! A value of one of these types is valid: each has one `TryFrom`, and its error is a
//! sentence that tells a person what to change.

mod address;
mod alt_text;
mod bio;
mod category_name;
mod destination;
mod digest;
mod display_name;
mod email;
mod excerpt;
mod id;
mod id_or_slug;
mod key_name;
mod locale;
mod note;
mod old_path;
mod password;
mod planned_time;
mod position;
mod slug;
mod source_path;
mod tag;
mod text;
mod timestamp;
mod title;
mod version;

pub use address::Address;
pub use alt_text::AltText;
pub use bio::Bio;
pub use category_name::CategoryName;
pub use destination::Destination;
pub use digest::Digest;
pub use display_name::DisplayName;
pub use email::Email;
pub use excerpt::Excerpt;
pub use id::{ApiKeyId, BylineId, CategoryId, ImageId, OperationId, PostId, RedirectId, UserId};
pub use id_or_slug::IdOrSlug;
pub use key_name::KeyName;
pub use locale::Locale;
pub use note::Note;
pub use old_path::OldPath;
pub use password::Password;
pub use planned_time::{PlannedTime, TimeZone};
pub use position::Position;
pub use slug::Slug;
pub use source_path::SourcePath;
pub use tag::Tag;
pub use timestamp::Timestamp;
pub use title::Title;
pub use version::{Revision, Version, VersionTag};

/// Why a value was refused: a stable code for programs and a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ValueError {
    /// What kind of rule was broken.
    pub code: Code,
    /// What to change, as the end of a sentence that starts with the member's name.
    pub detail: String,
}

impl ValueError {
    /// An error with its code and the sentence that explains it.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
        }
    }
}

/// The stable codes of refused members, as `errors[].code` shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The member must be there and is not.
    Required,
    /// The member is not one that this operation knows.
    UnknownMember,
    /// The member's JSON type is another one.
    Type,
    /// The text is shorter than allowed.
    TooShort,
    /// The text, list or object is larger than allowed.
    TooLong,
    /// The text does not have the form that the member demands.
    Format,
    /// The value is well formed but lies outside what is allowed.
    OutOfRange,
    /// The same value stands twice.
    Duplicate,
    /// The value names something that does not exist.
    UnknownReference,
}

impl Code {
    /// The code as clients see it.
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
