//! Writes of posts.

use std::time::Duration;

use tintero_domain::{
    Result,
    access::Caller,
    posts::{Effect, NewPost, Plan, PostPatch, Transition, Unsaved, WorkingCopy},
    values::Revision,
};

use super::{
    deeds::Deed,
    stage::{Memory, Stage},
};
use crate::site::{draft, slug};

impl Stage {
    pub(super) async fn take_post(
        &self,
        memory: &mut Memory,
        deed: Deed,
        caller: &Caller,
    ) -> Result<()> {
        let Some(copy) = memory.posts.last() else {
            let effect = self.site.posts.create(caller, new(memory)).await?;
            memory.posts.push(effect.shown.copy);
            return Ok(());
        };
        let (posts, id, tag) = (&self.site.posts, copy.post.standing.id, copy.post.tag());
        match deed {
            Deed::PurgePost => posts.purge(caller, id, tag).await?,
            Deed::PutAutosave => {
                let unsaved = Unsaved::default();
                let saved = posts.put_autosave(caller, id, tag.revision, unsaved);
                saved.await.map(drop)?;
            }
            _ => {
                let effect = self.write_post(memory, copy, deed, caller).await?;
                memory.posts.push(effect.shown.copy);
            }
        }
        Ok(())
    }

    async fn write_post(
        &self,
        memory: &Memory,
        copy: &WorkingCopy,
        deed: Deed,
        caller: &Caller,
    ) -> Result<Effect> {
        let (posts, id, tag) = (&self.site.posts, copy.post.standing.id, copy.post.tag());
        let transition = |name| Box::pin(posts.transition(caller, id, tag, name));
        match deed {
            Deed::EditPost => posts.update(caller, id, tag, edit()).await,
            Deed::MergeEdit => {
                let late = memory.posts[0].post.tag();
                posts.update_merging(caller, id, late, retagged()).await
            }
            Deed::RestoreRevision => posts.restore(caller, id, tag, Revision(1), None).await,
            Deed::PublishPost => posts.publish(caller, id, tag, None).await,
            Deed::SchedulePost => posts.schedule(caller, id, tag, self.plan()).await,
            Deed::UnschedulePost => transition(Transition::Unschedule).await,
            Deed::ArchivePost => transition(Transition::Archive).await,
            Deed::UnpublishPost => transition(Transition::Unpublish).await,
            Deed::TrashPost => transition(Transition::Trash).await,
            Deed::UntrashPost => transition(Transition::Untrash).await,
            other => panic!("{other:?} is no write of a post"),
        }
    }

    /// In ten minutes, for ten minutes.
    fn plan(&self) -> Plan {
        let at = |minutes| Some(self.site.now().after(Duration::from_mins(minutes)));
        Plan {
            publish_at: at(10),
            unpublish_at: at(20),
        }
    }
}

/// A post that shows an image, filed where there is a category.
fn new(memory: &Memory) -> NewPost {
    let mut new = draft("Hola");
    new.tags = vec!["aws".parse().unwrap()];
    new.category_ids = memory.category.iter().map(|category| category.id).collect();
    new.aliases = vec!["/2020/hola.html".parse().unwrap()];
    "![](/img/gato.png)\n".clone_into(&mut new.manuscript.body);
    new
}

fn edit() -> PostPatch {
    PostPatch {
        slug: Some(slug("adios")),
        body: Some("nuevo".into()),
        ..PostPatch::default()
    }
}

/// What no other change meets.
fn retagged() -> PostPatch {
    PostPatch {
        tags: Some(Vec::new()),
        ..PostPatch::default()
    }
}
