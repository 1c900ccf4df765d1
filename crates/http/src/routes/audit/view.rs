use serde::Serialize;
use tintero_domain::{
    audit::{AuditRecord, AuditedKind, AuditedResource},
    audit_action::AuditAction,
    values::{ApiKeyId, UserId},
};
use utoipa::{ToSchema, openapi::Object};
use uuid::Uuid;

use crate::respond::{View, names};

/// A record of one write.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditRecord)]
pub(crate) struct AuditRecordView {
    /// The id of the write.
    id: Uuid,
    /// Time of the write.
    #[schema(format = DateTime)]
    at: String,
    /// The action, such as `publish_post`.
    #[schema(value_type = String)]
    action: AuditAction,
    /// The acting user; null for the operator, background work, and refreshes of sessions.
    #[schema(required)]
    actor_id: Option<Uuid>,
    /// The API key that was used, or that the write changed.
    #[schema(required)]
    api_key_id: Option<Uuid>,
    /// The resource.
    resource: AuditedResourceView,
    /// The version after the write, for posts and users.
    #[schema(required)]
    version: Option<u64>,
    /// The revision after the write, for posts.
    #[schema(required)]
    revision: Option<u64>,
    /// What the actor wrote about the write, such as the changes that a reviewer requests.
    #[schema(required)]
    note: Option<String>,
    /// The id of the request or of the operation.
    request_id: String,
}

/// The resource of a write.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditedResource)]
pub(crate) struct AuditedResourceView {
    #[schema(schema_with = kinds)]
    kind: &'static str,
    /// The id, or the tag in lower case; null if it was not known.
    #[schema(required)]
    id: Option<String>,
}

fn kinds() -> Object {
    let about = "The type of the resource. Writes of sessions and API keys name their user.";
    names(AuditedKind::ALL.map(AuditedKind::as_str), about)
}

impl From<AuditRecord> for AuditRecordView {
    fn from(record: AuditRecord) -> Self {
        let AuditRecord {
            id,
            at,
            action,
            actor,
            key,
            resource:
                AuditedResource {
                    kind,
                    id: resource_id,
                },
            version,
            revision,
            note,
            request_id,
        } = record;
        Self {
            id,
            at: at.into(),
            action,
            actor_id: actor.map(UserId::uuid),
            api_key_id: key.map(ApiKeyId::uuid),
            resource: AuditedResourceView {
                kind: kind.as_str(),
                id: resource_id,
            },
            version: version.map(|version| version.0),
            revision: revision
                .filter(|_| kind == AuditedKind::Post)
                .map(|revision| revision.0),
            note: note.map(Into::into),
            request_id,
        }
    }
}

impl View for AuditRecordView {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3adb),
            at: "2026-11-22T10:00:00.000Z".to_owned(),
            action: AuditAction::PublishPost,
            actor_id: Some(Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad4)),
            api_key_id: None,
            resource: AuditedResourceView {
                kind: AuditedKind::Post.as_str(),
                id: Some("01912d68-783e-7a03-8467-5661c1243ad4".to_owned()),
            },
            version: Some(2),
            revision: Some(1),
            note: None,
            request_id: "01912d68-783e-7a03-8467-5661c1243adc".to_owned(),
        }
    }
}
