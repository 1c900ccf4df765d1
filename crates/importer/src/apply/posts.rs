use tintero_markdown::front_matter;

use super::Trouble;
use crate::{
    api::{Answer, Handle, Remote, key},
    finding::{Finding, Refusal},
    plan::{Ids, Item, Planned, Public, Rules, Site, Step, Verdict, decide},
    post::{Intent, Members, Post, Source, wire},
    report::Entry,
};

/// The posts of a run that is under way.
#[derive(Clone, Copy)]
pub(super) struct Writer<'a> {
    pub(super) site: &'a Site,
    /// What is on the server by now.
    pub(super) ids: &'a Ids,
}

impl Writer<'_> {
    /// Does what was planned for one file, and tells what became of it.
    pub(super) async fn work(&self, item: Item, entry: Entry) -> Result<Entry, Refusal> {
        let Verdict::Planned(planned) = item.verdict else {
            return Ok(entry);
        };
        match self.carry_out(&item.path, *planned).await {
            Ok((step, remote)) => {
                let entry = entry.came_to(&step);
                let handle = remote.or_else(|| step.handle().cloned());
                let slug = handle
                    .as_ref()
                    .map(|handle| handle.slug.clone())
                    .filter(|slug| !slug.is_empty());
                Ok(Entry {
                    slug: slug.or(entry.slug),
                    id: handle.map(|handle| handle.id).or(entry.id),
                    ..entry
                })
            }
            Err(Trouble::Fatal(refusal)) => Err(refusal),
            Err(Trouble::File(finding) | Trouble::Stale(finding)) => Ok(entry.failed(finding)),
        }
    }

    /// Does a step. When the post changed since it was planned, the step is decided once again.
    async fn carry_out(
        &self,
        path: &str,
        planned: Planned,
    ) -> Result<(Step, Option<Handle>), Trouble> {
        let Planned { post, step } = planned;
        let step = self.narrowed(step);
        match self.perform(path, &post, &step).await {
            Err(Trouble::Stale(_)) => {}
            done => return done.map(|handle| (step, handle)),
        }
        let remote = self.site.client.find(&self.site.import, path).await?;
        let rules = Rules {
            reader: &self.site.reader,
            ids: self.ids,
        };
        let again = self.narrowed(decide(rules, path, &post, remote.as_ref()));
        let handle = self.perform(path, &post, &again).await?;
        Ok((again, handle))
    }

    /// A completion that comes to nothing, since the image it is about was not taken, is none.
    fn narrowed(&self, step: Step) -> Step {
        match step {
            Step::Complete { handle, change, .. }
                if self.ids.sent(&change).is_some_and(|sent| sent.is_empty()) =>
            {
                let why = Some("its image is not on the server");
                Step::Unchanged { handle, why }
            }
            step => step,
        }
    }

    async fn perform(
        &self,
        path: &str,
        post: &Post,
        step: &Step,
    ) -> Result<Option<Handle>, Trouble> {
        let remote = match step {
            Step::Unchanged { .. } | Step::Conflict { .. } => return Ok(None),
            Step::Create => self.create(path, post).await?,
            Step::Publish { handle, release } => self.site.client.publish(handle, release).await?,
            Step::Update {
                handle,
                change,
                public,
            } => {
                let members = self.sent(path, post, change)?;
                self.update(handle, &members, public).await?
            }
            Step::Complete {
                handle,
                change,
                public,
            } => self.update(handle, &self.known(change)?, public).await?,
        };
        Ok(Some(remote.handle))
    }

    async fn create(&self, path: &str, post: &Post) -> Result<Remote, Trouble> {
        let members = self.sent(path, post, &post.content.members())?;
        let key = key(["create", &self.site.import, path, &post.sha256]);
        let created = self.site.client.create(&members, &key).await?;
        match &post.intent {
            Intent::Publish(release) => {
                published(self.site.client.publish(&created.handle, release).await)
            }
            Intent::Draft => Ok(created),
        }
    }

    async fn update(
        &self,
        handle: &Handle,
        members: &Members,
        public: &Public,
    ) -> Result<Remote, Trouble> {
        match public {
            Public::Stay => Ok(self.site.client.update(handle, members).await?),
            Public::Withdraw => {
                let withdrawn = self.site.client.unpublish(handle).await?;
                Ok(self.site.client.update(&withdrawn.handle, members).await?)
            }
            Public::Publish(release) => {
                let updated = self.site.client.update(handle, members).await?;
                published(self.site.client.publish(&updated.handle, release).await)
            }
        }
    }

    /// Members with the ids of what they lead to.
    fn known(&self, members: &Members) -> Result<Members, Finding> {
        self.ids.sent(members).ok_or_else(|| {
            let reason =
                "one of its categories or bylines could not be made, so nothing was written";
            Finding::new("not_made", reason)
        })
    }

    /// Members with the file's body and origin. The file is read once more, so that a plan of many
    /// files need not hold their texts.
    fn sent(&self, path: &str, post: &Post, members: &Members) -> Result<Members, Finding> {
        let members = self.known(members)?;
        let file = self.site.folder.read(path)?;
        if crate::text::sha256([file.as_slice()]) != post.sha256 {
            return Err(Finding::new(
                "changed",
                "changed while it was imported; run the import again",
            ));
        }
        let split = front_matter::split(&file)?;
        let source = Source {
            import: &self.site.import,
            path,
            sha256: &post.sha256,
            front_matter: split.head,
            site: self.site.reader.settings().kept_values(),
        };
        Ok(wire(members, split.body, &source))
    }
}

/// What is told when a text arrived but is not public.
fn published(answer: Answer<Remote>) -> Result<Remote, Trouble> {
    answer.map_err(|failure| match Trouble::from(failure) {
        Trouble::File(finding) => Trouble::File(Finding {
            reason: format!(
                "its text is on the server but was not published: {}",
                finding.reason
            ),
            ..finding
        }),
        other => other,
    })
}
