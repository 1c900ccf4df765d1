//! The audit record of a write.

use serde::Serialize;
use tintero_domain::{
    Result,
    audit_action::AuditAction,
    values::{ApiKeyId, Note, Revision, Timestamp, UserId, Version},
    writes::WriteContext,
};

use crate::{
    item::{Attributes, EntityType, Item, encode},
    keys::{self, AuditSubject},
};

#[derive(Serialize)]
struct AuditRecord<'a> {
    action: AuditAction,
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<ApiKeyId>,
    request_id: &'a str,
    /// The partition in the index by time.
    shard: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<Version>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<Revision>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a Note>,
}

/// What an audit record says about a versioned resource after the write.
#[derive(Default)]
pub(crate) struct AuditedState {
    pub(crate) version: Option<Version>,
    pub(crate) revision: Option<Revision>,
    /// What the actor wrote about the write.
    pub(crate) note: Option<Note>,
}

/// Returns the audit record of a write.
pub(crate) fn item(
    context: &WriteContext,
    subject: &AuditSubject,
    after: &AuditedState,
) -> Result<Attributes> {
    let record = AuditRecord {
        action: context.action,
        at: context.at,
        actor: context.actor,
        key: context.key,
        request_id: &context.request_id,
        shard: keys::audit_shard(context.id),
        version: after.version,
        revision: after.revision,
        note: after.note.as_ref(),
    };
    let key = keys::audit(subject, context.id);
    encode(Item::new(key, EntityType::Audit, record))
}
