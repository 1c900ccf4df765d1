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
    /// Whether every redirect in the chain is permanent.
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

/// A target, and whether the redirects to it are permanent.
#[derive(Debug, Clone)]
pub(super) struct ResolvedChain {
    pub(super) target: RedirectTarget,
    pub(super) permanent: bool,
}

impl Redirects {
    /// Resolves a path to the end of its chain of redirects. Counts requests for unknown paths. A chain that has grown beyond
    /// [`MAX_STEPS`](Self::MAX_STEPS) ends at the last resolved step.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Gone`] for a post in the trash.
    pub async fn resolve(&self, path: OldPath) -> Result<Cacheable<ResolvedRedirect>> {
        let claims = self.ports.store.find_claims(slice::from_ref(&path)).await?;
        let claim = claims.into_values().next();
        let Some(claim) = claim else {
            self.count_unknown(path);
            return Err(Error::NotFound(Resource::Redirect));
        };
        let ends = self.follow(vec![claim.target()]).await?;
        let Some(ResolvedChain { target, permanent }) = ends.into_iter().next() else {
            return Err(Error::NotFound(Resource::Redirect));
        };
        match target {
            RedirectTarget::Post(id) => {
                let address = self.desk.current_address(id, Resource::Redirect).await?;
                Ok(address.map(|address| ResolvedRedirect {
                    to: ResolvedTarget::Post(id, address),
                    permanent,
                }))
            }
            RedirectTarget::Location(destination) => Ok(Cacheable {
                value: ResolvedRedirect {
                    to: ResolvedTarget::Location(destination),
                    permanent,
                },
                fresh_for: None,
            }),
        }
    }

    /// Resolves many paths at once. A chain longer than the limit for new redirects ends
    /// at the last resolved step.
    pub(super) async fn follow(
        &self,
        mut chains: Vec<ResolvedChain>,
    ) -> Result<Vec<ResolvedChain>> {
        for _ in 0..Self::MAX_STEPS {
            let paths: BTreeSet<_> = chains.iter().filter_map(own_path).collect();
            if paths.is_empty() {
                break;
            }
            let paths: Vec<_> = paths.into_iter().collect();
            let claims = self.ports.store.find_claims(&paths).await?;
            if claims.is_empty() {
                break;
            }
            for chain in &mut chains {
                follow_one(chain, &claims);
            }
        }
        Ok(chains)
    }
}

fn own_path(chain: &ResolvedChain) -> Option<OldPath> {
    match &chain.target {
        RedirectTarget::Location(destination) => destination.own_path(),
        RedirectTarget::Post(_) => None,
    }
}

/// Follows one redirect, if there is one.
fn follow_one(chain: &mut ResolvedChain, claims: &HashMap<OldPath, PathClaim>) {
    let claim = own_path(chain).and_then(|path| claims.get(&path));
    if let Some(claim) = claim {
        let next = claim.clone().target();
        chain.permanent &= next.permanent;
        chain.target = next.target;
    }
}
