use std::sync::{Arc, OnceLock};

use http::Extensions;
use tintero_domain::{access::RequestContext, values::UserId};

/// Metadata of a request; shared with its log line.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequestFacts {
    /// Identifies the request in logs, responses and the audit trail.
    pub(crate) request_id: Arc<str>,
    /// The caller; empty until authentication.
    pub(crate) user: Arc<OnceLock<UserId>>,
}

impl RequestFacts {
    /// Returns the facts stored by the outermost middleware.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or_default()
    }

    /// Returns the context for use cases.
    pub(crate) fn context(&self) -> RequestContext {
        RequestContext {
            request_id: self.request_id.as_ref().to_owned(),
            idempotency: None,
        }
    }
}
