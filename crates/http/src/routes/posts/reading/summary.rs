use serde::Serialize;
use tintero_domain::{
    posts::{Content, Live, Post, PostState, Review, StatusName, Transition},
    values::{BylineId, CategoryId, ImageId},
};
use utoipa::{ToSchema, openapi::Object};
use uuid::Uuid;

use super::{ImportOrigin, PostPlan, PostSource, TranslationView};
use crate::respond::names;

/// The working copy of a post without its text, as in lists.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PostSummary {
    #[schema(inline)]
    view: WorkingView,
    /// The id of the post.
    id: Uuid,
    #[schema(schema_with = statuses)]
    status: &'static str,
    #[schema(schema_with = reviews)]
    review: &'static str,
    /// What the reviewer wrote when requesting changes.
    #[schema(required)]
    review_note: Option<String>,
    /// True if the working copy differs from the live copy.
    has_unpublished_changes: bool,
    /// The live copy; null if the post is not public.
    #[schema(required)]
    live: Option<LiveAddress>,
    /// The schedule; null if nothing is scheduled.
    #[schema(required)]
    plan: Option<PostPlan>,
    /// The version. Incremented by each write.
    version: u64,
    /// The revision. Incremented by each change of content.
    revision: u64,
    /// The user who owns the post. Relevant for permissions only.
    owner_id: Uuid,
    /// The transitions that the caller may perform now, such as `publish`.
    allowed: Vec<&'static str>,
    /// The title.
    title: String,
    /// The readable part of the URL.
    slug: String,
    /// The language (BCP 47).
    locale: String,
    /// A summary for lists and feeds.
    #[schema(required)]
    excerpt: Option<String>,
    /// The categories.
    category_ids: Vec<Uuid>,
    /// The tags.
    tags: Vec<String>,
    /// The bylines, in order.
    byline_ids: Vec<Uuid>,
    /// The featured image.
    #[schema(required)]
    featured_image_id: Option<Uuid>,
    /// Former paths of the post. They redirect to it.
    aliases: Vec<String>,
    /// The file from which the post was imported.
    #[schema(required)]
    source: Option<PostSource>,
    /// The translated post.
    #[schema(required)]
    translation: Option<TranslationView>,
    /// The publication date of the post, or the one it gets when it is published.
    #[schema(format = DateTime, required)]
    published_at: Option<String>,
    /// Time of the first publication.
    #[schema(format = DateTime, required)]
    first_published_at: Option<String>,
    /// Time of creation.
    #[schema(format = DateTime)]
    created_at: String,
    /// Time of the last write.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// Identifies a working copy.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WorkingView {
    Working,
}

pub(in crate::routes) fn statuses() -> Object {
    names(
        StatusName::ALL.map(StatusName::as_str),
        "The publication status.",
    )
}

fn reviews() -> Object {
    let all = [Review::None, Review::Requested, Review::ChangesRequested];
    names(all.map(review), "The review status of the working copy.")
}

/// The URL and the revision of the live copy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LiveAddress {
    /// The readable part of the URL.
    slug: String,
    /// The language (BCP 47).
    locale: String,
    /// The published revision.
    revision: u64,
    /// The publication date, by which public lists are sorted.
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

fn review(review: Review) -> &'static str {
    match review {
        Review::None => "none",
        Review::Requested => "requested",
        Review::ChangesRequested => "changes_requested",
    }
}

impl PostSummary {
    /// Adds the actions of a caller.
    pub(in crate::routes::posts) fn allow(&mut self, allowed: Vec<Transition>) {
        self.allowed = allowed.into_iter().map(Transition::as_str).collect();
    }

    /// Converts a post, without what a caller may do with it. `origin` is empty in lists.
    pub(in crate::routes::posts) fn of(post: Post, origin: ImportOrigin) -> Self {
        let has_unpublished_changes = post.has_unpublished_changes();
        let live = post.live().map(Into::into);
        let plan = PostPlan::of(&post.state.status);
        let Post {
            state,
            content,
            text: _,
        } = post;
        let PostState {
            id,
            owner_id,
            status,
            review: reviewed,
            review_note,
            published_at,
            first_published_at,
            past_addresses: _,
            created_at,
            updated_at,
            version,
            revision,
            relocations: _,
            settled_at: _,
            ended: _,
            reserves_names: _,
        } = state;
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
            review_note: review_note.map(Into::into),
            has_unpublished_changes,
            live,
            plan,
            version: version.0,
            revision: revision.0,
            owner_id: owner_id.uuid(),
            allowed: Vec::new(),
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
