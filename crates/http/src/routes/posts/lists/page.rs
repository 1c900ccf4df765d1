use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{
        ArrayBuilder, KnownFormat, ObjectBuilder, Ref, RefOr, Response as Documented, SchemaFormat,
        Type,
    },
};

use super::{fields::FieldName, related::Included, removed::RemovedPage, row::PostRow};
use crate::{respond::Listed, routes::posts::comma_list::CommaList};

/// 200 with a page of posts, their related resources, and missing ids.
pub(in crate::routes::posts) struct PostPage(Listed<PostRow>);

impl PostPage {
    pub(super) fn new(mut listed: Listed<PostRow>, fields: Option<&CommaList<FieldName>>) -> Self {
        if let Some(fields) = fields {
            listed = listed.map(|row| row.with(|name| fields.contains(name)));
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
        let removed = ArrayBuilder::new()
            .items(Ref::from_schema_name(RemovedPage::name()))
            .description(Some(
                "Published posts with `updated_since`: the addresses that left the lists and have no published post now.",
            ));
        let next_since = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some(
                "Published posts with `updated_since`: the value of `updated_since` for the next build.",
            ));
        Listed::<PostRow>::documented(|page| {
            page.property("included", Ref::from_schema_name(Included::name()))
                .property("missing", missing)
                .property("removed", removed)
                .property("next_updated_since", next_since)
        })
    }
}
