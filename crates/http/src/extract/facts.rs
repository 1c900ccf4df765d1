use std::sync::{Arc, OnceLock};

use http::{Extensions, HeaderMap, header};
use tintero_domain::{
    access::{RequestContext, RequestSender},
    values::UserId,
};

/// Metadata of a request; shared with its log line.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequestFacts {
    /// Identifies the request in logs, responses and the audit trail.
    pub(crate) request_id: Arc<str>,
    /// The caller; empty until authentication.
    pub(crate) user: Arc<OnceLock<UserId>>,
    /// The client.
    pub(crate) sender: RequestSender,
}

/// Maximum length of a client's description of itself, in characters.
const MAX_AGENT: usize = 200;

/// Returns the start of `User-Agent`, without characters that are not visible.
pub(crate) fn agent(headers: &HeaderMap) -> Option<String> {
    let field = headers.get(header::USER_AGENT)?.to_str().ok()?;
    let agent: String = field
        .chars()
        .filter(|c| !c.is_control())
        .take(MAX_AGENT)
        .collect();
    (!agent.trim().is_empty()).then_some(agent)
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
            sender: self.sender.clone(),
        }
    }
}
