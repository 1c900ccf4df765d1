use serde::Serialize;
use tintero_domain::posts::{Live, Status};
use utoipa::ToSchema;

/// The schedule of a post.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PostPlan {
    /// Time at which a revision is published, or replaces the live copy; null if only the end is scheduled.
    #[schema(format = DateTime, required)]
    publish_at: Option<String>,
    /// Time at which the post is unpublished; null if it stays public.
    #[schema(format = DateTime, required)]
    unpublish_at: Option<String>,
    /// The revision that is published.
    #[schema(required)]
    revision: Option<u64>,
    /// The slug of that revision.
    #[schema(required)]
    slug: Option<String>,
    /// The language of that revision (BCP 47).
    #[schema(required)]
    locale: Option<String>,
}

impl PostPlan {
    /// Returns the schedule, if any.
    pub(super) fn of(status: &Status) -> Option<Self> {
        status.next_change()?;
        let (coming, until) = match status {
            Status::Scheduled { live, until } => (Some(live), *until),
            Status::Published { next, until, .. } => (next.as_ref(), *until),
            Status::Draft | Status::Archived { .. } | Status::Trashed => return None,
        };
        let text = |of: fn(&Live) -> String| coming.map(of);
        Some(Self {
            publish_at: text(|live| live.from.to_string()),
            unpublish_at: until.map(Into::into),
            revision: coming.map(|live| live.revision.0),
            slug: text(|live| live.address.slug.to_string()),
            locale: text(|live| live.address.locale.to_string()),
        })
    }
}
