use serde::Serialize;
use tintero_domain::posts::{Live, Status};
use utoipa::ToSchema;

/// What time will change of a post. Nothing has to run for it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PostPlan {
    /// When a revision becomes public, or replaces the one that is; null when only the end is planned.
    #[schema(format = DateTime, required)]
    publish_at: Option<String>,
    /// When what is public vanishes; null when it stays.
    #[schema(format = DateTime, required)]
    unpublish_at: Option<String>,
    /// Which revision becomes public.
    #[schema(required)]
    revision: Option<u64>,
    /// Under which slug.
    #[schema(required)]
    slug: Option<String>,
    /// In which language.
    #[schema(required)]
    locale: Option<String>,
}

impl PostPlan {
    /// What is planned, if anything is.
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
