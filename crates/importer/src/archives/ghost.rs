use std::{
    collections::BTreeMap,
    io::{self, BufRead},
};

use serde::Deserialize;
use serde_json::Value;

use super::site_writer::{ArchivePost, SiteWriter};

/// What Ghost writes in place of the URL of the site.
const SITE_URL: &str = "__GHOST_URL__";

/// Converts an export of Ghost.
pub(super) fn convert(file: impl BufRead, writer: &SiteWriter<'_>) -> io::Result<()> {
    let export: GhostExport = serde_json::from_reader(file)
        .map_err(|error| io::Error::other(format!("is not an export of Ghost: {error}")))?;
    let data = export.db.into_iter().next().map(|db| db.data);
    let data = data.ok_or_else(|| io::Error::other("is not an export of Ghost"))?;
    let setting = |key: &str| {
        let mut settings = data.settings.iter();
        let setting = settings.find(|setting| setting.key == key);
        setting.and_then(|setting| setting.value.as_str())
    };
    let language = setting("locale").or_else(|| setting("lang"));
    writer.config(setting("title").unwrap_or_default(), "", language)?;
    let tags: BTreeMap<String, &str> = data.tags.iter().map(Named::pair).collect();
    let users: BTreeMap<String, &str> = data.users.iter().map(Named::pair).collect();
    let linked = |links: &[GhostLink], names: &BTreeMap<String, &str>, post: &str| {
        let mut links: Vec<_> = links.iter().filter(|link| link.post_id() == post).collect();
        links.sort_by_key(|link| link.sort_order);
        links
            .iter()
            .filter_map(|link| names.get(&link.target()))
            .map(|name| (*name).to_owned())
            // Names with a hash are internal.
            .filter(|name| !name.starts_with('#'))
            .collect::<Vec<String>>()
    };
    for post in &data.posts {
        let tags = linked(&data.posts_tags, &tags, &post.id());
        let authors = linked(&data.posts_authors, &users, &post.id());
        writer.post(&archive_post(post, tags, authors))?;
    }
    Ok(())
}

fn archive_post(post: &GhostPost, tags: Vec<String>, authors: Vec<String>) -> ArchivePost {
    let html = post.html.as_deref().unwrap_or_default();
    let is_page = post.kind.as_deref() == Some("page") || post.page == Some(Value::Bool(true));
    ArchivePost {
        id: post.id(),
        title: post.title.clone(),
        slug: post.slug.clone(),
        date: post.published_at.clone(),
        is_published: matches!(post.status.as_str(), "published" | "scheduled"),
        is_page,
        permalink: Some(format!("/{}/", post.slug)),
        categories: Vec::new(),
        tags,
        authors,
        excerpt: post.custom_excerpt.clone(),
        description: post.meta_description.clone(),
        image: post
            .feature_image
            .as_deref()
            .map(|image| image.replace(SITE_URL, "")),
        html: html.replace(SITE_URL, ""),
    }
}

#[derive(Deserialize)]
struct GhostExport {
    db: Vec<GhostDatabase>,
}

#[derive(Deserialize)]
struct GhostDatabase {
    data: GhostData,
}

#[derive(Deserialize)]
struct GhostData {
    #[serde(default)]
    posts: Vec<GhostPost>,
    #[serde(default)]
    tags: Vec<Named>,
    #[serde(default)]
    users: Vec<Named>,
    #[serde(default)]
    posts_tags: Vec<GhostLink>,
    #[serde(default)]
    posts_authors: Vec<GhostLink>,
    #[serde(default)]
    settings: Vec<GhostSetting>,
}

#[derive(Deserialize)]
struct GhostPost {
    id: Value,
    title: String,
    slug: String,
    html: Option<String>,
    status: String,
    /// `post` or `page`, since version 3.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Whether it is a page, in earlier versions.
    page: Option<Value>,
    published_at: Option<String>,
    custom_excerpt: Option<String>,
    meta_description: Option<String>,
    feature_image: Option<String>,
}

impl GhostPost {
    fn id(&self) -> String {
        text_of(&self.id)
    }
}

#[derive(Deserialize)]
struct Named {
    id: Value,
    name: String,
}

impl Named {
    fn pair(&self) -> (String, &str) {
        (text_of(&self.id), &self.name)
    }
}

#[derive(Deserialize)]
struct GhostLink {
    post_id: Value,
    #[serde(alias = "tag_id", alias = "author_id")]
    target_id: Value,
    #[serde(default)]
    sort_order: u32,
}

impl GhostLink {
    fn post_id(&self) -> String {
        text_of(&self.post_id)
    }

    fn target(&self) -> String {
        text_of(&self.target_id)
    }
}

#[derive(Deserialize)]
struct GhostSetting {
    key: String,
    #[serde(default)]
    value: Value,
}

/// Ids are texts, or numbers in old versions.
fn text_of(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}
