//! Renders public copies again whose links lead to another address now.
//!
//! A publication records the names that its links use before the write, and looks them up again after it. The background
//! work follows the list of public changes and renders the posts that link to a changed post. So the later of the two
//! always finds the other.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{
    audit_action::AuditAction,
    error::{Error, Result},
    freshness::Freshness,
    page::{Cursor, Limit, PageRequest},
    posts::{
        CHANGES_OVERLAP, ChangePosition, DeskFacet, LinkName, LinkProgress, LinkWalk, LiveCopy,
        Post, Posts, Rendition,
    },
    retry::retry_on_conflict,
    text_work::WorkShare,
    values::{Digest, PostId, Timestamp},
};

/// Attempts to write copies whose links change meanwhile.
const ROUNDS: usize = 5;

/// Age from which a change has no other one at the same time.
const SETTLED: Duration = Duration::from_secs(2);

/// Changes, and posts of a walk, that one step reads.
const STEP: usize = 25;

impl Posts {
    /// Renders the posts again whose links changed since the last call, as far as `is_time_left`. Returns the number
    /// of changes and posts that were looked at.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the store does not respond.
    pub async fn follow_links(&self, is_time_left: impl Fn() -> bool) -> Result<usize> {
        let mut done = 0;
        let mut position = None;
        loop {
            let before = self.ports.links.link_progress().await?;
            let mut next = self.due_progress(before.as_ref()).await?;
            let (count, last) = self.follow_changes(&next, position).await?;
            let is_last = count < STEP;
            if let Some(last) = last {
                next.until = next.until.max(last.at);
                position = Some(last);
            }
            let walked = self.walk(&mut next).await?;
            done += count + walked;
            if before.as_ref() != Some(&next) {
                self.ports.links.put_link_progress(&next).await?;
            }
            if (is_last && next.walk == LinkWalk::Complete) || !is_time_left() {
                return Ok(done);
            }
        }
    }

    /// The stored progress; from the start if the paths of the site changed.
    async fn due_progress(&self, stored: Option<&LinkProgress>) -> Result<LinkProgress> {
        let site = self.ports.site.get(Freshness::Now).await?;
        let base_url = site.base_url.as_ref().map(ToString::to_string);
        let zone = site.time_zone.as_ref().map(ToString::to_string);
        let parts = (
            base_url,
            site.post_path.to_string(),
            site.default_locale.to_string(),
            zone,
        );
        let paths = Digest::of(format!("{parts:?}").as_bytes());
        Ok(match stored {
            Some(stored) if stored.paths == paths => stored.clone(),
            stored => LinkProgress {
                paths,
                walk: LinkWalk::From(None),
                until: stored.map_or_else(|| self.ports.clock.now(), |stored| stored.until),
            },
        })
    }

    /// Renders the next changed posts and those that link to them. Returns the number of changes and the last of them.
    async fn follow_changes(
        &self,
        progress: &LinkProgress,
        position: Option<ChangePosition>,
    ) -> Result<(usize, Option<ChangePosition>)> {
        let start = || ChangePosition {
            at: progress.until.before(CHANGES_OVERLAP),
            after: None,
        };
        let (from, now) = (position.unwrap_or_else(start), self.ports.clock.now());
        let changes = self.ports.links.changed_posts(&from, now, STEP).await?;
        for (at, id) in &changes {
            // A change of this moment can be followed by another one.
            let is_recent = now.before(SETTLED) < *at;
            if self.followed.add(*at, *id) || is_recent {
                // The targets of its own links can have moved while it was published.
                self.settle_or_log(*id).await;
                self.render_linking(*id).await?;
            }
        }
        let forgotten = progress.until.before(CHANGES_OVERLAP * 2);
        self.followed.forget_before(forgotten);
        let last = changes.last().map(|(at, id)| ChangePosition {
            at: *at,
            after: Some(*id),
        });
        Ok((changes.len(), last))
    }

