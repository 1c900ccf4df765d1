use axum::extract::State;
use tintero_domain::{
    access::ManagedKind,
    taxonomy::{Categories, NewCategory},
};

use super::{CategoryView, about, tagged};
use crate::{
    base_path::prefixed,
    body::{Body, Built, FieldReader, RequestObject, build, described},
    extract::Write,
    problem::Problem,
    respond::Created,
    routes::allowed::names,
};

/// A category to create.
pub(crate) struct CreateCategory(NewCategory);

impl RequestObject for CreateCategory {
    fn read(fields: &mut FieldReader) -> Built<Self> {
        let name = fields.required("name", about::NAME);
        let slug = fields.optional("slug", about::SLUG);
        let parent_id = fields.optional("parent_id", about::PARENT);
        build(move || {
            Some(Self(NewCategory {
                name: name?,
                slug,
                parent_id,
            }))
        })
    }
}

impl Body for CreateCategory {
    const KEYED: bool = false;
}

described!(CreateCategory);

/// Creates a category.
#[utoipa::path(post, path = "/v1/categories", tag = "categories", security(("bearer" = [])),
    request_body(content = CreateCategory, example = json!({"name": "Sin servidor"})))]
pub(super) async fn create_category(
    State(categories): State<Categories>,
    Write { caller, body }: Write<CreateCategory>,
) -> Result<Created<CategoryView>, Problem> {
    let created = categories.create(&caller, body.0).await?;
    Ok(Created {
        location: prefixed(format!("/v1/categories/{}", created.category.id)),
        resource: tagged(
            created,
            Some(names(caller.allowed_on(ManagedKind::Category))),
        ),
    })
}
