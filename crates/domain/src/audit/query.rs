use super::{AuditRecord, AuditedKind};
use crate::{
    audit_action::AuditAction,
    values::{Timestamp, UserId},
};

/// Filters of a list of records. A record must match all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only writes of this user.
    pub actor: Option<UserId>,
    /// Only this action.
    pub action: Option<AuditAction>,
    /// Only resources of this type.
    pub kind: Option<AuditedKind>,
    /// With `kind`: only this resource.
    pub resource_id: Option<String>,
    /// Only writes at or after this time.
    pub from: Option<Timestamp>,
    /// Only writes before this time.
    pub until: Option<Timestamp>,
}

/// The records that a caller may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditScope {
    /// All records.
    Any,
    /// Records of content, and of the user's own writes.
    Content(UserId),
    /// Records of the user's own writes.
    Own(UserId),
}

/// A query of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditQuery {
    /// The records that the caller may read.
    pub scope: AuditScope,
    /// The filters of the request.
    pub filter: AuditFilter,
}

impl AuditQuery {
    /// The only user whose writes match, if there is one.
    #[must_use]
    pub fn actor(&self) -> Option<UserId> {
        match self.scope {
            AuditScope::Own(user) => Some(user),
            AuditScope::Any | AuditScope::Content(_) => self.filter.actor,
        }
    }

    /// Whether the list contains the record.
    #[must_use]
    pub fn matches(&self, record: &AuditRecord) -> bool {
        let AuditFilter {
            actor,
            action,
            kind,
            resource_id,
            from,
            until,
        } = &self.filter;
        let resource = &record.resource;
        let visible = match self.scope {
            AuditScope::Any => true,
            AuditScope::Content(user) => {
                resource.kind != AuditedKind::User || record.actor == Some(user)
            }
            AuditScope::Own(user) => record.actor == Some(user),
        };
        visible
            && actor.is_none_or(|actor| record.actor == Some(actor))
            && action.is_none_or(|action| record.action == action)
            && kind.is_none_or(|kind| resource.kind == kind)
            && (resource_id.is_none() || resource.id == *resource_id)
            && from.is_none_or(|from| record.at >= from)
            && until.is_none_or(|until| record.at < until)
    }

    /// Whether records that are read by resource, user or time may not match.
    #[must_use]
    pub fn is_selective(&self) -> bool {
        let filter = &self.filter;
        let named = filter.resource_id.is_some();
        self.scope != AuditScope::Any
            || filter.action.is_some()
            || (filter.kind.is_some() && !named)
            || (filter.actor.is_some() && named)
    }
}
