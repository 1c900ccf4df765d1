use utoipa::{
    Modify, OpenApi,
    openapi::{
        self,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::finish::{API_KEY, REQUEST_ID};
use crate::{
    auth, problem,
    respond::{self, field},
    routes::{self, posts},
};

/// The document without its operations.
///
/// Views are listed here because answers refer to them by name; a test finds those that are not.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tintero",
        description = "A content API for blogs. Errors are `application/problem+json` (RFC 9457), writes to what \
            exists are conditional (`If-Match`), and lists go on with cursors. Unknown members and parameters are refused by name.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    servers((url = "/", description = "Where this document came from")),
    tags(
        (name = "posts", description = "Working copies for authors, live copies for everybody."),
        (name = "categories", description = "The tree under which posts are filed."),
        (name = "bylines", description = "Who is credited with posts."),
        (name = "redirects", description = "Paths of the site that lead elsewhere."),
        (name = "images", description = "What posts show, and where its bytes are."),
        (name = "operations", description = "What takes longer than a request, and how far it is."),
        (name = "accounts", description = "Signing in, and who one is."),
        (name = "operation", description = "Health, and what refusals mean."),
    ),
    components(schemas(
        posts::Post, posts::PostSummary, posts::LivePost, posts::LivePostSummary, posts::PostRow, posts::SparsePost, posts::Included, posts::CategoryName,
        posts::BatchReport, posts::BatchResult, posts::Translation, posts::TranslationRow, posts::PublicTranslation, posts::LiveAddress, posts::PostPlan, posts::PostSource, posts::Seo, posts::Reference,
        posts::RevisionRow, posts::PostRevision, posts::PostDiff, posts::FieldDiff, posts::BodyDiff,
        posts::DiffHunk, posts::DiffLine, posts::Autosave,
        routes::categories::Category, routes::Tag, routes::bylines::Byline,
        routes::images::Image,
        routes::operations::Operation, routes::operations::OperationError, routes::operations::OperationLinks,
        routes::Me, routes::Tokens, routes::Redirect, routes::Resolution, routes::ExportedRedirects, routes::ExportedRedirect, routes::Health, routes::Readiness, routes::ProblemKind,
        auth::Jwks, auth::Jwk, respond::PageLinks, respond::NewAddress,
        problem::ProblemDocument, problem::Violation, problem::Place,
    )),
    modifiers(&Shared),
)]
struct Frame;

/// What operations refer to: the ways to say who calls, the refusals, the name of every request.
struct Shared;

impl Modify for Shared {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some(
                "An access token of `POST /v1/auth/login`, worth something for 15 minutes.",
            ))
            .build();
        let key = ApiKeyValue::with_description(
            "Authorization",
            "An API key of `tintero keys issue`, after the word `ApiKey`: `ApiKey tin_…`. It may do what the role of its \
             user and its own scopes both hold.",
        );
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
        components.add_security_scheme(API_KEY, SecurityScheme::ApiKey(ApiKey::Header(key)));
        components.responses.extend(problem::responses());
        let named = field("Names the request in our log");
        components
            .headers
            .insert(REQUEST_ID.to_owned(), named.into());
    }
}

/// The document without its operations.
pub(crate) fn frame() -> openapi::OpenApi {
    Frame::openapi()
}
