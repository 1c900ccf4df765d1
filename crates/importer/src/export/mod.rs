//! Writes the posts of a server to a folder, through its API. An imported post that nobody edited becomes
//! its file again, byte for byte; an edited one differs where it was edited.

mod args;
mod members;
mod names;
mod output;
mod post_file;
mod summary;

use futures::{StreamExt, TryStreamExt, stream};
use serde_json::Value;

pub use args::{ExportArgs, SiteFormat};

use crate::{
    ImportOutcome,
    api::{ApiError, ApiResult, Client, RemotePost, RemotePostRow},
    diagnostic::Diagnostic,
    error::ImportError,
    plan::CONCURRENCY,
    progress::{ProgressDisplay, print_error, print_output},
};
use names::ExportNames;
use output::OutputFolder;
use post_file::PostFile;
use summary::ExportSummary;

/// Exports the posts of a server. Prints the outcome to standard output, and progress and errors to standard
/// error.
pub async fn run_export(args: ExportArgs) -> ImportOutcome {
    match export(&args).await {
        Ok(summary) => {
            print_output(&summary.to_text());
            if summary.has_failures() {
                ImportOutcome::Incomplete
            } else {
                ImportOutcome::Done
            }
        }
        Err(error) => {
            print_error(&format!("tintero: {error}"));
            ImportOutcome::Refused
        }
    }
}

async fn export(args: &ExportArgs) -> Result<ExportSummary, ImportError> {
    let folder = OutputFolder::open(&args.folder, args.overwrite)?;
    let client = Client::new(&args.server.url, args.server.token.clone())?;
    let exporter = Exporter {
        names: fatal(ExportNames::read(&client).await)?,
        format: args.format,
        client,
        progress: ProgressDisplay::new(),
    };
    let mut summary = ExportSummary::default();
    exporter.posts(&folder, &mut summary).await?;
    if !args.no_images {
        exporter.images(&folder, &mut summary).await?;
    }
    exporter.collections(&folder, &mut summary).await?;
    Ok(summary)
}

/// Every error before the first file ends the run.
fn fatal<T>(result: ApiResult<T>) -> Result<T, ImportError> {
    result.map_err(|error| match error {
        ApiError::Fatal(error) => error,
        error => ImportError::new(error),
    })
}

/// Returns the error of one item. Errors that concern all of them end the run.
fn split<T>(result: ApiResult<T>) -> Result<Result<T, Diagnostic>, ImportError> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(ApiError::Fatal(error)) => Err(error),
        Err(error) => Ok(Err(Diagnostic::new("refused", error.to_string()))),
    }
}

struct Exporter {
    client: Client,
    format: SiteFormat,
    names: ExportNames,
    progress: ProgressDisplay,
}

impl Exporter {
    async fn posts(
        &self,
        folder: &OutputFolder,
        summary: &mut ExportSummary,
    ) -> Result<(), ImportError> {
        let posts = fatal(self.client.list_posts().await)?;
        self.progress.begin("Posts", posts.len());
        let files = posts.iter().map(|post| async move {
            let file = split(self.post_file(post).await)?;
            Ok::<_, ImportError>((post.slug.clone(), file))
        });
        let files: Vec<_> = files.collect();
        let mut files = stream::iter(files).buffered(CONCURRENCY);
        while let Some((slug, file)) = files.try_next().await? {
            let written = file.and_then(|file| {
                let path = folder.write_new(&file.path, file.text.as_bytes())?;
                Ok((path, file.is_original))
            });
            self.progress.report("wrote", &slug);
            summary.add_post(&slug, written);
        }
        self.progress.end();
        Ok(())
    }

    async fn post_file(&self, listed: &RemotePostRow) -> ApiResult<PostFile> {
        let post = self.client.get_post(&listed.id).await?;
        let Some(generator) = self.format.generator() else {
            return Ok(json_file(&post));
        };
        if post_file::generator_of(&post) == Some(generator) {
            let imported = self.client.imported_members(&post).await?;
            let file = post_file::imported(generator, &post, imported.as_ref(), &self.names);
            if let Some(file) = file {
                return Ok(file);
            }
        }
        Ok(post_file::new(generator, &post, &self.names))
    }

    async fn images(
        &self,
        folder: &OutputFolder,
        summary: &mut ExportSummary,
    ) -> Result<(), ImportError> {
        let images: Vec<_> = self.names.images.values().collect();
        self.progress.begin("Images", images.len());
        let downloads = images.iter().map(|image| async move {
            let bytes = split(self.client.download(image).await)?;
            Ok::<_, ImportError>((image.export_path(), bytes))
        });
        let downloads: Vec<_> = downloads.collect();
        let mut downloads = stream::iter(downloads).buffered(CONCURRENCY);
        while let Some((path, bytes)) = downloads.try_next().await? {
            let written = bytes.and_then(|bytes| folder.write(&path, &bytes));
            self.progress.report("wrote", &path);
            summary.add_image(&path, written);
        }
        self.progress.end();
        Ok(())
    }

    /// Writes the redirects, and for programs also the categories, bylines and images.
    async fn collections(
        &self,
        folder: &OutputFolder,
        summary: &mut ExportSummary,
    ) -> Result<(), ImportError> {
        let redirects = fatal(self.client.list_all("redirects").await)?;
        summary.redirects = redirects.len();
        if self.format == SiteFormat::Json {
            for name in ["categories", "bylines", "images", "redirects"] {
                let items = fatal(self.client.list_all(name).await)?;
                let path = format!("{name}.json");
                let written = folder.write(&path, pretty(&Value::from(items)).as_bytes());
                summary.add_collection(&path, written);
            }
        } else if !redirects.is_empty() {
            let lines: String = redirects.iter().map(redirect_line).collect();
            let written = folder.write("_redirects", lines.as_bytes());
            summary.add_collection("_redirects", written);
        }
        Ok(())
    }
}

/// A line of the format of static hosts: old path, new path, status.
fn redirect_line(redirect: &Value) -> String {
    let text = |name: &str| redirect.get(name).and_then(Value::as_str).unwrap_or("/");
    let is_permanent = redirect.get("permanent") == Some(&Value::Bool(true));
    let status = if is_permanent { 301 } else { 302 };
    format!("{} {} {status}\n", text("from"), text("to"))
}

fn json_file(post: &RemotePost) -> PostFile {
    let locale = post.text("locale").unwrap_or_default();
    let members = post.members.iter().filter(|(name, _)| *name != "allowed");
    let members = members.map(|(name, value)| (name.clone(), value.clone()));
    let mut members: serde_json::Map<String, Value> = members.collect();
    members.insert("id".to_owned(), post.handle.id.clone().into());
    PostFile {
        path: format!("posts/{}.{locale}.json", post.handle.slug),
        text: pretty(&Value::Object(members)),
        is_original: false,
    }
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
