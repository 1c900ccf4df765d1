use axum::extract::State;
use tintero_domain::{
    posts::{Plan, Posts, Transition},
    values::{PlannedTime, TimeZone},
};

use super::{EditParams, Post, transitions::NoMembers};
use crate::{
    body::{Body, Members, Record, described},
    extract::Edit,
    problem::Problem,
    respond::Tagged,
};

/// When a post becomes public and when it vanishes.
pub(crate) struct SchedulePost(pub(super) Plan);

impl Record for SchedulePost {
    fn read(members: &mut Members) -> Option<Self> {
        let publish_at = members.optional::<PlannedTime>(
            "publish_at",
            "When the working copy becomes public, or replaces what is. Needed unless something is public.",
        );
        let unpublish_at = members.optional::<PlannedTime>(
            "unpublish_at",
            "When what is public vanishes. Absent: it stays.",
        );
        let zone = members.optional::<TimeZone>(
            "time_zone",
            "Where the clock hangs that shows times without an offset (IANA).",
        );
        let mut moment = |name, time: Option<PlannedTime>| {
            let time = time.map(|time| time.moment(zone.as_ref()));
            time.and_then(|time| members.settled(name, time))
        };
        Some(Self(Plan {
            publish_at: moment("publish_at", publish_at),
            unpublish_at: moment("unpublish_at", unpublish_at),
        }))
    }
}

impl Body for SchedulePost {}

described!(SchedulePost);

/// Plans when the working copy becomes public, or replaces what is, and when that vanishes.
///
/// The body is the whole plan: it replaces the one that was there. At its second everything that
/// is read shows the change; nothing has to run for that. A post that was public carries the
/// `published_at` of its working copy then, or the planned moment where that is earlier.
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
) -> Result<Tagged<Post>, Problem> {
    let effect = posts.schedule(&caller, id, base, plan).await?;
    Ok(effect.into())
}

/// Gives the plan up; what is public stays.
#[utoipa::path(post, path = "/v1/posts/{id}/unschedule", tag = "posts", security(("bearer" = [])),
    params(EditParams), request_body(content = Option<NoMembers>, example = json!({})))]
pub(super) async fn unschedule_post(
    State(posts): State<Posts>,
    Edit {
        caller,
        id,
        base,
        body: NoMembers,
    }: Edit<NoMembers>,
) -> Result<Tagged<Post>, Problem> {
    let effect = posts
        .transition(&caller, id, base, Transition::Unschedule)
        .await?;
    Ok(effect.into())
}
