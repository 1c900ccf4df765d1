//! Everything that redirects, in the forms that web servers read.

mod json;
mod netlify;
mod nginx;
mod writer;

use axum::{body::Body, extract::State};
use bytes::Bytes;
use futures::stream;
use tintero_domain::{
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
/// for it. Statuses are 301 and 302, and 410 for what is in the trash.
#[utoipa::path(get, path = "/v1/redirects/export", tag = "redirects", security(("bearer" = [])), params(Wanted))]
pub(super) async fn export_redirects(
    State(redirects): State<Redirects>,
    caller: Caller,
    Query(Wanted { format, pattern }): Query<Wanted>,
) -> Result<Exported, Problem> {
    let start = Export::default();
    // What refuses the export refuses its first page, before anything is answered.
    let first = redirects.export(&caller, &pattern, start).await?;
    let walk = Walk {
        redirects,
        caller,
        pattern,
        writer: Writer::new(format),
    };
    Ok(Exported {
        media_type: format.media_type(),
        body: walk.body(first),
    })
}

/// An export on its way: one page of it at a time.
struct Walk {
    redirects: Redirects,
    caller: Caller,
    pattern: UrlPattern,
    writer: Writer,
}

enum Ahead {
    Page(ExportPage),
    At(Export),
}

impl Walk {
    fn body(self, first: ExportPage) -> Body {
        let begun = (self, Ahead::Page(first));
        Body::from_stream(stream::try_unfold(Some(begun), async |state| {
            let Some((mut walk, ahead)) = state else {
                return Ok::<_, BoxError>(None);
            };
            let page = walk.reach(ahead).await?;
            let mut text = walk.writer.write(page.leads);
            if page.next.is_none() {
                text.push_str(walk.writer.end());
            }
            let next = page.next.map(|next| (walk, Ahead::At(next)));
            Ok(Some((Bytes::from(text), next)))
        }))
    }

    /// The page itself. When it cannot be read the answer breaks off, so that nobody takes a part
    /// of it for the whole.
    async fn reach(&self, ahead: Ahead) -> Result<ExportPage, BoxError> {
        match ahead {
            Ahead::Page(page) => Ok(page),
            Ahead::At(next) => {
                let page = self.redirects.export(&self.caller, &self.pattern, next);
                page.await.map_err(|error| {
                    let request_id = &self.caller.request.request_id;
                    let causes = Problem::from(error).causes().join(": ");
                    tracing::error!(target: "http", request_id, causes, "export broke off");
                    causes.into()
                })
            }
        }
    }
}
