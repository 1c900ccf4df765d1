use std::{collections::BTreeMap, io, path::PathBuf, sync::atomic::Ordering, time::Duration};

use reqwest::{
    Method, StatusCode, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, IF_MATCH, LOCATION},
    redirect::Policy,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::fs::File;

use super::{ApiError, ApiResult, Client, ProblemDetails, UploadSource, retry};
use crate::error::ImportError;

const CONNECT: Duration = Duration::from_secs(10);
const WHOLE_CALL: Duration = Duration::from_mins(1);
/// Enough for 20 MiB over a slow connection.
const WHOLE_UPLOAD: Duration = Duration::from_mins(10);

/// A request that can be sent several times.
pub(super) struct ApiRequest {
    method: Method,
    pub(super) url: Url,
    body: RequestBody,
    if_match: Option<String>,
    key: Option<String>,
    allows_redirect: bool,
    /// Whether the token is left out, because the request goes to another server.
    is_anonymous: bool,
}

enum RequestBody {
    None,
    Text(&'static str, String),
    Image(UploadSource),
    /// A file for the image store, whose URL contains the permission.
    Signed(SignedFile),
}

/// A file and the headers that its signature covers.
pub(super) struct SignedFile {
    pub(super) file: PathBuf,
    pub(super) headers: BTreeMap<String, String>,
}

pub(super) struct ApiResponse {
    status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// The error of an attempt without a response.
enum AttemptError {
    /// The file to upload cannot be read. A retry does not help.
    File(io::Error),
    Call(reqwest::Error),
}

pub(super) fn http_client() -> reqwest::Result<reqwest::Client> {
    // Following a redirect would send the token and the drafts to another server.
    reqwest::Client::builder()
        .redirect(Policy::none())
        .connect_timeout(CONNECT)
        .timeout(WHOLE_CALL)
        .user_agent(concat!("tintero-import/", env!("CARGO_PKG_VERSION")))
        .build()
}

impl ApiRequest {
    pub(super) fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            body: RequestBody::None,
            if_match: None,
            key: None,
            allows_redirect: false,
            is_anonymous: false,
        }
    }

    pub(super) fn json(self, body: &Value) -> Self {
        self.text("application/json", body.to_string())
    }

    pub(super) fn merge_patch(self, body: &Value) -> Self {
        self.text("application/merge-patch+json", body.to_string())
    }

    pub(super) fn text(mut self, media_type: &'static str, body: String) -> Self {
        self.body = RequestBody::Text(media_type, body);
        self
    }

    pub(super) fn image(mut self, upload: UploadSource) -> Self {
        self.body = RequestBody::Image(upload);
        self
    }

    pub(super) fn signed(mut self, file: SignedFile) -> Self {
        self.body = RequestBody::Signed(file);
        self
    }

    pub(super) fn if_match(mut self, etag: &str) -> Self {
        self.if_match = Some(etag.to_owned());
        self
    }

    /// Accepts a redirect as a response: the server sends one for a merged category.
    pub(super) fn allow_redirect(mut self) -> Self {
        self.allows_redirect = true;
        self
    }

    pub(super) fn anonymous(mut self) -> Self {
        self.is_anonymous = true;
        self
    }

    pub(super) fn key(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }
}

impl ApiResponse {
    /// Returns the last segment of the `Location` of a redirect.
    pub(super) fn redirect_target(&self) -> Option<&str> {
        let location = self.status.is_redirection().then(|| self.location())??;
        location.rsplit_once('/').map(|(_, id)| id)
    }

    pub(super) fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION)?.to_str().ok()
    }
}

impl Client {
    /// Sends a request, and retries after a delay if that may succeed.
    pub(super) async fn send(&self, request: &ApiRequest) -> ApiResult<ApiResponse> {
        let mut attempt = 0;
        loop {
            let is_last = attempt == retry::RETRIES;
            let delay = match self.attempt(request).await {
                Ok(response)
                    if is_last || !retry::is_retryable(response.status, &response.headers) =>
                {
                    return self.check_status(response, request);
                }
                Ok(response) => retry::before_retry(attempt, retry::retry_after(&response.headers)),
                Err(AttemptError::File(error)) => return Err(ApiError::File(error)),
                Err(AttemptError::Call(error)) if is_last || self.is_wrong_url(&error) => {
                    return Err(self.unreachable(&error).into());
                }
                Err(AttemptError::Call(_)) => retry::before_retry(attempt, None),
            };
            tokio::time::sleep(delay).await;
            attempt += 1;
        }
    }

