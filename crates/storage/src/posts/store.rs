//! What the domain asks of a store of posts, and where each of it is done.

use std::collections::BTreeSet;

use async_trait::async_trait;
use tintero_domain::{
    Result,
    act::{Act, EffectRecord},
    freshness::Freshness,
    page::{Page, PageRequest},
    posts::{
        Claim, Commit, Content, DeskQuery, Filing, ListedPost, LiveCopy, Manuscript, ManuscriptRef,
        Name, Post, PostStore, PublicQuery, PublicSummary, Saved, Trace, WorkingCopy,
    },
    values::{Address, Locale, PostId, Revision, Slug, SourcePath, Timestamp, UserId},
};
use uuid::Uuid;

use super::{
    Posts, changes, find_post, lists, live_copies,
    records::{EffectItem, HolderRecord},
    revisions, traces, translations, waiting,
    working_copies::find_posts,
};
use crate::{
    dynamo::Consistency,
    item::Item,
    keys::{self, Pieces, Table},
    pieces,
};

#[async_trait]
impl PostStore for Posts {
    async fn write_manuscript(
        &self,
        id: PostId,
        write: (Revision, Uuid),
        content: &Content,
        manuscript: &Manuscript,
    ) -> Result<ManuscriptRef> {
        let bytes = revisions::pack(content, manuscript)?;
        pieces::write(&self.dynamo, Pieces::Manuscript, id, write, &bytes).await
    }

    async fn insert(&self, act: &Act, post: &Post, saved: &Saved) -> Result<Commit> {
        self.commit(act, (None, post), &[], Some(saved)).await
    }

    async fn save(&self, act: &Act, before: &Post, after: &Post, saved: &Saved) -> Result<Commit> {
        self.commit(act, (Some(before), after), &[], Some(saved))
            .await
    }

    async fn update(
        &self,
        act: &Act,
        before: &Post,
        after: &Post,
        copies: &[LiveCopy],
    ) -> Result<Commit> {
        let commit = self.commit(act, (Some(before), after), copies, None).await;
        if after.standing.status.next_change().is_some() {
            self.next_change.invalidate(&()).await;
        }
        commit
    }

    async fn remove(&self, act: &Act, post: &Post) -> Result<Commit> {
        changes::remove(&self.dynamo, act, post).await
    }

    async fn find_copies(&self, post: &Post) -> Result<Option<Vec<LiveCopy>>> {
        live_copies::of(&self.dynamo, post).await
    }

    async fn replace_copies(&self, act: &Act, post: &Post, copies: &[LiveCopy]) -> Result<Commit> {
        waiting::replace(&self.dynamo, act, post, copies).await
    }

    async fn begin_waiting(&self, id: PostId, paths: &[SourcePath]) -> Result<()> {
        waiting::begin(&self.dynamo, id, paths).await
    }

    async fn end_waiting(&self, id: PostId, path: &SourcePath) -> Result<()> {
        waiting::end(&self.dynamo, id, path).await
    }

    async fn find_waiting(&self, path: &SourcePath) -> Result<Vec<PostId>> {
        waiting::posts(&self.dynamo, path).await
    }

    async fn find(&self, id: PostId, now: Timestamp) -> Result<Option<WorkingCopy>> {
        self.working_copy(id, now).await
    }

    async fn find_post(
        &self,
        id: PostId,
        freshness: Freshness,
        now: Timestamp,
    ) -> Result<Option<Post>> {
        let mut post = find_post(&self.dynamo, id, freshness, now).await?;
        let named = post.iter_mut().map(|post| &mut post.content);
        self.bring_up_to_date(named.collect()).await?;
        Ok(post)
    }

    async fn find_posts(
        &self,
        ids: &[PostId],
        freshness: Freshness,
        now: Timestamp,
    ) -> Result<Vec<Post>> {
        let mut posts = find_posts(&self.dynamo, ids, freshness, now).await?;
        let named = posts.iter_mut().map(|post| &mut post.content);
        self.bring_up_to_date(named.collect()).await?;
        Ok(posts)
    }

    async fn find_translations(&self, of: PostId) -> Result<Vec<PostId>> {
        translations::find(&self.dynamo, of).await
    }

    async fn find_summaries(&self, ids: &[PostId], now: Timestamp) -> Result<Vec<PublicSummary>> {
        let posts = self.find_posts(ids, Freshness::Recent, now).await?;
        let mut rows = self.summaries(&posts, now).await?;
        self.bring_up_to_date(rows.iter_mut().collect()).await?;
        Ok(rows)
    }

    async fn find_taken(&self, locale: &Locale, slugs: &[Slug]) -> Result<BTreeSet<Slug>> {
        lists::taken(&self.dynamo, locale, slugs).await
    }

    async fn find_claim(
        &self,
        address: &Address,
        freshness: Freshness,
        now: Timestamp,
    ) -> Result<Option<Claim>> {
        // Read `Recent` it costs half, and DynamoDB answers from the nearest copy.
        let item = self
            .dynamo
            .get_attributes(Table::Posts, keys::claim(address), freshness.into())
            .await?;
        let Some(item) = item else {
            return Ok(None);
        };
        let mut claim = live_copies::open(&self.dynamo, item, now).await?;
        if let Claim::Live { copy, .. } = &mut claim {
            self.bring_up_to_date(vec![&mut copy.summary]).await?;
        }
        Ok(Some(claim))
    }

    async fn find_holder(&self, name: &Name) -> Result<Option<PostId>> {
        let consistency = match name {
            // A redirect is no worse for being a moment old, and costs half.
            Name::OldPath(_) => Consistency::Eventual,
            Name::Source { .. } => Consistency::Strong,
        };
        let item: Option<Item<HolderRecord>> = self
            .dynamo
            .get(Table::Posts, keys::name(name), consistency)
            .await?;
        Ok(item.map(|item| item.body.post_id))
    }

    async fn list_public(
        &self,
        query: &PublicQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<PublicSummary>> {
        let found = self.public(query, now, page).await?;
        self.rows_up_to_date(found).await
    }

    async fn list_desk(
        &self,
        query: &DeskQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<Post>> {
        let found = self.desk(query, now, page).await?;
        self.copies_up_to_date(found).await
    }

    async fn bring_up_to_date(&self, named: &mut Content) -> Result<()> {
        self.bring_written_up_to_date(named).await
    }

    async fn filed_under(
        &self,
        list: &Filing,
        below: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedPost>> {
        self.rows_of(list, below, limit).await
    }

    async fn next_change(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        let known = self.next_change.get(&()).await;
        if let Some(change) = known.filter(|change| change.is_none_or(|change| change > now)) {
            return Ok(change);
        }
        let change = traces::next(&self.dynamo, now).await?;
        self.next_change.insert((), change).await;
        Ok(change)
    }

    async fn find_traces(&self, now: Timestamp, limit: usize) -> Result<Vec<Trace>> {
        traces::find(&self.dynamo, now, limit).await
    }

    async fn clear(&self, act: &Act, trace: &Trace, post: Option<&Post>) -> Result<bool> {
        traces::clear(&self.dynamo, act, trace, post).await
    }

    async fn find_effect(
        &self,
        user: UserId,
        key: &str,
        now: Timestamp,
    ) -> Result<Option<EffectRecord>> {
        let key = keys::effect(user, key);
        let item: Option<Item<EffectItem>> = self
            .dynamo
            .get(Table::Idempotency, key, Consistency::Strong)
            .await?;
        let live = item.filter(|item| item.body.expires_at > now.as_seconds());
        Ok(live.map(|item| item.body.effect))
    }
}
