//! The bylines that replace retired ones, and the lists that contain the posts of a byline.

use super::Tree;
use crate::{
    taxonomy::{Alias, BylineTombstone, aliases},
    values::BylineId,
};

impl Tree {
    /// Returns the tombstone of a byline.
    #[must_use]
    pub fn byline_tombstone(&self, id: BylineId) -> Option<&BylineTombstone> {
        self.bylines.iter().find(|tombstone| tombstone.id == id)
    }

    fn byline_alias(&self, id: BylineId) -> Option<&Alias<BylineId>> {
        self.byline_tombstone(id)?.alias.as_ref()
    }

    /// Returns the final replacement of a byline, or the id itself if it is not retired. `None` if the byline
    /// or its replacement was deleted.
    #[must_use]
    pub fn resolve_byline(&self, id: BylineId) -> Option<BylineId> {
        let next = |id: &BylineId| Some(self.byline_alias(*id)?.into);
        let last = aliases::resolve(id, next);
        self.byline_tombstone(last).is_none().then_some(last)
    }

    /// Resolves the bylines of a post and removes duplicates.
    #[must_use]
    pub fn resolve_bylines(&self, ids: &[BylineId]) -> Vec<BylineId> {
        let mut resolved = Vec::with_capacity(ids.len());
        for id in ids.iter().filter_map(|id| self.resolve_byline(*id)) {
            if !resolved.contains(&id) {
                resolved.push(id);
            }
        }
        resolved
    }

    /// Returns the lists that together contain the posts of a byline, in the direction of relocation: those of
    /// its aliases, then its own.
    #[must_use]
    pub fn byline_lists(&self, id: BylineId) -> Vec<BylineId> {
        let sources = |target: &BylineId| {
            let retired = self.bylines.iter();
            let sources = retired.filter(|tombstone| {
                let alias = tombstone.alias.as_ref();
                alias.is_some_and(|alias| alias.into == *target)
            });
            sources.map(|tombstone| tombstone.id).collect()
        };
        let holds_posts =
            |list: &BylineId| self.byline_alias(*list).is_some_and(|alias| !alias.drained);
        aliases::lists(&id, sources, holds_posts)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::values::{OperationId, Timestamp};

    fn id(n: u128) -> BylineId {
        BylineId::new(Uuid::from_u128(n))
    }

    fn tombstone(n: u128, into: Option<u128>, drained: bool) -> BylineTombstone {
        BylineTombstone {
            id: id(n),
            retired_at: Timestamp::from_millis(0),
            alias: into.map(|into| Alias {
                into: id(into),
                drained,
                operation: OperationId::new(Uuid::nil()),
            }),
        }
    }

    #[test]
    fn retired_bylines_resolve_to_the_last_one_and_deleted_ones_to_none() {
        let tree = Tree {
            bylines: vec![
                tombstone(1, Some(2), true),
                tombstone(2, Some(3), false),
                tombstone(4, None, false),
            ],
            ..Tree::default()
        };
        assert_eq!(tree.resolve_byline(id(1)), Some(id(3)));
        assert_eq!(tree.resolve_byline(id(4)), None);
        let ids = [1, 4, 3, 5].map(id);
        assert_eq!(tree.resolve_bylines(&ids), [3, 5].map(id));
        assert_eq!(tree.byline_lists(id(3)), [2, 3].map(id));
        assert_eq!(tree.byline_lists(id(5)), [id(5)]);
        assert!(!tree.is_plain());
    }
}
