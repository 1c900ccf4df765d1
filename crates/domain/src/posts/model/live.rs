//! Live copies, which are made at publication and not changed by edits.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Live, Manuscript, Post, Seo};
use crate::values::{
    Address, BylineId, CategoryId, Excerpt, ImageId, PostId, Tag, Timestamp, Title,
};

/// A published post in a public list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicSummary {
    /// Id of the post.
    pub id: PostId,
    /// Public address.
    #[serde(flatten)]
    pub address: Address,
    /// Title of the published revision.
    pub title: Title,
    /// Short text for lists and feeds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    /// Tags of the published revision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Categories of the published revision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category_ids: Vec<CategoryId>,
    /// Bylines, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub byline_ids: Vec<BylineId>,
    /// Featured image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub featured_image_id: Option<ImageId>,
    /// Translated post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translation_of: Option<PostId>,
    /// Date of the post.
    pub published_at: Timestamp,
    /// Time of the publication of this copy.
    pub updated_at: Timestamp,
}

/// A published post with its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LiveCopy {
    /// Summary for lists.
    #[serde(flatten)]
    pub summary: PublicSummary,
    /// Body in Markdown.
    pub body: String,
    /// Body as sanitised HTML.
    pub html: String,
    /// Metadata for search engines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seo: Option<Seo>,
    /// Custom members.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
    /// Whether the post is archived, which removes it from lists.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
}

impl LiveCopy {
    /// Maximum number of copies with their texts in a page.
    pub const MAX_PAGE: usize = 25;
    /// Maximum size of the texts of a page in bytes, unless the first copy is larger: 2 MiB.
    pub const MAX_PAGE_BYTES: usize = 2 * 1024 * 1024;

    /// Size of the texts in bytes.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        self.body.len() + self.html.len()
    }

    /// Builds the live copy of a post that is published as `live` at `now`. `html` is the rendered text.
    pub(in crate::posts) fn of(
        post: &Post,
        text: &Manuscript,
        html: &str,
        live: &Live,
        now: Timestamp,
    ) -> Self {
        let content = post.content.clone();
        Self {
            summary: PublicSummary {
                id: post.state.id,
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
            html: html.to_owned(),
            body: text.body.clone(),
            seo: text.seo.clone(),
            extra: text.extra.clone(),
            archived: false,
        }
    }
}

/// Holder of an address at a point in time.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// A post that was never public at the address.
    Reserved,
    /// A public post.
    Live {
        /// The live copy.
        copy: Box<LiveCopy>,
        /// Time of the next scheduled change.
        until: Option<Timestamp>,
    },
    /// A post that was public at the address before.
    Past(PostId),
}
