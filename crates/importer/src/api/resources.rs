use reqwest::{
    Method, Url,
    header::{ETAG, HeaderMap},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{ApiError, ApiResult, Client, send::ApiRequest};
use crate::post::JsonObject;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct RemoteCategory {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) slug: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct RemoteByline {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) slug: String,
    /// 1 if the byline was not changed after it was created.
    pub(crate) version: u64,
    #[serde(flatten)]
    pub(crate) members: JsonObject,
}

#[derive(Deserialize)]
struct ListResponse<T> {
    items: Vec<T>,
    #[serde(default)]
    page: PageInfo,
}

#[derive(Default, Deserialize)]
struct PageInfo {
    #[serde(default)]
    next_cursor: Option<String>,
}

impl Client {
    pub(crate) async fn list_categories(&self) -> ApiResult<Vec<RemoteCategory>> {
        self.list(self.endpoint(&["categories"])).await
    }

    pub(crate) async fn list_bylines(&self) -> ApiResult<Vec<RemoteByline>> {
        let mut url = self.endpoint(&["bylines"]);
        url.query_pairs_mut().append_pair("limit", "100");
        self.list(url).await
    }

    pub(super) async fn list<T: DeserializeOwned>(&self, url: Url) -> ApiResult<Vec<T>> {
        let mut all = Vec::new();
        let mut next = url.clone();
        loop {
            let response = self.send(&ApiRequest::new(Method::GET, next)).await?;
            let ListResponse { items, page } = self.json(&response)?;
            all.extend(items);
            let Some(cursor) = page.next_cursor else {
                return Ok(all);
            };
            next = url.clone();
            next.query_pairs_mut().append_pair("cursor", &cursor);
        }
    }

    /// Returns the id of the category with this slug, or of the category it was merged into.
    pub(crate) async fn resolve_category(&self, slug: &str) -> ApiResult<Option<String>> {
        let url = self.endpoint(&["categories", slug]);
        let request = ApiRequest::new(Method::GET, url).allow_redirect();
        match self.send(&request).await {
            Ok(response) => match response.redirect_target() {
                Some(id) => Ok(Some(id.to_owned())),
                None => self
                    .json(&response)
                    .map(|category: RemoteCategory| Some(category.id)),
            },
            // Other refusals are reported when the category is created.
            Err(ApiError::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Creates a top-level category, or returns the existing one with this slug.
    pub(crate) async fn create_category(
        &self,
        name: &str,
        slug: &str,
    ) -> ApiResult<RemoteCategory> {
        let body = json!({"name": name, "slug": slug});
        self.create_or_get("categories", slug, &body).await
    }

    /// Creates a byline, or returns the existing one with this slug.
    pub(crate) async fn create_byline(
        &self,
        slug: &str,
        members: &JsonObject,
    ) -> ApiResult<RemoteByline> {
        self.create_or_get("bylines", slug, &json!(members)).await
    }

    async fn create_or_get<T: DeserializeOwned>(
        &self,
        collection: &str,
        slug: &str,
        body: &Value,
    ) -> ApiResult<T> {
        let request = ApiRequest::new(Method::POST, self.endpoint(&[collection])).json(body);
        match self.send(&request).await {
            Ok(response) => self.json(&response),
            Err(ApiError::Refused(problem)) if problem.code == "slug_taken" => {
                let request = ApiRequest::new(Method::GET, self.endpoint(&[collection, slug]));
                self.json(&self.send(&request).await?)
            }
            Err(error) => Err(error),
        }
    }

    /// Fills in missing members of a byline. Returns `None` if the byline was changed since it was
    /// created: an editor may have removed them.
    pub(crate) async fn complete_byline(
        &self,
        id: &str,
        patch: &JsonObject,
    ) -> ApiResult<Option<RemoteByline>> {
        let url = self.endpoint(&["bylines", id]);
        let request = ApiRequest::new(Method::GET, url.clone());
        let response = self.send(&request).await?;
        let byline: RemoteByline = self.json(&response)?;
        let Some(etag) = etag(&response.headers).filter(|_| byline.version == 1) else {
            return Ok(None);
        };
        let request = ApiRequest::new(Method::PATCH, url).merge_patch(&json!(patch));
        match self.send(&request.if_match(&etag)).await {
            Ok(response) => self.json(&response).map(Some),
            Err(ApiError::Refused(problem)) if problem.is_stale() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

pub(super) fn etag(headers: &HeaderMap) -> Option<String> {
    headers.get(ETAG)?.to_str().ok().map(str::to_owned)
}