    /// Renders the posts that link to a post.
    async fn render_linking(&self, id: PostId) -> Result<()> {
        let Some(post) = self.find_post(id, Freshness::Now).await? else {
            return Ok(());
        };
        let mut rendered = BTreeSet::new();
        for name in LinkName::of(&post) {
            let mut after = None;
            loop {
                let linking = self.ports.links.find_linking(&name, after, STEP).await?;
                for id in &linking {
                    if rendered.insert(*id) {
                        self.settle_or_log(*id).await;
                    }
                }
                after = linking.last().copied();
                if linking.len() < STEP {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Renders the next posts of a walk over all posts.
    async fn walk(&self, progress: &mut LinkProgress) -> Result<usize> {
        let LinkWalk::From(cursor) = &progress.walk else {
            return Ok(0);
        };
        let (query, now) = (DeskFacet::Updated.into(), self.ports.clock.now());
        let limit = Limit::new(STEP as u64).unwrap_or_default();
        let page = PageRequest {
            limit,
            cursor: cursor.clone().map(Cursor),
        };
        let found = match self.ports.store.list_desk(&query, now, &page).await {
            // The position has expired.
            Err(Error::BadCursor(_)) => {
                progress.walk = LinkWalk::From(None);
                return Ok(0);
            }
            found => found?,
        };
        for post in &found.items {
            if !post.state.status.phases().is_empty() {
                self.record_public_links(post).await?;
                self.settle_or_log(post.state.id).await;
            }
        }
        progress.walk = match found.next {
            Some(Cursor(next)) => LinkWalk::From(Some(next)),
            None => LinkWalk::Complete,
        };
        Ok(found.items.len())
    }

    async fn record_public_links(&self, post: &Post) -> Result<()> {
        for phase in post.state.status.phases() {
            let (id, revision) = (post.state.id, phase.value.revision);
            let Some(kept) = self.ports.history.find_revision(id, revision).await? else {
                continue;
            };
            let source = kept.content.source.as_ref();
            let rendition = self.render(WorkShare(None), source, &kept.manuscript);
            let rendition = rendition.await?;
            self.record_links(id, &rendition).await?;
        }
        Ok(())
    }

    /// Records the names that the links of a text use, before its publication.
    pub(in crate::posts) async fn record_links(
        &self,
        id: PostId,
        rendition: &Rendition,
    ) -> Result<()> {
        if rendition.links.is_empty() {
            return Ok(());
        }
        self.ports.links.add_links(id, &rendition.links).await
    }

    async fn settle_or_log(&self, id: PostId) {
        if let Err(error) = self.settle(id).await {
            tracing::warn!(post_id = %id, %error, "could not render the links of the public copies again");
        }
    }

    /// Renders the public copies of a post until they do not change. Of concurrent writers, the last one finds what the
    /// others changed.
    async fn settle(&self, id: PostId) -> Result<()> {
        for _ in 0..ROUNDS {
            if !retry_on_conflict(async || self.try_settle(id).await).await? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Returns whether the copies changed; `None` after a conflict.
    async fn try_settle(&self, id: PostId) -> Result<Option<bool>> {
        let store = &self.ports.store;
        let Some(post) = self.find_post(id, Freshness::Now).await? else {
            return Ok(Some(false));
        };
        let Some(before) = store.find_live_copies(&post).await? else {
            return Ok(None);
        };
        let (copies, _): (Vec<LiveCopy>, _) = self.rendered_again(&post, &before, &[]).await?;
        if copies == before {
            return Ok(Some(false));
        }
        let context = self.background_context(AuditAction::RenderPost);
        let outcome = store.replace_live_copies(&context, &post, &copies).await?;
        Ok(outcome.applied(true))
    }
}

/// The changes that this process has followed.
#[derive(Debug, Default)]
pub(in crate::posts) struct FollowedChanges(Mutex<BTreeSet<(Timestamp, PostId)>>);

impl FollowedChanges {
    /// Returns whether the change is new.
    fn add(&self, at: Timestamp, id: PostId) -> bool {
        self.lock().insert((at, id))
    }

    fn forget_before(&self, at: Timestamp) {
        self.lock().retain(|(other, _)| *other >= at);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<(Timestamp, PostId)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
