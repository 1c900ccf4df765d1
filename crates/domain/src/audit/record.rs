use uuid::Uuid;

use crate::{
    audit_action::AuditAction,
    values::{ApiKeyId, Note, Revision, Timestamp, UserId, Version},
};

/// A record of one write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Id of the write.
    pub id: Uuid,
    /// Time of the write.
    pub at: Timestamp,
    /// The action.
    pub action: AuditAction,
    /// The acting user. Absent for the operator and background tasks.
    pub actor: Option<UserId>,
    /// The API key that was used, or that the write changed.
    pub key: Option<ApiKeyId>,
    /// The resource.
    pub resource: AuditedResource,
    /// Version of the resource after the write, if it is recorded.
    pub version: Option<Version>,
    /// Revision of the resource after the write, if it is recorded.
    pub revision: Option<Revision>,
    /// What the actor wrote about the write, such as the changes that a reviewer requests.
    pub note: Option<Note>,
    /// Identifier of the HTTP request or of the operation.
    pub request_id: String,
}

/// The resource of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditedResource {
    /// Its type.
    pub kind: AuditedKind,
    /// Its id, or the tag in lower case. Absent if it was not known.
    pub id: Option<String>,
}

/// The types of resources in the audit trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditedKind {
    /// A post.
    Post,
    /// A user, with the sessions and API keys.
    User,
    /// A category.
    Category,
    /// A tag.
    Tag,
    /// A byline.
    Byline,
    /// An image.
    Image,
    /// An operation.
    Operation,
    /// A redirect.
    Redirect,
    /// The settings of the site.
    Site,
}

impl AuditedKind {
    /// All types.
    pub const ALL: [Self; 9] = [
        Self::Post,
        Self::User,
        Self::Category,
        Self::Tag,
        Self::Byline,
        Self::Image,
        Self::Operation,
        Self::Redirect,
        Self::Site,
    ];

    /// Name of the type in responses and filters.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::User => "user",
            Self::Category => "category",
            Self::Tag => "tag",
            Self::Byline => "byline",
            Self::Image => "image",
            Self::Operation => "operation",
            Self::Redirect => "redirect",
            Self::Site => "site",
        }
    }
}
