//! Roles and permissions. Every use case checks the role table in its first line.

mod assurance;
mod authority;
mod caller;
mod grant;
mod permission;
mod resource_action;
mod role;
mod role_table;

pub use assurance::Assurance;
pub use authority::Authority;
pub use caller::{Caller, RequestContext, RequestSender};
pub use grant::{Grant, Scopes};
pub use permission::Permission;
pub use resource_action::{ManagedKind, ResourceAction};
pub use role::Role;
pub use role_table::TABLE;
