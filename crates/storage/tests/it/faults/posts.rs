//! Writes of posts.

use std::time::Duration;

use tintero_domain::{
    Result,
    access::Caller,
    posts::{
        FirstStatus, NewPost, PostPatch, Schedule, Transition, Unsaved, WorkingCopy, WriteResult,
    },
    values::Revision,
};

use super::{
    fixture::{Created, Fixture},
    writes::TestWrite,
};
use crate::site::{body_patch, draft, noise, slug, tags_patch};

impl Fixture {
    pub(super) async fn execute_post(
        &self,
        created: &mut Created,
        write: TestWrite,
        caller: &Caller,
    ) -> Result<()> {
        let Some(copy) = created.posts.last() else {
            let mut new = new(created);
            if write == TestWrite::CreatePublishedPost {
                new.status = FirstStatus::Published;
            }
            if write == TestWrite::CreateLargePost {
                new.manuscript.body.push_str(&noise(40_000));
            }
            let result = self.site.posts.create(caller, new).await?;
            created.posts.push(result.rendered.copy);
            return Ok(());
        };
        let (posts, id, tag) = (&self.site.posts, copy.post.state.id, copy.post.tag());
        match write {
            TestWrite::PurgePost => posts.purge(caller, id, tag).await?,
            TestWrite::PutAutosave => {
                let unsaved = Unsaved::default();
                let saved = posts.put_autosave(caller, id, tag.revision, unsaved);
                saved.await.map(drop)?;
            }
            _ => {
                let result = self.write_post(created, copy, write, caller).await?;
                created.posts.push(result.rendered.copy);
            }
        }
        Ok(())
    }

    async fn write_post(
        &self,
        created: &Created,
        copy: &WorkingCopy,
        write: TestWrite,
        caller: &Caller,
    ) -> Result<WriteResult> {
        let (posts, id, tag) = (&self.site.posts, copy.post.state.id, copy.post.tag());
        let transition = |name| Box::pin(posts.transition(caller, id, tag, name));
        match write {
            TestWrite::EditPost => posts.update(caller, id, tag, edit()).await,
            TestWrite::EditNothing => {
                let nothing = PostPatch::default();
                posts.update(caller, id, tag, nothing).await
            }
            TestWrite::MergeEdit => {
                let late = created.posts[0].post.tag();
                posts
                    .update_merging(caller, id, late, tags_patch(&[]))
                    .await
            }
            TestWrite::RestoreRevision => posts.restore(caller, id, tag, Revision(1), None).await,
            TestWrite::PublishPost => posts.publish(caller, id, tag, None).await,
            TestWrite::SchedulePost => posts.schedule(caller, id, tag, self.plan()).await,
            TestWrite::UnschedulePost => transition(Transition::Unschedule).await,
            TestWrite::ArchivePost => transition(Transition::Archive).await,
            TestWrite::UnpublishPost => transition(Transition::Unpublish).await,
            TestWrite::TrashPost => transition(Transition::Trash).await,
            TestWrite::UntrashPost => transition(Transition::Untrash).await,
            other => panic!("{other:?} does not write a post"),
        }
    }

    /// Publishes in ten minutes and unpublishes ten minutes later.
    fn plan(&self) -> Schedule {
        let at = |minutes| Some(self.site.now().after(Duration::from_mins(minutes)));
        Schedule {
            publish_at: at(10),
            unpublish_at: at(20),
        }
    }
}

/// A post with an image, and with the category if one exists.
fn new(created: &Created) -> NewPost {
    let mut new = draft("Hola");
    new.tags = vec!["aws".parse().unwrap()];
    new.category_ids = created
        .category
        .iter()
        .map(|category| category.id)
        .collect();
    new.aliases = vec!["/2020/hola.html".parse().unwrap()];
    "![](/img/gato.png)\n".clone_into(&mut new.manuscript.body);
    new
}

fn edit() -> PostPatch {
    PostPatch {
        slug: Some(slug("adios")),
        ..body_patch("nuevo")
    }
}
