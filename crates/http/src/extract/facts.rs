use std::sync::{Arc, OnceLock};

use http::Extensions;
use tintero_domain::{access::RequestContext, values::UserId};

/// What is known of a request beyond its content; shared with the line that logs it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// Names the request in logs, answers and the audit trail.
    pub(crate) request_id: Arc<str>,
    /// Who calls, once that is known.
    pub(crate) user: Arc<OnceLock<UserId>>,
}

impl Facts {
    /// The facts that the outermost layer noted.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or_default()
    }

    /// The request as use cases see it.
    pub(crate) fn context(&self) -> RequestContext {
        RequestContext {
            request_id: self.request_id.as_ref().to_owned(),
            idempotency: None,
        }
    }
}
