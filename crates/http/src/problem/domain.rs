//! Converts domain errors to problems, in one exhaustive match.

use std::time::Duration;

use http::header;
use serde_json::{Value, json};
use tintero_domain::{
    error::{
        BylineUse, CategoryUse, CursorFault, Error, FieldErrors, IllegalTransition, ImageUsages,
        SignInFault, TagUse, Unique,
    },
    posts::{SlugTaken, Transition},
    taxonomy::{TooWide, Tree},
    text_work::{TextLimit, TooComplex},
    values::{Code, PostId, Slug, Tag, Timestamp, UserStatus},
};

use super::{Problem, ProblemType, Violation, ViolationLocation, challenge, conflict};
use crate::auth::TokenFault;

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound(resource) => {
                Self::new(ProblemType::NotFound).detail(format!("There is no such {resource}."))
            }
            Error::Gone(resource) => {
                Self::new(ProblemType::Gone).detail(format!("The {resource} was removed."))
            }
            Error::Taken { unique, holder } => taken(&unique, holder),
            Error::SlugTaken(taken) => slug_taken(*taken),
            Error::Stale(conflict) => conflict::problem(*conflict),
            Error::Outdated(version) => conflict::outdated(version),
            Error::IllegalTransition(transition) => illegal(&transition),
            Error::Invalid(errors) => errors.into(),
            Error::BadCursor(fault) => bad_cursor(fault),
            Error::Forbidden(permission) => Self::new(ProblemType::Forbidden)
                .detail(format!(
                    "Your role or the scopes of your API key do not include the permission {permission}."
                ))
                .member("permission", permission.as_str()),
            Error::Unauthenticated(fault) => not_signed_in(fault),
            Error::NotAdmitted(refusal) => {
                Self::new(ProblemType::NotAdmitted).detail(format!("Not admitted: {refusal}."))
            }
            Error::SessionRequired => Self::new(ProblemType::SessionRequired),
            Error::SecondFactorRequired => Self::new(ProblemType::SecondFactorRequired),
            Error::SecondFactorEnrolled => Self::new(ProblemType::SecondFactorEnrolled),
            Error::SignInTooOld(age) => challenge::sign_in_too_old(age),
            Error::SecretKeyMissing => Self::new(ProblemType::SecretKeyMissing),
            Error::TooManyAttempts(wait) => too_many_attempts(wait),
            Error::KeyReused => Self::new(ProblemType::IdempotencyKeyReused),
            Error::TagTaken { name, by } => tag_taken(&name, &by),
            Error::CategoryInUse(used) => in_use(used),
            Error::BylineInUse(used) => byline_in_use(&used),
            Error::ImageInUse(used) => image_in_use(used),
            Error::UserStatus(status) => user_status(status),
            Error::LastAdministrator => Self::new(ProblemType::LastAdministrator),
            Error::KeyInactive => Self::new(ProblemType::ApiKeyInactive),
            Error::TooManyKeys(max) => Self::new(ProblemType::TooManyApiKeys).detail(format!(
                "The user has {max} active API keys, the maximum. Revoke one first."
            )),
            Error::TooWide(wide) => too_wide(wide),
            Error::ForgottenChanges(earliest) => forgotten_changes(earliest),
            Error::TooComplex(exceeded) => too_complex(exceeded),
            Error::Busy => Self::new(ProblemType::Busy),
            Error::Contended => Self::new(ProblemType::Contended),
            unavailable @ Error::Unavailable(_) => {
                Self::new(ProblemType::Unavailable).because(unavailable)
            }
            full @ Error::StorageFull(_) => Self::new(ProblemType::StorageFull).because(full),
            // Only background operations hold leases, and only commands link identities.
            inside @ (Error::Corrupt { .. } | Error::LeaseLost | Error::IdentityTaken) => {
                Self::new(ProblemType::Internal).because(inside)
            }
        }
    }
}

impl From<FieldErrors> for Problem {
    fn from(errors: FieldErrors) -> Self {
        Self::violated(ProblemType::Invalid, errors.iter().map(Violation::from))
    }
}

impl From<TokenFault> for Problem {
    fn from(fault: TokenFault) -> Self {
        challenge::invalid_token(&fault.to_string())
    }
}

fn too_many_attempts(wait: Duration) -> Problem {
    // A client that waits for whole seconds must not be early.
    let seconds = wait.as_millis().div_ceil(1000).max(1);
    Problem::new(ProblemType::TooManyAttempts)
        .detail(format!(
            "Too many attempts were made; nothing was checked. Wait for {seconds} s."
        ))
        .header(header::RETRY_AFTER, &seconds.to_string())
}

fn taken(unique: &Unique, holder: Option<PostId>) -> Problem {
    let (kind, pointer) = match unique {
        Unique::Slug(_) | Unique::CategorySlug(_) | Unique::BylineSlug(_) => {
            (ProblemType::SlugTaken, "/slug")
        }
        Unique::OldPath(_) => (ProblemType::AliasTaken, "/aliases"),
        Unique::RedirectedPath(_) => (ProblemType::AliasTaken, "/from"),
        Unique::Translation(_) => (ProblemType::TranslationTaken, "/translation"),
        Unique::Source => (ProblemType::SourceTaken, "/source"),
        Unique::SourcePath(_) => (ProblemType::SourcePathTaken, "/source_path"),
        Unique::ImageBytes => (ProblemType::ImageExists, "/file"),
        Unique::Email => (ProblemType::EmailTaken, "/email"),
    };
    let violation = Violation {
        location: ViolationLocation::Pointer(pointer.to_owned()),
        code: "taken",
        detail: format!("the {unique} is already taken").into(),
    };
    let problem =
        Problem::violated(kind, [violation]).detail(format!("The {unique} is already taken."));
    match holder {
        Some(id) => problem.member("holder", id.to_string()),
        None => problem,
    }
}

