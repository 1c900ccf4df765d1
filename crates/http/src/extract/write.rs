use axum::extract::{FromRequest, FromRequestParts as _, Request};
use tintero_domain::{
    access::{Caller, RequestContext},
    values::{PostId, VersionTag},
};

use super::{
    NoQuery, Parameters, Path, PathParams, Query, RequestFacts, idempotency, if_match, payload,
};
use crate::{app::App, body::Body, problem::Problem};

/// A write of an authenticated caller, with idempotency.
pub(crate) struct Write<B> {
    /// The caller.
    pub(crate) caller: Caller,
    /// The body.
    pub(crate) body: B,
}

impl<B: Body> FromRequest<App> for Write<B> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, stream) = request.into_parts();
        let mut caller = Caller::from_request_parts(&mut parts, app).await?;
        NoQuery::from_request_parts(&mut parts, app).await?;
        let bytes = payload::bytes(&parts.headers, stream, B::max_bytes(&app.config)).await?;
        caller.request.idempotency = idempotency::request_for::<B>(&parts, &bytes)?;
        let body = payload::read(&parts, &bytes)?;
        Ok(Self { caller, body })
    }
}

/// A conditional write to one resource.
///
/// Authentication comes first, so that other errors reveal nothing to anonymous callers.
pub(crate) struct Edit<B, Id = PostId> {
    /// The caller.
    pub(crate) caller: Caller,
    /// The resource.
    pub(crate) id: Id,
    /// The version in `If-Match`.
    pub(crate) base: VersionTag,
    /// The body.
    pub(crate) body: B,
}

impl<B: Body, Id: PathParams + Send> FromRequest<App> for Edit<B, Id> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let EditWithQuery(NoQuery, edit) = EditWithQuery::from_request(request, app).await?;
        Ok(edit)
    }
}

/// A conditional write to one resource, with a query string.
pub(crate) struct EditWithQuery<P, B, Id = PostId>(pub(crate) P, pub(crate) Edit<B, Id>);

impl<P: Parameters + Send, B: Body, Id: PathParams + Send> FromRequest<App>
    for EditWithQuery<P, B, Id>
{
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, stream) = request.into_parts();
        let mut caller = Caller::from_request_parts(&mut parts, app).await?;
        let Path(id) = Path::from_request_parts(&mut parts, app).await?;
        let base = if_match::base(&parts.headers)?;
        let Query(query) = Query::from_request_parts(&mut parts, app).await?;
        let bytes = payload::bytes(&parts.headers, stream, B::max_bytes(&app.config)).await?;
        caller.request.idempotency = idempotency::request_for::<B>(&parts, &bytes)?;
        let body = payload::read(&parts, &bytes)?;
        let edit = Edit {
            caller,
            id,
            base,
            body,
        };
        Ok(Self(query, edit))
    }
}

/// A conditional write to a resource of which there is one.
pub(crate) struct EditSingleton<B> {
    /// The caller.
    pub(crate) caller: Caller,
    /// The version in `If-Match`.
    pub(crate) base: VersionTag,
    /// The body.
    pub(crate) body: B,
}

impl<B: Body> FromRequest<App> for EditSingleton<B> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, stream) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, app).await?;
        let base = if_match::base(&parts.headers)?;
        NoQuery::from_request_parts(&mut parts, app).await?;
        let bytes = payload::bytes(&parts.headers, stream, B::max_bytes(&app.config)).await?;
        idempotency::request_for::<B>(&parts, &bytes)?;
        let body = payload::read(&parts, &bytes)?;
        Ok(Self { caller, base, body })
    }
}

/// A write to a resource without versions, and without `If-Match`.
pub(crate) struct Unversioned<B, Id = PostId> {
    /// The caller.
    pub(crate) caller: Caller,
    /// The resource.
    pub(crate) id: Id,
    /// The body.
    pub(crate) body: B,
}

impl<B: Body, Id: PathParams + Send> FromRequest<App> for Unversioned<B, Id> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, stream) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, app).await?;
        let Path(id) = Path::from_request_parts(&mut parts, app).await?;
        NoQuery::from_request_parts(&mut parts, app).await?;
        let bytes = payload::bytes(&parts.headers, stream, app.config.max_body).await?;
        idempotency::request_for::<B>(&parts, &bytes)?;
        let body = payload::read(&parts, &bytes)?;
        Ok(Self { caller, id, body })
    }
}

/// A request of an anonymous caller whose response is a secret.
pub(crate) struct SecretRequest<B> {
    /// The context for use cases.
    pub(crate) request: RequestContext,
    /// The body.
    pub(crate) body: B,
}

impl<B: Body> FromRequest<App> for SecretRequest<B> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, stream) = request.into_parts();
        idempotency::reject(&parts.headers)?;
        NoQuery::from_request_parts(&mut parts, app).await?;
        let bytes = payload::bytes(&parts.headers, stream, B::max_bytes(&app.config)).await?;
        let body = payload::read(&parts, &bytes)?;
        Ok(Self {
            request: RequestFacts::of(&parts.extensions).context(),
            body,
        })
    }
}

/// A request of an authenticated caller whose response is a secret.
pub(crate) struct SecretWrite<B> {
    /// The caller.
    pub(crate) caller: Caller,
    /// The body.
    pub(crate) body: B,
}

impl<B: Body> FromRequest<App> for SecretWrite<B> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, stream) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, app).await?;
        idempotency::reject(&parts.headers)?;
        NoQuery::from_request_parts(&mut parts, app).await?;
        let bytes = payload::bytes(&parts.headers, stream, B::max_bytes(&app.config)).await?;
        let body = payload::read(&parts, &bytes)?;
        Ok(Self { caller, body })
    }
}
