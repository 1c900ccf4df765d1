//! The composition root: the one place that knows every crate.
//!
//! [`database`] opens DynamoDB in one of its homes; [`server`] puts the API over it, [`users`]
//! the commands that need no server.

mod api_keys;
mod client;
mod completion;
mod cost;
mod database;
mod doctor;
mod housekeeping;
mod keys;
mod operations;
mod server;
mod users;

use std::sync::Arc;

use tintero_domain::clock::{Clock, Ids};

pub(crate) use self::{
    api_keys::{issue_key, list_keys, revoke_key},
    database::{FILE as DATABASE_FILE, OBJECTS as OBJECTS_FOLDER, engine, migrator, migrator_of},
    doctor::{Diagnosis, examine},
    server::{Founder, server},
    users::{add_user, reset_password},
};
use crate::clock::{SystemClock, TimeOrderedIds};

/// The time and the identifiers of this process.
struct Time {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Time {
    fn of_system() -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        Self {
            ids: Arc::new(TimeOrderedIds::new(Arc::clone(&clock))),
            clock,
        }
    }
}
