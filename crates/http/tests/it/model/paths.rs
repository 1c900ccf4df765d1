//! Paths in the model: aliases of posts and redirects.

use super::{
    operations::{Actor, End},
    post::{INVALID, NOT_FOUND, Refusal, TAKEN},
    world::{World, manages},
};

#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) from: &'static str,
    pub(super) to: End,
    pub(super) permanent: bool,
    pub(super) removed: bool,
}

/// The final target of a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lead {
    Nowhere,
    Gone,
    To { end: End, permanent: bool },
}

impl World {
    pub(super) fn create_redirect(
        &mut self,
        from: &'static str,
        to: End,
        permanent: bool,
        by: Actor,
    ) -> Result<(), Refusal> {
        manages(by)?;
        if self.passes(to, from) {
            return Err(INVALID);
        }
        if self.step_from(from).is_some() {
            return Err(TAKEN);
        }
        if let End::Post(nth) = to
            && self.posts[nth].purged
        {
            return Err(INVALID);
        }
        self.ways.push(Way {
            from,
            to,
            permanent,
            removed: false,
        });
        Ok(())
    }

    pub(super) fn remove_redirect(&mut self, nth: usize, by: Actor) -> Result<(), Refusal> {
        manages(by)?;
        if self.ways[nth].removed {
            return Err(NOT_FOUND);
        }
        self.ways[nth].removed = true;
        Ok(())
    }

    /// The redirect with a number, if any.
    pub(super) fn existing_way(&self, nth: usize) -> Option<usize> {
        (!self.ways.is_empty()).then(|| nth % self.ways.len())
    }

    /// The target of a new redirect.
    pub(super) fn end(&self, to: End) -> Option<End> {
        match to {
            End::Path(_) => Some(to),
            End::Post(nth) => self.existing(nth).map(End::Post),
        }
    }

    /// Resolves a path to its final target.
    pub(super) fn lead(&self, path: &'static str) -> Lead {
        let Some((mut end, mut permanent)) = self.step_from(path) else {
            return Lead::Nowhere;
        };
        while let End::Path(path) = end
            && let Some((next, for_good)) = self.step_from(path)
        {
            end = next;
            permanent &= for_good;
        }
        match end {
            End::Path(_) => Lead::To { end, permanent },
            End::Post(nth) => {
                let post = &self.posts[nth];
                if post.purged {
                    Lead::Nowhere
                } else if post.live(self.now).is_some() {
                    Lead::To { end, permanent }
                } else if post.trashed && post.was_public(self.now) {
                    Lead::Gone
                } else {
                    Lead::Nowhere
                }
            }
        }
    }

    /// Resolves one redirect or alias; returns whether it is permanent.
    fn step_from(&self, path: &str) -> Option<(End, bool)> {
        let mut posts = self.posts.iter();
        let holder =
            posts.position(|post| post.holds_aliases() && post.words.aliases.contains(&path));
        if let Some(nth) = holder {
            return Some((End::Post(nth), true));
        }
        let mut ways = self.ways.iter();
        let way = ways.find(|way| !way.removed && way.from == path)?;
        Some((way.to, way.permanent))
    }

    /// Whether the chain of a target contains a path.
    fn passes(&self, end: End, path: &str) -> bool {
        let mut next = Some(end);
        while let Some(End::Path(here)) = next {
            if here == path {
                return true;
            }
            next = self.step_from(here).map(|(end, _)| end);
        }
        false
    }
}
