use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use tintero_domain::values::PostId;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{
        ArrayBuilder, KnownFormat, ObjectBuilder, Ref, RefOr, Response as Documented, SchemaFormat,
        Type,
    },
};

use super::{fields::FieldName, related::Included, row::PostRow, values::CommaList};
use crate::respond::Listed;

/// 200 with a page of posts, their related resources, and missing ids.
pub(in crate::routes::posts) struct PostPage(Listed<PostRow>);

impl PostPage {
    pub(super) fn new(
        mut listed: Listed<PostRow>,
        fields: Option<&CommaList<FieldName>>,
        included: Option<Included>,
        missing: Option<Vec<PostId>>,
    ) -> Self {
        if let Some(fields) = fields {
            listed = listed.map(|row| row.with(|name| fields.contains(name)));
        }
        if let Some(included) = included {
            listed = listed.with_member("included", &included);
        }
        if let Some(missing) = missing {
            let missing: Vec<_> = missing.iter().map(ToString::to_string).collect();
            listed = listed.with_member("missing", &missing);
        }
        Self(listed)
    }
}

impl IntoResponse for PostPage {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl IntoResponses for PostPage {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let id = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
        let missing = ArrayBuilder::new()
            .items(id)
            .description(Some("With `ids`: the ids that do not exist."));
        Listed::<PostRow>::documented(|page| {
            page.property("included", Ref::from_schema_name(Included::name()))
                .property("missing", missing)
        })
    }
}
