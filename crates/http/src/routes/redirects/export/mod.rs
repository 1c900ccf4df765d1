//! Exports of all redirects in the formats of web servers.

mod json;
mod netlify;
mod nginx;
mod writer;

use axum::{body::Body, extract::State};
use bytes::Bytes;
use futures::{Stream, TryStreamExt as _, stream};
use tintero_domain::{
    Error,
    access::Caller,
    error::BoxError,
    redirects::{ExportCursor, ExportPage, Redirects},
    site::{PostPaths, UrlPattern},
};

pub(crate) use self::json::{ExportedRedirect, ExportedRedirects};
use self::writer::{ExportFormat, ExportWriter, Exported};
use crate::{
    body::Built,
    extract::{Parameters, Params, Query, documented_params},
    problem::Problem,
};

/// The query string of exports.
pub(super) struct ExportParams {
    format: ExportFormat,
    pattern: Option<UrlPattern>,
}

impl Parameters for ExportParams {
    fn read(params: &mut Params) -> Built<Self> {
        let format = params.optional("format", "The format of the file. Default: `json`.");
        let about = "The pattern of post paths on the site: a path with {slug} and optionally {locale}, {category} (the slugs \
            of the first category from the root), {year}, {month} and {day} (publication date in the time zone of the site). Default: `post_path` of the site.";
        let pattern = params.optional("pattern", about);
        Built::from(Self {
            format: format.unwrap_or(ExportFormat::Json),
            pattern,
        })
    }
}

documented_params!(ExportParams);

/// Exports all redirects.
///
/// Includes the redirects and the aliases and former slugs of posts. `json` is an object with `redirects`; `nginx` is
/// a file for the `http` section with instructions; `netlify` is a file `_redirects` without status 410, which the
/// format does not support. Statuses are 301, 302, and 410 for posts in the trash. Paths of public posts are never
/// redirected. The nginx file also omits paths that conflict with a public post or form a loop ignoring case, because
/// nginx maps are case-insensitive.
#[utoipa::path(get, path = "/v1/redirects/export", tag = "redirects", security(("bearer" = [])), params(ExportParams))]
pub(super) async fn export_redirects(
    State(redirects): State<Redirects>,
    caller: Caller,
    Query(ExportParams { format, pattern }): Query<ExportParams>,
) -> Result<Exported, Problem> {
    let start = ExportCursor::default();
    // Read the first page before the response starts, so that errors have a proper status.
    let paths = redirects.post_paths(pattern).await?;
    let first = redirects.export(&caller, &paths, start).await?;
    let export = RedirectExport {
        redirects,
        caller,
        paths,
    };
    Ok(Exported {
        media_type: format.media_type(),
        body: export.body(format, first),
    })
}

/// An export that is being streamed.
struct RedirectExport {
    redirects: Redirects,
    caller: Caller,
    paths: PostPaths,
}

impl RedirectExport {
    /// Streams the file. Reads the paths of all public posts first.
    fn body(self, format: ExportFormat, first: ExportPage) -> Body {
        let file = async move {
            let live = self.redirects.live_paths(&self.caller, &self.paths);
            let live = live.await.map_err(|error| self.log(error))?;
            let writer = ExportWriter::new(format, live);
            Ok::<_, BoxError>(self.pages(writer, first))
        };
        Body::from_stream(stream::once(file).try_flatten())
    }

    /// Fails if a page cannot be read. The response then ends with an error, so that clients do not
    /// use an incomplete file.
    fn pages(
        self,
        writer: ExportWriter,
        first: ExportPage,
    ) -> impl Stream<Item = Result<Bytes, BoxError>> {
        let start = (self, writer, Ok(first));
        stream::try_unfold(Some(start), async |state| {
            let Some((export, mut writer, page)) = state else {
                return Ok::<_, BoxError>(None);
            };
            let page = match page {
                Ok(page) => page,
                Err(next) => export.page(next).await?,
            };
            let mut text = writer.write(page.rules);
            if page.next.is_none() {
                text.push_str(writer.end());
            }
            let next = page.next.map(|next| (export, writer, Err(next)));
            Ok(Some((Bytes::from(text), next)))
        })
    }

    async fn page(&self, next: ExportCursor) -> Result<ExportPage, BoxError> {
        let page = self.redirects.export(&self.caller, &self.paths, next);
        page.await.map_err(|error| self.log(error))
    }

    fn log(&self, error: Error) -> BoxError {
        let request_id = &self.caller.request.request_id;
        let causes = Problem::from(error).causes().join(": ");
        tracing::error!(target: "http", request_id, causes, "export of redirects failed");
        causes.into()
    }
}
