//! The member `allowed` of resources that can be read without a credential.

use tintero_domain::access::{ManagedKind, ResourceAction};

use crate::{extract::OptionalCaller, respond::Audience};

/// The names of the actions that a caller may perform. `None` for callers without a credential, whose answers are
/// stored.
pub(super) type AllowedActions = Option<Vec<&'static str>>;

/// Returns the names of actions.
pub(super) fn names(actions: &[ResourceAction]) -> Vec<&'static str> {
    actions.iter().map(|action| action.as_str()).collect()
}

impl OptionalCaller {
    /// Returns the actions that the caller may perform on every resource of a kind.
    pub(super) fn allowed_on(&self, kind: ManagedKind) -> AllowedActions {
        let caller = self.get();
        caller.map(|caller| names(caller.allowed_on(kind)))
    }

    /// Returns the audience of a list that everyone may read.
    pub(super) fn audience(&self, public: Audience) -> Audience {
        if self.is_signed_in() {
            Audience::Caller
        } else {
            public
        }
    }
}
