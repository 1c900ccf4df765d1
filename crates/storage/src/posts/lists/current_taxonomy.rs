//! Replaces merged categories, tags and bylines by their current replacements. Stored posts may refer to merged
//! ones until an operation has relocated the posts.

use tintero_domain::{
    Result,
    freshness::Freshness,
    posts::{Content, PublicSummary},
    taxonomy::Tree,
    values::{BylineId, CategoryId, Tag},
};

use crate::posts::DynamoPostStore;

/// The categories, tags and bylines of a post or of a copy of it.
pub(in crate::posts) struct Taxonomy<'a> {
    categories: &'a mut Vec<CategoryId>,
    tags: &'a mut Vec<Tag>,
    bylines: &'a mut Vec<BylineId>,
}

impl<'a> From<&'a mut Content> for Taxonomy<'a> {
    fn from(content: &'a mut Content) -> Self {
        Self {
            categories: &mut content.category_ids,
            tags: &mut content.tags,
            bylines: &mut content.byline_ids,
        }
    }
}

impl<'a> From<&'a mut PublicSummary> for Taxonomy<'a> {
    fn from(summary: &'a mut PublicSummary) -> Self {
        Self {
            categories: &mut summary.category_ids,
            tags: &mut summary.tags,
            bylines: &mut summary.byline_ids,
        }
    }
}

impl Taxonomy<'_> {
    fn is_empty(&self) -> bool {
        self.categories.is_empty() && self.tags.is_empty() && self.bylines.is_empty()
    }

    pub(super) fn update(self, tree: &Tree) {
        *self.categories = tree.resolve_all(self.categories);
        tree.tags.resolve_aliases(self.tags);
        *self.bylines = tree.resolve_bylines(self.bylines);
    }
}

impl DynamoPostStore {
    /// Replaces merged categories, tags and bylines, and removes deleted categories and bylines.
    pub(in crate::posts) async fn update_taxonomy<'a, T: Into<Taxonomy<'a>>>(
        &self,
        posts: Vec<T>,
    ) -> Result<()> {
        let posts = posts.into_iter().map(Into::into);
        let posts: Vec<Taxonomy<'a>> = posts.filter(|post| !post.is_empty()).collect();
        if posts.is_empty() {
            return Ok(());
        }
        let tree = self.taxonomy.shared_tree(Freshness::Recent).await?;
        if !tree.is_plain() {
            for post in posts {
                post.update(&tree);
            }
        }
        Ok(())
    }

    /// Replaces merged categories, tags and bylines. Keeps deleted ones, so that the write reports them.
    pub(in crate::posts) async fn update_written_taxonomy(
        &self,
        content: &mut Content,
    ) -> Result<()> {
        if Taxonomy::from(&mut *content).is_empty() {
            return Ok(());
        }
        let tree = self.taxonomy.shared_tree(Freshness::Recent).await?;
        let mut present: Vec<CategoryId> = Vec::with_capacity(content.category_ids.len());
        for id in &content.category_ids {
            let id = tree.resolve(*id).unwrap_or(*id);
            if !present.contains(&id) {
                present.push(id);
            }
        }
        content.category_ids = present;
        let mut present: Vec<BylineId> = Vec::with_capacity(content.byline_ids.len());
        for id in &content.byline_ids {
            let id = tree.resolve_byline(*id).unwrap_or(*id);
            if !present.contains(&id) {
                present.push(id);
            }
        }
        content.byline_ids = present;
        tree.tags.resolve_aliases(&mut content.tags);
        Ok(())
    }
}
