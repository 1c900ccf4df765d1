use axum::extract::{FromRequest, FromRequestParts as _, Request};
use tintero_domain::{
    access::{Caller, RequestContext},
    values::{PostId, VersionTag},
};

use super::{Facts, NoQuery, Parameters, Path, Place, Query, idempotency, if_match, payload};
use crate::{app::App, body::Body, problem::Problem};

/// A write by somebody signed in, which a repetition under its `Idempotency-Key` does not repeat.
pub(crate) struct Write<B> {
    /// Who writes.
    pub(crate) caller: Caller,
    /// What.
    pub(crate) body: B,
}

impl<B: Body> FromRequest<App> for Write<B> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, stream) = request.into_parts();
        let mut caller = Caller::from_request_parts(&mut parts, app).await?;
        NoQuery::from_request_parts(&mut parts, app).await?;
        let bytes = payload::bytes(&parts.headers, stream, B::max_bytes(&app.config)).await?;
        caller.request.idempotency = idempotency::claim_for::<B>(&parts, &bytes)?;
        let body = payload::read(&parts, &bytes)?;
        Ok(Self { caller, body })
    }
}

/// A write to one resource, based on a state of it.
///
/// Who calls is settled first, so that the other refusals tell nothing to strangers.
pub(crate) struct Edit<B, Id = PostId> {
    /// Who writes.
    pub(crate) caller: Caller,
    /// To which resource.
    pub(crate) id: Id,
    /// Based on which state.
    pub(crate) base: VersionTag,
    /// What.
    pub(crate) body: B,
}

impl<B: Body, Id: Place + Send> FromRequest<App> for Edit<B, Id> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let Asked(NoQuery, edit) = Asked::from_request(request, app).await?;
        Ok(edit)
    }
}

/// A write to one resource, with parameters that say how.
pub(crate) struct Asked<P, B, Id = PostId>(pub(crate) P, pub(crate) Edit<B, Id>);

impl<P: Parameters + Send, B: Body, Id: Place + Send> FromRequest<App> for Asked<P, B, Id> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, stream) = request.into_parts();
        let mut caller = Caller::from_request_parts(&mut parts, app).await?;
        let Path(id) = Path::from_request_parts(&mut parts, app).await?;
        let base = if_match::base(&parts.headers)?;
        let Query(how) = Query::from_request_parts(&mut parts, app).await?;
        let bytes = payload::bytes(&parts.headers, stream, B::max_bytes(&app.config)).await?;
        caller.request.idempotency = idempotency::claim_for::<B>(&parts, &bytes)?;
        let body = payload::read(&parts, &bytes)?;
        let edit = Edit {
            caller,
            id,
            base,
            body,
        };
        Ok(Self(how, edit))
    }
}

/// A write to what has no versions: there is no other state on which it could be based.
pub(crate) struct Unversioned<B, Id = PostId> {
    /// Who writes.
    pub(crate) caller: Caller,
    /// About what.
    pub(crate) id: Id,
    /// What.
    pub(crate) body: B,
}

impl<B: Body, Id: Place + Send> FromRequest<App> for Unversioned<B, Id> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, stream) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, app).await?;
        let Path(id) = Path::from_request_parts(&mut parts, app).await?;
        NoQuery::from_request_parts(&mut parts, app).await?;
        let bytes = payload::bytes(&parts.headers, stream, app.config.max_body).await?;
        idempotency::claim_for::<B>(&parts, &bytes)?;
        let body = payload::read(&parts, &bytes)?;
        Ok(Self { caller, id, body })
    }
}

/// A body from anybody, whose answer is a secret.
pub(crate) struct Json<B> {
    /// The request as use cases see it.
    pub(crate) request: RequestContext,
    /// What was sent.
    pub(crate) body: B,
}

impl<B: Body> FromRequest<App> for Json<B> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, stream) = request.into_parts();
        idempotency::refuse(&parts.headers)?;
        NoQuery::from_request_parts(&mut parts, app).await?;
        let bytes = payload::bytes(&parts.headers, stream, B::max_bytes(&app.config)).await?;
        let body = payload::read(&parts, &bytes)?;
        Ok(Self {
            request: Facts::of(&parts.extensions).context(),
            body,
        })
    }
}
