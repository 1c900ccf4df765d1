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

use super::{related::Included, row::PostRow};
use crate::respond::Listed;

/// 200 with a page of posts, and what was asked for beside them.
pub(in crate::routes::posts) struct PostPage(Listed<PostRow>);

impl PostPage {
    pub(super) fn new(listed: Listed<PostRow>, included: Option<Included>) -> Self {
        Self(match included {
            Some(included) => listed.beside("included", &included),
            None => listed,
        })
    }

    /// The same, naming what is not there.
    pub(super) fn without(self, missing: &[PostId]) -> Self {
        let missing: Vec<_> = missing.iter().map(ToString::to_string).collect();
        Self(self.0.beside("missing", &missing))
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
            .description(Some("With `ids`: those that are not there."));
        Listed::<PostRow>::documented(|page| {
            page.property("included", Ref::from_schema_name(Included::name()))
                .property("missing", missing)
        })
    }
}
