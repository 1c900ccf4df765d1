//! What authors send to make a post.

use super::{Content, Manuscript, Source, Translation};
use crate::{
    error::Result,
    values::{
        Address, BylineId, CategoryId, Excerpt, ImageId, Locale, Note, OldPath, Slug, Tag,
        Timestamp, Title,
    },
};

/// A post that does not exist yet.
#[derive(Debug, Clone)]
pub struct NewPost {
    /// Its title.
    pub title: Title,
    /// Its slug; made from the title when absent.
    pub slug: Option<Slug>,
    /// Its locale; the site's default when absent.
    pub locale: Option<Locale>,
    /// The date that it shall carry.
    pub published_at: Option<Timestamp>,
    /// What lists show of it.
    pub excerpt: Option<Excerpt>,
    /// Free keywords.
    pub tags: Vec<Tag>,
    /// Its places in the category tree.
    pub category_ids: Vec<CategoryId>,
    /// Who is credited, in order.
    pub byline_ids: Vec<BylineId>,
    /// The image that stands for it.
    pub featured_image_id: Option<ImageId>,
    /// Paths that it had elsewhere.
    pub aliases: Vec<OldPath>,
    /// Where it was imported from.
    pub source: Option<Source>,
    /// Which post it translates.
    pub translation: Option<Translation>,
    /// The large members.
    pub manuscript: Manuscript,
    /// A word about this first save.
    pub note: Option<Note>,
}

impl NewPost {
    /// The content, once locale and slug are settled.
    pub(super) fn content(self, default_locale: &Locale) -> Result<(Content, Manuscript)> {
        let slug = Slug::given_or_of(self.slug, self.title.as_str())?;
        let locale = self.locale.unwrap_or_else(|| default_locale.clone());
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
