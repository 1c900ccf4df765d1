//! [`HistoryStore`] in DynamoDB.

use async_trait::async_trait;
use tintero_domain::{
    Result,
    page::{Page, PageRequest},
    posts::{Autosave, HistoryStore, ManuscriptRef, RevisionCopy, RevisionRow},
    values::{PostId, Revision, Timestamp, UserId},
};

use super::{autosaves, reading};
use crate::{
    keys::{self, Table},
    posts::DynamoPostStore,
};

#[async_trait]
impl HistoryStore for DynamoPostStore {
    async fn find_revision(&self, id: PostId, revision: Revision) -> Result<Option<RevisionCopy>> {
        let mut copy = reading::find(&self.dynamo, id, revision).await?;
        let named = copy.iter_mut().map(|copy| &mut copy.content);
        self.update_taxonomy(named.collect()).await?;
        Ok(copy)
    }

    async fn list_revisions(
        &self,
        id: PostId,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<RevisionRow>> {
        reading::list(&self.dynamo, &self.cursors, id, now, page).await
    }

    async fn find_history(&self, id: PostId, limit: usize) -> Result<Vec<RevisionRow>> {
        reading::newest(&self.dynamo, id, limit).await
    }

    async fn forget(
        &self,
        id: PostId,
        revisions: &[Revision],
        texts: &[ManuscriptRef],
    ) -> Result<()> {
        reading::forget(&self.dynamo, id, revisions, texts).await
    }

    async fn put_autosave(&self, user: UserId, id: PostId, autosave: &Autosave) -> Result<()> {
        autosaves::put(&self.dynamo, user, id, autosave).await
    }

    async fn find_autosave(&self, user: UserId, id: PostId) -> Result<Option<Autosave>> {
        autosaves::find(&self.dynamo, user, id).await
    }

    async fn remove_autosave(&self, user: UserId, id: PostId) -> Result<()> {
        let key = keys::autosave(id, user);
        self.dynamo.remove(Table::Posts, key).await
    }
}
