//! [`PostStore`] in DynamoDB.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use tintero_domain::{
    Error, Result,
    freshness::Freshness,
    page::{Page, PageRequest},
    posts::{
        ChangesQuery, Claim, Content, DeskQuery, IdempotencyRecord, ListKey, ListedPost, LiveCopy,
        Manuscript, MergedFrom, PackedManuscript, PendingCleanup, Post, PostName, PostStore,
        PublicChanges, PublicQuery, PublicSummary, Saved, WorkingCopy,
    },
    values::{Address, Locale, PostId, Revision, Slug, SourcePath, Timestamp, UserId},
    writes::{WriteContext, WriteOutcome},
};
use uuid::Uuid;

use super::{
    PostWrite, changes, cleanup, missing_image_notes, missing_images,
    names::taken_slugs,
    references::{has_retired_byline, has_taxonomy},
    translations,
};
use crate::{
    chunks,
    dynamo::Consistency,
    idempotency,
    keys::{self, Table},
    posts::{
        DynamoPostStore, HolderRecord, copies, find_post, find_posts, history, items::open_claim,
    },
};

impl DynamoPostStore {
    /// Writes a post, based on the cached tree of categories.
    async fn commit(&self, write: PostWrite<'_>) -> Result<WriteOutcome> {
        let has_taxonomy = has_taxonomy(write.after);
        let tree = if has_taxonomy {
            self.taxonomy.shared_tree(Freshness::Recent).await?
        } else {
            Arc::default()
        };
        let outcome = changes::commit(&self.dynamo, write, &tree).await;
        if has_taxonomy && matches!(outcome, Ok(WriteOutcome::Conflict)) {
            // A category or a tag may have been retired. The next attempt must see it.
            self.taxonomy.invalidate().await;
        }
        if has_taxonomy && matches!(outcome, Err(Error::Invalid(_))) {
            let now = self.taxonomy.shared_tree(Freshness::Now).await?;
            if has_retired_byline(write.after, &tree, &now) {
                return Ok(WriteOutcome::Conflict);
            }
        }
        outcome
    }
}

#[async_trait]
impl PostStore for DynamoPostStore {
    async fn pack_manuscript(
        &self,
        revision: Revision,
        write: Uuid,
        content: &Content,
        manuscript: &Manuscript,
    ) -> Result<PackedManuscript> {
        let bytes = history::pack(content, manuscript).await?;
        let text = chunks::reference(revision, write, &bytes)?;
        Ok(PackedManuscript { text, bytes })
    }

    async fn insert(
        &self,
        context: &WriteContext,
        post: &Post,
        saved: &Saved,
        text: &PackedManuscript,
        copies: &[LiveCopy],
        missing: &[SourcePath],
    ) -> Result<WriteOutcome> {
        let save = PostWrite::save(context, None, post, saved, Some(text));
        let write = PostWrite {
            copies,
            missing,
            ..save
        };
        self.commit(write).await
    }

    async fn save(
        &self,
        context: &WriteContext,
        before: &Post,
        after: &Post,
        saved: &Saved,
        text: Option<&PackedManuscript>,
    ) -> Result<WriteOutcome> {
        let write = PostWrite::save(context, Some(before), after, saved, text);
        self.commit(write).await
    }

    async fn remember(
        &self,
        context: &WriteContext,
        post: &Post,
        merged: Option<MergedFrom>,
    ) -> Result<WriteOutcome> {
        changes::remember(&self.dynamo, context, post, merged).await
    }

    async fn update(
        &self,
        context: &WriteContext,
        before: &Post,
        after: &Post,
        copies: &[LiveCopy],
    ) -> Result<WriteOutcome> {
        let write = PostWrite::publication(context, Some(before), after, copies);
        let outcome = self.commit(write).await;
        if after.state.status.next_change().is_some() {
            self.next_change.invalidate(&()).await;
        }
        outcome
    }

    async fn remove(&self, context: &WriteContext, post: &Post) -> Result<WriteOutcome> {
        changes::remove(&self.dynamo, context, post).await
    }

    async fn find_live_copies(&self, post: &Post) -> Result<Option<Vec<LiveCopy>>> {
        copies(&self.dynamo, post).await
    }

    async fn replace_live_copies(
        &self,
        context: &WriteContext,
        post: &Post,
        copies: &[LiveCopy],
    ) -> Result<WriteOutcome> {
        missing_images::replace_live_copies(&self.dynamo, context, post, copies).await
    }

    async fn add_missing_images(&self, id: PostId, paths: &[SourcePath]) -> Result<()> {
        missing_image_notes::add(&self.dynamo, id, paths).await
    }

    async fn remove_missing_image(&self, id: PostId, path: &SourcePath) -> Result<()> {
        missing_images::remove(&self.dynamo, id, path).await
    }

    async fn find_posts_missing(&self, path: &SourcePath) -> Result<Vec<PostId>> {
        missing_images::find(&self.dynamo, path).await
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
        self.update_taxonomy(named.collect()).await?;
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
        self.update_taxonomy(named.collect()).await?;
        Ok(posts)
    }

