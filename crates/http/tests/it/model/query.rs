//! Queries of lists of posts.

use tintero_domain::values::Timestamp;

use super::{
    names::Names,
    operations::{Actor, Naming, Offset},
    post::{Post, Showing},
    words::Words,
    world::World,
};

#[derive(Debug, Clone)]
pub(super) struct Query {
    pub(super) rows: Rows,
    pub(super) facets: Facets,
}

/// The posts and their order.
#[derive(Debug, Clone)]
pub(super) enum Rows {
    /// Published posts by date, optionally in a range of dates.
    Public {
        after: Option<Offset>,
        before: Option<Offset>,
    },
    /// Scheduled posts by planned time.
    Planned(Option<Actor>),
    /// Working copies by status, newest first.
    InStatus(&'static str, Option<Actor>),
    /// All working copies, latest change first.
    Changed(Option<Actor>),
    /// Working copies changed since a time, earliest change first.
    Since(Offset, Option<Actor>),
    /// Posts by id, as live or working copies.
    These { nths: Vec<usize>, public: bool },
}

/// Filters.
#[derive(Debug, Clone, Default)]
pub(super) struct Facets {
    pub(super) category: Option<Under>,
    /// Tags, all of which a post has.
    pub(super) tags: Vec<&'static str>,
    pub(super) byline: Option<usize>,
    /// Languages, the preferred one first; only public lists have several.
    pub(super) locales: Vec<&'static str>,
}

/// Posts in a category, optionally with its subcategories.
#[derive(Debug, Clone, Copy)]
pub(super) struct Under {
    pub(super) category: Naming,
    pub(super) descendants: bool,
}

/// The expected list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Live(Vec<usize>),
    Working(Vec<usize>),
}

impl Query {
    /// Evaluates the query. `None` if the category does not exist.
    pub(super) fn found(&self, world: &World) -> Option<Shown> {
        let now = world.now;
        let facets = &self.facets;
        let under = facets.under(world)?;
        let meets = |words: &Words| facets.meets(words, under.as_deref(), world);
        let fits = |post: &Post, owner: &Option<Actor>| {
            meets(&post.words) && owner.is_none_or(|owner| post.owner == owner)
        };
        Some(match &self.rows {
            Rows::Public { after, before } => {
                let in_time = |live: &Showing| {
                    after.is_none_or(|after| live.date > now + after)
                        && before.is_none_or(|before| live.date < now + before)
                };
                let rows = world.public(|live| meets(&live.words) && in_time(live));
                Shown::Live(rows.into_iter().map(|(nth, _)| nth).collect())
            }
            Rows::InStatus(status, owner) => Shown::Working(world.desk(
                |post| post.status(now) == *status && fits(post, owner),
                |post| post.created,
            )),
            Rows::Planned(owner) => {
                let mut rows = world.desk(
                    |post| post.status(now) == "scheduled" && fits(post, owner),
                    |post| post.coming(now).map_or(now, |coming| coming.from),
                );
                rows.reverse();
                Shown::Working(rows)
            }
            Rows::Changed(owner) => {
                Shown::Working(world.desk(|post| fits(post, owner), |post| post.updated))
            }
            Rows::Since(since, owner) => {
                let fresh = |post: &Post| post.updated >= now + since && fits(post, owner);
                let mut rows = world.desk(fresh, |post| post.updated);
                rows.reverse();
                Shown::Working(rows)
            }
            Rows::These { public: true, .. } => {
                let there = |nth: &usize| world.listed(*nth).is_some();
                Shown::Live(self.named(world).into_iter().filter(there).collect())
            }
            Rows::These { public: false, .. } => {
                let there = |nth: &usize| !world.posts[*nth].purged;
                Shown::Working(self.named(world).into_iter().filter(there).collect())
            }
        })
    }

    /// The distinct posts with these ids.
    pub(super) fn named(&self, world: &World) -> Vec<usize> {
        let Rows::These { nths, .. } = &self.rows else {
            return Vec::new();
        };
        let mut named = Vec::new();
        for nth in nths.iter().filter_map(|nth| world.existing(*nth)) {
            if !named.contains(&nth) {
                named.push(nth);
            }
        }
        named
    }

    /// The query string.
    pub(super) fn parameters(&self, world: &World, names: &Names) -> Vec<(&'static str, String)> {
        let moment = |by: &Offset| Timestamp::from_millis(world.now + by).to_string();
        let mut asked = Vec::new();
        let owner = match &self.rows {
            Rows::Public { after, before } => {
                asked.extend(after.as_ref().map(|by| ("published_after", moment(by))));
                asked.extend(before.as_ref().map(|by| ("published_before", moment(by))));
                &None
            }
            Rows::InStatus(status, owner) => {
                asked.extend([
                    ("status", (*status).to_owned()),
                    ("view", "working".to_owned()),
                ]);
                owner
            }
            Rows::Planned(owner) => {
                asked.extend([
                    ("status", "scheduled".to_owned()),
                    ("sort", "publish_at".to_owned()),
                ]);
                owner
            }
            Rows::Changed(owner) => {
                asked.push(("status", "any".to_owned()));
                owner
            }
            Rows::Since(since, owner) => {
                asked.extend([
                    ("status", "any".to_owned()),
                    ("updated_since", moment(since)),
                ]);
                owner
            }
            Rows::These { public, .. } => {
                let these = self.named(world).into_iter();
                let ids: Vec<_> = these.map(|nth| names.posts[nth].as_str()).collect();
                asked.push(("ids", ids.join(",")));
                asked.extend((!public).then(|| ("status", "any".to_owned())));
                return asked;
            }
        };
        asked.extend(owner.map(|owner| ("owner", names.user(owner).to_owned())));
        asked.extend(self.facets.parameters(world, names));
        asked
    }
}

impl Facets {
    /// The requested categories. `None` if there is no such category.
    #[expect(
        clippy::option_option,
        reason = "the outer option is existence, the inner one is whether it was requested"
    )]
    fn under(&self, world: &World) -> Option<Option<Vec<usize>>> {
        let Some(Under {
            category,
            descendants,
        }) = self.category.filter(|_| !world.tree.0.is_empty())
        else {
            return Some(None);
        };
        let meant = world.tree.meant(category)?;
        let below = || world.tree.below(meant);
        Some(Some(if descendants { below() } else { vec![meant] }))
    }

    fn meets(&self, words: &Words, under: Option<&[usize]>, world: &World) -> bool {
        under.is_none_or(|under| world.files(words, under))
            && self.tags.iter().all(|tag| world.has_tag(words, tag))
            && self.byline.is_none_or(|nth| words.bylines.contains(&nth))
            && (self.locales.is_empty() || self.locales.contains(&words.locale))
    }

    fn parameters(&self, world: &World, names: &Names) -> Vec<(&'static str, String)> {
        let mut asked = Vec::new();
        if let Some(under) = self.category
            && let Some(name) = names.category(world, under.category)
        {
            asked.push(("category", name));
            asked.extend(
                under
                    .descendants
                    .then(|| ("descendants", "true".to_owned())),
            );
        }
        asked.extend(self.tags.iter().map(|tag| ("tag", (*tag).to_owned())));
        asked.extend(
            self.byline
                .map(|nth| ("author", names.bylines[nth].clone())),
        );
        if !self.locales.is_empty() {
            asked.push(("locale", self.locales.join(",")));
        }
        asked
    }
}
