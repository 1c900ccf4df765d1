use std::collections::HashSet;

use super::{Redirects, Target, UrlPattern, follow::Leading, pattern::Filling};
use crate::{
    access::{Caller, Permission},
    categories::Tree,
    error::Result,
    freshness::Freshness,
    page::{Cursor, Limit, Page, PageRequest},
    posts::{DeskQuery, DeskSet, Post, StatusName},
    values::{Address, CategoryId, IdOrSlug, OldPath, PostId},
};

/// One line of an export: what happens to whoever comes to a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// The path.
    pub from: OldPath,
    /// What happens there.
    pub fate: Fate,
}

/// What happens at an old path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It leads elsewhere.
    Moved {
        /// Where to, as a reference ([RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-4.1)) in ASCII.
        to: String,
        /// True when clients may forget the old path.
        permanent: bool,
    },
    /// What was there was taken away on purpose.
    Gone,
}

/// How far an export has come. It begins with [`Export::default`].
#[derive(Debug, Clone, Default)]
pub struct Export {
    section: usize,
    cursor: Option<Cursor>,
}

/// Some lines of an export, and where it goes on.
#[derive(Debug)]
pub struct ExportPage {
    /// The lines.
    pub leads: Vec<Lead>,
    /// The next page; absent at the end.
    pub next: Option<Export>,
}

/// What an export holds, in its order: what was made by hand, then the old addresses of posts that
/// are public or were.
const SECTIONS: [Option<StatusName>; 4] = [
    None,
    Some(StatusName::Published),
    Some(StatusName::Archived),
    Some(StatusName::Trashed),
];

impl Redirects {
    /// The next page of everything that redirects. Nothing more than a page is ever held, and a
    /// post that changes its status meanwhile can be missing or stand twice.
    ///
    /// # Errors
    /// [`Error::Forbidden`](crate::Error::Forbidden).
    pub async fn export(
        &self,
        caller: &Caller,
        pattern: &UrlPattern,
        position: Export,
    ) -> Result<ExportPage> {
        caller.require(Permission::ManageRedirects)?;
        let Export { section, cursor } = position;
        let page = PageRequest {
            limit: Limit::LARGEST,
            cursor,
        };
        let tree = self.tree_for(pattern).await?;
        let writing = Writing { pattern, tree };
        let (leads, cursor) = match SECTIONS[section] {
            None => self.made_by_hand(&writing, &page).await?,
            Some(status) => self.old_addresses(&writing, status, &page).await?,
        };
        let next = match cursor {
            Some(cursor) => Some(Export {
                section,
                cursor: Some(cursor),
            }),
            None => (section + 1 < SECTIONS.len()).then(|| Export {
                section: section + 1,
                cursor: None,
            }),
        };
        Ok(ExportPage { leads, next })
    }

    /// Every path at which a post is now. Whoever comes there finds the post, so nothing of the
    /// export may lead away from it, and what would is to be left out.
    ///
    /// # Errors
    /// [`Error::Forbidden`](crate::Error::Forbidden).
    pub async fn live_paths(
        &self,
        caller: &Caller,
        pattern: &UrlPattern,
    ) -> Result<HashSet<OldPath>> {
        caller.require(Permission::ManageRedirects)?;
        let tree = self.tree_for(pattern).await?;
        let writing = Writing { pattern, tree };
        let mut paths = HashSet::new();
        for status in [StatusName::Published, StatusName::Archived] {
            let mut page = PageRequest {
                limit: Limit::LARGEST,
                cursor: None,
            };
            loop {
                let found = self.posts_with(status, &page).await?;
                paths.extend(
                    found
                        .items
                        .iter()
                        .filter_map(|post| writing.live_path(post)),
                );
                if found.next.is_none() {
                    break;
                }
                page.cursor = found.next;
            }
        }
        Ok(paths)
    }

    async fn tree_for(&self, pattern: &UrlPattern) -> Result<Tree> {
        if pattern.names_category() {
            self.ports.categories.tree(Freshness::Recent).await
        } else {
            Ok(Tree::default())
        }
    }

