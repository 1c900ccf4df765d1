//! Publishes, schedules, archives and deletes posts, and cleans up after them.

mod cleanup;
mod following;
mod missing_images;
mod publication;
mod publish;
mod transitions;

pub(super) use following::FollowedChanges;
pub use publication::Schedule;
pub use transitions::{StatusName, TRANSITIONS, Transition};
