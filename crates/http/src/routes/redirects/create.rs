use axum::extract::State;
use tintero_domain::{
    redirects::{NewRedirect, RedirectTarget, Redirects},
    values::{Code, Destination, PostId},
};

use super::view::{RedirectView, tagged};
use crate::{
    base_path::prefixed,
    body::{Body, Built, FieldReader, RequestObject, build, described},
    extract::Write,
    problem::Problem,
    respond::Created,
};

/// A new redirect, either `to` a location or to the post `post_id`.
pub(crate) struct CreateRedirect(NewRedirect);

impl RequestObject for CreateRedirect {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let about = "The path to redirect, raw or percent-encoded, without query and fragment.";
        let from = fields.required("from", about);
        let about = "The target: a path of the site or an absolute http or https URL.";
        let to = fields.optional("to", about);
        let about = "The target post. The redirect follows its current URL.";
        let post_id = fields.optional("post_id", about);
        let about = "False for a temporary redirect. Default: true.";
        let permanent = fields.optional("permanent", about);
        let target = target(fields, to, post_id);
        build(move || {
            Some(Self(NewRedirect {
                from: from?,
                target: target?,
                permanent: permanent.unwrap_or(true),
            }))
        })
    }
}

fn target(
    fields: &mut FieldReader,
    to: Option<Destination>,
    post_id: Option<PostId>,
) -> Option<RedirectTarget> {
    match (to, post_id) {
        (Some(location), None) => Some(RedirectTarget::Location(location)),
        (None, Some(id)) => Some(RedirectTarget::Post(id)),
        (Some(_), Some(_)) => {
            fields.reject("post_id", Code::Format, "must not be combined with to")
        }
        (None, None) => fields.reject("to", Code::Required, "is required, unless post_id is given"),
    }
}

impl Body for CreateRedirect {
    const KEYED: bool = false;
}

described!(CreateRedirect);

/// Creates a redirect.
///
/// Fails with 409 if the path is an alias of a post or is already redirected, and with 422 if the redirect would
/// create a loop.
#[utoipa::path(post, path = "/v1/redirects", tag = "redirects", security(("bearer" = [])),
    request_body(content = CreateRedirect, example = json!({"from": "/feed.xml", "to": "/rss.xml"})))]
pub(super) async fn create_redirect(
    State(redirects): State<Redirects>,
    Write { caller, body }: Write<CreateRedirect>,
) -> Result<Created<RedirectView>, Problem> {
    let redirect = redirects.create(&caller, body.0).await?;
    Ok(Created {
        location: prefixed(format!("/v1/redirects/{}", redirect.id)),
        resource: tagged(redirect, &caller),
    })
}
