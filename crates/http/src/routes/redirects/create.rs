use axum::extract::State;
use tintero_domain::{
    redirects::{NewRedirect, Redirects, Target},
    values::{Code, Destination, PostId},
};

use super::Redirect;
use crate::{
    body::{Body, Members, Record, described},
    extract::Write,
    problem::Problem,
    respond::{Created, Tagged},
};

/// A redirect to make. It leads `to` an address or to the post of `post_id`.
pub(crate) struct CreateRedirect(NewRedirect);

impl Record for CreateRedirect {
    fn read(members: &mut Members) -> Option<Self> {
        let from = members.required(
            "from",
            "The path that it leads away from, raw or percent-encoded, without query and fragment.",
        );
        let to = members.optional("to", "A path of the site or an absolute http or https URL.");
        let post_id = members.optional("post_id", "The post to which it leads, wherever that is.");
        let permanent = members.optional("permanent", "False for a while only; true when absent.");
        let target = target(members, to, post_id);
        Some(Self(NewRedirect {
            from: from?,
            target: target?,
            permanent: permanent.unwrap_or(true),
        }))
    }
}

fn target(
    members: &mut Members,
    to: Option<Destination>,
    post_id: Option<PostId>,
) -> Option<Target> {
    match (to, post_id) {
        (Some(place), None) => Some(Target::Place(place)),
        (None, Some(id)) => Some(Target::Post(id)),
        (Some(_), Some(_)) => members.refuse("post_id", Code::Format, "does not go with to"),
        (None, None) => members.refuse("to", Code::Required, "must be given, unless post_id is"),
    }
}

impl Body for CreateRedirect {
    const KEYED: bool = false;
}

described!(CreateRedirect);

/// Makes a redirect.
///
/// A path that a post had or that redirects already is refused, and so is a way that leads back to
/// where it begins.
#[utoipa::path(post, path = "/v1/redirects", tag = "redirects", security(("bearer" = [])),
    request_body(content = CreateRedirect, example = json!({"from": "/feed.xml", "to": "/rss.xml"})))]
pub(super) async fn create_redirect(
    State(redirects): State<Redirects>,
    Write { caller, body }: Write<CreateRedirect>,
) -> Result<Created<Redirect>, Problem> {
    let redirect = redirects.create(&caller, body.0).await?;
    Ok(Created {
        location: format!("/v1/redirects/{}", redirect.id),
        resource: Tagged::from(redirect),
    })
}
