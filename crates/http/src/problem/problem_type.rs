use http::StatusCode;

/// Code, status, title and explanation.
type Description = (&'static str, StatusCode, &'static str, &'static str);

macro_rules! problem_types {
    ($($name:ident: $code:literal, $status:ident, $title:literal, $explanation:literal;)*) => {
        /// The problem types.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum ProblemType {
            $($name,)*
        }

        impl ProblemType {
            /// All types, in the order of the catalogue.
            pub(crate) const ALL: [Self; [$($code),*].len()] = [$(Self::$name),*];

            fn description(self) -> Description {
                match self {
                    $(Self::$name => ($code, StatusCode::$status, $title, $explanation),)*
                }
            }
        }
    };
}

problem_types! {
    MalformedBody: "malformed_body", BAD_REQUEST, "The body is malformed",
        "The body must be one JSON text in UTF-8 with at most 128 levels, or a complete multipart form for uploads.";
    BadQuery: "bad_query", BAD_REQUEST, "The query string is invalid",
        "A query parameter is unknown, repeated, malformed, or not allowed in combination with the others.";
    BadPath: "bad_path", BAD_REQUEST, "The path is malformed",
        "The path must be valid percent-encoded UTF-8 without NUL.";
    BadHeader: "bad_header", BAD_REQUEST, "A header is invalid",
        "A header of the request is malformed or not supported by this operation.";
    BadCursor: "bad_cursor", BAD_REQUEST, "The cursor is invalid",
        "A cursor is valid for a limited time, only for the list that returned it and with the same parameters.";
    Unauthenticated: "unauthenticated", UNAUTHORIZED, "Authentication required",
        "Send an access token (Authorization: Bearer <token>), an API key (Authorization: ApiKey <key>) or a session cookie.";
    InvalidToken: "invalid_token", UNAUTHORIZED, "The token is invalid",
        "The token, API key or session cookie is malformed, expired, revoked or unknown. Sign in again, or use another key.";
    BadCredentials: "bad_credentials", UNAUTHORIZED, "Sign-in failed",
        "The e-mail address or the password is wrong.";
    BadCode: "bad_code", UNAUTHORIZED, "The code is wrong",
        "The code of the second factor is wrong or was used before. Wait for the next code of the authenticator.";
    SignInTooOld: "sign_in_too_old", UNAUTHORIZED, "Sign in again",
        "The operation changes access. Users with a second factor must have signed in with it in the last `max_age` seconds.";
    Forbidden: "forbidden", FORBIDDEN, "Permission denied",
        "Your role or the scopes of your API key do not include the required permission.";
    NotAdmitted: "not_admitted", FORBIDDEN, "No user or role for this identity",
        "The token of the foreign issuer is valid, but its person has no user here or gets no role. An administrator can link the identity to a user.";
    CrossSiteRequest: "cross_site_request", FORBIDDEN, "Not from a page of this server",
        "Writes with a session cookie must come from a page of this server, with the header X-Requested-With. Programs send an access token or an API key.";
    SessionRequired: "session_required", FORBIDDEN, "A session is required",
        "The operation manages the account of the caller and accepts neither API keys nor tokens of foreign issuers. Sign in and send an access token or a session cookie.";
    SecondFactorRequired: "second_factor_required", FORBIDDEN, "A second factor is required",
        "Your role requires a second factor. Enrol one with POST /v1/me/second-factor, or sign in at your issuer with one.";
    NotFound: "not_found", NOT_FOUND, "Not found",
        "The resource does not exist, or you have no permission to see it.";
    UnknownRoute: "unknown_route", NOT_FOUND, "Unknown path",
        "No operation has this path. Paths have no trailing slash; see /docs.";
    MethodNotAllowed: "method_not_allowed", METHOD_NOT_ALLOWED, "Method not allowed",
        "The resource does not support this method. The Allow header lists the supported methods.";
    IllegalTransition: "illegal_transition", CONFLICT, "Not allowed in this status",
        "The status of the post does not allow this transition. `legal` lists the allowed transitions.";
    SlugTaken: "slug_taken", CONFLICT, "The slug is taken",
        "Another resource has this slug. `holder` is the id of the post, if known; `suggestions` are similar free slugs.";
    AliasTaken: "alias_taken", CONFLICT, "The alias is taken",
        "Another post or a redirect has this path. `holder` is the id of the post, if known.";
    SourceTaken: "source_taken", CONFLICT, "The source is taken",
        "Another post was imported from this file. `holder` is its id, if known.";
    SourcePathTaken: "source_path_taken", CONFLICT, "The source path is taken",
        "Another image has this source path. GET /v1/images?source_path= returns it.";
    TranslationTaken: "translation_taken", CONFLICT, "The translation exists",
        "The post already has a translation in this locale. `holder` is its id, if known.";
    EmailTaken: "email_taken", CONFLICT, "The e-mail address is taken",
        "Another user has this e-mail address.";
    CategoryInUse: "category_in_use", CONFLICT, "The category is in use",
        "The category has subcategories, which must be moved first, or posts, which `reassign_to` moves.";
    BylineInUse: "byline_in_use", CONFLICT, "The byline is in use",
        "Published or scheduled posts name the byline; `count` is their number and `posts` the ids of the first ones. `reassign_to` names the byline that replaces it.";
    ImageInUse: "image_in_use", CONFLICT, "The image is in use",
        "Posts use the image. `usages` names the first ones; GET /v1/images/{id}/usages lists all. Callers who may edit all posts can delete it with `force=true`.";
    ImageExists: "image_exists", CONFLICT, "The image exists",
        "Another image has the same file.";
    UserStatus: "user_status", CONFLICT, "Not allowed in this status",
        "The status of the user does not allow the change. `allowed` of the user lists what is possible.";
    LastAdministrator: "last_administrator", CONFLICT, "The last administrator",
        "The user is the last active administrator. Make another user an administrator first.";
    ApiKeyInactive: "api_key_inactive", CONFLICT, "The API key is not active",
        "The API key has expired or was revoked. Create another one.";
    SecondFactorEnrolled: "second_factor_enrolled", CONFLICT, "A second factor is enrolled",
        "Remove the second factor before another one is enrolled.";
    TooManyApiKeys: "too_many_api_keys", CONFLICT, "Too many API keys",
        "The user has the maximum number of active API keys. Revoke one first.";
    TagTaken: "tag_taken", CONFLICT, "The tag is taken",
        "Published posts have this tag, or it is an alias of another tag. POST /v1/tags/{tag}/merge combines two tags.";
    Contended: "contended", CONFLICT, "Too many concurrent writes",
        "Concurrent writes changed the same resource repeatedly. Nothing was written; try again.";
    Gone: "gone", GONE, "Gone",
        "The resource was public and has been removed.";
    Stale: "stale", PRECONDITION_FAILED, "Outdated version",
        "The write is based on an outdated version and was rejected. Read the resource again, merge, and send the current ETag.";
    RequestTimeout: "request_timeout", REQUEST_TIMEOUT, "The request arrives too slowly",
        "The client sent the body more slowly than the server's minimum rate. Nothing was written; try again over a faster connection.";
    BodyTooLarge: "body_too_large", PAYLOAD_TOO_LARGE, "The body is too large",
        "The body exceeds the maximum size of this operation.";
    UnsupportedMediaType: "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "Unsupported media type",
        "The operation does not support this Content-Type. `accepted` lists the supported ones.";
    RangeNotSatisfiable: "range_not_satisfiable", RANGE_NOT_SATISFIABLE, "Range not satisfiable",
        "The range starts behind the end. The Content-Range header contains the length.";
    Invalid: "invalid", UNPROCESSABLE_ENTITY, "Invalid members",
        "The body is well formed, but has invalid members. `errors` lists them.";
    TooComplex: "too_complex", UNPROCESSABLE_ENTITY, "The text is too complex",
        "Rendering or comparing the text would take too much work, memory or output. `limit` and `max` name the exceeded limit; `detail` says what to do.";
    IdempotencyKeyReused: "idempotency_key_reused", UNPROCESSABLE_ENTITY, "The idempotency key was already used",
        "The Idempotency-Key was used for a different request in the last 24 hours. Use a new key.";
    PreconditionRequired: "precondition_required", PRECONDITION_REQUIRED, "If-Match required",
        "Send the ETag of the version that the write is based on: If-Match: \"<version>.<revision>\".";
    TooManyAttempts: "too_many_attempts", TOO_MANY_REQUESTS, "Too many attempts",
        "Too many attempts were made from this network, at this account or in total. Nothing was checked; wait for the time in Retry-After.";
    RateLimited: "rate_limited", TOO_MANY_REQUESTS, "Too many requests",
        "More requests of this address or user than the quota in RateLimit-Policy. Nothing was done; wait for the time in Retry-After.";
    Internal: "internal", INTERNAL_SERVER_ERROR, "Internal error",
        "The server failed to process the request. The log contains the error with this request_id.";
    SecretKeyMissing: "secret_key_missing", NOT_IMPLEMENTED, "The key for secrets is missing",
        "The instance has no key with which it can encrypt or decrypt the secret of a second factor. Recovery codes work. The operator sets TINTERO_SECRET_KEYS.";
    AnswerTooLarge: "answer_too_large", INTERNAL_SERVER_ERROR, "The answer is too large",
        "The instance cannot deliver an answer of this size. A write was applied. Ask for fewer items with `limit`, or for fewer members with `fields`.";
    Unavailable: "unavailable", SERVICE_UNAVAILABLE, "Temporarily unavailable",
        "A dependency of the server does not respond. Try again.";
    Overloaded: "overloaded", SERVICE_UNAVAILABLE, "Too many concurrent requests",
        "The instance processes the maximum number of requests. Try again.";
    Busy: "busy", SERVICE_UNAVAILABLE, "Too much work on texts or images",
        "Too many renderings, comparisons, merges or smaller copies of images are waiting, in total or of this caller. Nothing was written; try again.";
    Timeout: "timeout", SERVICE_UNAVAILABLE, "Timed out",
        "The request exceeded the time limit. A write may have been applied: read the resource first, or repeat the request with its Idempotency-Key.";
    StorageFull: "storage_full", INSUFFICIENT_STORAGE, "The disk is full",
        "The disk of the server is full. Nothing was written; reads work. Free or add disk space, then try again.";
    NotReady: "not_ready", SERVICE_UNAVAILABLE, "Not ready",
        "A dependency of the instance is not available.";
}