    async fn made_by_hand(
        &self,
        writing: &Writing<'_>,
        page: &PageRequest,
    ) -> Result<(Vec<Lead>, Option<Cursor>)> {
        let now = self.ports.clock.now();
        let found = self.ports.store.list(now, page).await?;
        let (froms, ways): (Vec<_>, Vec<_>) = found
            .items
            .into_iter()
            .map(|redirect| (redirect.from, (redirect.target, redirect.permanent)))
            .unzip();
        let ends = self.follow(ways).await?;
        let posts = self.posts_at(&ends).await?;
        let leads = froms.into_iter().zip(ends).filter_map(|(from, end)| {
            let (target, permanent) = end;
            let fate = match target {
                Target::Place(place) => Fate::Moved {
                    to: place.into(),
                    permanent,
                },
                Target::Post(id) => {
                    let post = posts.iter().find(|post| post.state.id == id)?;
                    writing.fate(post, permanent)?
                }
            };
            Some(Lead { from, fate }).filter(Lead::leads_on)
        });
        Ok((leads.collect(), found.next))
    }

    async fn posts_at(&self, ends: &[Leading]) -> Result<Vec<Post>> {
        let mut ids: Vec<PostId> = ends
            .iter()
            .filter_map(|(target, _)| match target {
                Target::Post(id) => Some(*id),
                Target::Place(_) => None,
            })
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let now = self.ports.clock.now();
        let posts = &self.ports.posts;
        posts.find_posts(&ids, Freshness::Recent, now).await
    }

    async fn old_addresses(
        &self,
        writing: &Writing<'_>,
        status: StatusName,
        page: &PageRequest,
    ) -> Result<(Vec<Lead>, Option<Cursor>)> {
        let found = self.posts_with(status, page).await?;
        let leads = found.items.iter().flat_map(|post| writing.leads(post));
        Ok((leads.collect(), found.next))
    }

    async fn posts_with(&self, status: StatusName, page: &PageRequest) -> Result<Page<Post>> {
        let now = self.ports.clock.now();
        let query = DeskQuery::of(DeskSet::Status(status));
        self.ports.posts.list_desk(&query, now, page).await
    }
}

impl Lead {
    /// False for a path that leads to itself: an old address that is the present one again.
    fn leads_on(&self) -> bool {
        match &self.fate {
            Fate::Moved { to, .. } => OldPath::asked(to).ok().as_ref() != Some(&self.from),
            Fate::Gone => true,
        }
    }
}

/// How addresses of posts are written.
struct Writing<'a> {
    pattern: &'a UrlPattern,
    /// Empty where the pattern names no category.
    tree: Tree,
}

impl Writing<'_> {
    /// Every old address of a post.
    fn leads(&self, post: &Post) -> Vec<Lead> {
        let Some(fate) = self.fate(post, true) else {
            return Vec::new();
        };
        let addresses = post.state.past_addresses.iter();
        let slugs = addresses.filter_map(|address| self.path(post, address)?.parse().ok());
        let aliases = post.content.aliases.iter().cloned();
        let lead = |from: OldPath| Lead {
            from,
            fate: fate.clone(),
        };
        let leads = aliases.chain(slugs).map(lead);
        leads.filter(Lead::leads_on).collect()
    }

    /// What happens to whoever looks for a post; none when it is not to be spoken of.
    fn fate(&self, post: &Post, permanent: bool) -> Option<Fate> {
        if let Some(live) = post.live() {
            let to = self.path(post, &live.address)?;
            return Some(Fate::Moved { to, permanent });
        }
        let trashed = post.state.status.name() == StatusName::Trashed;
        (trashed && post.was_public()).then_some(Fate::Gone)
    }

    /// Where a post is, while it is public.
    fn live_path(&self, post: &Post) -> Option<OldPath> {
        self.path(post, &post.live()?.address)?.parse().ok()
    }

    fn path(&self, post: &Post, address: &Address) -> Option<String> {
        let live = post.live();
        let state = &post.state;
        let published_at = live.map(|live| live.published_at);
        let published_at = published_at
            .or(state.published_at)
            .or(state.first_published_at)?;
        let categories = live.map_or(&post.content.category_ids, |live| &live.category_ids);
        let category = categories.first().and_then(|id| self.category(*id));
        Some(self.pattern.fill(Filling {
            address,
            category: category.as_deref(),
            published_at,
        }))
    }

    fn category(&self, id: CategoryId) -> Option<String> {
        let category = self.tree.find(&IdOrSlug::Id(id))?;
        Some(self.tree.path(category))
    }
}
