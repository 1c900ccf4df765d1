//! Changes of the status of a post.

pub(super) mod purge;
mod schedule;
mod transitions;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) use schedule::SchedulePost;
pub(in crate::routes) use transitions::EmptyBody;
pub(super) use transitions::{NoMembers, PublishPost, RequestChanges};

use crate::app::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(transitions::publish_post))
        .routes(routes!(schedule::schedule_post))
        .routes(routes!(transitions::unschedule_post))
        .routes(routes!(transitions::unpublish_post))
        .routes(routes!(transitions::archive_post))
        .routes(routes!(transitions::trash_post))
        .routes(routes!(transitions::untrash_post))
        .routes(routes!(transitions::submit_post))
        .routes(routes!(transitions::request_post_changes))
}
