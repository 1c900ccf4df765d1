use std::{
    collections::{BTreeSet, HashMap},
    slice,
};

use super::{PathClaim, Redirects, Target};
use crate::{
    error::{Error, Resource, Result},
    freshness::Cacheable,
    values::{Address, Destination, OldPath, PostId},
};

/// Where a path of the site leads in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// Where to.
    pub to: Whither,
    /// True when every step on the way is for good.
    pub permanent: bool,
}

/// The end of a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whither {
    /// A post and where it is now.
    Post(PostId, Address),
    /// Somewhere else.
    Place(Destination),
}

/// A target, and whether the way to it is for good.
pub(super) type Leading = (Target, bool);

impl Redirects {
    /// Where a path of the site leads: past all redirects, never to another one.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Gone`] for a post that is in the trash.
    pub async fn resolve(&self, path: OldPath) -> Result<Cacheable<Resolved>> {
        let claims = self.ports.store.find_claims(slice::from_ref(&path)).await?;
        let claim = claims.into_values().next();
        let claim = claim.ok_or(Error::NotFound(Resource::Redirect))?;
        let ends = self.follow(vec![claim.leads()]).await?;
        match ends.into_iter().next() {
            Some((Target::Post(id), permanent)) => {
                let address = self.desk.current_address(id, Resource::Redirect).await?;
                Ok(address.map(|address| Resolved {
                    to: Whither::Post(id, address),
                    permanent,
                }))
            }
            Some((Target::Place(place), permanent)) => Ok(Cacheable {
                what: Resolved {
                    to: Whither::Place(place),
                    permanent,
                },
                quiet: None,
            }),
            None => Err(Error::NotFound(Resource::Redirect)),
        }
    }

    /// The ends of many ways at once. One that is longer than a redirect may be made is answered
    /// by the last step that is looked at.
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
        Target::Place(place) => place.own_path(),
        Target::Post(_) => None,
    }
}

/// One step on, where there is one.
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