impl ProblemType {
    /// Returns the stable code.
    pub(crate) fn code(self) -> &'static str {
        self.description().0
    }

    /// Returns the status.
    pub(crate) fn status(self) -> StatusCode {
        self.description().1
    }

    /// Returns a short summary, equal for all occurrences.
    pub(crate) fn title(self) -> &'static str {
        self.description().2
    }

    /// Returns the meaning and how to fix the request.
    pub(crate) fn explanation(self) -> &'static str {
        self.description().3
    }

    /// Returns the last segment of the type URI.
    pub(crate) fn slug(self) -> String {
        self.code().replace('_', "-")
    }

    /// Returns the type URI, relative to the public URL.
    pub(crate) fn type_uri(self) -> String {
        format!("/problems/{}", self.slug())
    }

    /// Returns the seconds for `Retry-After`, for temporary problems.
    pub(super) fn retry_after(self) -> Option<u32> {
        let is_temporary =
            self.status() == StatusCode::SERVICE_UNAVAILABLE || self == Self::Contended;
        is_temporary.then_some(1)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_type_uris_contain_them() {
        let codes: HashSet<_> = ProblemType::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), ProblemType::ALL.len());
        assert_eq!(ProblemType::SlugTaken.type_uri(), "/problems/slug-taken");
    }
}