fn slug_taken(conflict: SlugTaken) -> Problem {
    let SlugTaken {
        address,
        holder,
        free,
    } = conflict;
    let free: Vec<_> = free.iter().map(Slug::as_str).collect();
    taken(&Unique::Slug(address), holder).member("suggestions", json!(free))
}

fn illegal(transition: &IllegalTransition) -> Problem {
    let IllegalTransition {
        attempted,
        status,
        legal,
    } = transition;
    let legal: Vec<_> = legal.iter().copied().map(Transition::as_str).collect();
    Problem::new(ProblemType::IllegalTransition)
        .detail(format!(
            "A post with status {status} does not allow the transition {attempted}."
        ))
        .member("post_status", *status)
        .member("legal", json!(legal))
}

fn user_status(status: UserStatus) -> Problem {
    let status = status.as_str();
    Problem::new(ProblemType::UserStatus)
        .detail(format!("A user with status {status} does not allow this."))
        .member("user_status", status)
}

fn too_wide(TooWide { lists }: TooWide) -> Problem {
    let max = Tree::MAX_LISTS;
    let detail = format!(
        "supports at most {max} non-empty categories; this subtree has {lists}. Choose a narrower category."
    );
    Problem::violated(
        ProblemType::BadQuery,
        [Violation::parameter("descendants", "too_wide", detail)],
    )
}

fn forgotten_changes(earliest: Timestamp) -> Problem {
    let detail = format!(
        "must not be before {earliest}, because earlier changes are not known. Read the list without it instead"
    );
    Problem::violated(
        ProblemType::BadQuery,
        [Violation::parameter(
            "updated_since",
            Code::OutOfRange.as_str(),
            detail,
        )],
    )
}

fn too_complex(exceeded: TooComplex) -> Problem {
    let limit = exceeded.limit;
    let detail = format!("The text has {exceeded}. {}", limit.advice());
    // A comparison has no body.
    let is_rendering = !matches!(limit, TextLimit::DiffLines | TextLimit::DiffBytes);
    let violation = is_rendering.then(|| Violation {
        location: ViolationLocation::Pointer("/body".to_owned()),
        code: "too_complex",
        detail: format!("has {exceeded}").into(),
    });
    Problem::violated(ProblemType::TooComplex, violation)
        .detail(detail)
        .member("limit", limit.code())
        .member("max", limit.max())
}

fn in_use(used: CategoryUse) -> Problem {
    let advice = match used {
        CategoryUse::Children => "move them first",
        CategoryUse::Posts => "set reassign_to to the category that receives them",
    };
    Problem::new(ProblemType::CategoryInUse).detail(format!(
        "The category cannot be deleted because {used}: {advice}."
    ))
}

fn byline_in_use(used: &BylineUse) -> Problem {
    let BylineUse { count, posts } = used;
    let ids: Vec<_> = posts.iter().map(ToString::to_string).collect();
    let detail = "The byline cannot be deleted because posts name it: set reassign_to to the byline that replaces it.";
    Problem::new(ProblemType::BylineInUse)
        .detail(detail)
        .member("count", *count)
        .member("posts", json!(ids))
}

fn image_in_use(ImageUsages { posts, has_more }: ImageUsages) -> Problem {
    let usages = posts.into_iter().map(|(id, title)| {
        let title = String::from(title);
        json!({ "post_id": id.to_string(), "title": title })
    });
    Problem::new(ProblemType::ImageInUse)
        .detail("The image cannot be deleted because posts use it.")
        .member("usages", usages.collect::<Value>())
        .member("has_more", has_more)
}

fn tag_taken(name: &Tag, by: &TagUse) -> Problem {
    let advice = match by {
        TagUse::Posts => "to combine both tags, merge this one into it: POST /v1/tags/{tag}/merge",
        TagUse::Alias(_) => {
            "to combine both tags, merge this one into that tag: POST /v1/tags/{tag}/merge"
        }
        TagUse::Leaving => "the name is free after that operation; see /v1/operations",
    };
    let detail = format!("the tag {name} is taken because {by}: {advice}");
    let violation = Violation {
        location: ViolationLocation::Pointer("/name".to_owned()),
        code: "taken",
        detail: detail.into(),
    };
    Problem::violated(ProblemType::TagTaken, [violation])
        .detail(format!("The tag {name} is taken because {by}: {advice}."))
}

fn bad_cursor(fault: CursorFault) -> Problem {
    let violation = Violation::parameter("cursor", "bad_cursor", fault.to_string());
    Problem::violated(ProblemType::BadCursor, [violation])
        .detail(format!("The cursor is invalid: {fault}."))
}

fn not_signed_in(fault: SignInFault) -> Problem {
    match fault {
        SignInFault::Credentials => challenge::bad_credentials(),
        SignInFault::Code => challenge::bad_code(),
        SignInFault::Challenge
        | SignInFault::RefreshToken
        | SignInFault::Cookie
        | SignInFault::ResetToken
        | SignInFault::Revoked
        | SignInFault::Invitation => challenge::invalid_token(&fault.to_string()),
        SignInFault::ApiKey => challenge::invalid_key(&fault.to_string()),
    }
}
