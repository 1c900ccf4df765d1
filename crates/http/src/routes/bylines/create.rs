use axum::extract::State;
use tintero_domain::{
    access::ManagedKind,
    bylines::{Bylines, NewByline},
};

use super::{BylineView, about, tagged};
use crate::{
    base_path::prefixed,
    body::{Body, Built, FieldReader, RequestObject, build, described},
    extract::Write,
    problem::Problem,
    respond::Created,
    routes::allowed::names,
};

/// A new byline.
pub(crate) struct CreateByline(NewByline);

impl RequestObject for CreateByline {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let name = fields.required("name", about::NAME);
        let slug = fields.optional("slug", about::SLUG);
        let position = fields.optional("position", about::POSITION);
        let bio = fields.optional("bio", about::BIO);
        let image_id = fields.optional("image_id", about::IMAGE);
        let user_id = fields.optional("user_id", about::USER);
        build(move || {
            Some(Self(NewByline {
                name: name?,
                slug,
                position,
                bio,
                image_id,
                user_id,
            }))
        })
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
) -> Result<Created<BylineView>, Problem> {
    let byline = bylines.create(&caller, body.0).await?;
    Ok(Created {
        location: prefixed(format!("/v1/bylines/{}", byline.id)),
        resource: tagged(byline, Some(names(caller.allowed_on(ManagedKind::Byline)))),
    })
}
