//! Tags: free keywords of posts.

mod merge;
mod read;
mod rename;

use utoipa::{
    IntoParams,
    openapi::{
        Required,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use read::TagView;

use crate::{app::App, body::Text};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read::list_tags))
        .routes(routes!(rename::rename_tag))
        .routes(routes!(merge::merge_tag))
}

/// Path parameters.
struct TagParams;

impl IntoParams for TagParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let tag = ParameterBuilder::new()
            .name("tag")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("The tag, percent-encoded, in any letter case."))
            .schema(Some(tintero_domain::values::Tag::schema()));
        vec![tag.build()]
    }
}
