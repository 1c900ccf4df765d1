//! What the public gets: copies made at publication, which no edit can touch.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Live, Seo, RenderedPost};
use crate::values::{
    Address, BylineId, CategoryId, Excerpt, ImageId, PostId, Tag, Timestamp, Title,
};

/// A published post as a public list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicSummary {
    /// Which post.
    pub id: PostId,
    /// Where it is found.
    #[serde(flatten)]
    pub address: Address,
    /// Its title.
    pub title: Title,
    /// A short text about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    /// Free keywords.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Its places in the category tree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category_ids: Vec<CategoryId>,
    /// Who is credited, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub byline_ids: Vec<BylineId>,
    /// The image that stands for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub featured_image_id: Option<ImageId>,
    /// The post that it translates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translation_of: Option<PostId>,
    /// The date that it carries.
    pub published_at: Timestamp,
    /// When this copy was published.
    pub updated_at: Timestamp,
}

/// A published post in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LiveCopy {
    /// What lists show of it.
    #[serde(flatten)]
    pub summary: PublicSummary,
    /// Markdown as written.
    pub body: String,
    /// The body as safe HTML.
    pub html: String,
    /// What search engines are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seo: Option<Seo>,
    /// Members of the site's own.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
    /// True when it is in no list any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
}

impl LiveCopy {
    /// The public copy of a working copy, published as `live` at `now`.
    pub(super) fn of(shown: &RenderedPost, live: &Live, now: Timestamp) -> Self {
        let copy = &shown.copy;
        let content = copy.post.content.clone();
        let manuscript = copy.manuscript.clone();
        Self {
            summary: PublicSummary {
                id: copy.post.state.id,
                address: live.address.clone(),
                title: content.title,
                excerpt: content.excerpt,
                tags: content.tags,
                category_ids: content.category_ids,
                byline_ids: content.byline_ids,
                featured_image_id: content.featured_image_id,
                translation_of: content.translation.map(|translation| translation.of),
                published_at: live.published_at,
                updated_at: now.max(live.from),
            },
            html: shown.rendition.html.clone(),
            body: manuscript.body,
            seo: manuscript.seo,
            extra: manuscript.extra,
            archived: false,
        }
    }
}

/// What an address leads to at a moment.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// A post that was never public there.
    Reserved,
    /// A public post.
    Live {
        /// What is public.
        copy: Box<LiveCopy>,
        /// When that changes by itself, as far as it is planned.
        until: Option<Timestamp>,
    },
    /// A post that was public there and now lives elsewhere, or nowhere.
    Past(PostId),
}
