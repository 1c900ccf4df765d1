//! The model: a site as a handful of vectors, written without a look at how the product does it.

use super::{
    operations::{Actor, Base, Deed, Moment, Operation, Step, Wait, Words},
    post::{FORBIDDEN, Post, Refusal, Showing},
    tree::Tree,
};
use crate::site::DAWN;

/// How long a repetition under an idempotency key is recognised, in seconds.
const DAY: i64 = 24 * 60 * 60;

#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) now: Moment,
    pub(super) posts: Vec<Post>,
    pub(super) tree: Tree,
    /// What the last step was answered.
    pub(super) answer: Option<Answer>,
    /// The last accepted request that had a key.
    kept: Option<Kept>,
}

/// How the API answers a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// What the same request is answered that comes second.
    pub(super) second: u16,
}

#[derive(Debug, Clone, Copy)]
struct Kept {
    at: Moment,
    post: usize,
    status: u16,
}

/// Where a public address leads.
#[derive(Debug)]
pub(super) enum Place<'a> {
    Nowhere,
    Gone,
    Here(usize, &'a Showing),
    Moved(&'a Showing),
}

impl Default for World {
    fn default() -> Self {
        Self {
            now: DAWN,
            posts: Vec::new(),
            tree: Tree::default(),
            answer: None,
            kept: None,
        }
    }
}

impl World {
    /// The world after a step.
    pub(super) fn after(mut self, step: &Step) -> Self {
        self.answer = match &step.operation {
            Operation::Create { words, date } => {
                let created = self.create(words, *date, step.by);
                Some(self.answered(created, step.keyed, self.posts.len(), (201, 409)))
            }
            Operation::Post { nth, base, deed } => self.post(*nth, *base, deed, step),
            Operation::CreateCategory { slug, parent } => {
                let created = manages(step.by).and_then(|()| self.tree.create(slug, *parent));
                Some(answer(created, (201, 409)))
            }
            Operation::ChangeCategory {
                nth,
                base,
                slug,
                parent,
            } => {
                let nth = self.tree.existing(Some(*nth));
                nth.map(|nth| {
                    let managed = manages(step.by);
                    let changed =
                        managed.and_then(|()| self.tree.change(nth, *base, *slug, *parent));
                    answer(changed, (200, 412))
                })
            }
            Operation::Wait(wait) => {
                self.wait(*wait);
                None
            }
            Operation::KeepHouse => None,
            Operation::Repeat => self.repeated(),
        };
        self
    }

    fn create(&mut self, words: &Words, date: Option<i64>, by: Actor) -> Result<(), Refusal> {
        let mut words = words.clone();
        self.keep_known(&mut words.categories);
        if self.is_taken(&words, None) {
            return Err(409);
        }
        let date = date.map(|by| self.now + by);
        self.posts.push(Post::new(words, by, date, self.now));
        Ok(())
    }

    fn post(&mut self, nth: usize, base: Base, deed: &Deed, step: &Step) -> Option<Answer> {
        let nth = self.existing(nth)?;
        let second = if matches!(deed, Deed::Purge) {
            404
        } else {
            412
        };
        let status = if matches!(deed, Deed::Purge) {
            204
        } else {
            200
        };
        let keyed = step.keyed && deed.takes_a_key();
        let taken = self.take(nth, base, deed, step.by);
        Some(self.answered(taken, keyed, nth + 1, (status, second)))
    }

    fn take(&mut self, nth: usize, base: Base, deed: &Deed, by: Actor) -> Result<(), Refusal> {
        if self.posts[nth].purged {
            return Err(404);
        }
        if !self.posts[nth].admits(by, deed) {
            return Err(FORBIDDEN);
        }
        self.posts[nth].require(base, deed, self.now)?;
        let mut post = self.posts[nth].clone();
        let wanted = match deed {
            Deed::Edit(changes) => Some(post.words.changed(changes)),
            Deed::Restore { revision } => Some(post.restored(*revision).clone()),
            _ => None,
        };
        if wanted.is_some_and(|words| self.is_taken(&words, Some(nth))) {
            return Err(409);
        }
        post.take(&self.known(deed), by, self.now)?;
        self.posts[nth] = post;
        Ok(())
    }

    /// The post that a number means, if there is any.
    pub(super) fn existing(&self, nth: usize) -> Option<usize> {
        (!self.posts.is_empty()).then(|| nth % self.posts.len())
    }

    /// The deed without the categories that do not exist.
    fn known(&self, deed: &Deed) -> Deed {
        let mut deed = deed.clone();
        if let Deed::Edit(changes) = &mut deed
            && let Some(categories) = &mut changes.categories
        {
            self.keep_known(categories);
        }
        deed
    }

    fn keep_known(&self, categories: &mut Vec<usize>) {
        categories.retain(|nth| *nth < self.tree.0.len());
    }

    fn is_taken(&self, words: &Words, but: Option<usize>) -> bool {
        let mut others = self
            .posts
            .iter()
            .enumerate()
            .filter(|(nth, _)| Some(*nth) != but);
        others.any(|(_, post)| post.holds(words.slug, words.locale))
    }

    fn wait(&mut self, wait: Wait) {
        let by = match wait {
            Wait::For(by) => by,
            Wait::Change(beside) => self.next_change().map_or(0, |at| at + beside - self.now),
        };
        self.now += by.max(0);
    }

    /// The next moment at which what the public sees of any post changes by itself.
    pub(super) fn next_change(&self) -> Option<Moment> {
        let posts = self.posts.iter().filter(|post| !post.purged);
        posts.filter_map(|post| post.next_change(self.now)).min()
    }

    /// Remembers what was accepted under a key; `posts` counts the posts up to the one that was written.
    fn answered(
        &mut self,
        outcome: Result<(), Refusal>,
        keyed: bool,
        posts: usize,
        (status, second): (u16, u16),
    ) -> Answer {
        if outcome.is_ok() && keyed {
            self.kept = Some(Kept {
                at: self.now,
                post: posts - 1,
                status,
            });
        }
        // Under the same key the second one is the first one again.
        let second = if keyed { status } else { second };
        answer(outcome, (status, second))
    }

    /// What a repetition is answered while it is recognised as one.
    fn repeated(&self) -> Option<Answer> {
        let Kept { at, post, status } = self.kept?;
        let remembered = at.div_euclid(1000) + DAY > self.now.div_euclid(1000);
        (remembered && !self.posts[post].purged).then_some(Answer {
            status,
            second: status,
        })
    }

    /// Where a public address leads.
    pub(super) fn place(&self, slug: &str, locale: &str) -> Place<'_> {
        let posts = self.posts.iter().enumerate();
        let holder = posts.filter(|(_, post)| !post.purged).find(|(_, post)| {
            let mut shown = post.shown(self.now);
            shown.any(|showing| showing.is_at(slug, locale))
        });
        match holder {
            None => Place::Nowhere,
            Some((nth, post)) => match post.live(self.now) {
                Some(live) if live.is_at(slug, locale) => Place::Here(nth, live),
                Some(live) => Place::Moved(live),
                None if post.trashed => Place::Gone,
                None => Place::Nowhere,
            },
        }
    }

    /// What a public list shows: the newest date first, and of those the newest post.
    pub(super) fn public(&self, wanted: impl Fn(&Words) -> bool) -> Vec<(usize, &Showing)> {
        let posts = self.posts.iter().enumerate();
        let posts = posts.filter(|(_, post)| !post.purged);
        let live = posts.filter_map(|(nth, post)| Some((nth, post.live(self.now)?)));
        let mut rows: Vec<_> = live
            .filter(|(_, live)| live.listed && wanted(&live.words))
            .collect();
        rows.sort_by_key(|(nth, live)| std::cmp::Reverse((live.date, *nth)));
        rows
    }

    /// What a desk list shows, sorted by a moment, the newest first.
    pub(super) fn desk(
        &self,
        wanted: impl Fn(&Post) -> bool,
        by: impl Fn(&Post) -> Moment,
    ) -> Vec<usize> {
        let posts = (0..self.posts.len()).filter(|nth| !self.posts[*nth].purged);
        let mut rows: Vec<_> = posts.filter(|nth| wanted(&self.posts[*nth])).collect();
        rows.sort_by_key(|nth| std::cmp::Reverse((by(&self.posts[*nth]), *nth)));
        rows
    }
}

impl Deed {
    /// Where a unique name or a version refuses the repetition, no key is taken.
    pub(super) fn takes_a_key(&self) -> bool {
        !matches!(self, Self::Purge)
    }
}

/// Not everybody may change the tree.
fn manages(by: Actor) -> Result<(), Refusal> {
    if by == Actor::Author {
        return Err(FORBIDDEN);
    }
    Ok(())
}

fn answer(outcome: Result<(), Refusal>, (status, second): (u16, u16)) -> Answer {
    match outcome {
        Ok(()) => Answer { status, second },
        Err(refusal) => Answer {
            status: refusal,
            second: refusal,
        },
    }
}
