//! Migrations of an empty database.

#![expect(clippy::unwrap_used, reason = "a failed setup fails the test")]

mod cloud;
mod crashes;
mod journal;
mod lock;
mod plan;
mod stage;
mod up;
mod verify;
