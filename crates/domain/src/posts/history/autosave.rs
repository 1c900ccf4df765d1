//! Autosaves: unsaved changes of one user, so that a closed window loses nothing.
//!
//! An autosave is not a revision, is in no list, and is visible only to its user.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    access::{Caller, Permission},
    error::{Error, Resource, Result},
    freshness::Freshness,
    posts::{Post, Posts, Transition},
    values::{PostId, Revision, Timestamp},
};

/// The unsaved changes of a user to a post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Autosave {
    /// The revision that the changes are based on.
    pub base_revision: Revision,
    /// Time of the autosave.
    pub saved_at: Timestamp,
    /// The unsaved values.
    pub unsaved: Unsaved,
}

/// Unsaved values. Only their size is limited; they can be invalid.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Unsaved {
    /// Unsaved title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Unsaved slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// Unsaved excerpt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
    /// Unsaved body in Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Other state of the editor.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub form: Map<String, Value>,
}

impl Unsaved {
    /// Longest title, slug or excerpt, in bytes: four times the limit of a saved value.
    pub const MAX_LINE: usize = 1024;
}

impl Posts {
    /// Replaces the caller's autosave. Returns it with the current revision of the post.
    ///
    /// # Errors
    /// As [`update`](Self::update), except [`Error::Stale`].
    pub async fn put_autosave(
        &self,
        caller: &Caller,
        id: PostId,
        base_revision: Revision,
        unsaved: Unsaved,
    ) -> Result<(Autosave, Revision)> {
        caller.require(Permission::ReadPosts)?;
        let post = self.find_recent(id).await?;
        Transition::Edit.authorize(caller, &post)?;
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

    /// Returns the caller's autosave with the current revision of the post.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn get_autosave(&self, caller: &Caller, id: PostId) -> Result<(Autosave, Revision)> {
        caller.require(Permission::ReadPosts)?;
        let autosave = self.ports.history.find_autosave(caller.user_id, id).await?;
        let autosave = autosave.ok_or(Error::NotFound(Resource::Autosave))?;
        let post = self.find_recent(id).await?;
        Ok((autosave, post.state.revision))
    }

    /// Deletes the caller's autosave, if any.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn remove_autosave(&self, caller: &Caller, id: PostId) -> Result<()> {
        caller.require(Permission::ReadPosts)?;
        self.ports.history.remove_autosave(caller.user_id, id).await
    }

    /// Finds the post, eventually consistent because that costs half; consistently if it is not
    /// found.
    async fn find_recent(&self, id: PostId) -> Result<Post> {
        let post = match self.find_post(id, Freshness::Recent).await? {
            Some(post) => Some(post),
            None => self.find_post(id, Freshness::Now).await?,
        };
        post.ok_or(Error::NotFound(Resource::Post))
    }
}
