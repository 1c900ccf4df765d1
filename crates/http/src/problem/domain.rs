//! What a failed use case tells the client: one exhaustive match.

use serde_json::json;
use tintero_domain::{
    categories::{TooWide, Tree},
    error::{
        CategoryUse, CursorFault, Error, FieldErrors, IllegalTransition, SignInFault, TagUse,
        Unique,
    },
    posts::{SlugTaken, Transition},
    values::{PostId, Slug, Tag},
};

use super::{Kind, Place, Problem, Violation, challenge, conflict};
use crate::auth::TokenFault;

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound(resource) => {
                Self::new(Kind::NotFound).detail(format!("There is no such {resource}."))
            }
            Error::Gone(resource) => {
                Self::new(Kind::Gone).detail(format!("The {resource} was taken away on purpose."))
            }
            Error::Taken { unique, holder } => taken(&unique, holder),
            Error::SlugTaken(refused) => slug_taken(*refused),
            Error::Stale(conflict) => conflict::problem(*conflict),
            Error::Outdated(version) => conflict::outdated(version),
            Error::IllegalTransition(refused) => illegal(&refused),
            Error::Invalid(errors) => errors.into(),
            Error::BadCursor(fault) => bad_cursor(fault),
            Error::Forbidden(permission) => Self::new(Kind::Forbidden)
                .detail(format!(
                    "Your role, or the scopes of your API key, do not hold the permission {permission}."
                ))
                .member("permission", permission.as_str()),
            Error::Unauthenticated(fault) => not_signed_in(fault),
            Error::KeyReused => Self::new(Kind::IdempotencyKeyReused),
            Error::TagTaken { name, by } => tag_taken(&name, &by),
            Error::CategoryInUse(used) => in_use(used),
            Error::TooWide(wide) => too_wide(wide),
            Error::Contended => Self::new(Kind::Contended),
            unavailable @ Error::Unavailable(_) => {
                Self::new(Kind::Unavailable).because(unavailable)
            }
            // Only runners hold leases, and no request waits for one of them.
            inside @ (Error::Corrupt { .. } | Error::LeaseLost) => {
                Self::new(Kind::Internal).because(inside)
            }
        }
    }
}

impl From<FieldErrors> for Problem {
    fn from(errors: FieldErrors) -> Self {
        Self::violated(Kind::Invalid, errors.iter().map(Violation::from))
    }
}

impl From<TokenFault> for Problem {
    fn from(fault: TokenFault) -> Self {
        challenge::refused_token(&fault.to_string())
    }
}

fn taken(unique: &Unique, holder: Option<PostId>) -> Problem {
    let (kind, pointer) = match unique {
        Unique::Slug(_) | Unique::CategorySlug(_) | Unique::BylineSlug(_) => {
            (Kind::SlugTaken, "/slug")
        }
        Unique::OldPath(_) => (Kind::AliasTaken, "/aliases"),
        Unique::RedirectedPath(_) => (Kind::AliasTaken, "/from"),
        Unique::Translation(_) => (Kind::TranslationTaken, "/translation"),
        Unique::Source => (Kind::SourceTaken, "/source"),
        Unique::SourcePath(_) => (Kind::SourcePathTaken, "/source_path"),
        Unique::Email => (Kind::EmailTaken, "/email"),
    };
    let violation = Violation {
        place: Place::Pointer(pointer.to_owned()),
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

fn slug_taken(refused: SlugTaken) -> Problem {
    let SlugTaken {
        address,
        holder,
        free,
    } = refused;
    let free: Vec<_> = free.iter().map(Slug::as_str).collect();
    taken(&Unique::Slug(address), holder).member("suggestions", json!(free))
}

fn illegal(refused: &IllegalTransition) -> Problem {
    let IllegalTransition {
        attempted,
        status,
        legal,
    } = refused;
    let legal: Vec<_> = legal.iter().copied().map(Transition::as_str).collect();
    Problem::new(Kind::IllegalTransition)
        .detail(format!(
            "A post with status {status} does not allow: {attempted}."
        ))
        .member("post_status", *status)
        .member("legal", json!(legal))
}

fn too_wide(TooWide { lists }: TooWide) -> Problem {
    let most = Tree::MAX_LISTS;
    let detail = format!(
        "can be told for at most {most} categories with posts, and there are {lists}; name one further down"
    );
    Problem::violated(
        Kind::BadQuery,
        [Violation::parameter("descendants", "too_wide", detail)],
    )
}

fn in_use(used: CategoryUse) -> Problem {
    let advice = match used {
        CategoryUse::Children => "move them first",
        CategoryUse::Posts => "name the category that they shall go to with reassign_to",
    };
    Problem::new(Kind::CategoryInUse)
        .detail(format!("The category cannot go, because {used}: {advice}."))
}

fn tag_taken(name: &Tag, by: &TagUse) -> Problem {
    let advice = match by {
        TagUse::Posts => {
            "to put both tags together, merge this one into it: POST /v1/tags/{tag}/merge"
        }
        TagUse::Alias(_) => {
            "to put both tags together, merge this one into that: POST /v1/tags/{tag}/merge"
        }
        TagUse::Leaving => "its name can come back once that has ended; /v1/operations tells",
    };
    let detail = format!("the tag {name} is taken, because {by}: {advice}");
    let violation = Violation {
        place: Place::Pointer("/name".to_owned()),
        code: "taken",
        detail: detail.into(),
    };
    Problem::violated(Kind::TagTaken, [violation])
        .detail(format!("The tag {name} is taken, because {by}: {advice}."))
}

fn bad_cursor(fault: CursorFault) -> Problem {
    let violation = Violation::parameter("cursor", "bad_cursor", fault.to_string());
    Problem::violated(Kind::BadCursor, [violation])
        .detail(format!("The cursor is refused: {fault}."))
}

fn not_signed_in(fault: SignInFault) -> Problem {
    match fault {
        SignInFault::Credentials => challenge::bad_credentials(),
        SignInFault::RefreshToken | SignInFault::Revoked => {
            challenge::refused_token(&fault.to_string())
        }
        SignInFault::ApiKey => challenge::refused_key(&fault.to_string()),
    }
}
