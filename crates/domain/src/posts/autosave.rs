//! What an editor puts aside while somebody writes, so that a closed window loses nothing.
//!
//! It is no version of the post and in no list; nobody but its author sees it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Post, Posts, Transition};
use crate::{
    access::{Caller, Permission},
    error::{Error, Resource, Result},
    freshness::Freshness,
    values::{PostId, Revision, Timestamp},
};

/// What a user put aside for a post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Autosave {
    /// The revision from which the user started.
    pub base_revision: Revision,
    /// When it was put aside.
    pub saved_at: Timestamp,
    /// What.
    pub unsaved: Unsaved,
}

/// What is not saved yet. Half-written as it is, it follows no rule but that of size.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Unsaved {
    /// The title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// The excerpt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
    /// Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Whatever else the editor wants back.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub form: Map<String, Value>,
}

impl Unsaved {
    /// Longest title, slug or excerpt, in bytes: four times what could be saved.
    pub const MAX_LINE: usize = 1024;
}

impl Posts {
    /// Puts aside what the caller has not saved, in place of what was there. Answers how the post
    /// stands now.
    ///
    /// # Errors
    /// As [`update`](Self::update), but for [`Error::Stale`]: it is based on whatever it is.
    pub async fn put_autosave(
        &self,
        caller: &Caller,
        id: PostId,
        base_revision: Revision,
        unsaved: Unsaved,
    ) -> Result<(Autosave, Revision)> {
        caller.require(Permission::ReadPosts)?;
        let post = self.as_of_late(id).await?;
        let (own, any) = Transition::Edit.permissions();
        caller.require_for(post.state.owner_id, own, any)?;
        post.require(Transition::Edit)?;
        let autosave = Autosave {
            base_revision,
            saved_at: self.ports.clock.now(),
            unsaved,
        };
        let history = &self.ports.history;
        history.put_autosave(caller.user_id, id, &autosave).await?;
        Ok((autosave, post.state.revision))
    }

    /// What the caller put aside for a post, and the revision at which the post is.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn get_autosave(&self, caller: &Caller, id: PostId) -> Result<(Autosave, Revision)> {
        caller.require(Permission::ReadPosts)?;
        let autosave = self.ports.history.find_autosave(caller.user_id, id).await?;
        let autosave = autosave.ok_or(Error::NotFound(Resource::Autosave))?;
        let post = self.as_of_late(id).await?;
        Ok((autosave, post.state.revision))
    }

    /// Forgets what the caller put aside, if anything.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn remove_autosave(&self, caller: &Caller, id: PostId) -> Result<()> {
        caller.require(Permission::ReadPosts)?;
        self.ports.history.remove_autosave(caller.user_id, id).await
    }

    /// The post as of a moment ago, which costs half; one that is newer than that as of now.
    async fn as_of_late(&self, id: PostId) -> Result<Post> {
        let (store, now) = (&self.ports.store, self.ports.clock.now());
        if let Some(post) = store.find_post(id, Freshness::Recent, now).await? {
            return Ok(post);
        }
        let post = store.find_post(id, Freshness::Now, now).await?;
        post.ok_or(Error::NotFound(Resource::Post))
    }
}
