use std::slice;

use super::{ChainLink, NewRedirect, PathClaim, Redirect, RedirectTarget, Redirects};
use crate::{
    access::{Caller, ManagedKind, Permission},
    audit_action::AuditAction,
    error::{Error, FieldErrors, Resource, Result},
    page::{Page, PageRequest},
    retry::retry_on_conflict,
    values::{Code, RedirectId},
    writes::WriteOutcome,
};

impl Redirects {
    /// Creates a redirect.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Taken`], [`Error::Contended`]; [`Error::Invalid`] if it
    /// would form a loop or a chain that is too long.
    pub async fn create(&self, caller: &Caller, new: NewRedirect) -> Result<Redirect> {
        caller.require(ManagedKind::Redirect.permission())?;
        let now = self.ports.clock.now();
        let redirect = Redirect {
            id: RedirectId::new(self.ports.ids.next()),
            from: new.from,
            target: new.target,
            permanent: new.permanent,
            created_at: now,
            created_by: caller.user_id,
        };
        retry_on_conflict(async || {
            let chain = self.chain(&redirect).await?;
            let context = caller.context(AuditAction::CreateRedirect, self.ports.ids.as_ref(), now);
            let outcome = self.ports.store.insert(&context, &redirect, &chain).await?;
            Ok(outcome.applied(()))
        })
        .await?;
        Ok(redirect)
    }

    /// Returns all paths in the chain of a redirect. The store verifies them in the transaction, so that
    /// concurrent redirects cannot form a loop.
    async fn chain(&self, redirect: &Redirect) -> Result<Vec<ChainLink>> {
        let invalid = |detail: &str| FieldErrors::one("/to", Code::OutOfRange, detail);
        let mut chain = Vec::new();
        let mut target = redirect.target.clone();
        while let RedirectTarget::Location(destination) = &target
            && let Some(path) = destination.own_path()
        {
            if path == redirect.from {
                return Err(invalid("must not lead back to the redirected path").into());
            }
            if chain.len() == Self::MAX_STEPS {
                let detail = "leads through too many redirects. Use their final target.";
                return Err(invalid(detail).into());
            }
            let claims = self.ports.store.find_claims(slice::from_ref(&path)).await?;
            match claims.into_values().next() {
                Some(PathClaim::Redirect(next)) => {
                    let redirect = Some(next.id);
                    chain.push(ChainLink { path, redirect });
                    target = next.target;
                }
                // A post ends the chain.
                Some(PathClaim::Post(_)) => break,
                None => {
                    let redirect = None;
                    chain.push(ChainLink { path, redirect });
                    break;
                }
            }
        }
        Ok(chain)
    }

    /// Lists manual redirects, the newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn list(&self, caller: &Caller, page: &PageRequest) -> Result<Page<Redirect>> {
        caller.require_either(Permission::ReadRedirects, Permission::ManageRedirects)?;
        self.ports.store.list(self.ports.clock.now(), page).await
    }

    /// Returns a manual redirect.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn get(&self, caller: &Caller, id: RedirectId) -> Result<Redirect> {
        caller.require_either(Permission::ReadRedirects, Permission::ManageRedirects)?;
        let found = self.ports.store.find(id).await?;
        found.ok_or(Error::NotFound(Resource::Redirect))
    }

    /// Removes a redirect. No version is required, because redirects are immutable.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn delete(&self, caller: &Caller, id: RedirectId) -> Result<()> {
        caller.require(ManagedKind::Redirect.permission())?;
        let redirect = self.get(caller, id).await?;
        let now = self.ports.clock.now();
        let context = caller.context(AuditAction::RemoveRedirect, self.ports.ids.as_ref(), now);
        match self.ports.store.remove(&context, &redirect).await? {
            WriteOutcome::Applied => Ok(()),
            WriteOutcome::Conflict => Err(Error::NotFound(Resource::Redirect)),
        }
    }
}
