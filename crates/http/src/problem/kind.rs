use http::StatusCode;

/// The kinds of refusals: one row of the catalogue each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    MalformedBody,
    BadQuery,
    BadPath,
    BadHeader,
    BadCursor,
    Unauthenticated,
    InvalidToken,
    BadCredentials,
    Forbidden,
    NotFound,
    UnknownRoute,
    MethodNotAllowed,
    IllegalTransition,
    SlugTaken,
    AliasTaken,
    SourceTaken,
    SourcePathTaken,
    TranslationTaken,
    EmailTaken,
    CategoryInUse,
    TagTaken,
    Contended,
    Gone,
    Stale,
    BodyTooLarge,
    UnsupportedMediaType,
    RangeNotSatisfiable,
    Invalid,
    IdempotencyKeyReused,
    PreconditionRequired,
    Internal,
    Unavailable,
    Overloaded,
    Timeout,
    NotReady,
}

/// One row of the catalogue: code, status, title, explanation.
type Row = (&'static str, StatusCode, &'static str, &'static str);

impl Kind {
    /// All kinds, in the catalogue's order.
    pub(crate) const ALL: [Self; 35] = [
        Self::MalformedBody,
        Self::BadQuery,
        Self::BadPath,
        Self::BadHeader,
        Self::BadCursor,
        Self::Unauthenticated,
        Self::InvalidToken,
        Self::BadCredentials,
        Self::Forbidden,
        Self::NotFound,
        Self::UnknownRoute,
        Self::MethodNotAllowed,
        Self::IllegalTransition,
        Self::SlugTaken,
        Self::AliasTaken,
        Self::SourceTaken,
        Self::SourcePathTaken,
        Self::TranslationTaken,
        Self::EmailTaken,
        Self::CategoryInUse,
        Self::TagTaken,
        Self::Contended,
        Self::Gone,
        Self::Stale,
        Self::BodyTooLarge,
        Self::UnsupportedMediaType,
        Self::RangeNotSatisfiable,
        Self::Invalid,
        Self::IdempotencyKeyReused,
        Self::PreconditionRequired,
        Self::Internal,
        Self::Unavailable,
        Self::Overloaded,
        Self::Timeout,
        Self::NotReady,
    ];

    #[rustfmt::skip]
    fn row(self) -> Row {
        match self {
            Self::MalformedBody => ("malformed_body", StatusCode::BAD_REQUEST, "The body is malformed",
                "The body must be one JSON text in UTF-8, nested at most 128 levels deep; an upload, a whole multipart form."),
            Self::BadQuery => ("bad_query", StatusCode::BAD_REQUEST, "The query string is refused",
                "A query parameter is unknown, repeated, malformed, or does not go with the others."),
            Self::BadPath => ("bad_path", StatusCode::BAD_REQUEST, "The path is malformed",
                "The path must be valid percent-encoded UTF-8 without NUL."),
            Self::BadHeader => ("bad_header", StatusCode::BAD_REQUEST, "A header field is refused",
                "A header field of the request is malformed or not accepted here."),
            Self::BadCursor => ("bad_cursor", StatusCode::BAD_REQUEST, "The cursor is refused",
                "A cursor continues the list that returned it, with the same parameters, for a limited time."),
            Self::Unauthenticated => ("unauthenticated", StatusCode::UNAUTHORIZED, "A token is needed",
                "Send an access token, Authorization: Bearer <token>, or an API key, Authorization: ApiKey <key>."),
            Self::InvalidToken => ("invalid_token", StatusCode::UNAUTHORIZED, "The token is not valid",
                "The token or API key is malformed, expired, revoked or not one of this service; sign in again, or use another key."),
            Self::BadCredentials => ("bad_credentials", StatusCode::UNAUTHORIZED, "Signing in failed",
                "The e-mail address or the password is wrong."),
            Self::Forbidden => ("forbidden", StatusCode::FORBIDDEN, "Not allowed",
                "Your role, or the scopes of your API key, do not hold the permission that this needs."),
            Self::NotFound => ("not_found", StatusCode::NOT_FOUND, "Not found",
                "There is no such resource, or you may not know of it."),
            Self::UnknownRoute => ("unknown_route", StatusCode::NOT_FOUND, "No such address",
                "Nothing is served at this path. Paths have no trailing slash; /docs lists them."),
            Self::MethodNotAllowed => ("method_not_allowed", StatusCode::METHOD_NOT_ALLOWED, "Method not allowed",
                "The resource does not know this method; the Allow field lists those that it knows."),
            Self::IllegalTransition => ("illegal_transition", StatusCode::CONFLICT, "Not possible in this status",
                "The post's status does not allow this; `legal` lists what it allows."),
            Self::SlugTaken => ("slug_taken", StatusCode::CONFLICT, "The slug is taken",
                "Something else has this slug; `holder` names the post that has it when it is known, and `suggestions` are free ones like it."),
            Self::AliasTaken => ("alias_taken", StatusCode::CONFLICT, "The old address is taken",
                "Another post or a redirect has this old address; `holder` names the post when it is known."),
            Self::SourceTaken => ("source_taken", StatusCode::CONFLICT, "The source is taken",
                "Another post was imported from this file; `holder` names it when it is known."),
            Self::SourcePathTaken => ("source_path_taken", StatusCode::CONFLICT, "The source path is taken",
                "An image of other bytes came from this path; GET /v1/images?source_path= shows it."),
            Self::TranslationTaken => ("translation_taken", StatusCode::CONFLICT, "There is a translation already",
                "The post has another translation into this language; `holder` names it when it is known."),
            Self::EmailTaken => ("email_taken", StatusCode::CONFLICT, "The e-mail address is taken",
                "Another user has this e-mail address."),
            Self::CategoryInUse => ("category_in_use", StatusCode::CONFLICT, "The category is in use",
                "Other categories belong to it, which have to be moved first, or posts are filed under it, which `reassign_to` moves."),
            Self::TagTaken => ("tag_taken", StatusCode::CONFLICT, "The tag is taken",
                "Published posts have this tag, or a tag stands for it. POST /v1/tags/{tag}/merge puts two tags together."),
            Self::Contended => ("contended", StatusCode::CONFLICT, "Too many writers at once",
                "Others keep changing the same things. Nothing was written; try again."),
            Self::Gone => ("gone", StatusCode::GONE, "Gone",
                "It was public once and was taken away on purpose."),
            Self::Stale => ("stale", StatusCode::PRECONDITION_FAILED, "Changed since it was read",
                "The write was based on an older state and was not made. Read again, merge, and send the current ETag."),
            Self::BodyTooLarge => ("body_too_large", StatusCode::PAYLOAD_TOO_LARGE, "The body is too large",
                "The body is larger than this service accepts."),
            Self::UnsupportedMediaType => ("unsupported_media_type", StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported media type",
                "The Content-Type is not one that this operation reads; `accepted` lists those that it reads."),
            Self::RangeNotSatisfiable => ("range_not_satisfiable", StatusCode::RANGE_NOT_SATISFIABLE, "The range lies behind the end",
                "The Content-Range field says how many bytes there are."),
            Self::Invalid => ("invalid", StatusCode::UNPROCESSABLE_ENTITY, "Some members are refused",
                "The body is well formed, but members of it break rules; `errors` lists all of them."),
            Self::IdempotencyKeyReused => ("idempotency_key_reused", StatusCode::UNPROCESSABLE_ENTITY, "The idempotency key was used before",
                "The Idempotency-Key came with another request in the last 24 hours; choose a new one."),
            Self::PreconditionRequired => ("precondition_required", StatusCode::PRECONDITION_REQUIRED, "If-Match is needed",
                "Send the ETag of the state that the write is based on: If-Match: \"<version>.<revision>\"."),
            Self::Internal => ("internal", StatusCode::INTERNAL_SERVER_ERROR, "Internal error",
                "Something broke on our side. The request_id finds it in the log."),
            Self::Unavailable => ("unavailable", StatusCode::SERVICE_UNAVAILABLE, "Temporarily unavailable",
                "What this service depends on does not answer at the moment; try again."),
            Self::Overloaded => ("overloaded", StatusCode::SERVICE_UNAVAILABLE, "Too many requests at once",
                "This instance works on as many requests as it can; try again."),
            Self::Timeout => ("timeout", StatusCode::SERVICE_UNAVAILABLE, "Timed out",
                "The request took too long and was given up. A write may have happened: read before you repeat it, or repeat it with its Idempotency-Key."),
            Self::NotReady => ("not_ready", StatusCode::SERVICE_UNAVAILABLE, "Not ready",
                "What this instance depends on cannot be used yet."),
        }
    }

    /// The stable name for programs.
    pub(crate) fn code(self) -> &'static str {
        self.row().0
    }

    /// The status of answers of this kind.
    pub(crate) fn status(self) -> StatusCode {
        self.row().1
    }

    /// What happened, in a few words; the same for every occurrence.
    pub(crate) fn title(self) -> &'static str {
        self.row().2
    }

    /// What it means and what to do.
    pub(crate) fn explanation(self) -> &'static str {
        self.row().3
    }

    /// The last segment of the address that explains the kind.
    pub(crate) fn slug(self) -> String {
        self.code().replace('_', "-")
    }

    /// The stable URI of the kind, relative to the public URL.
    pub(crate) fn type_uri(self) -> String {
        format!("/problems/{}", self.slug())
    }

    /// After how many seconds a repetition may succeed, for kinds that pass.
    pub(super) fn retry_after(self) -> Option<u32> {
        let passes = self.status() == StatusCode::SERVICE_UNAVAILABLE || self == Self::Contended;
        passes.then_some(1)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_kind_has_a_code_and_an_address_of_its_own() {
        let codes: HashSet<_> = Kind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), Kind::ALL.len());
        assert_eq!(Kind::SlugTaken.type_uri(), "/problems/slug-taken");
    }
}
