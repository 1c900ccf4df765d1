use serde::Serialize;
use tintero_domain::{
    access::{Caller, ManagedKind},
    redirects::{self, RedirectTarget},
    values::{Version, VersionTag},
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    respond::{Tagged, View},
    routes::allowed::names,
};

/// A redirect.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Redirect)]
pub(crate) struct RedirectView {
    /// The id of the redirect.
    id: Uuid,
    /// The redirected path, percent-decoded.
    from: String,
    /// The target: a path of the site or a URL; null if the target is a post.
    #[schema(format = "uri-reference", required)]
    to: Option<String>,
    /// The id of the target post; null if the target is not a post.
    #[schema(required)]
    post_id: Option<Uuid>,
    /// True for permanent redirects.
    permanent: bool,
    /// Time of creation.
    #[schema(format = DateTime)]
    created_at: String,
    /// The user who created the redirect.
    created_by: Uuid,
    /// The actions that the caller may perform now.
    allowed: Vec<&'static str>,
}

impl RedirectView {
    /// Describes a redirect to a caller.
    pub(super) fn of(redirect: redirects::Redirect, caller: &Caller) -> Self {
        let redirects::Redirect {
            id,
            from,
            target,
            permanent,
            created_at,
            created_by,
        } = redirect;
        let (to, post_id) = match target {
            RedirectTarget::Location(location) => (Some(location.into()), None),
            RedirectTarget::Post(id) => (None, Some(id.uuid())),
        };
        Self {
            id: id.uuid(),
            from: from.into(),
            to,
            post_id,
            permanent,
            created_at: created_at.into(),
            created_by: created_by.uuid(),
            allowed: names(caller.allowed_on(ManagedKind::Redirect)),
        }
    }
}

/// Returns the answer with a redirect.
pub(super) fn tagged(redirect: redirects::Redirect, caller: &Caller) -> Tagged<RedirectView> {
    // Redirects never change, but the permissions of the caller do.
    let tag = VersionTag::of(Version::FIRST);
    let modified = redirect.created_at;
    Tagged {
        has_derived: true,
        ..Tagged::new(RedirectView::of(redirect, caller), tag, modified)
    }
}

impl View for RedirectView {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad7),
            from: "/feed.xml".to_owned(),
            to: Some("/rss.xml".to_owned()),
            post_id: None,
            permanent: true,
            created_at: "2026-11-22T10:00:00.000Z".to_owned(),
            created_by: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad5),
            allowed: vec!["delete"],
        }
    }
}
