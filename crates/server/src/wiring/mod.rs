//! Constructs the services and the server. This is the only module that depends on every crate.
//!
//! - `database` opens DynamoDB, and `objects` the store of the files of images.
//! - `services` constructs the services of the domain.
//! - `server` constructs the router.
//! - `background` is the work besides requests (`operations`, `cleanup`).
//! - `users`, `api_keys`, `audit` and `doctor` implement commands that work without a server.

mod api_keys;
mod audit;
mod background;
mod cleanup;
mod cost_header;
mod database;
mod doctor;
mod initial_admin;
mod objects;
mod operations;
mod server;
mod services;
mod tokens;
mod users;

use std::sync::Arc;

use tintero_domain::clock::{Clock, Ids};

pub(crate) use self::{
    api_keys::{issue_key, list_keys, revoke_key, rotate_key},
    audit::list_audit,
    background::Background,
    database::{DATABASE_FILE, engine, migrator, migrator_of},
    doctor::{Diagnosis, examine},
    initial_admin::InitialAdmin,
    objects::{OBJECTS_FOLDER, bucket, folder_store},
    server::server,
    users::{
        UserChange, add_user, change_user, invite_user, link_user, list_users, reset_password,
        unlink_user,
    },
};
use crate::clock::{SystemClock, TimeOrderedIds};

/// Formats an error with its sources.
fn error_chain(error: impl Into<anyhow::Error>) -> String {
    format!("{:#}", error.into())
}

/// The clock and the id generator of this process.
#[derive(Clone)]
struct SystemPorts {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl SystemPorts {
    fn new() -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        Self {
            ids: Arc::new(TimeOrderedIds::new(Arc::clone(&clock))),
            clock,
        }
    }
}
