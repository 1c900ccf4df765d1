use serde::Serialize;
use tintero_domain::{
    redirects::{self, Target},
    values::{Version, VersionTag},
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::{Tagged, View};

/// A path that leads elsewhere because somebody said so.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Redirect {
    /// Which redirect.
    id: Uuid,
    /// The path that it leads away from, percent-decoded.
    from: String,
    /// Where it leads: a path of the site or a URL; null when it leads to a post.
    #[schema(format = "uri-reference", required)]
    to: Option<String>,
    /// The post to which it leads, wherever that is.
    #[schema(required)]
    post_id: Option<Uuid>,
    /// True when clients may forget the old path.
    permanent: bool,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// Who made it.
    created_by: Uuid,
}

impl From<redirects::Redirect> for Redirect {
    fn from(redirect: redirects::Redirect) -> Self {
        let redirects::Redirect {
            id,
            from,
            target,
            permanent,
            created_at,
            created_by,
        } = redirect;
        let (to, post_id) = match target {
            Target::Place(place) => (Some(place.into()), None),
            Target::Post(id) => (None, Some(id.uuid())),
        };
        Self {
            id: id.uuid(),
            from: from.into(),
            to,
            post_id,
            permanent,
            created_at: created_at.into(),
            created_by: created_by.uuid(),
        }
    }
}

impl From<redirects::Redirect> for Tagged<Redirect> {
    fn from(redirect: redirects::Redirect) -> Self {
        Self {
            // It never changes.
            tag: VersionTag::of(Version::FIRST),
            modified: redirect.created_at,
            replayed: false,
            embeds: false,
            view: redirect.into(),
        }
    }
}

impl View for Redirect {
    fn example() -> Self {
        Self {
            id: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad7),
            from: "/feed.xml".to_owned(),
            to: Some("/rss.xml".to_owned()),
            post_id: None,
            permanent: true,
            created_at: "2026-11-22T10:00:00.000Z".to_owned(),
            created_by: Uuid::from_u128(0x0191_2d68_783e_7a03_8467_5661_c124_3ad5),
        }
    }
}