    async fn attempt(&self, request: &ApiRequest) -> Result<ApiResponse, AttemptError> {
        let mut call = self
            .http
            .request(request.method.clone(), request.url.clone());
        if !matches!(request.body, RequestBody::Signed(_)) && !request.is_anonymous {
            call = call.header(AUTHORIZATION, self.token.authorization());
        }
        call = match &request.body {
            RequestBody::Signed(SignedFile { file, headers }) => {
                let body = File::open(file).await.map_err(AttemptError::File)?;
                let headers = headers.iter();
                let call = headers.fold(call, |call, (name, value)| call.header(name, value));
                call.timeout(WHOLE_UPLOAD).body(body)
            }
            RequestBody::None => call,
            RequestBody::Text(media_type, body) => {
                call.header(CONTENT_TYPE, *media_type).body(body.clone())
            }
            RequestBody::Image(upload) => {
                let form = upload.form().await.map_err(AttemptError::File)?;
                call.timeout(WHOLE_UPLOAD).multipart(form)
            }
        };
        if let Some(etag) = &request.if_match {
            call = call.header(IF_MATCH, etag);
        }
        if let Some(key) = &request.key {
            call = call.header("Idempotency-Key", key);
        }
        let response = call.send().await.map_err(AttemptError::Call)?;
        self.reached.store(true, Ordering::Relaxed);
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.map_err(AttemptError::Call)?.to_vec();
        Ok(ApiResponse {
            status,
            headers,
            body,
        })
    }

    pub(super) fn json<T: DeserializeOwned>(&self, response: &ApiResponse) -> ApiResult<T> {
        self.read(response, |response| serde_json::from_slice(&response.body))
    }

    pub(super) fn read<T>(
        &self,
        response: &ApiResponse,
        read: impl FnOnce(&ApiResponse) -> serde_json::Result<T>,
    ) -> ApiResult<T> {
        read(response)
            .map_err(|error| self.not_tintero(&format!("its response cannot be read ({error})")))
    }

    fn not_tintero(&self, why: &str) -> ApiError {
        let server = self.server();
        ImportError::new(format!("{server} is not a Tintero server: {why}")).into()
    }

    fn check_status(&self, response: ApiResponse, request: &ApiRequest) -> ApiResult<ApiResponse> {
        match response.status {
            status if status.is_success() => Ok(response),
            status if status.is_redirection() && request.allows_redirect => Ok(response),
            status if status.is_redirection() => {
                let target = response.location().unwrap_or("another URL");
                Err(self.not_tintero(&format!("it redirects to {target}; set --url to that URL")))
            }
            StatusCode::UNAUTHORIZED => {
                let reason = ProblemDetails::read(401, &response.body).reason();
                let sentence = format!(
                    "{} does not accept the token ({reason}); set --token or TINTERO_TOKEN to a valid one",
                    self.server()
                );
                Err(ImportError::new(sentence).into())
            }
            status => {
                let problem = ProblemDetails::read(status.as_u16(), &response.body);
                if status == StatusCode::NOT_FOUND && problem.code != "not_found" {
                    return Err(self.not_tintero(&format!("it has no {}", request.url.path())));
                }
                Err(ApiError::Refused(Box::new(problem)))
            }
        }
    }

    /// A first call that cannot connect means a wrong URL or a server that is not running.
    fn is_wrong_url(&self, error: &reqwest::Error) -> bool {
        error.is_builder() || (error.is_connect() && !self.reached.load(Ordering::Relaxed))
    }

    fn unreachable(&self, error: &reqwest::Error) -> ImportError {
        let hint = if self.reached.load(Ordering::Relaxed) {
            "run the import again to continue"
        } else {
            "check --url and that the server is running"
        };
        ImportError::new(format!(
            "{} cannot be reached: {}; {hint}",
            self.server(),
            root_cause(error)
        ))
    }

    fn server(&self) -> &str {
        self.root.as_str().trim_end_matches("/v1")
    }
}

/// Returns the innermost cause: the outer ones only say that sending failed.
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
