//! Plans all changes before the first write.

mod bylines;
mod categories;
mod content_posts;
mod decide;
mod duplicates;
mod images;
mod legacy_tags;
mod merge_patch;
mod moved;
mod new_names;
mod remote_ids;
mod skipped_content;

use std::collections::BTreeSet;

use futures::{StreamExt, TryStreamExt, stream};
use tintero_markdown::content_path::CONTENT_FOLDER;

pub(crate) use bylines::{BylineChange, PlannedByline};
pub(crate) use categories::PlannedCategory;
pub(crate) use decide::{PostDecision, VisibilityChange};
pub(crate) use images::{ImageState, PlannedImage, PlannedImages, UnresolvedImage};
pub(crate) use remote_ids::RemoteIds;
pub(crate) use skipped_content::SkippedContent;

use crate::{
    api::{ApiError, ApiResult, Client, RemoteByline, RemotePost},
    diagnostic::Diagnostic,
    error::ImportError,
    folder::{Folder, FolderEntry, FolderEntryKind},
    post::{ParsedPost, PostFileReader, Unread},
    progress::ProgressDisplay,
    rules::SiteRules,
    slug::slug,
};

/// Number of concurrent calls: enough to hide the network latency, with little load on the server.
pub(crate) const CONCURRENCY: usize = 4;

/// All planned changes of a run.
#[derive(Debug)]
pub(crate) struct ImportPlan {
    /// The files among the posts, sorted by path.
    pub(crate) files: Vec<PlannedFile>,
    pub(crate) images: PlannedImages,
    /// The categories to create.
    pub(crate) categories: Vec<PlannedCategory>,
    /// The bylines to create or to complete.
    pub(crate) bylines: Vec<PlannedByline>,
    pub(crate) ids: RemoteIds,
    pub(crate) skipped: Vec<SkippedContent>,
}

#[derive(Debug)]
pub(crate) struct PlannedFile {
    pub(crate) path: String,
    pub(crate) plan: FilePlan,
}

#[derive(Debug)]
pub(crate) enum FilePlan {
    /// The file is not a post, for this reason.
    Ignored(&'static str),
    /// The file cannot be imported.
    Invalid(Diagnostic),
    Planned(Box<PlannedPost>),
}

impl From<Unread> for FilePlan {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::NotAPost(why) => Self::Ignored(why),
            Unread::Invalid(diagnostic) => Self::Invalid(diagnostic),
        }
    }
}

#[derive(Debug)]
pub(crate) struct PlannedPost {
    pub(crate) post: ParsedPost,
    pub(crate) decision: PostDecision,
    /// The path of the file when it was imported, if the file moved since.
    pub(crate) moved_from: Option<String>,
}

/// The folder, the reader and the client of one run.
#[derive(Debug)]
pub(crate) struct Importer {
    pub(crate) folder: Folder,
    pub(crate) reader: PostFileReader,
    pub(crate) client: Client,
    /// The name of the import, by which later runs find its posts.
    pub(crate) import: String,
}

/// A path with its post, or with the reason why it has none.
type ReadFile = (String, Result<ParsedPost, FilePlan>);

impl Importer {
    /// Reads every file and compares it with the server. Writes nothing.
    pub(crate) async fn plan(&self, progress: &ProgressDisplay) -> Result<ImportPlan, ImportError> {
        let entries = self.post_entries()?.into_iter();
        let read: Vec<ReadFile> = entries.map(|entry| self.read_entry(entry)).collect();
        let posts = read
            .iter()
            .filter_map(|(path, post)| Some((path.as_str(), post.as_ref().ok()?)));
        let mut ids = RemoteIds::default();
        let remote_bylines = self.load_categories_and_bylines(&mut ids).await?;
        self.resolve_merged_categories(&read, &mut ids).await?;
        let images = self.plan_images(posts, &mut ids, progress).await?;
        let files = self.plan_files(read, &ids, progress).await?;
        let settings = &self.reader.settings;
        let bylines = bylines::plan(&settings.contents, &files, &ids, &remote_bylines, &images);
        Ok(ImportPlan {
            categories: categories::plan(&files, &ids),
            skipped: skipped_content::find(&self.folder, settings),
            files,
            images,
            bylines,
            ids,
        })
    }

    async fn load_categories_and_bylines(
        &self,
        ids: &mut RemoteIds,
    ) -> Result<Vec<RemoteByline>, ImportError> {
        for category in required(self.client.list_categories().await)? {
            ids.add_category(&category);
        }
        let bylines = required(self.client.list_bylines().await)?;
        for byline in &bylines {
            ids.add_byline(byline);
        }
        Ok(bylines)
    }

    /// Resolves the categories of files that are not in the list of the server.
    async fn resolve_merged_categories(
        &self,
        read: &[ReadFile],
        ids: &mut RemoteIds,
    ) -> Result<(), ImportError> {
        let posts = read.iter().filter_map(|(_, post)| post.as_ref().ok());
        let keys: BTreeSet<&str> = posts
            .flat_map(|post| &post.categories)
            .map(|category| category.key.as_str())
            .filter(|key| ids.category(key).is_none())
            .collect();
        let names = ids.category_names().clone();
        let names = &names;
        let calls = keys.into_iter().map(|key| async move {
            let id = match slug(key).filter(|slug| !names.contains_key(slug)) {
                Some(slug) => required(self.client.resolve_category(&slug).await)?,
                None => None,
            };
            Ok::<_, ImportError>((key, id))
        });
        let calls: Vec<_> = calls.collect();
        let mut resolved = stream::iter(calls).buffered(CONCURRENCY);
        while let Some((key, id)) = resolved.try_next().await? {
            if let Some(id) = id {
                ids.add_merged_category(key, &id);
            }
        }
        Ok(())
    }

