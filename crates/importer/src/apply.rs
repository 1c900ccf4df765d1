//! Doing what was planned.

use futures::{StreamExt, stream};
use tintero_markdown::front_matter;

use crate::{
    api::{Answer, Failure, Handle, Remote, key},
    finding::{Finding, Refusal},
    plan::{AT_ONCE, Item, Planned, Public, Site, Step, Verdict, decide},
    post::{Intent, Members, Post, Source, wire},
    report::{Action, Entry},
    screen::Progress,
};

/// Why a step came to nothing.
enum Trouble {
    Fatal(Refusal),
    /// The rest of the run can go on.
    File(Finding),
    /// Somebody else wrote at the same time.
    Stale(Finding),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Fatal(refusal) => Self::Fatal(refusal),
            Failure::Refused(problem) => {
                let finding = Finding::new("refused", problem.to_string());
                if problem.is_stale() {
                    Self::Stale(finding)
                } else {
                    Self::File(finding)
                }
            }
        }
    }
}

impl From<Finding> for Trouble {
    fn from(finding: Finding) -> Self {
        Self::File(finding)
    }
}

impl Site {
    /// Does what was planned, and tells of every file what became of it, in the plan's order. A
    /// failure that would meet every other file as well ends the run and is told beside.
    pub(crate) async fn apply(
        &self,
        items: Vec<Item>,
        progress: &Progress,
    ) -> (Vec<Entry>, Option<Refusal>) {
        let mut entries: Vec<Entry> = items.iter().map(Entry::planned).collect();
        let jobs: Vec<(usize, Item)> = items
            .into_iter()
            .enumerate()
            .filter(|(at, _)| entries[*at].has_work())
            .collect();
        progress.begin("Importing", jobs.len());
        let mut waiting: Vec<usize> = jobs.iter().rev().map(|(at, _)| *at).collect();
        let work = jobs.into_iter().map(|(at, item)| {
            let entry = entries[at].clone();
            async move { (at, self.work(item, entry).await) }
        });
        let work: Vec<_> = work.collect();
        let mut done = stream::iter(work).buffered(AT_ONCE);
        let mut stopped = None;
        while let Some((at, outcome)) = done.next().await {
            match outcome {
                Ok(entry) => {
                    progress.step(Some((entry.action.done(), &entry.path)));
                    entries[at] = entry;
                    waiting.pop();
                }
                Err(refusal) => {
                    stopped = Some(refusal);
                    break;
                }
            }
        }
        progress.end();
        for at in waiting {
            entries[at].action = Action::NotDone;
        }
        (entries, stopped)
    }

    async fn work(&self, item: Item, entry: Entry) -> Result<Entry, Refusal> {
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
        match self.perform(path, &post, &step).await {
            Err(Trouble::Stale(_)) => {}
            done => return done.map(|handle| (step, handle)),
        }
        let remote = self.client.find(&self.import, path).await?;
        let again = decide(&self.reader, path, &post, remote.as_ref());
        let handle = self.perform(path, &post, &again).await?;
        Ok((again, handle))
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
            Step::Publish { handle, at } => self.client.publish(handle, at).await?,
            Step::Update {
                handle,
                change,
                public,
            } => self.update(path, post, (handle, change, public)).await?,
        };
        Ok(Some(remote.handle))
    }

    async fn create(&self, path: &str, post: &Post) -> Result<Remote, Trouble> {
        let members = self.sent(path, post, post.content.members())?;
        let key = key(["create", &self.import, path, &post.sha256]);
        let created = self.client.create(&members, &key).await?;
        match &post.intent {
            Intent::Publish { at } => published(self.client.publish(&created.handle, at).await),
            Intent::Draft => Ok(created),
        }
    }

    async fn update(
        &self,
        path: &str,
        post: &Post,
        (handle, change, public): (&Handle, &Members, &Public),
    ) -> Result<Remote, Trouble> {
        let members = self.sent(path, post, change.clone())?;
        match public {
            Public::Stay => Ok(self.client.update(handle, &members).await?),
            Public::Withdraw => {
                let withdrawn = self.client.unpublish(handle).await?;
                Ok(self.client.update(&withdrawn.handle, &members).await?)
            }
            Public::Publish(at) => {
                let updated = self.client.update(handle, &members).await?;
                published(self.client.publish(&updated.handle, at).await)
            }
        }
    }

    /// Members with the file's body and origin. The file is read once more, so that a plan of many
    /// files need not hold their texts.
    fn sent(&self, path: &str, post: &Post, members: Members) -> Result<Members, Finding> {
        let file = self.folder.read(path)?;
        if crate::text::sha256([file.as_slice()]) != post.sha256 {
            return Err(Finding::new(
                "changed",
                "changed while it was imported; run the import again",
            ));
        }
        let split = front_matter::split(&file)?;
        let source = Source {
            import: &self.import,
            path,
            sha256: &post.sha256,
            front_matter: split.head,
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
