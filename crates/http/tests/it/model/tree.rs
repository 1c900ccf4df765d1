//! Categories as the model knows them.

use tintero_domain::posts::Set;

use super::{operations::Base, post::Refusal};

/// Most levels of the tree.
const MAX_DEPTH: usize = 4;

#[derive(Debug, Clone)]
pub(super) struct Category {
    pub(super) slug: &'static str,
    pub(super) parent: Option<usize>,
    pub(super) version: u64,
}

/// The categories in the order of their creation.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree(pub(super) Vec<Category>);

impl Tree {
    pub(super) fn create(
        &mut self,
        slug: &'static str,
        parent: Option<usize>,
    ) -> Result<(), Refusal> {
        let parent = self.existing(parent);
        if parent.is_some_and(|parent| self.line(parent).len() >= MAX_DEPTH) {
            return Err(422);
        }
        self.require_free(slug, None)?;
        self.0.push(Category {
            slug,
            parent,
            version: 1,
        });
        Ok(())
    }

    pub(super) fn change(
        &mut self,
        nth: usize,
        base: Base,
        slug: Option<&'static str>,
        parent: Set<Option<usize>>,
    ) -> Result<(), Refusal> {
        if base == Base::First && self.0[nth].version != 1 {
            return Err(412);
        }
        let to = parent.map_or(self.0[nth].parent, |to| self.existing(to));
        if let Some(to) = to {
            let line = self.line(to);
            if line.contains(&nth) || line.len() + 1 + self.height(nth) > MAX_DEPTH {
                return Err(422);
            }
        }
        let slug = slug.unwrap_or(self.0[nth].slug);
        self.require_free(slug, Some(nth))?;
        let category = &mut self.0[nth];
        category.slug = slug;
        category.parent = to;
        category.version += 1;
        Ok(())
    }

    /// The category that a number means, if there is any.
    pub(super) fn existing(&self, nth: Option<usize>) -> Option<usize> {
        nth.filter(|_| !self.0.is_empty())
            .map(|nth| nth % self.0.len())
    }

    fn require_free(&self, slug: &str, but: Option<usize>) -> Result<(), Refusal> {
        let mut others = self.0.iter().enumerate();
        if others.any(|(nth, other)| Some(nth) != but && other.slug == slug) {
            return Err(409);
        }
        Ok(())
    }

    /// The category and all above it.
    fn line(&self, nth: usize) -> Vec<usize> {
        std::iter::successors(Some(nth), |nth| self.0[*nth].parent).collect()
    }

    /// How many levels hang below it.
    fn height(&self, nth: usize) -> usize {
        let children = (0..self.0.len()).filter(|child| self.0[*child].parent == Some(nth));
        children
            .map(|child| 1 + self.height(child))
            .max()
            .unwrap_or(0)
    }

    /// The slugs from the top of the tree down to it.
    pub(super) fn path(&self, nth: usize) -> Vec<&'static str> {
        let mut path: Vec<_> = self
            .line(nth)
            .into_iter()
            .map(|nth| self.0[nth].slug)
            .collect();
        path.reverse();
        path
    }
}
