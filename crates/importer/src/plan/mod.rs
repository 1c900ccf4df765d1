//! What has to happen to each file, decided before anything is written.

mod bylines;
mod claims;
mod decide;
mod difference;
mod earlier;
mod elsewhere;
mod ids;
mod pictures;

use std::collections::BTreeSet;

use futures::{StreamExt, stream};

pub(crate) use bylines::{BylineStep, Doing};
pub(crate) use decide::{Public, Rules, Step, decide};
pub(crate) use elsewhere::NotPosts;
pub(crate) use ids::Ids;
pub(crate) use pictures::{PictureState, PictureStep, Pictures, Unresolved};

use crate::{
    api::{Answer, Byline, Client, Failure},
    finding::{Finding, Refusal},
    folder::{Folder, Found, Kind},
    post::{Post, Reader, Term},
    screen::Progress,
};

/// How many calls are under way at once: enough to hide the network, too few to be a burden.
pub(crate) const AT_ONCE: usize = 4;

/// What a run is going to do.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The files of posts, sorted by path.
    pub(crate) items: Vec<Item>,
    pub(crate) pictures: Pictures,
    /// The categories that are not on the server.
    pub(crate) categories: Vec<Term>,
    /// The bylines that are not on the server, or not whole.
    pub(crate) bylines: Vec<BylineStep>,
    /// What is on the server.
    pub(crate) ids: Ids,
    /// What else of the folder Jekyll would publish.
    pub(crate) not_posts: Vec<NotPosts>,
}

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

/// A file that was read, or why there is no post in it.
type Look = (String, Result<Post, Verdict>);

impl Site {
    /// Looks at every file and asks the server about it. Writes nothing.
    pub(crate) async fn plan(&self, progress: &Progress) -> Result<Plan, Refusal> {
        let looks: Vec<Look> = self
            .folder
            .found()?
            .into_iter()
            .map(|found| self.look(found))
            .collect();
        let posts = looks
            .iter()
            .filter_map(|(path, look)| Some((path.as_str(), look.as_ref().ok()?)));
        let mut ids = Ids::default();
        let known = self.names(&mut ids).await?;
        self.merged(&looks, &mut ids).await?;
        let pictures = self.pictures(posts, &mut ids, progress).await?;
        let items = self.judged(looks, &ids, progress).await?;
        let bylines = bylines::steps(
            &self.reader.settings().around,
            &items,
            &ids,
            &known,
            &pictures,
        );
        Ok(Plan {
            categories: new_categories(&items, &ids),
            not_posts: elsewhere::found(&self.folder, self.reader.settings()),
            items,
            pictures,
            bylines,
            ids,
        })
    }

    /// Asks what categories and bylines there are.
    async fn names(&self, ids: &mut Ids) -> Result<Vec<Byline>, Refusal> {
        for category in asked(self.client.categories().await)? {
            ids.add_category(&category);
        }
        let bylines = asked(self.client.bylines().await)?;
        for byline in &bylines {
            ids.add_byline(byline);
        }
        Ok(bylines)
    }

    /// Asks what became of the categories that files name and the tree does not have.
    async fn merged(&self, looks: &[Look], ids: &mut Ids) -> Result<(), Refusal> {
        let posts = looks.iter().filter_map(|(_, look)| look.as_ref().ok());
        let keys: BTreeSet<&str> = posts
            .flat_map(|post| &post.categories)
            .map(|term| term.key.as_str())
            .filter(|key| ids.category(key).is_none())
            .collect();
        let asking = keys.into_iter().map(|key| async move {
            let id = asked(self.client.standing_for(key).await)?;
            Ok::<_, Refusal>((key, id))
        });
        let asking: Vec<_> = asking.collect();
        let mut answers = stream::iter(asking).buffered(AT_ONCE);
        while let Some(answer) = answers.next().await {
            if let (key, Some(id)) = answer? {
                ids.add_merged_category(key, &id);
            }
        }
        Ok(())
    }

    fn look(&self, found: Found) -> Look {
        let Found { path, kind } = found;
        let look = match kind {
            Kind::Ignored(why) => Err(Verdict::Ignored(why)),
            Kind::Refused(finding) => Err(Verdict::Broken(finding)),
            Kind::Post => self.read(&path).map_err(Verdict::Broken),
        };
        (path, look)
    }

    fn read(&self, path: &str) -> Result<Post, Finding> {
        self.reader.read(path, &self.folder.read(path)?)
    }

    async fn judged(
        &self,
        looks: Vec<Look>,
        ids: &Ids,
        progress: &Progress,
    ) -> Result<Vec<Item>, Refusal> {
        progress.begin("Looking", looks.len());
        let judged = looks.into_iter().map(|(path, look)| async {
            let verdict = match look {
                Ok(post) => self.verdict(&path, post, ids).await?,
                Err(verdict) => verdict,
            };
            Ok::<_, Refusal>(Item { path, verdict })
        });
        let judged: Vec<_> = judged.collect();
        let mut judged = stream::iter(judged).buffered(AT_ONCE);
        let mut items = Vec::new();
        while let Some(item) = judged.next().await {
            items.push(item?);
            progress.step(None);
        }
        progress.end();
        claims::settle(&mut items);
        Ok(items)
    }

    async fn verdict(&self, path: &str, post: Post, ids: &Ids) -> Result<Verdict, Refusal> {
        let rules = Rules {
            reader: &self.reader,
            ids,
        };
        match self.client.find(&self.import, path).await {
            Ok(remote) => {
                let step = decide(rules, path, &post, remote.as_ref());
                Ok(Verdict::Planned(Box::new(Planned { post, step })))
            }
            Err(Failure::Fatal(refusal)) => Err(refusal),
            Err(failure) => Ok(Verdict::Broken(Finding::new(
                "refused",
                failure.to_string(),
            ))),
        }
    }
}

/// An answer without which nothing can be planned.
fn asked<T>(answer: Answer<T>) -> Result<T, Refusal> {
    answer.map_err(|failure| match failure {
        Failure::Fatal(refusal) => refusal,
        failure => Refusal::new(failure),
    })
}

/// The posts of a plan.
fn posts(items: &[Item]) -> impl Iterator<Item = &Planned> {
    items.iter().filter_map(|item| match &item.verdict {
        Verdict::Planned(planned) => Some(planned.as_ref()),
        Verdict::Ignored(_) | Verdict::Broken(_) => None,
    })
}

impl Planned {
    /// Whether the step sends this member of the post.
    fn sends(&self, member: &str) -> bool {
        match &self.step {
            Step::Create => true,
            Step::Update { change, .. } | Step::Complete { change, .. } => {
                change.contains_key(member)
            }
            Step::Publish { .. } | Step::Unchanged { .. } | Step::Conflict { .. } => false,
        }
    }
}

/// The categories that posts are going to need, each under the first name that any file gives it.
fn new_categories(items: &[Item], ids: &Ids) -> Vec<Term> {
    let needed: BTreeSet<&str> = posts(items)
        .filter(|planned| planned.sends("category_ids"))
        .flat_map(|planned| &planned.post.categories)
        .map(|term| term.key.as_str())
        .filter(|key| ids.category(key).is_none())
        .collect();
    let mut seen = BTreeSet::new();
    let terms = posts(items).flat_map(|planned| &planned.post.categories);
    terms
        .filter(|term| needed.contains(term.key.as_str()))
        .filter(|term| seen.insert(term.key.as_str()))
        .cloned()
        .collect()
}
