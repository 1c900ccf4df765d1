use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use tintero_markdown::front_matter::Syntax;
use walkdir::WalkDir;

use crate::{front_matter_writer::FrontMatter, slug::slug};

/// Writes a folder in Jekyll's format.
#[derive(Debug)]
pub(super) struct SiteWriter<'a> {
    root: &'a Path,
}

/// A post or page of an export file.
#[derive(Debug, Clone, Default)]
pub(super) struct ArchivePost {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) slug: String,
    /// The date with its offset. A post without one is a draft.
    pub(super) date: Option<String>,
    pub(super) is_published: bool,
    pub(super) is_page: bool,
    /// The path of its URL.
    pub(super) permalink: Option<String>,
    pub(super) categories: Vec<String>,
    pub(super) tags: Vec<String>,
    pub(super) authors: Vec<String>,
    pub(super) excerpt: Option<String>,
    pub(super) description: Option<String>,
    /// The path or URL of the featured image.
    pub(super) image: Option<String>,
    pub(super) html: String,
}

impl<'a> SiteWriter<'a> {
    pub(super) fn new(root: &'a Path) -> Self {
        Self { root }
    }

    /// Writes `_config.yml`. URLs below `url` are those of the site.
    pub(super) fn config(&self, title: &str, url: &str, language: Option<&str>) -> io::Result<()> {
        let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let mut config = json!({"title": title});
        if !host.is_empty() {
            config["url"] = format!("{scheme}://{host}").into();
        }
        if !path.trim_matches('/').is_empty() {
            config["baseurl"] = format!("/{}", path.trim_matches('/')).into();
        }
        if let Some(language) = language {
            config["lang"] = language.into();
        }
        fs::create_dir_all(self.root.join("_posts"))?;
        // JSON is YAML.
        fs::write(self.root.join("_config.yml"), config.to_string())
    }

    pub(super) fn post(&self, post: &ArchivePost) -> io::Result<()> {
        let path = self.free_path(post);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, format!("{}{}", front_matter(post), post.html))
    }

    fn free_path(&self, post: &ArchivePost) -> PathBuf {
        let name = [&post.slug, &post.title, &post.id];
        let name = name.iter().find_map(|name| slug(name));
        let name = name.unwrap_or_else(|| "post".to_owned());
        let folder = match &post.date {
            _ if post.is_page => String::new(),
            Some(date) => format!("_posts/{}-", date.get(..10).unwrap_or_default()),
            None => "_drafts/".to_owned(),
        };
        let path = self.root.join(format!("{folder}{name}.html"));
        if path.exists() {
            return self.root.join(format!("{folder}{name}-{}.html", post.id));
        }
        path
    }

    /// Links the files below a folder, or copies them where links are not possible.
    pub(super) fn link_folder(&self, from: &Path, to: &str) -> io::Result<()> {
        for entry in WalkDir::new(from).into_iter().filter_map(Result::ok) {
            let Ok(relative) = entry.path().strip_prefix(from) else {
                continue;
            };
            let target = self.root.join(to).join(relative);
            if entry.file_type().is_dir() {
                fs::create_dir_all(target)?;
            } else if entry.file_type().is_file() && fs::hard_link(entry.path(), &target).is_err() {
                fs::copy(entry.path(), target)?;
            }
        }
        Ok(())
    }
}

fn front_matter(post: &ArchivePost) -> String {
    let list = |items: &[String]| match items {
        [] => Value::Null,
        items => json!(items),
    };
    let mut front_matter = FrontMatter::new(Syntax::Yaml);
    for (key, value) in [
        ("title", json!(post.title)),
        ("slug", json!(post.slug)),
        ("date", json!(post.date)),
        ("permalink", json!(post.permalink)),
        ("categories", list(&post.categories)),
        ("tags", list(&post.tags)),
        ("authors", list(&post.authors)),
        ("excerpt", json!(post.excerpt)),
        ("description", json!(post.description)),
        ("image", json!(post.image)),
    ] {
        if value != json!("") && !value.is_null() {
            front_matter.set(key, &value);
        }
    }
    if !post.is_published {
        front_matter.set("published", &json!(false));
    }
    // The text has no Liquid, but can contain its marks.
    front_matter.set("render_with_liquid", &json!(false));
    front_matter.into_text()
}
