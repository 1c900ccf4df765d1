//! The two kinds of sessions: those of programs with tokens, and those of browsers with a cookie.

use serde::{Deserialize, Serialize};

use super::{Browsing, Refreshing};

/// Who holds the secret of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionKind {
    /// A program, which refreshes its tokens.
    #[default]
    Tokens,
    /// A browser, in a cookie that scripts cannot read.
    Cookie,
}

impl SessionKind {
    /// Whether the session has tokens.
    #[must_use]
    pub fn is_tokens(&self) -> bool {
        *self == Self::Tokens
    }
}

/// The purpose of the secret of a session.
pub trait SessionPurpose {
    /// The kind of the session.
    const KIND: SessionKind;
}

impl SessionPurpose for Refreshing {
    const KIND: SessionKind = SessionKind::Tokens;
}

impl SessionPurpose for Browsing {
    const KIND: SessionKind = SessionKind::Cookie;
}
