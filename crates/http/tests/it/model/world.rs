//! The model: a site as a few vectors, written independently of the implementation.

use super::{
    operations::{Actor, CategoryDeed, Gone, Moment, Operation, Wait},
    paths::Way,
    post::{FORBIDDEN, Post, Refusal, Showing},
    tags::Tags,
    tree::Tree,
};
use crate::site::DAWN;

/// Validity of idempotency keys in seconds.
const DAY: i64 = 24 * 60 * 60;

#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) now: Moment,
    pub(super) posts: Vec<Post>,
    pub(super) tree: Tree,
    pub(super) ways: Vec<Way>,
    pub(super) tags: Tags,
    /// The responses to the requests of the last step, in order.
    pub(super) answers: Vec<Answer>,
    /// False if expired data may not have been cleaned up.
    pub(super) swept: bool,
    /// False if posts may be moving from former tags.
    pub(super) arrived: bool,
    /// The last accepted request with an idempotency key.
    kept: Option<Kept>,
}

/// The expected parts of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Whether the write was merged with concurrent changes.
    pub(super) merged: bool,
    /// The responses to the operations of a batch.
    pub(super) items: Vec<u16>,
}

#[derive(Debug, Clone)]
struct Kept {
    at: Moment,
    post: usize,
    answer: Answer,
}

impl Default for World {
    fn default() -> Self {
        Self {
            now: DAWN,
            posts: Vec::new(),
            tree: Tree::default(),
            ways: Vec::new(),
            tags: Tags::default(),
            answers: Vec::new(),
            swept: true,
            arrived: true,
            kept: None,
        }
    }
}

impl World {
    /// Applies an operation. `None` if its target does not exist.
    pub(super) fn perform(
        &mut self,
        operation: &Operation,
        by: Actor,
        keyed: bool,
    ) -> Option<Answer> {
        Some(match operation {
            Operation::Create {
                words,
                date,
                published,
            } => {
                let created = self.create(words, *date, *published, by);
                let answer = Answer::of(created, 201);
                self.keep(keyed, self.posts.len().saturating_sub(1), answer)
            }
            Operation::Post { nth, base, deed } => {
                let nth = self.existing(*nth)?;
                let version = self.version(nth, *base);
                let answer = self.answered(nth, version, deed, by);
                self.keep(keyed && deed.takes_a_key(), nth, answer)
            }
            Operation::Batch(items) => {
                let mut statuses = Vec::new();
                for item in items {
                    statuses.extend(self.perform(item, by, false).map(|answer| answer.status));
                }
                if statuses.is_empty() {
                    return None;
                }
                Answer {
                    items: statuses,
                    ..Answer::plain(200)
                }
            }
            Operation::CreateCategory { slug, parent } => {
                let created = manages(by).and_then(|()| self.tree.create(slug, *parent));
                Answer::of(created, 201)
            }
            Operation::Category { nth, base, deed } => {
                let nth = self.tree.existing(Some(*nth))?;
                let version = base.version(self.tree.0[nth].version);
                let changed = manages(by).and_then(|()| self.category(nth, version, deed));
                Answer::of(changed, deed.success())
            }
            Operation::Tag { tag, deed } => Answer::of(self.replace_tag(tag, *deed, by), 202),
            Operation::Cancel { nth } => {
                self.gone(*nth)?;
                Answer::of(manages(by), 200)
            }
            Operation::CreateRedirect {
                from,
                to,
                permanent,
            } => {
                let to = self.end(*to)?;
                Answer::of(self.create_redirect(from, to, *permanent, by), 201)
            }
            Operation::RemoveRedirect { nth } => {
                let nth = self.existing_way(*nth)?;
                Answer::of(self.remove_redirect(nth, by), 204)
            }
            Operation::Wait(wait) => {
                self.wait(*wait);
                return None;
            }
            Operation::KeepHouse | Operation::Work { .. } => return None,
            Operation::Repeat => self.repeated()?,
        })
    }

    fn category(&mut self, nth: usize, base: u64, deed: &CategoryDeed) -> Result<(), Refusal> {
        match deed {
            CategoryDeed::Change { slug, parent } => {
                let now = self.now;
                self.tree.change(nth, base, *slug, *parent, now)
            }
            CategoryDeed::Merge { into, .. } => self.tree.merge(nth, base, *into, self.now),
            CategoryDeed::Delete => {
                let used = self.is_used(nth);
                self.tree.delete(nth, base, used)
            }
        }
    }

    /// The nth merged category or tag, if any.
    pub(super) fn gone(&self, nth: usize) -> Option<Gone> {
        let all = self.all_gone();
        all.get(nth.checked_rem(all.len())?).cloned()
    }

    pub(super) fn all_gone(&self) -> Vec<Gone> {
        let categories = self.tree.merged().into_iter().map(Gone::Category);
        let tags = self.tags.went().map(|tag| Gone::Tag(tag.to_owned()));
        categories.chain(tags).collect()
    }

    fn wait(&mut self, wait: Wait) {
        let by = match wait {
            Wait::For(by) => by,
            Wait::Change(beside) => self.next_change().map_or(0, |at| at + beside - self.now),
        };
        self.now += by.max(0);
    }

    /// The next time at which a schedule changes any post.
    fn next_change(&self) -> Option<Moment> {
        let posts = self.posts.iter().filter(|post| !post.purged);
        posts.filter_map(|post| post.next_change(self.now)).min()
    }

    /// Stores an accepted request with an idempotency key.
    fn keep(&mut self, keyed: bool, post: usize, answer: Answer) -> Answer {
        if keyed && answer.status < 300 {
            self.kept = Some(Kept {
                at: self.now,
                post,
                answer: answer.clone(),
            });
        }
        answer
    }

    /// The replayed response, while the key is valid.
    pub(super) fn repeated(&self) -> Option<Answer> {
        let Kept { at, post, answer } = self.kept.as_ref()?;
        let remembered = at.div_euclid(1000) + DAY > self.now.div_euclid(1000);
        (remembered && !self.posts[*post].purged).then(|| answer.clone())
    }
}

impl Answer {
    pub(super) fn plain(status: u16) -> Self {
        Self {
            status,
            merged: false,
            items: Vec::new(),
        }
    }

    fn of(outcome: Result<(), Refusal>, success: u16) -> Self {
        Self::plain(outcome.err().unwrap_or(success))
    }
}

impl CategoryDeed {
    fn success(&self) -> u16 {
        match self {
            Self::Change { .. } => 200,
            Self::Merge { .. } => 202,
            Self::Delete => 204,
        }
    }
}

/// Site-wide changes require a permission.
pub(super) fn manages(by: Actor) -> Result<(), Refusal> {
    if by == Actor::Author {
        return Err(FORBIDDEN);
    }
    Ok(())
}

/// A published post with its current showing.
pub(super) type Row<'a> = (usize, &'a Showing);