    fn read_entry(&self, FolderEntry { path, kind }: FolderEntry) -> ReadFile {
        let post = match kind {
            FolderEntryKind::Ignored(why) => Err(FilePlan::Ignored(why)),
            FolderEntryKind::Refused(diagnostic) => Err(FilePlan::Invalid(diagnostic)),
            FolderEntryKind::Post => self.read_post(&path).map_err(FilePlan::from),
        };
        (path, post)
    }

    /// The files that can be posts.
    fn post_entries(&self) -> Result<Vec<FolderEntry>, ImportError> {
        let rules = &self.reader.settings.rules;
        let folders: Vec<&str> = match rules {
            SiteRules::Jekyll => return self.folder.post_files(),
            SiteRules::Hugo(site) => site.content_folders().collect(),
            SiteRules::Zola(_) => vec![CONTENT_FOLDER],
        };
        let entries = self.folder.content_files(&folders);
        Ok(content_posts::select(rules, entries))
    }

    fn read_post(&self, path: &str) -> Result<ParsedPost, Unread> {
        self.reader.read(path, &self.folder.read(path)?)
    }

    async fn plan_files(
        &self,
        read: Vec<ReadFile>,
        ids: &RemoteIds,
        progress: &ProgressDisplay,
    ) -> Result<Vec<PlannedFile>, ImportError> {
        progress.begin("Comparing", read.len());
        let plans = read.into_iter().map(|(path, post)| async {
            let plan = match post {
                Ok(post) => self.plan_post(&path, post, ids).await?,
                Err(plan) => plan,
            };
            Ok::<_, ImportError>(PlannedFile { path, plan })
        });
        let plans: Vec<_> = plans.collect();
        let plans = stream::iter(plans).buffered(CONCURRENCY);
        let plans = plans.inspect_ok(|_| progress.advance()).try_collect();
        let mut files: Vec<PlannedFile> = plans.await?;
        progress.end();
        self.follow_moved(&mut files, ids).await?;
        duplicates::resolve(&mut files);
        Ok(files)
    }

    async fn plan_post(
        &self,
        path: &str,
        post: ParsedPost,
        ids: &RemoteIds,
    ) -> Result<FilePlan, ImportError> {
        match self.find_post(path).await {
            Ok(remote) => {
                let decision = self.decide(ids, path, &post, remote.as_ref());
                Ok(FilePlan::Planned(Box::new(PlannedPost::new(
                    post, decision,
                ))))
            }
            Err(ApiError::Fatal(error)) => Err(error),
            Err(error) => Ok(FilePlan::Invalid(Diagnostic::new(
                "refused",
                error.to_string(),
            ))),
        }
    }

    /// Finds the post that an earlier run created from this file.
    async fn find_post(&self, path: &str) -> ApiResult<Option<RemotePost>> {
        self.client.find_post(&self.import, path).await
    }

    /// Decides again about a file whose post changed since the plan.
    pub(crate) async fn decide_again(
        &self,
        ids: &RemoteIds,
        path: &str,
        planned: &PlannedPost,
    ) -> ApiResult<PostDecision> {
        if planned.moved_from.is_some()
            && let Some(handle) = planned.decision.handle()
        {
            let remote = self.client.get_post(&handle.id).await?;
            return Ok(decide::decide_moved(
                &self.reader,
                ids,
                &planned.post,
                &remote,
            ));
        }
        let remote = self.find_post(path).await?;
        Ok(self.decide(ids, path, &planned.post, remote.as_ref()))
    }

    fn decide(
        &self,
        ids: &RemoteIds,
        path: &str,
        post: &ParsedPost,
        remote: Option<&RemotePost>,
    ) -> PostDecision {
        decide::decide(&self.reader, ids, path, post, remote)
    }
}

/// Turns every error into one that ends the run: the plan needs this response.
fn required<T>(result: ApiResult<T>) -> Result<T, ImportError> {
    result.map_err(|error| match error {
        ApiError::Fatal(error) => error,
        error => ImportError::new(error),
    })
}

fn posts(files: &[PlannedFile]) -> impl Iterator<Item = &PlannedPost> {
    files.iter().filter_map(|file| match &file.plan {
        FilePlan::Planned(planned) => Some(planned.as_ref()),
        FilePlan::Ignored(_) | FilePlan::Invalid(_) => None,
    })
}

impl PlannedFile {
    fn decision(&self) -> Option<&PostDecision> {
        match &self.plan {
            FilePlan::Planned(planned) => Some(&planned.decision),
            FilePlan::Ignored(_) | FilePlan::Invalid(_) => None,
        }
    }
}

impl PlannedPost {
    pub(crate) fn new(post: ParsedPost, decision: PostDecision) -> Self {
        Self {
            post,
            decision,
            moved_from: None,
        }
    }

    /// Whether the decision sends this member of the post.
    fn sends(&self, member: &str) -> bool {
        match &self.decision {
            PostDecision::Create => true,
            PostDecision::Update { change, .. } | PostDecision::Complete { change, .. } => {
                change.contains_key(member)
            }
            PostDecision::Publish { .. }
            | PostDecision::Unchanged { .. }
            | PostDecision::Conflict { .. } => false,
        }
    }
}
