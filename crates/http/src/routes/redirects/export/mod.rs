//! Everything that redirects, in the forms that web servers read.

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
    redirects::{Export, ExportPage, Redirects, UrlPattern},
};
use utoipa::{
    IntoParams,
    openapi::path::{Parameter, ParameterIn},
};

pub(crate) use self::json::{ExportedRedirect, ExportedRedirects};
use self::writer::{ExportFormat, Exported, Writer};
use crate::{
    extract::{Parameters, Params, Query, parameters},
    problem::Problem,
};

/// In which form, and how addresses of posts are made.
pub(super) struct Wanted {
    format: ExportFormat,
    pattern: UrlPattern,
}

impl Parameters for Wanted {
    fn read(params: &mut Params) -> Option<Self> {
        let format = params.optional("format", "For what it is written; json when absent.");
        let about = "How the front end makes the addresses of posts: a path with {slug} and perhaps {locale}, \
            {category} (the slugs of the first one, from the top of the tree), {year}, {month} and {day} \
            (of the date of publication, in UTC). /{slug} when absent.";
        let pattern = params.optional("pattern", about);
        Some(Self {
            format: format.unwrap_or(ExportFormat::Json),
            pattern: pattern.unwrap_or_default(),
        })
    }
}

impl IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        parameters::<Self>()
    }
}

/// Writes out everything that redirects: what was made by hand, and the old addresses of posts.
///
/// `json` is an object with `redirects`; `nginx` a file for the `http` section, with what to do with it at
/// its head; `netlify` a file `_redirects`, in which what is gone is left out, as the form has no word
/// for it. Statuses are 301 and 302, and 410 for what is in the trash. Nothing leads away from the address
/// of a public post: what would is left out; for nginx, which takes no notice of letter case, so is what
/// differs from such an address, or would lead back to itself, in nothing but that.
#[utoipa::path(get, path = "/v1/redirects/export", tag = "redirects", security(("bearer" = [])), params(Wanted))]
pub(super) async fn export_redirects(
    State(redirects): State<Redirects>,
    caller: Caller,
    Query(Wanted { format, pattern }): Query<Wanted>,
) -> Result<Exported, Problem> {
    let start = Export::default();
    // What refuses the export refuses its first page, before anything is answered.
    let first = redirects.export(&caller, &pattern, start).await?;
    let source = Source {
        redirects,
        caller,
        pattern,
    };
    Ok(Exported {
        media_type: format.media_type(),
        body: source.body(format, first),
    })
}

/// What is exported, for whom.
struct Source {
    redirects: Redirects,
    caller: Caller,
    pattern: UrlPattern,
}

/// An export on its way: one page of it at a time.
struct Walk {
    source: Source,
    writer: Writer,
}

enum Ahead {
    Page(ExportPage),
    At(Export),
}

impl Source {
    /// The whole file. It begins once all addresses are known from which nothing may lead away.
    fn body(self, format: ExportFormat, first: ExportPage) -> Body {
        let file = async move {
            let live = self.redirects.live_paths(&self.caller, &self.pattern);
            let live = live.await.map_err(|error| self.broke_off(error))?;
            let writer = Writer::new(format, live);
            let source = self;
            Ok::<_, BoxError>(Walk { source, writer }.pages(first))
        };
        Body::from_stream(stream::once(file).try_flatten())
    }

    /// The page itself. When it cannot be read the answer breaks off, so that nobody takes a part
    /// of it for the whole.
    async fn reach(&self, ahead: Ahead) -> Result<ExportPage, BoxError> {
        match ahead {
            Ahead::Page(page) => Ok(page),
            Ahead::At(next) => {
                let page = self.redirects.export(&self.caller, &self.pattern, next);
                page.await.map_err(|error| self.broke_off(error))
            }
        }
    }

    fn broke_off(&self, error: Error) -> BoxError {
        let request_id = &self.caller.request.request_id;
        let causes = Problem::from(error).causes().join(": ");
        tracing::error!(target: "http", request_id, causes, "export broke off");
        causes.into()
    }
}

impl Walk {
    fn pages(self, first: ExportPage) -> impl Stream<Item = Result<Bytes, BoxError>> {
        let begun = (self, Ahead::Page(first));
        stream::try_unfold(Some(begun), async |state| {
            let Some((mut walk, ahead)) = state else {
                return Ok::<_, BoxError>(None);
            };
            let page = walk.source.reach(ahead).await?;
            let mut text = walk.writer.write(page.leads);
            if page.next.is_none() {
                text.push_str(walk.writer.end());
            }
            let next = page.next.map(|next| (walk, Ahead::At(next)));
            Ok(Some((Bytes::from(text), next)))
        })
    }
}
