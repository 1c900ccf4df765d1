use serde::Serialize;
use tintero_domain::posts::{RemovalReason, RemovedAddress};
use utoipa::{ToSchema, openapi::Object};
use uuid::Uuid;

use crate::respond::names;

/// An address that left the lists of published posts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RemovedPage {
    /// The id of the post that was published at the address.
    id: Uuid,
    /// The readable part of the former URL.
    slug: String,
    /// The language (BCP 47) of the former URL.
    locale: String,
    #[schema(schema_with = reasons)]
    reason: &'static str,
}

fn reasons() -> Object {
    names(
        RemovalReason::ALL.map(RemovalReason::as_str),
        "The present state of the post. An archived post is still public at the address.",
    )
}

impl From<RemovedAddress> for RemovedPage {
    fn from(removed: RemovedAddress) -> Self {
        let RemovedAddress {
            id,
            address,
            reason,
        } = removed;
        Self {
            id: id.uuid(),
            slug: address.slug.into(),
            locale: address.locale.into(),
            reason: reason.as_str(),
        }
    }
}
