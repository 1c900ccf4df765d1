//! Roles and permissions. Every use case checks the role table in its first line.

mod authority;
mod caller;
mod grant;
mod permission;
mod role;
mod role_table;

pub use authority::Authority;
pub use caller::{Caller, RequestContext};
pub use grant::{Grant, Scopes};
pub use permission::Permission;
pub use role::Role;
pub use role_table::TABLE;
