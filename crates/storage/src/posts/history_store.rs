//! What the domain asks of a store of what was saved, and where each of it is done.

use async_trait::async_trait;
use tintero_domain::{
    Result,
    page::{Page, PageRequest},
    posts::{Autosave, HistoryStore, ManuscriptRef, RevisionCopy, RevisionRow},
    values::{PostId, Revision, Timestamp, UserId},
};

use super::{Posts, autosaves, history};
use crate::keys::{self, Table};

#[async_trait]
impl HistoryStore for Posts {
    async fn find_revision(&self, id: PostId, revision: Revision) -> Result<Option<RevisionCopy>> {
        let mut copy = history::find(&self.dynamo, id, revision).await?;
        let named = copy.iter_mut().map(|copy| &mut copy.content);
        self.bring_up_to_date(named.collect()).await?;
        Ok(copy)
    }

    async fn list_revisions(
        &self,
        id: PostId,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<RevisionRow>> {
        history::list(&self.dynamo, &self.cursors, id, now, page).await
    }

    async fn find_history(&self, id: PostId, limit: usize) -> Result<Vec<RevisionRow>> {
        history::newest(&self.dynamo, id, limit).await
    }

    async fn forget(
        &self,
        id: PostId,
        revisions: &[Revision],
        texts: &[ManuscriptRef],
    ) -> Result<()> {
        history::forget(&self.dynamo, id, revisions, texts).await
    }

    async fn put_autosave(&self, user: UserId, id: PostId, autosave: &Autosave) -> Result<()> {
        autosaves::put(&self.dynamo, user, id, autosave).await
    }

    async fn find_autosave(&self, user: UserId, id: PostId) -> Result<Option<Autosave>> {
        autosaves::find(&self.dynamo, user, id).await
    }

    async fn remove_autosave(&self, user: UserId, id: PostId) -> Result<()> {
        let key = keys::autosave(id, user);
        self.dynamo.remove_note(Table::Posts, key).await
    }
}
