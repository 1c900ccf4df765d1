//! Categories in the model.

use tintero_domain::posts::Set;

use super::{
    operations::{Moment, Naming},
    post::{GONE, INVALID, Refusal, STALE, TAKEN},
};

/// Maximum depth of the tree.
const MAX_DEPTH: usize = 4;

#[derive(Debug, Clone)]
pub(super) struct Category {
    pub(super) slug: &'static str,
    pub(super) parent: Option<usize>,
    pub(super) version: u64,
    pub(super) fate: Fate,
    /// Slugs before renames, with their ends.
    pub(super) former: Vec<(&'static str, Moment)>,
}

/// The state of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Here,
    /// Merged into another one.
    Merged {
        into: usize,
        at: Moment,
    },
    Deleted,
}

/// All categories in the order of creation, including deleted ones.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree(pub(super) Vec<Category>);

impl Tree {
    pub(super) fn create(
        &mut self,
        slug: &'static str,
        parent: Option<usize>,
    ) -> Result<(), Refusal> {
        let parent = self.parent(self.existing(parent))?;
        if parent.is_some_and(|parent| self.line(parent).len() >= MAX_DEPTH) {
            return Err(INVALID);
        }
        self.require_free(slug, None)?;
        self.0.push(Category {
            slug,
            parent,
            version: 1,
            fate: Fate::Here,
            former: Vec::new(),
        });
        Ok(())
    }

    pub(super) fn change(
        &mut self,
        nth: usize,
        base: u64,
        slug: Option<&'static str>,
        parent: Set<Option<usize>>,
        now: Moment,
    ) -> Result<(), Refusal> {
        self.require_there(nth)?;
        self.require_at(nth, base)?;
        let to = parent.map_or(self.0[nth].parent, |to| self.existing(to));
        let to = self.parent(to)?;
        if let Some(to) = to {
            let line = self.line(to);
            if line.contains(&nth) || line.len() + 1 + self.height(nth) > MAX_DEPTH {
                return Err(INVALID);
            }
        }
        let slug = slug.unwrap_or(self.0[nth].slug);
        self.require_free(slug, Some(nth))?;
        let category = &mut self.0[nth];
        if category.slug != slug {
            let left = (category.slug, now);
            category
                .former
                .retain(|(former, _)| ![slug, left.0].contains(former));
            category.former.push(left);
        }
        category.slug = slug;
        category.parent = to;
        category.version += 1;
        Ok(())
    }

    /// Merges a category into another one. Repeating it changes nothing.
    pub(super) fn merge(
        &mut self,
        nth: usize,
        base: u64,
        into: Naming,
        now: Moment,
    ) -> Result<(), Refusal> {
        let into = self.meant(into).ok_or(INVALID)?;
        if self.line(into).contains(&nth) {
            return Err(INVALID);
        }
        if self.0[nth].fate != Fate::Here {
            let again = self.resolve(nth) == Some(into);
            return if again { Ok(()) } else { Err(GONE) };
        }
        self.require_at(nth, base)?;
        self.require_childless(nth)?;
        self.0[nth].fate = Fate::Merged { into, at: now };
        Ok(())
    }

    /// Deletes a category, unless it is `used`.
    pub(super) fn delete(&mut self, nth: usize, base: u64, used: bool) -> Result<(), Refusal> {
        self.require_there(nth)?;
        self.require_at(nth, base)?;
        self.require_childless(nth)?;
        if used {
            return Err(TAKEN);
        }
        self.0[nth].fate = Fate::Deleted;
        Ok(())
    }

    /// The category with a number, if any.
    pub(super) fn existing(&self, nth: Option<usize>) -> Option<usize> {
        nth.filter(|_| !self.0.is_empty())
            .map(|nth| nth % self.0.len())
    }

    /// The current category: itself, or the target of its merge. `None` if it was deleted.
    pub(super) fn resolve(&self, nth: usize) -> Option<usize> {
        match self.0[nth].fate {
            Fate::Here => Some(nth),
            Fate::Merged { into, .. } => self.resolve(into),
            Fate::Deleted => None,
        }
    }

    /// Resolves a name. The current owner of a slug takes precedence over former ones, and the latest
    /// former owner over earlier ones.
    pub(super) fn meant(&self, named: Naming) -> Option<usize> {
        let nth = match named.sent(self)? {
            Naming::Slug(slug) => self.by_slug(slug)?,
            Naming::Id(nth) | Naming::SlugOf(nth) => nth,
        };
        self.resolve(nth)
    }

