//! Records of writes.

use tintero_domain::values::{
    BylineId, CategoryId, ImageId, OperationId, PostId, RedirectId, UserId,
};
use uuid::Uuid;

use super::ItemKey;

/// The subject of an audit record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditSubject {
    /// A post.
    Post(PostId),
    /// A user, if known.
    User(Option<UserId>),
    /// A category.
    Category(CategoryId),
    /// A tag, in lower case.
    Tag(String),
    /// A byline.
    Byline(BylineId),
    /// An image.
    Image(ImageId),
    /// A background operation.
    Operation(OperationId),
    /// A redirect.
    Redirect(RedirectId),
}

/// An audit record.
#[must_use]
pub fn audit(subject: &AuditSubject, id: Uuid) -> ItemKey {
    let pk = match subject {
        AuditSubject::Post(id) => format!("E#post#{id}"),
        AuditSubject::User(Some(id)) => format!("E#user#{id}"),
        AuditSubject::User(None) => "E#user".to_owned(),
        AuditSubject::Category(id) => format!("E#category#{id}"),
        AuditSubject::Tag(folded) => format!("E#tag#{folded}"),
        AuditSubject::Byline(id) => format!("E#byline#{id}"),
        AuditSubject::Image(id) => format!("E#image#{id}"),
        AuditSubject::Operation(id) => format!("E#operation#{id}"),
        AuditSubject::Redirect(id) => format!("E#redirect#{id}"),
    };
    ItemKey::new(pk, id)
}

/// The idempotency record of a user's write.
#[must_use]
pub fn idempotency(user: UserId, key: &str) -> ItemKey {
    ItemKey::new(format!("K#{user}#{key}"), "EFFECT")
}
