use utoipa::{
    Modify, OpenApi,
    openapi::{
        self,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::finish::{API_KEY, COOKIE, RATE_LIMITS, REQUEST_ID};
use crate::{
    auth, problem,
    respond::{self, field},
    routes::{self, posts},
    session_cookie,
};

/// The document without its operations.
///
/// Lists all views, because responses refer to them by name. A test fails if one is missing.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tintero",
        description = "A content API for blogs. Errors are returned as `application/problem+json` (RFC 9457). Updates are conditional \
            (`If-Match`). Lists are paginated with cursors. Unknown members and parameters are rejected.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    servers((url = "/", description = "The server of this document")),
    tags(
        (name = "posts", description = "Working copies for authors and published copies for readers."),
        (name = "categories", description = "The category tree of posts."),
        (name = "bylines", description = "Bylines: the authors shown on posts."),
        (name = "redirects", description = "Redirects of site paths."),
        (name = "site", description = "The settings of the site that shows the posts."),
        (name = "images", description = "Images: metadata and files."),
        (name = "operations", description = "Long-running operations and their progress."),
        (name = "accounts", description = "Sessions, tokens and the current user."),
        (name = "users", description = "Users, invitations and API keys."),
        (name = "audit", description = "The audit trail: who did what, and when."),
        (name = "operation", description = "Health checks and problem types."),
    ),
    components(schemas(
        posts::PostView, posts::PostSummary, posts::LivePost, posts::LivePostSummary, posts::PostRow, posts::SparseLivePost, posts::SparsePost, posts::Included, posts::CategoryNameView, posts::OwnerView, posts::RemovedPage,
        posts::BatchReport, posts::BatchResult, posts::TranslationView, posts::TranslationRow, posts::PublicTranslation, posts::LiveAddress, posts::PostPlan, posts::PostSource, posts::SeoView, posts::Reference,
        posts::RevisionRowView, posts::PostRevision, posts::PostDiff, posts::FieldDiffView, posts::BodyDiffView,
        posts::DiffHunkView, posts::DiffLineView, posts::AutosaveView, posts::RenderedText,
        routes::categories::CategoryView, routes::TagView, routes::bylines::BylineView,
        routes::images::ImageView, routes::images::ImageUsageView, routes::images::DirectUploadView,
        routes::operations::OperationView, routes::operations::OperationError, routes::operations::OperationLinks,
        routes::users::UserView, routes::users::InvitationView, routes::api_keys::ApiKeyView, routes::api_keys::IssuedApiKeyView,
        routes::api_keys::KeyOwner, routes::audit::AuditRecordView, routes::audit::AuditedResourceView,
        routes::Me, routes::Tokens, routes::SessionList, routes::PendingLogin, routes::SecondFactor, routes::PendingSecondFactor, routes::RecoveryCodes, routes::Issuer, routes::AuthorizationServer, routes::SessionView, routes::SignInIssuers, routes::SignInIssuer, routes::SiteView, routes::RedirectView, routes::Resolution, routes::UnknownAddressView, routes::ExportedRedirects, routes::ExportedRedirect, routes::Health, routes::Readiness, routes::ProblemKind,
        auth::Jwks, auth::Jwk, respond::PageLinks, respond::NewAddress,
        problem::ProblemDocument, problem::BatchProblem, problem::Violation, problem::MemberConflict, problem::BodyConflict, problem::ConflictHunk, problem::ConflictLinks, problem::ConflictUsage,
    )),
    modifiers(&Shared),
)]
struct Frame;

/// Adds the shared components: security schemes, problems, and the request id.
struct Shared;

impl Modify for Shared {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some(
                "An access token from `POST /v1/auth/login`, valid for 15 minutes.",
            ))
            .build();
        let key = ApiKeyValue::with_description(
            "Authorization",
            "An API key from `tintero keys issue`, with the scheme `ApiKey`: `ApiKey tin_…`. Its permissions are those of its \
             user's role that its scopes include.",
        );
        let cookie = ApiKeyValue::with_description(
            session_cookie::NAME,
            "The cookie of a browser, from `POST /v1/auth/login` with `session: cookie`. Over http its name is `tintero_session`. \
             Writes must come from a page of the same origin and have the header `X-Requested-With`, with any value. Ignored if the \
             request has an `Authorization` header.",
        );
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
        components.add_security_scheme(API_KEY, SecurityScheme::ApiKey(ApiKey::Header(key)));
        components.add_security_scheme(COOKIE, SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        components.responses.extend(problem::responses());
        components.schemas.extend(problem::schemas());
        let id = field("The id of the request, for support and logs");
        components.headers.insert(REQUEST_ID.to_owned(), id.into());
        let limits = [
            "What is left of each quota: `r` requests until the end of the minute, in `t` seconds",
            "The quotas: `q` requests in `w` seconds, of the network of the client (`address`) and of the `user`",
        ];
        for ((_, name), about) in RATE_LIMITS.into_iter().zip(limits) {
            let header = field(about);
            components.headers.insert(name.to_owned(), header.into());
        }
    }
}

/// Returns the document without its operations.
pub(super) fn frame() -> openapi::OpenApi {
    Frame::openapi()
}