    fn by_slug(&self, slug: &str) -> Option<usize> {
        let left = |nth: &usize| {
            let Category { fate, former, .. } = &self.0[*nth];
            let renamed = former.iter().find(|(former, _)| *former == slug);
            let renamed = renamed.map(|(_, at)| *at);
            match *fate {
                Fate::Deleted => None,
                Fate::Merged { at, .. } if self.0[*nth].slug == slug => Some(at),
                Fate::Here | Fate::Merged { .. } => renamed,
            }
        };
        let all = || 0..self.0.len();
        let has = |nth: &usize| self.0[*nth].slug == slug && self.0[*nth].fate == Fate::Here;
        let last = || all().filter(|nth| left(nth).is_some()).max_by_key(left);
        all().find(has).or_else(last)
    }

    /// The distinct current categories of a post.
    pub(super) fn present(&self, nths: &[usize]) -> Vec<usize> {
        let mut present = self.filed(nths);
        present.retain(|nth| !self.is_deleted(*nth));
        present
    }

    /// The categories as named in a request, including deleted ones.
    pub(super) fn filed(&self, nths: &[usize]) -> Vec<usize> {
        let mut filed = Vec::new();
        for nth in nths.iter().map(|nth| self.resolve(*nth).unwrap_or(*nth)) {
            if !filed.contains(&nth) {
                filed.push(nth);
            }
        }
        filed
    }

    /// The existing categories in the order of creation.
    pub(super) fn here(&self) -> Vec<usize> {
        let all = 0..self.0.len();
        all.filter(|nth| self.0[*nth].fate == Fate::Here).collect()
    }

    /// The merged categories in the order of creation.
    pub(super) fn merged(&self) -> Vec<usize> {
        let all = 0..self.0.len();
        all.filter(|nth| matches!(self.0[*nth].fate, Fate::Merged { .. }))
            .collect()
    }

    pub(super) fn is_deleted(&self, nth: usize) -> bool {
        self.resolve(nth).is_none()
    }

    /// A category with all of its subcategories.
    pub(super) fn below(&self, nth: usize) -> Vec<usize> {
        let mut below = self.here();
        below.retain(|other| self.line(*other).contains(&nth));
        below
    }

    /// Resolves a requested parent.
    fn parent(&self, wanted: Option<usize>) -> Result<Option<usize>, Refusal> {
        match wanted {
            None => Ok(None),
            Some(nth) => self.resolve(nth).map(Some).ok_or(INVALID),
        }
    }

    fn require_there(&self, nth: usize) -> Result<(), Refusal> {
        match self.0[nth].fate {
            Fate::Here => Ok(()),
            Fate::Merged { .. } | Fate::Deleted => Err(GONE),
        }
    }

    fn require_at(&self, nth: usize, base: u64) -> Result<(), Refusal> {
        if self.0[nth].version == base {
            Ok(())
        } else {
            Err(STALE)
        }
    }

    fn require_childless(&self, nth: usize) -> Result<(), Refusal> {
        if self.below(nth).len() > 1 {
            return Err(TAKEN);
        }
        Ok(())
    }

    /// A former slug is free.
    fn require_free(&self, slug: &str, but: Option<usize>) -> Result<(), Refusal> {
        let mut others = self.0.iter().enumerate();
        let takes = |(nth, other): (usize, &Category)| {
            Some(nth) != but && other.slug == slug && other.fate == Fate::Here
        };
        if others.any(takes) {
            return Err(TAKEN);
        }
        Ok(())
    }

    /// The category and its ancestors.
    fn line(&self, nth: usize) -> Vec<usize> {
        std::iter::successors(Some(nth), |nth| self.0[*nth].parent).collect()
    }

    /// The depth of the subtree.
    fn height(&self, nth: usize) -> usize {
        let depth = |nth: usize| self.line(nth).len();
        let below = self.below(nth).into_iter();
        below.map(depth).max().unwrap_or_default() - depth(nth)
    }

    /// The slugs from the root to the category.
    pub(super) fn path(&self, nth: usize) -> Vec<&'static str> {
        let line = self.line(nth).into_iter().rev();
        line.map(|nth| self.0[nth].slug).collect()
    }
}

impl Naming {
    /// The name in a request, if any.
    pub(super) fn sent(self, tree: &Tree) -> Option<Self> {
        Some(match self {
            Self::Id(nth) => Self::Id(tree.existing(Some(nth))?),
            Self::SlugOf(nth) => Self::Slug(tree.0[tree.existing(Some(nth))?].slug),
            Self::Slug(_) => self,
        })
    }
}
