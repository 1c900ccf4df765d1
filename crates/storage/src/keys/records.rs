//! Records of writes.

use tintero_domain::values::{
    BylineId, CategoryId, ImageId, OperationId, PostId, RedirectId, Timestamp, UserId,
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
    /// The settings of the site.
    Site,
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
        AuditSubject::Site => "E#site".to_owned(),
    };
    ItemKey::new(pk, id)
}

/// Number of partitions of the audit records of all resources in the index by time. Several, because
/// each write of the site adds to one of them.
const AUDIT_SHARDS: u128 = 4;

/// The partition of an audit record in the index by time.
#[must_use]
pub fn audit_shard(id: Uuid) -> String {
    (id.as_u128() % AUDIT_SHARDS).to_string()
}

/// All partitions of the index by time.
pub fn audit_shards() -> impl Iterator<Item = String> {
    (0..AUDIT_SHARDS).map(|shard| shard.to_string())
}

/// The partition of the records of a resource, given its type and id.
#[must_use]
pub fn audited(kind: &str, id: &str) -> String {
    format!("E#{kind}#{id}")
}

/// Parses the partition key of an audit record into type and id of the resource.
#[must_use]
pub fn parse_audited(pk: &str) -> Option<(&str, Option<&str>)> {
    let rest = pk.strip_prefix("E#")?;
    Some(match rest.split_once('#') {
        Some((kind, id)) => (kind, Some(id)),
        None => (rest, None),
    })
}

/// The first sort key of the records of writes at or after `from`. Ids of writes begin with their time.
#[must_use]
pub fn audit_from(from: Timestamp) -> String {
    let millis = u128::try_from(from.as_millis()).unwrap_or_default();
    Uuid::from_u128(millis << 80).to_string()
}

/// A sort key after every audit record.
#[must_use]
pub fn end_of_audit() -> String {
    "~".to_owned()
}

/// The idempotency record of a user's write.
#[must_use]
pub fn idempotency(user: UserId, key: &str) -> ItemKey {
    ItemKey::new(format!("K#{user}#{key}"), "EFFECT")
}
