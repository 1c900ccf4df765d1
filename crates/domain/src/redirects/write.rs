use std::slice;

use super::{ChainLink, NewRedirect, PathClaim, Redirect, RedirectTarget, Redirects};
use crate::{
    access::{Caller, Permission},
    audit::AuditAction,
    error::{Error, FieldErrors, Resource, Result},
    page::{Page, PageRequest},
    values::{Code, RedirectId},
    writes::WriteOutcome,
};

/// Attempts to create a redirect whose chain changes concurrently.
const ATTEMPTS: usize = 3;

impl Redirects {
    /// Creates a redirect.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Taken`], [`Error::Contended`]; [`Error::Invalid`] if it
    /// would form a loop or a chain that is too long.
    pub async fn create(&self, caller: &Caller, new: NewRedirect) -> Result<Redirect> {
        caller.require(Permission::ManageRedirects)?;
        let now = self.ports.clock.now();
        let redirect = Redirect {
            id: RedirectId::new(self.ports.ids.next()),
            from: new.from,
            target: new.target,
            permanent: new.permanent,
            created_at: now,
            created_by: caller.user_id,
        };
        for _ in 0..ATTEMPTS {
            let way = self.way(&redirect).await?;
            let context = caller.context(AuditAction::CreateRedirect, self.ports.ids.as_ref(), now);
            match self.ports.store.insert(&context, &redirect, &way).await? {
                WriteOutcome::Applied => return Ok(redirect),
                WriteOutcome::Conflict => {}
            }
        }
        Err(Error::Contended)
    }

    /// All paths on the chain of a redirect. The store verifies them in the transaction, so that
    /// concurrent redirects cannot form a loop.
    async fn way(&self, redirect: &Redirect) -> Result<Vec<ChainLink>> {
        let refused = |detail: &str| FieldErrors::one("/to", Code::OutOfRange, detail);
        let mut way = Vec::new();
        let mut target = redirect.target.clone();
        while let RedirectTarget::Location(place) = &target
            && let Some(path) = place.own_path()
        {
            if path == redirect.from {
                return Err(refused("leads back to where the redirect begins").into());
            }
            if way.len() == Self::MAX_STEPS {
                let detail = "leads over too many other redirects; name where they end";
                return Err(refused(detail).into());
            }
            let claims = self.ports.store.find_claims(slice::from_ref(&path)).await?;
            match claims.into_values().next() {
                Some(PathClaim::Redirect(next)) => {
                    let redirect = Some(next.id);
                    way.push(ChainLink { path, redirect });
                    target = next.target;
                }
                // A post ends the chain.
                Some(PathClaim::Post(_)) => break,
                None => {
                    let redirect = None;
                    way.push(ChainLink { path, redirect });
                    break;
                }
            }
        }
        Ok(way)
    }

    /// Lists manual redirects, the newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn list(&self, caller: &Caller, page: &PageRequest) -> Result<Page<Redirect>> {
        caller.require(Permission::ManageRedirects)?;
        self.ports.store.list(self.ports.clock.now(), page).await
    }

    /// Returns a manual redirect.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn get(&self, caller: &Caller, id: RedirectId) -> Result<Redirect> {
        caller.require(Permission::ManageRedirects)?;
        let found = self.ports.store.find(id).await?;
        found.ok_or(Error::NotFound(Resource::Redirect))
    }

    /// Removes a redirect. No version is required, because redirects are immutable.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn delete(&self, caller: &Caller, id: RedirectId) -> Result<()> {
        let redirect = self.get(caller, id).await?;
        let now = self.ports.clock.now();
        let context = caller.context(AuditAction::RemoveRedirect, self.ports.ids.as_ref(), now);
        match self.ports.store.remove(&context, &redirect).await? {
            WriteOutcome::Applied => Ok(()),
            WriteOutcome::Conflict => Err(Error::NotFound(Resource::Redirect)),
        }
    }
}
