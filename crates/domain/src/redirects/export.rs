use std::collections::HashSet;

use super::{RedirectTarget, Redirects, follow::ResolvedChain};
use crate::{
    access::{Caller, Permission},
    error::Result,
    freshness::Freshness,
    page::{Cursor, Limit, Page, PageRequest},
    posts::{DeskQuery, DeskSet, Post, StatusName},
    site::{PostPaths, UrlPattern},
    taxonomy::Tree,
    values::{Address, CategoryId, IdOrSlug, OldPath, PostId},
};

/// A rule of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectRule {
    /// The path.
    pub from: OldPath,
    /// The rule for the path.
    pub action: RuleAction,
}

/// Rule for an old path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleAction {
    /// The path redirects.
    Redirect {
        /// Target as an ASCII URI reference ([RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-4.1)).
        to: String,
        /// Whether clients may cache the redirect permanently.
        permanent: bool,
    },
    /// The post was removed.
    Gone,
}

/// Position in an export. Starts with [`ExportCursor::default`].
#[derive(Debug, Clone, Default)]
pub struct ExportCursor {
    section: usize,
    cursor: Option<Cursor>,
}

/// A page of an export.
#[derive(Debug)]
pub struct ExportPage {
    /// The rules.
    pub rules: Vec<RedirectRule>,
    /// Position of the next page. Absent at the end.
    pub next: Option<ExportCursor>,
}

/// Sections of an export, in order: manual redirects, then old addresses of posts that
/// are or were public.
const SECTIONS: [Option<StatusName>; 4] = [
    None,
    Some(StatusName::Published),
    Some(StatusName::Archived),
    Some(StatusName::Trashed),
];

impl Redirects {
    /// Returns the paths of posts for an export: those of the site, or others.
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable).
    pub async fn post_paths(&self, pattern: Option<UrlPattern>) -> Result<PostPaths> {
        let site = self.ports.site.get(Freshness::Recent).await?;
        Ok(PostPaths::new(pattern, site))
    }

    /// Returns the next page of an export. A post whose status changes during the export can be
    /// missing or occur twice.
    ///
    /// # Errors
    /// [`Error::Forbidden`](crate::Error::Forbidden).
    pub async fn export(
        &self,
        caller: &Caller,
        paths: &PostPaths,
        position: ExportCursor,
    ) -> Result<ExportPage> {
        caller.require_either(Permission::ReadRedirects, Permission::ManageRedirects)?;
        let ExportCursor { section, cursor } = position;
        let page = PageRequest {
            limit: Limit::LARGEST,
            cursor,
        };
        let tree = self.tree_for(paths).await?;
        let writer = RuleWriter { paths, tree };
        let (rules, cursor) = match SECTIONS[section] {
            None => self.manual_rules(&writer, &page).await?,
            Some(status) => self.post_rules(&writer, status, &page).await?,
        };
        let next = match cursor {
            Some(cursor) => Some(ExportCursor {
                section,
                cursor: Some(cursor),
            }),
            None => (section + 1 < SECTIONS.len()).then(|| ExportCursor {
                section: section + 1,
                cursor: None,
            }),
        };
        Ok(ExportPage { rules, next })
    }

    /// Returns all paths at which a post is currently public. An export must not contain rules for
    /// these paths.
    ///
    /// # Errors
    /// [`Error::Forbidden`](crate::Error::Forbidden).
    pub async fn live_paths(&self, caller: &Caller, paths: &PostPaths) -> Result<HashSet<OldPath>> {
        caller.require_either(Permission::ReadRedirects, Permission::ManageRedirects)?;
        let tree = self.tree_for(paths).await?;
        let writer = RuleWriter { paths, tree };
        let mut live = HashSet::new();
        for status in [StatusName::Published, StatusName::Archived] {
            let mut page = PageRequest {
                limit: Limit::LARGEST,
                cursor: None,
            };
            loop {
                let found = self.posts_with(status, &page).await?;
                live.extend(found.items.iter().filter_map(|post| writer.live_path(post)));
                if found.next.is_none() {
                    break;
                }
                page.cursor = found.next;
            }
        }
        Ok(live)
    }

    async fn tree_for(&self, paths: &PostPaths) -> Result<Tree> {
        if paths.name_category() {
            self.ports.categories.tree(Freshness::Recent).await
        } else {
            Ok(Tree::default())
        }
    }

    async fn manual_rules(
        &self,
        writer: &RuleWriter<'_>,
        page: &PageRequest,
    ) -> Result<(Vec<RedirectRule>, Option<Cursor>)> {
        let now = self.ports.clock.now();
        let found = self.ports.store.list(now, page).await?;
        let (froms, chains): (Vec<_>, Vec<_>) = found
            .items
            .into_iter()
            .map(|redirect| {
                let chain = ResolvedChain {
                    target: redirect.target,
                    permanent: redirect.permanent,
                };
                (redirect.from, chain)
            })
            .unzip();
        let ends = self.follow(chains).await?;
        let posts = self.posts_at(&ends).await?;
        let rules = froms.into_iter().zip(ends).filter_map(|(from, end)| {
            let ResolvedChain { target, permanent } = end;
            let action = match target {
                RedirectTarget::Location(destination) => RuleAction::Redirect {
                    to: destination.into(),
                    permanent,
                },
                RedirectTarget::Post(id) => {
                    let post = posts.iter().find(|post| post.state.id == id)?;
                    writer.action(post, permanent)?
                }
            };
            Some(RedirectRule { from, action }).filter(RedirectRule::is_effective)
        });
        Ok((rules.collect(), found.next))
    }

    async fn posts_at(&self, ends: &[ResolvedChain]) -> Result<Vec<Post>> {
        let mut ids: Vec<PostId> = ends
            .iter()
            .filter_map(|end| match &end.target {
                RedirectTarget::Post(id) => Some(*id),
                RedirectTarget::Location(_) => None,
            })
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let now = self.ports.clock.now();
        let posts = &self.ports.posts;
        posts.find_posts(&ids, Freshness::Recent, now).await
    }

    async fn post_rules(
        &self,
        writer: &RuleWriter<'_>,
        status: StatusName,
        page: &PageRequest,
    ) -> Result<(Vec<RedirectRule>, Option<Cursor>)> {
        let found = self.posts_with(status, page).await?;
        let rules = found.items.iter().flat_map(|post| writer.rules(post));
        Ok((rules.collect(), found.next))
    }

    async fn posts_with(&self, status: StatusName, page: &PageRequest) -> Result<Page<Post>> {
        let now = self.ports.clock.now();
        let query = DeskQuery::of(DeskSet::Status(status));
        self.ports.posts.list_desk(&query, now, page).await
    }
}

