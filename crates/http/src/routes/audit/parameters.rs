use tintero_domain::{
    audit::{AuditFilter, AuditedKind},
    page::PageRequest,
};

use crate::{
    body::{Built, Key},
    extract::{CURSOR, Parameters, Params, documented_params, page},
};

/// The query string of the list.
pub(super) struct ListAuditParams {
    pub(super) filter: AuditFilter,
    pub(super) page: PageRequest,
}

/// The query string of an export.
pub(super) struct ExportAuditParams {
    pub(super) filter: AuditFilter,
    pub(super) page: PageRequest,
}

fn filter(params: &mut Params) -> AuditFilter {
    let actor = params.optional("actor", "Writes of this user (user id).");
    let action = params.optional("action", "Writes with this action, such as `publish_post`.");
    let kind: Option<AuditedKind> =
        params.optional("resource_kind", "Writes of resources of this type.");
    let about = "With `resource_kind`: writes of this resource (an id, or a tag in lower case).";
    let id = params.optional::<Key<255>>("resource_id", about);
    if id.is_some() && kind.is_none() {
        let detail = "is allowed only with resource_kind";
        params.reject::<()>("resource_id", "unknown_combination", detail);
    }
    AuditFilter {
        actor,
        action,
        kind,
        resource_id: id.map(|Key(id)| id),
        from: params.optional("from", "Writes at or after this time."),
        until: params.optional("until", "Writes before this time."),
    }
}

impl Parameters for ListAuditParams {
    fn read(params: &mut Params) -> Built<Self> {
        Built::from(Self {
            filter: filter(params),
            page: page(params),
        })
    }
}

impl Parameters for ExportAuditParams {
    fn read(params: &mut Params) -> Built<Self> {
        let filter = filter(params);
        let page = PageRequest {
            cursor: params.optional("cursor", CURSOR),
            ..PageRequest::default()
        };
        Built::from(Self { filter, page })
    }
}

documented_params!(ListAuditParams);
documented_params!(ExportAuditParams);
