//! Renders texts that are not saved.

use crate::{
    access::{Caller, Permission},
    error::Result,
    posts::{Manuscript, Posts, Rendition},
    values::PostId,
};

impl Posts {
    /// Renders a text as that of the post, or of a post that was not imported. Stores nothing.
    ///
    /// # Errors
    /// [`Forbidden`](crate::Error::Forbidden), [`NotFound`](crate::Error::NotFound), [`TooComplex`](crate::Error::TooComplex).
    pub async fn render_text(
        &self,
        caller: &Caller,
        body: String,
        id: Option<PostId>,
    ) -> Result<Rendition> {
        caller.require(Permission::CreatePosts)?;
        let (source, manuscript) = match id {
            Some(id) => {
                let copy = self.find(caller, id).await?;
                (copy.post.content.source, copy.manuscript)
            }
            None => (None, Manuscript::default()),
        };
        let manuscript = Manuscript { body, ..manuscript };
        let rendition = self.render(caller.into(), source.as_ref(), &manuscript);
        let rendition = rendition.await?;
        rendition.require_complete()?;
        Ok(rendition)
    }
}
