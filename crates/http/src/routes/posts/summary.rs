use serde::Serialize;
use tintero_domain::{
    posts::{Content, Live, Post, Review, Standing, StatusName},
    values::{BylineId, CategoryId, ImageId},
};
use utoipa::{ToSchema, openapi::Object};
use uuid::Uuid;

use super::{PostPlan, PostSource, source::Origin, translations::Translation};
use crate::respond::names;

/// A working copy without its text: what desk lists show.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PostSummary {
    #[schema(inline)]
    view: WorkingView,
    /// The post.
    id: Uuid,
    #[schema(schema_with = statuses)]
    status: &'static str,
    #[schema(schema_with = reviews)]
    review: &'static str,
    /// True while the public sees something else than this.
    has_unpublished_changes: bool,
    /// What is public of it; null when nothing is.
    #[schema(required)]
    live: Option<LiveAddress>,
    /// What time will change of it; null when nothing is planned.
    #[schema(required)]
    plan: Option<PostPlan>,
    /// Counts accepted writes.
    version: u64,
    /// Counts changes of content.
    revision: u64,
    /// Whose post: a matter of permissions, not of credit.
    owner_id: Uuid,
    /// The title.
    title: String,
    /// The readable part of the address.
    slug: String,
    /// Its language (BCP 47).
    locale: String,
    /// What lists and feeds show of it.
    #[schema(required)]
    excerpt: Option<String>,
    /// Its places in the category tree.
    category_ids: Vec<Uuid>,
    /// Free keywords.
    tags: Vec<String>,
    /// Who is credited, in order.
    byline_ids: Vec<Uuid>,
    /// The image that stands for it.
    #[schema(required)]
    featured_image_id: Option<Uuid>,
    /// Paths that it had elsewhere; they redirect.
    aliases: Vec<String>,
    /// The file that it was imported from.
    #[schema(required)]
    source: Option<PostSource>,
    /// What it translates.
    #[schema(required)]
    translation: Option<Translation>,
    /// The date that it carries, or shall carry once published.
    #[schema(format = DateTime, required)]
    published_at: Option<String>,
    /// When it was first made public.
    #[schema(format = DateTime, required)]
    first_published_at: Option<String>,
    /// When it was created.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last written.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// Tells a working copy from a live one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WorkingView {
    Working,
}

fn statuses() -> Object {
    names(
        StatusName::ALL.map(StatusName::as_str),
        "What the public sees.",
    )
}

fn reviews() -> Object {
    let all = [Review::None, Review::Requested, Review::ChangesRequested];
    names(
        all.map(review),
        "Where the working copy stands with its reviewers.",
    )
}

/// What is public of a post.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LiveAddress {
    /// The readable part of the address.
    slug: String,
    /// Its language.
    locale: String,
    /// Which revision was published.
    revision: u64,
    /// The date by which public lists are sorted.
    #[schema(format = DateTime)]
    published_at: String,
}

impl From<&Live> for LiveAddress {
    fn from(live: &Live) -> Self {
        let Live {
            address,
            published_at,
            revision,
            from: _,
            tags: _,
            category_ids: _,
            byline_ids: _,
        } = live;
        Self {
            slug: address.slug.to_string(),
            locale: address.locale.to_string(),
            revision: revision.0,
            published_at: published_at.to_string(),
        }
    }
}

/// The review's name in answers.
fn review(review: Review) -> &'static str {
    match review {
        Review::None => "none",
        Review::Requested => "requested",
        Review::ChangesRequested => "changes_requested",
    }
}

impl PostSummary {
    /// The summary of a post; what is kept with its text joins its source where the text is shown.
    pub(super) fn of(post: Post, origin: Origin) -> Self {
        let has_unpublished_changes = post.has_unpublished_changes();
        let live = post.live().map(Into::into);
        let plan = PostPlan::of(&post.standing.status);
        let Post {
            standing,
            content,
            text: _,
        } = post;
        let Standing {
            id,
            owner_id,
            status,
            review: reviewed,
            published_at,
            first_published_at,
            past_addresses: _,
            created_at,
            updated_at,
            version,
            revision,
            refilings: _,
            ended: _,
        } = standing;
        let Content {
            address,
            title,
            excerpt,
            tags,
            category_ids,
            byline_ids,
            featured_image_id,
            aliases,
            source,
            translation,
        } = content;
        Self {
            view: WorkingView::Working,
            id: id.uuid(),
            status: status.name().as_str(),
            review: review(reviewed),
            has_unpublished_changes,
            live,
            plan,
            version: version.0,
            revision: revision.0,
            owner_id: owner_id.uuid(),
            title: title.into(),
            slug: address.slug.into(),
            locale: address.locale.into(),
            excerpt: excerpt.map(Into::into),
            category_ids: category_ids.into_iter().map(CategoryId::uuid).collect(),
            tags: tags.into_iter().map(Into::into).collect(),
            byline_ids: byline_ids.into_iter().map(BylineId::uuid).collect(),
            featured_image_id: featured_image_id.map(ImageId::uuid),
            aliases: aliases.into_iter().map(Into::into).collect(),
            source: source.map(|source| PostSource::of(source, origin)),
            translation: translation.map(Into::into),
            published_at: published_at.map(Into::into),
            first_published_at: first_published_at.map(Into::into),
            created_at: created_at.into(),
            updated_at: updated_at.into(),
        }
    }
}
