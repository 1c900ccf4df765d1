use axum::extract::{FromRequest, FromRequestParts as _, Request};
use tintero_domain::access::Caller;

use super::{Form, NoQuery};
use crate::{app::App, problem::Problem};

/// A form with a file from somebody signed in. Nothing of it is read before that is settled.
pub(crate) struct Upload {
    /// Who uploads.
    pub(crate) caller: Caller,
    /// What.
    pub(crate) form: Form,
}

impl FromRequest<App> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, stream) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, app).await?;
        NoQuery::from_request_parts(&mut parts, app).await?;
        let form = Form::reading(&parts.headers, stream, app.config.max_upload)?;
        Ok(Self { caller, form })
    }
}
