use axum::extract::State;
use tintero_domain::bylines::{Bylines, NewByline};

use super::{Byline, about};
use crate::{
    body::{Body, Members, Record, described},
    extract::Write,
    problem::Problem,
    respond::Created,
};

/// A byline to create.
pub(crate) struct CreateByline(NewByline);

impl Record for CreateByline {
    fn read(members: &mut Members) -> Option<Self> {
        let name = members.required("name", about::NAME);
        let slug = members.optional("slug", about::SLUG);
        let position = members.optional("position", about::POSITION);
        let bio = members.optional("bio", about::BIO);
        let image_id = members.optional("image_id", about::IMAGE);
        Some(Self(NewByline {
            name: name?,
            slug,
            position,
            bio,
            image_id,
        }))
    }
}

impl Body for CreateByline {
    const KEYED: bool = false;
}

described!(CreateByline);

/// Creates a byline.
#[utoipa::path(post, path = "/v1/bylines", tag = "bylines", security(("bearer" = [])),
    request_body(content = CreateByline, example = json!({"name": "Ana García", "position": "Arquitecta"})))]
pub(super) async fn create_byline(
    State(bylines): State<Bylines>,
    Write { caller, body }: Write<CreateByline>,
) -> Result<Created<Byline>, Problem> {
    let byline = bylines.create(&caller, body.0).await?;
    Ok(Created {
        location: format!("/v1/bylines/{}", byline.id),
        resource: byline.into(),
    })
}
