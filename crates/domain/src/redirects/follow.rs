use std::{
    collections::{BTreeSet, HashMap},
    slice,
};

use super::{PathClaim, RedirectTarget, Redirects};
use crate::{
    error::{Error, Resource, Result},
    freshness::Cacheable,
    values::{Address, Destination, OldPath, PostId},
};

/// Final target of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedRedirect {
    /// The target.
    pub to: ResolvedTarget,
    /// Whether every redirect on the way is permanent.
    pub permanent: bool,
}

/// A final target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResolvedTarget {
    /// A post and its current address.
    Post(PostId, Address),
    /// Any other destination.
    Location(Destination),
}

/// A target, and whether the redirect to it is permanent.
pub(super) type Leading = (RedirectTarget, bool);

impl Redirects {
    /// Resolves a path through all redirects. The result is never another redirect.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Gone`] for a post in the trash.
    pub async fn resolve(&self, path: OldPath) -> Result<Cacheable<ResolvedRedirect>> {
        let claims = self.ports.store.find_claims(slice::from_ref(&path)).await?;
        let claim = claims.into_values().next();
        let claim = claim.ok_or(Error::NotFound(Resource::Redirect))?;
        let ends = self.follow(vec![claim.leads()]).await?;
        match ends.into_iter().next() {
            Some((RedirectTarget::Post(id), permanent)) => {
                let address = self.desk.current_address(id, Resource::Redirect).await?;
                Ok(address.map(|address| ResolvedRedirect {
                    to: ResolvedTarget::Post(id, address),
                    permanent,
                }))
            }
            Some((RedirectTarget::Location(place), permanent)) => Ok(Cacheable {
                value: ResolvedRedirect {
                    to: ResolvedTarget::Location(place),
                    permanent,
                },
                fresh_for: None,
            }),
            None => Err(Error::NotFound(Resource::Redirect)),
        }
    }

    /// Resolves many paths at once. A chain longer than the limit for new redirects ends
    /// at the last resolved step.
    pub(super) async fn follow(&self, mut ways: Vec<Leading>) -> Result<Vec<Leading>> {
        for _ in 0..Self::MAX_STEPS {
            let paths: BTreeSet<_> = ways.iter().filter_map(own_path).collect();
            if paths.is_empty() {
                break;
            }
            let paths: Vec<_> = paths.into_iter().collect();
            let claims = self.ports.store.find_claims(&paths).await?;
            if claims.is_empty() {
                break;
            }
            ways = ways.into_iter().map(|way| onward(way, &claims)).collect();
        }
        Ok(ways)
    }
}

fn own_path((target, _): &Leading) -> Option<OldPath> {
    match target {
        RedirectTarget::Location(place) => place.own_path(),
        RedirectTarget::Post(_) => None,
    }
}

/// Follows one redirect, if there is one.
fn onward(way: Leading, claims: &HashMap<OldPath, PathClaim>) -> Leading {
    let claim = own_path(&way).and_then(|path| claims.get(&path));
    match claim {
        Some(claim) => {
            let (target, permanent) = claim.clone().leads();
            (target, permanent && way.1)
        }
        None => way,
    }
}