    async fn find_translations(&self, of: PostId) -> Result<Vec<PostId>> {
        translations::find(&self.dynamo, of).await
    }

    async fn find_summaries(&self, ids: &[PostId], now: Timestamp) -> Result<Vec<PublicSummary>> {
        let posts = self.find_posts(ids, Freshness::Recent, now).await?;
        let mut rows = self.summaries(&posts, now).await?;
        self.update_taxonomy(rows.iter_mut().collect()).await?;
        Ok(rows)
    }

    async fn find_taken(&self, locale: &Locale, slugs: &[Slug]) -> Result<BTreeSet<Slug>> {
        taken_slugs(&self.dynamo, locale, slugs).await
    }

    async fn find_claim(
        &self,
        address: &Address,
        freshness: Freshness,
        now: Timestamp,
    ) -> Result<Option<Claim>> {
        // A `Recent` read is eventually consistent and costs half.
        let item = self
            .dynamo
            .get_attributes(Table::Posts, keys::claim(address), freshness.into())
            .await?;
        let Some(item) = item else {
            return Ok(None);
        };
        let mut claim = open_claim(&self.dynamo, item, now).await?;
        if let Claim::Live { copy, .. } = &mut claim {
            self.update_taxonomy(vec![&mut copy.summary]).await?;
        }
        Ok(Some(claim))
    }

    async fn find_holder(&self, name: &PostName) -> Result<Option<PostId>> {
        let consistency = match name {
            // A redirect may be slightly stale. An eventually consistent read costs half.
            PostName::OldPath(_) => Consistency::Eventual,
            PostName::Source { .. } => Consistency::Strong,
        };
        let read = self
            .dynamo
            .find(Table::Posts, keys::name(name), consistency);
        let holder: Option<HolderRecord> = read.await?;
        Ok(holder.map(|holder| holder.post_id))
    }

    async fn list_public(
        &self,
        query: &PublicQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<PublicSummary>> {
        let mut page = self.public(query, now, page).await?;
        self.update_taxonomy(page.items.iter_mut().collect())
            .await?;
        Ok(page)
    }

    async fn list_live_copies(
        &self,
        query: &PublicQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<LiveCopy>> {
        let mut page = self.public_copies(query, now, page).await?;
        let summaries = page.items.iter_mut().map(|copy| &mut copy.summary);
        self.update_taxonomy(summaries.collect()).await?;
        Ok(page)
    }

    async fn begin_changes(&self, now: Timestamp) -> Result<()> {
        self.begin(now).await
    }

    async fn list_changes(
        &self,
        query: &ChangesQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<PublicChanges<PublicSummary>> {
        let mut changes = self.changes(query, now, page).await?;
        self.update_taxonomy(changes.posts.items.iter_mut().collect())
            .await?;
        Ok(changes)
    }

    async fn list_changed_copies(
        &self,
        query: &ChangesQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<PublicChanges<LiveCopy>> {
        let mut changes = self.changed_copies(query, now, page).await?;
        let copies = changes.posts.items.iter_mut();
        self.update_taxonomy(copies.map(|copy| &mut copy.summary).collect())
            .await?;
        Ok(changes)
    }

    async fn list_desk(
        &self,
        query: &DeskQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<Post>> {
        let mut page = self.desk(query, now, page).await?;
        let contents = page.items.iter_mut().map(|post| &mut post.content);
        self.update_taxonomy(contents.collect()).await?;
        Ok(page)
    }

    async fn resolve_aliases(&self, named: &mut Content) -> Result<()> {
        self.update_written_taxonomy(named).await
    }

    async fn list_entries(
        &self,
        list: &ListKey,
        below: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedPost>> {
        self.rows_of(list, below, limit).await
    }

    async fn owned_posts(&self, owner: UserId, limit: usize) -> Result<Vec<PostId>> {
        self.posts_of(owner, limit).await
    }

    async fn next_change(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        let known = self.next_change.get(&()).await;
        if let Some(change) = known.filter(|change| change.is_none_or(|change| change > now)) {
            return Ok(change);
        }
        let change = cleanup::next(&self.dynamo, now).await?;
        self.next_change.insert((), change).await;
        Ok(change)
    }

    async fn find_pending_cleanups(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<PendingCleanup>> {
        cleanup::find(&self.dynamo, now, limit).await
    }

    async fn clear(
        &self,
        context: &WriteContext,
        cleanup: &PendingCleanup,
        post: Option<&Post>,
    ) -> Result<bool> {
        cleanup::run(&self.dynamo, context, cleanup, post).await
    }

    async fn find_idempotency_record(
        &self,
        user: UserId,
        key: &str,
        now: Timestamp,
    ) -> Result<Option<IdempotencyRecord>> {
        idempotency::find(&self.dynamo, user, key, now).await
    }
}
