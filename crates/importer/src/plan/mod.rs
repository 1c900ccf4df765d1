//! What has to happen to each file, decided before anything is written.

mod claims;
mod decide;
mod difference;

use futures::{StreamExt, stream};

pub(crate) use decide::{Public, Step, decide};

use crate::{
    api::{Client, Failure},
    finding::{Finding, Refusal},
    folder::{Folder, Found, Kind},
    post::{Post, Reader},
    screen::Progress,
};

/// How many calls are under way at once: enough to hide the network, too few to be a burden.
pub(crate) const AT_ONCE: usize = 4;

/// One file and what has to happen to it.
#[derive(Debug)]
pub(crate) struct Item {
    /// Where it lies in the folder.
    pub(crate) path: String,
    /// What has to happen.
    pub(crate) verdict: Verdict,
}

/// What became of the look at one file.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// It is no post.
    Ignored(&'static str),
    /// Nothing can be made of it.
    Broken(Finding),
    /// It is a post.
    Planned(Box<Planned>),
}

/// A post and what has to happen to it.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) post: Post,
    pub(crate) step: Step,
}

/// What a run works with.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) folder: Folder,
    pub(crate) reader: Reader,
    pub(crate) client: Client,
    /// The name under which posts are found again.
    pub(crate) import: String,
}

impl Site {
    /// Looks at every file and asks the server about it. Writes nothing.
    pub(crate) async fn plan(&self, progress: &Progress) -> Result<Vec<Item>, Refusal> {
        let found = self.folder.found()?;
        progress.begin("Looking", found.len());
        let mut looks =
            stream::iter(found.into_iter().map(|found| self.look(found))).buffered(AT_ONCE);
        let mut items = Vec::new();
        while let Some(item) = looks.next().await {
            items.push(item?);
            progress.step(None);
        }
        progress.end();
        claims::settle(&mut items);
        Ok(items)
    }

    async fn look(&self, found: Found) -> Result<Item, Refusal> {
        let Found { path, kind } = found;
        let verdict = match kind {
            Kind::Ignored(why) => Verdict::Ignored(why),
            Kind::Refused(finding) => Verdict::Broken(finding),
            Kind::Post => match self.read(&path) {
                Ok(post) => self.judged(&path, post).await?,
                Err(finding) => Verdict::Broken(finding),
            },
        };
        Ok(Item { path, verdict })
    }

    fn read(&self, path: &str) -> Result<Post, Finding> {
        self.reader.read(path, &self.folder.read(path)?)
    }

    async fn judged(&self, path: &str, post: Post) -> Result<Verdict, Refusal> {
        match self.client.find(&self.import, path).await {
            Ok(remote) => {
                let step = decide(&self.reader, path, &post, remote.as_ref());
                Ok(Verdict::Planned(Box::new(Planned { post, step })))
            }
            Err(Failure::Fatal(refusal)) => Err(refusal),
            Err(Failure::Refused(problem)) => Ok(Verdict::Broken(Finding::new(
                "refused",
                problem.to_string(),
            ))),
        }
    }
}