impl RedirectRule {
    /// Whether the rule leads to another path. It does not if an old address is current again.
    fn is_effective(&self) -> bool {
        match &self.action {
            RuleAction::Redirect { to, .. } => OldPath::asked(to).ok().as_ref() != Some(&self.from),
            RuleAction::Gone => true,
        }
    }
}

/// Writes rules with the paths of posts.
struct RuleWriter<'a> {
    paths: &'a PostPaths,
    /// Empty if the paths do not contain the category.
    tree: Tree,
}

impl RuleWriter<'_> {
    /// All old addresses of a post.
    fn rules(&self, post: &Post) -> Vec<RedirectRule> {
        let Some(action) = self.action(post, true) else {
            return Vec::new();
        };
        let addresses = post.state.past_addresses.iter();
        let slugs = addresses.filter_map(|address| self.path(post, address)?.parse().ok());
        let aliases = post.content.aliases.iter().cloned();
        let rule = |from: OldPath| RedirectRule {
            from,
            action: action.clone(),
        };
        let rules = aliases.chain(slugs).map(rule);
        rules.filter(RedirectRule::is_effective).collect()
    }

    /// Rule for the old addresses of a post. `None` if the post must not be revealed.
    fn action(&self, post: &Post, permanent: bool) -> Option<RuleAction> {
        if let Some(live) = post.live() {
            let to = self.path(post, &live.address)?;
            return Some(RuleAction::Redirect { to, permanent });
        }
        let trashed = post.state.status.name() == StatusName::Trashed;
        (trashed && post.was_public()).then_some(RuleAction::Gone)
    }

    /// URL of a public post.
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
        Some(self.paths.path(address, category.as_deref(), published_at))
    }

    fn category(&self, id: CategoryId) -> Option<String> {
        let category = self.tree.find(&IdOrSlug::Id(id))?;
        Some(self.tree.path(category))
    }
}
