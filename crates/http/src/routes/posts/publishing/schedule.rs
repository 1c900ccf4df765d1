use axum::extract::State;
use tintero_domain::{
    posts::{Posts, Schedule},
    values::{PlannedTime, TimeZone},
};

use crate::{
    body::{Body, Built, FieldReader, RequestObject, described},
    extract::Edit,
    problem::Problem,
    respond::Tagged,
    routes::{parameters::EditParams, posts::PostView},
};

/// The schedule of a post.
pub(crate) struct SchedulePost(pub(in crate::routes::posts) Schedule);

impl RequestObject for SchedulePost {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "The time at which the working copy is published, or replaces the live copy. Required if the post is not public.";
        let publish_at = fields.optional::<PlannedTime>("publish_at", about);
        let about = "The time at which the post is unpublished. If absent, it stays public.";
        let unpublish_at = fields.optional::<PlannedTime>("unpublish_at", about);
        let about = "The IANA time zone of times without an offset.";
        let zone = fields.optional::<TimeZone>("time_zone", about);
        let mut moment = |name, time: Option<PlannedTime>| {
            let time = time.map(|time| time.moment(zone.as_ref()));
            time.and_then(|time| fields.check(name, time))
        };
        Built::from(Self(Schedule {
            publish_at: moment("publish_at", publish_at),
            unpublish_at: moment("unpublish_at", unpublish_at),
        }))
    }
}

impl Body for SchedulePost {}

described!(SchedulePost);

/// Schedules the publication of a post, its removal, or both.
///
/// Replaces the current schedule. All reads show the change from the scheduled second on, without a
/// background job. If the post was public before, its new `published_at` is that of the working copy
/// or the scheduled time, whichever is earlier.
#[utoipa::path(post, path = "/v1/posts/{id}/schedule", tag = "posts", security(("bearer" = [])),
    params(EditParams), request_body(content = SchedulePost, example = json!({
        "publish_at": "2026-12-01T09:00:00", "unpublish_at": "2027-01-07T00:00:00", "time_zone": "Europe/Madrid"})))]
pub(super) async fn schedule_post(
    State(posts): State<Posts>,
    Edit {
        caller,
        id,
        base,
        body: SchedulePost(plan),
    }: Edit<SchedulePost>,
) -> Result<Tagged<PostView>, Problem> {
    let result = posts.schedule(&caller, id, base, plan).await?;
    Ok(Tagged::written(result, &caller))
}
