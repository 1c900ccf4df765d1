//! The measured requests.

use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use crate::{
    connection::Prepared,
    load::{Sample, repeat, send_all},
    process::{Cache, Process},
    site::{Body, Post, Site},
};

/// Duration of the measurement of a read.
const READS: Duration = Duration::from_secs(2);

/// A kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Health,
    BySlug,
    Latest,
    OfCategory,
    Create,
    CreateNewBody,
    ChangeTitle,
    ChangeBody,
    Publish,
}

impl Operation {
    /// In the order of the table, with the state of the cache.
    pub(crate) const ALL: [(Self, Cache); 12] = [
        (Self::Health, Cache::On),
        (Self::BySlug, Cache::On),
        (Self::BySlug, Cache::Off),
        (Self::Latest, Cache::On),
        (Self::Latest, Cache::Off),
        (Self::OfCategory, Cache::On),
        (Self::OfCategory, Cache::Off),
        (Self::Create, Cache::On),
        (Self::CreateNewBody, Cache::On),
        (Self::ChangeTitle, Cache::On),
        (Self::ChangeBody, Cache::On),
        (Self::Publish, Cache::On),
    ];

    pub(crate) fn name(self, cache: Cache) -> String {
        let name = match self {
            Self::Health => "`/healthz`",
            Self::BySlug => "one post by slug",
            Self::Latest => "latest 20",
            Self::OfCategory => "20 of a category",
            Self::Create => "create a draft, body rendered before",
            Self::CreateNewBody => "create a draft, new body",
            Self::ChangeTitle => "change a title",
            Self::ChangeBody => "change a body",
            Self::Publish => "publish",
        };
        match (self, cache) {
            (Self::BySlug | Self::Latest | Self::OfCategory, Cache::On) => {
                format!("{name}, cached")
            }
            (Self::BySlug | Self::Latest | Self::OfCategory, Cache::Off) => {
                format!("{name}, from the engine")
            }
            _ => name.to_owned(),
        }
    }

    /// The call of the SDK of the same shape, by the name that `calls` prints; none for a stored answer.
    pub(crate) fn call(self, cache: Cache) -> Option<&'static str> {
        match (self, cache) {
            (Self::BySlug, Cache::Off) => Some("get"),
            (Self::Latest | Self::OfCategory, Cache::Off) => Some("list"),
            (Self::Create | Self::CreateNewBody, _) => Some("create"),
            (Self::Publish, _) => Some("publish"),
            _ => None,
        }
    }

    /// Paths of a read; none for a write.
    pub(crate) fn paths(self, site: &Site, posts: &[Post]) -> Option<Vec<String>> {
        match self {
            Self::Health => Some(vec!["/healthz".to_owned()]),
            Self::BySlug => {
                let slugs = posts.iter().map(|post| &post.slug);
                Some(
                    slugs
                        .map(|slug| format!("/v1/posts/by-slug/{slug}"))
                        .collect(),
                )
            }
            Self::Latest => Some(vec!["/v1/posts".to_owned()]),
            Self::OfCategory => {
                let slugs = site.categories.iter();
                Some(
                    slugs
                        .map(|slug| format!("/v1/posts?category={slug}"))
                        .collect(),
                )
            }
            _ => None,
        }
    }

    /// Prepares this number of writes.
    pub(crate) async fn writes(self, site: &mut Site, count: usize) -> Result<Vec<Prepared>> {
        let drafts = match self {
            Self::ChangeTitle | Self::ChangeBody | Self::Publish => site.drafts(count).await?,
            _ => Vec::new(),
        };
        Ok(match self {
            Self::Create => (0..count).map(|_| site.create(Body::Known)).collect(),
            Self::CreateNewBody => (0..count).map(|_| site.create(Body::New)).collect(),
            Self::ChangeTitle => {
                let change = json!({ "title": "Otro título" });
                drafts
                    .iter()
                    .map(|post| site.patch(post, &change))
                    .collect()
            }
            Self::ChangeBody => {
                let change =
                    |number| json!({ "body": format!("{} fin", crate::site::markdown(number)) });
                let changes = drafts.iter().enumerate();
                changes
                    .map(|(number, post)| site.patch(post, &change(number)))
                    .collect()
            }
            _ => drafts.iter().map(|post| site.publish(post)).collect(),
        })
    }

    /// Measures this kind of request once.
    pub(crate) async fn measure(
        self,
        server: &Process,
        site: &mut Site,
        posts: &[Post],
        (writes, concurrency): (usize, usize),
    ) -> Result<Sample> {
        if let Some(paths) = self.paths(site, posts) {
            return send_all(server, repeat(paths, READS), concurrency).await;
        }
        let writes = self.writes(site, writes).await?;
        send_all(server, writes, concurrency).await
    }
}
