//! Writes of one caller.

use tintero_domain::{
    Result,
    access::Caller,
    posts::{NewPost, PostPatch, Posts, Schedule, Transition, WorkingCopy},
    values::Timestamp,
};

/// Writes posts in the name of a caller.
pub(crate) struct Actor<'a> {
    pub(super) posts: &'a Posts,
    pub(super) caller: Caller,
}

impl Actor<'_> {
    pub(crate) async fn create(&self, new: NewPost) -> Result<WorkingCopy> {
        let created = Box::pin(self.posts.create(&self.caller, new)).await?;
        Ok(created.rendered.copy)
    }

    pub(crate) async fn update(&self, copy: &WorkingCopy, patch: PostPatch) -> Result<WorkingCopy> {
        let (id, tag) = (copy.post.state.id, copy.post.tag());
        let updated = Box::pin(self.posts.update(&self.caller, id, tag, patch)).await?;
        Ok(updated.rendered.copy)
    }

    pub(crate) async fn transition(
        &self,
        copy: &WorkingCopy,
        to: Transition,
    ) -> Result<WorkingCopy> {
        let (id, tag) = (copy.post.state.id, copy.post.tag());
        let changed = Box::pin(self.posts.transition(&self.caller, id, tag, to)).await?;
        Ok(changed.rendered.copy)
    }

    pub(crate) async fn publish(
        &self,
        copy: &WorkingCopy,
        date: Option<Timestamp>,
    ) -> Result<WorkingCopy> {
        let (id, tag) = (copy.post.state.id, copy.post.tag());
        let published = self.posts.publish(&self.caller, id, tag, date).await?;
        Ok(published.rendered.copy)
    }

    pub(crate) async fn schedule(
        &self,
        copy: &WorkingCopy,
        schedule: Schedule,
    ) -> Result<WorkingCopy> {
        let (id, tag) = (copy.post.state.id, copy.post.tag());
        let scheduled = self.posts.schedule(&self.caller, id, tag, schedule);
        Ok(scheduled.await?.rendered.copy)
    }
}
