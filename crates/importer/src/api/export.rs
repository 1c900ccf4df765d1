//! The calls that only an export makes.

use reqwest::{Method, Url};
use serde::Deserialize;
use serde_json::Value;

use super::{ApiError, ApiResult, Client, RemotePost, send::ApiRequest};
use crate::{error::ImportError, post::JsonObject};

/// An image in a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct ListedImage {
    pub(crate) id: String,
    /// The URL of the file, absolute or as a path.
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) source_path: Option<String>,
}

impl ListedImage {
    /// The path of the file in an exported folder: that of the imported file, otherwise that of its URL.
    pub(crate) fn export_path(&self) -> String {
        if let Some(path) = &self.source_path {
            return path.clone();
        }
        let path = self
            .url
            .split_once("://")
            .map_or(self.url.as_str(), |(_, rest)| {
                rest.split_once('/').map_or("", |(_, path)| path)
            });
        path.trim_start_matches('/').to_owned()
    }
}

#[derive(Deserialize)]
struct ListedRevision {
    revision: u64,
}

impl Client {
    pub(crate) async fn list_images(&self) -> ApiResult<Vec<ListedImage>> {
        let mut url = self.endpoint(&["images"]);
        url.query_pairs_mut().append_pair("limit", "100");
        self.list(url).await
    }

    /// Lists a collection with all members.
    pub(crate) async fn list_all(&self, collection: &str) -> ApiResult<Vec<Value>> {
        self.list(self.endpoint(&[collection])).await
    }

    /// Returns the members of the first revision with the present imported file. Its later revisions are
    /// edits. `None` if the history does not reach so far.
    pub(crate) async fn imported_members(
        &self,
        post: &RemotePost,
    ) -> ApiResult<Option<JsonObject>> {
        if !post.was_edited {
            return Ok(Some(post.members.clone()));
        }
        let id = post.handle.id.as_str();
        let url = self.endpoint(&["posts", id, "revisions"]);
        let mut imported = None;
        for ListedRevision { revision } in self.list::<ListedRevision>(url).await? {
            let url = self.endpoint(&["posts", id, "revisions", &revision.to_string()]);
            let response = self.send(&ApiRequest::new(Method::GET, url)).await?;
            let members: JsonObject = self.json(&response)?;
            let sha256 = members
                .get("source")
                .and_then(|source| source.get("sha256"));
            if sha256.and_then(Value::as_str) != post.source("sha256") {
                return Ok(imported);
            }
            imported = Some(members);
        }
        Ok(imported)
    }

    /// Downloads the file of an image. The token is sent to the server of the API only.
    pub(crate) async fn download(&self, image: &ListedImage) -> ApiResult<Vec<u8>> {
        let invalid = || {
            let sentence = format!("{} is not a URL of an image", image.url);
            ApiError::Fatal(ImportError::new(sentence))
        };
        let url = self.root.join(&image.url).map_err(|_| invalid())?;
        let is_own = url.origin() == self.root.origin();
        let mut request = ApiRequest::new(Method::GET, url).allow_redirect();
        if !is_own {
            request = request.anonymous();
        }
        let response = self.send(&request).await?;
        let Some(location) = response.location() else {
            return Ok(response.body);
        };
        // Large files are behind a signed URL of the image store.
        let url = Url::parse(location).map_err(|_| invalid())?;
        let request = ApiRequest::new(Method::GET, url).anonymous();
        Ok(self.send(&request).await?.body)
    }
}
