//! Records that every write leaves behind.

use tintero_domain::values::{
    BylineId, CategoryId, ImageId, OperationId, PostId, RedirectId, UserId,
};
use uuid::Uuid;

use super::Key;

/// What an audit record is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A post.
    Post(PostId),
    /// A user, where one is known.
    User(Option<UserId>),
    /// A category.
    Category(CategoryId),
    /// A tag, in lower case.
    Tag(String),
    /// A byline.
    Byline(BylineId),
    /// An image.
    Image(ImageId),
    /// A long operation.
    Operation(OperationId),
    /// A redirect.
    Redirect(RedirectId),
}

/// An audit record.
#[must_use]
pub fn audit(subject: &Subject, act: Uuid) -> Key {
    let pk = match subject {
        Subject::Post(id) => format!("E#post#{id}"),
        Subject::User(Some(id)) => format!("E#user#{id}"),
        Subject::User(None) => "E#user".to_owned(),
        Subject::Category(id) => format!("E#category#{id}"),
        Subject::Tag(folded) => format!("E#tag#{folded}"),
        Subject::Byline(id) => format!("E#byline#{id}"),
        Subject::Image(id) => format!("E#image#{id}"),
        Subject::Operation(id) => format!("E#operation#{id}"),
        Subject::Redirect(id) => format!("E#redirect#{id}"),
    };
    Key::new(pk, act)
}

/// What a user's write under an idempotency key did.
#[must_use]
pub fn effect(user: UserId, key: &str) -> Key {
    Key::new(format!("K#{user}#{key}"), "EFFECT")
}
