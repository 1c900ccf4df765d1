//! Migrations of a database that was empty.

#![expect(
    clippy::unwrap_used,
    reason = "a stage that cannot be set up fails the test that wants it"
)]

mod cloud;
mod crashes;
mod journal;
mod lock;
mod plan;
mod stage;
mod up;
mod verify;
