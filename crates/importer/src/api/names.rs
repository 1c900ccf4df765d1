use reqwest::{
    Method, Url,
    header::{ETAG, HeaderMap},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{Answer, Client, Failure, send::Request};
use crate::post::Members;

/// A category as the server has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Category {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) slug: String,
}

/// A byline as the server has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Byline {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) slug: String,
    /// Counts what was written to it; one when nobody changed it since it was created.
    pub(crate) version: u64,
    #[serde(flatten)]
    pub(crate) members: Members,
}

/// A page of a list.
#[derive(Deserialize)]
struct Listed<T> {
    items: Vec<T>,
    #[serde(default)]
    page: Links,
}

#[derive(Default, Deserialize)]
struct Links {
    #[serde(default)]
    next_cursor: Option<String>,
}

impl Client {
    /// All categories.
    pub(crate) async fn categories(&self) -> Answer<Vec<Category>> {
        self.all(self.below(&["categories"])).await
    }

    /// All bylines.
    pub(crate) async fn bylines(&self) -> Answer<Vec<Byline>> {
        let mut url = self.below(&["bylines"]);
        url.query_pairs_mut().append_pair("limit", "100");
        self.all(url).await
    }

    async fn all<T: DeserializeOwned>(&self, url: Url) -> Answer<Vec<T>> {
        let mut all = Vec::new();
        let mut next = url.clone();
        loop {
            let reply = self.send(&Request::new(Method::GET, next)).await?;
            let Listed { items, page } = self.json(&reply)?;
            all.extend(items);
            let Some(cursor) = page.next_cursor else {
                return Ok(all);
            };
            next = url.clone();
            next.query_pairs_mut().append_pair("cursor", &cursor);
        }
    }

    /// The id of the category that stands for the one that has, or had, this slug: it was merged
    /// into that, or is that. None when nobody knows the slug any more.
    pub(crate) async fn standing_for(&self, slug: &str) -> Answer<Option<String>> {
        let url = self.below(&["categories", slug]);
        match self.send(&Request::new(Method::GET, url).may_move()).await {
            Ok(reply) => match reply.moved_to() {
                Some(id) => Ok(Some(id.to_owned())),
                None => self
                    .json(&reply)
                    .map(|category: Category| Some(category.id)),
            },
            // Whatever else it means is told when the category is made.
            Err(Failure::Refused(_)) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Makes a category at the top of the tree, or finds the one that has the slug by now.
    pub(crate) async fn make_category(&self, name: &str, slug: &str) -> Answer<Category> {
        self.make("categories", slug, &json!({"name": name, "slug": slug}))
            .await
    }

    /// Makes a byline, or finds the one that has the slug by now.
    pub(crate) async fn make_byline(&self, slug: &str, members: &Members) -> Answer<Byline> {
        self.make("bylines", slug, &json!(members)).await
    }

    async fn make<T: DeserializeOwned>(&self, kind: &str, slug: &str, body: &Value) -> Answer<T> {
        let request = Request::new(Method::POST, self.below(&[kind])).json(body);
        match self.send(&request).await {
            Ok(reply) => self.json(&reply),
            Err(Failure::Refused(problem)) if problem.code == "slug_taken" => {
                let request = Request::new(Method::GET, self.below(&[kind, slug]));
                self.json(&self.send(&request).await?)
            }
            Err(failure) => Err(failure),
        }
    }

    /// Changes a byline that nobody changed since it was created. None when somebody did.
    pub(crate) async fn complete_byline(
        &self,
        id: &str,
        patch: &Members,
    ) -> Answer<Option<Byline>> {
        let url = self.below(&["bylines", id]);
        let reply = self.send(&Request::new(Method::GET, url.clone())).await?;
        let byline: Byline = self.json(&reply)?;
        let Some(etag) = etag(&reply.headers).filter(|_| byline.version == 1) else {
            return Ok(None);
        };
        let request = Request::new(Method::PATCH, url).merge_patch(&json!(patch));
        match self.send(&request.if_match(&etag)).await {
            Ok(reply) => self.json(&reply).map(Some),
            Err(Failure::Refused(problem)) if problem.is_stale() => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

fn etag(headers: &HeaderMap) -> Option<String> {
    headers.get(ETAG)?.to_str().ok().map(str::to_owned)
}
