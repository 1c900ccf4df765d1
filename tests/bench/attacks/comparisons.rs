//! Comparisons of long revisions, many at once.

use std::path::Path;

use anyhow::{Context, Result};
use futures::future::try_join_all;
use http::Method;
use serde_json::json;

use super::Attacked;
use crate::{
    connection::HttpConnection,
    process::{Cache, Process},
    site::{Post, Site},
};

/// Number of comparisons at once.
const AT_ONCE: usize = 12;

/// Number of lines of a revision. A text has at most 250,000 line breaks.
const LINES: usize = 200_000;

/// Compares two revisions of which every line differs, again and again.
pub(super) async fn measure(data: &Path) -> Result<[String; 6]> {
    let (server, _) = Process::tintero(data, Cache::Off).await?;
    let mut site = Site::sign_in(&server, 1_000).await?;
    let body = |line: &str| json!({ "title": "Lines", "body": line.repeat(LINES) });
    let create = site.json(Method::POST, "/v1/posts", &body("a\n"));
    let post = Post::of(&site.exchange(create).await?).context("create the post of lines")?;
    let change = site.patch(&post, &body("b\n"));
    Post::of(&site.exchange(change).await?).context("change the post of lines")?;
    let path = format!("/v1/posts/{}/revisions/2/diff?from=1", post.id);
    let attacked = Attacked::reading(server)?;
    let address = attacked.server.address();
    try_join_all((0..AT_ONCE).map(|_| async {
        let mut connection = HttpConnection::open(address).await?;
        while !attacked.reader.is_finished() {
            connection.exchange(site.get(&path)).await?;
        }
        anyhow::Ok(())
    }))
    .await?;
    attacked
        .row(&format!("{AT_ONCE} comparisons of {LINES} lines at once"))
        .await
}
