use axum::extract::{FromRequest, FromRequestParts as _, Request};
use tintero_domain::access::Caller;

use super::{MultipartForm, NoQuery};
use crate::{app::App, problem::Problem};

/// A multipart form of an authenticated caller. The form is read after authentication.
pub(crate) struct Upload {
    /// The caller.
    pub(crate) caller: Caller,
    /// The form.
    pub(crate) form: MultipartForm,
}

impl FromRequest<App> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, stream) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, app).await?;
        NoQuery::from_request_parts(&mut parts, app).await?;
        let form = MultipartForm::reading(&parts.headers, stream, app.config.max_upload)?;
        Ok(Self { caller, form })
    }
}
