//! The input for a new post.

use crate::{
    error::Result,
    posts::{Content, ImportSource, Manuscript, Translation},
    values::{
        Address, BylineId, CategoryId, Excerpt, ImageId, Locale, Note, OldPath, Slug, Tag,
        Timestamp, Title,
    },
};

/// The status of a new post.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FirstStatus {
    /// A working copy only.
    #[default]
    Draft,
    /// Public at once.
    Published,
}

/// The input for a new post.
#[derive(Debug, Clone)]
pub struct NewPost {
    /// Status of the post.
    pub status: FirstStatus,
    /// Title of the post.
    pub title: Title,
    /// Slug. Derived from the title if absent.
    pub slug: Option<Slug>,
    /// Locale. The default locale if absent.
    pub locale: Option<Locale>,
    /// Publication date.
    pub published_at: Option<Timestamp>,
    /// Short text for lists and feeds.
    pub excerpt: Option<Excerpt>,
    /// Tags, at most [`Content::MAX_TAGS`].
    pub tags: Vec<Tag>,
    /// Categories, at most [`Content::MAX_CATEGORIES`].
    pub category_ids: Vec<CategoryId>,
    /// Bylines in order.
    pub byline_ids: Vec<BylineId>,
    /// Featured image.
    pub featured_image_id: Option<ImageId>,
    /// Paths on another site that redirect to the post.
    pub aliases: Vec<OldPath>,
    /// File that the post was imported from.
    pub source: Option<ImportSource>,
    /// Post that it translates.
    pub translation: Option<Translation>,
    /// Body and other large fields.
    pub manuscript: Manuscript,
    /// Note on the first revision.
    pub note: Option<Note>,
}

impl NewPost {
    /// The content in a language, with a slug.
    pub(super) fn content(self, locale: Locale) -> Result<(Content, Manuscript)> {
        let slug = Slug::given_or_of(self.slug, self.title.as_str())?;
        let content = Content {
            address: Address { locale, slug },
            title: self.title,
            excerpt: self.excerpt,
            tags: self.tags,
            category_ids: self.category_ids,
            byline_ids: self.byline_ids,
            featured_image_id: self.featured_image_id,
            aliases: self.aliases,
            source: self.source,
            translation: self.translation,
        };
        Ok((content, self.manuscript))
    }
}
