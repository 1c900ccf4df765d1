//! Export of imported and of new posts, from the command line to the files.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use libtest_mimic::Trial;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use walkdir::WalkDir;

use crate::harness::{Client, Post, Server, Setup, cases, ending};

pub(super) fn all() -> Vec<Trial> {
    cases![
        untouched_posts_are_exported_byte_for_byte,
        an_edited_title_is_a_change_of_one_line,
        a_published_draft_moves_to_the_posts,
        new_posts_are_exported_and_can_be_imported_again,
        json_has_all_fields_and_collections,
        a_folder_with_files_is_refused,
    ]
}

/// The example sites: the folder, the format, the folders with posts, and a post with its title.
const SITES: [(&str, &str, &[&str], &str, &str); 3] = [
    (
        "blog",
        "jekyll",
        &["_posts", "_drafts"],
        "_posts/2025-09-02-Café notes on naming things.md",
        "title:",
    ),
    (
        "hugo",
        "hugo",
        &["content/posts", "content/notas"],
        "content/posts/pan-de-masa-madre/index.md",
        "title =",
    ),
    (
        "zola",
        "zola",
        &["content/blog"],
        "content/blog/2024-03-10-encina.md",
        "title =",
    ),
];

struct Site {
    setup: Setup,
    server: Server,
    author: Client,
    folder: PathBuf,
    format: &'static str,
}

impl Site {
    async fn import(name: &str, format: &'static str) -> Self {
        let setup = Setup::memory();
        let server = setup.start();
        let author = server.administrator().await;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../examples")
            .join(name);
        let site = Self {
            setup,
            server,
            author,
            folder,
            format,
        };
        let folder = site.folder.to_str().unwrap().to_owned();
        site.run(0, &["import", &folder, "--name", "site"]);
        site
    }

    fn run(&self, code: i32, arguments: &[&str]) -> String {
        let url = self.server.url();
        let arguments = [arguments, &["--url", &url]].concat();
        let setup = self
            .setup
            .clone()
            .with("TINTERO_TOKEN", self.author.token());
        let (ended, text) = ending(&setup.run(&arguments));
        assert_eq!(ended, code, "{text}");
        text
    }

    /// Exports to a new folder and returns the files by path.
    fn export(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        let folder = self.setup.folder().join(name);
        self.run(
            0,
            &["export", folder.to_str().unwrap(), "--format", self.format],
        );
        files(&folder)
    }

    async fn post_of(&self, file: &str) -> Post {
        let path = utf8_percent_encode(file, NON_ALPHANUMERIC);
        let path = format!("/v1/posts/by-source?import=site&path={path}");
        Post::of(&self.author.get(&path).send().await.is(200))
    }

    async fn change(&self, file: &str, change: &Value) {
        let post = self.post_of(file).await;
        self.author.change(&post, change).await.is(200);
    }
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap();
            let path = path.to_str().unwrap().to_owned();
            (path, fs::read(entry.path()).unwrap())
        })
        .collect()
}

async fn untouched_posts_are_exported_byte_for_byte() {
    for (name, format, folders, _, _) in SITES {
        let site = Site::import(name, format).await;
        let exported = site.export("export");
        let imported: Vec<String> = site
            .author
            .walk("/v1/posts?status=any")
            .await
            .iter()
            .map(|post| post["source"]["path"].as_str().unwrap().to_owned())
            .collect();
        let original = files(&site.folder);
        for path in &imported {
            assert_eq!(exported.get(path), original.get(path), "{path}");
        }
        let is_post = |path: &&String| {
            let is_text = path
                .rsplit('.')
                .next()
                .is_some_and(|end| matches!(end, "md" | "markdown"));
            is_text && folders.iter().any(|folder| path.starts_with(folder))
        };
        assert_eq!(
            exported.keys().filter(is_post).count(),
            imported.len(),
            "{name}"
        );
    }
}

async fn an_edited_title_is_a_change_of_one_line() {
    for (name, format, _, path, key) in SITES {
        let site = Site::import(name, format).await;
        site.change(path, &json!({"title": "Otro título"})).await;
        let exported = site.export("export");
        let original = files(&site.folder);
        let [new, old] = [&exported[path], &original[path]]
            .map(|bytes| String::from_utf8(bytes.clone()).unwrap());
        let lines = new.lines().zip(old.lines());
        let changed: Vec<_> = lines.filter(|(new, old)| new != old).collect();
        assert_eq!(new.lines().count(), old.lines().count(), "{new}");
        let [(new, _)] = changed.as_slice() else {
            panic!("{name}: {changed:?}");
        };
        assert!(new.starts_with(key) && new.contains("Otro título"), "{new}");
    }
}

async fn a_published_draft_moves_to_the_posts() {
    let site = Site::import("blog", "jekyll").await;
    let draft = "_drafts/Paginación con cursores.md";
    let post = site.post_of(draft).await;
    site.author.publish(&post).await;
    let exported = site.export("export");
    assert!(!exported.contains_key(draft));
    let moved = |path: &&String| {
        path.starts_with("_posts/") && path.ends_with("-Paginación con cursores.md")
    };
    let path = exported.keys().find(moved).unwrap();
    assert_eq!(exported[path], files(&site.folder)[draft]);
}

async fn new_posts_are_exported_and_can_be_imported_again() {
    let site = Site::import("blog", "jekyll").await;
    let body = "# Hola\n\nUn texto: con *todo*.\n";
    let post = json!({
        "title": "Escrito: aquí", "body": body, "tags": ["uno, dos", "tres"],
        "extra": {"rating": 5, "nested": {"a": [1, "b: c"]}},
    });
    let created = site.author.create(&post).await;
    site.author.publish(&created).await;
    site.export("first");
    let first = site.setup.folder().join("first");
    for (format, posts) in [
        ("jekyll", "_posts"),
        ("hugo", "content"),
        ("zola", "content"),
    ] {
        let out = site.setup.folder().join(format!("as-{format}"));
        let out = out.to_str().unwrap();
        site.run(0, &["export", out, "--format", format]);
        let again = Site::empty().await;
        again.run(0, &["import", out, "--name", "site", "--generator", format]);
        let listed = again.author.walk("/v1/posts?status=any").await;
        let title = |post: &&Value| post["title"] == "Escrito: aquí";
        let listed = listed
            .iter()
            .find(title)
            .unwrap_or_else(|| panic!("{format} {posts}"));
        assert_eq!(listed["tags"], json!(["uno, dos", "tres"]), "{format}");
        assert_eq!(listed["status"], "published", "{format}");
    }
    assert!(first.join("_posts").is_dir());
}

impl Site {
    async fn empty() -> Self {
        let setup = Setup::memory();
        let server = setup.start();
        let author = server.administrator().await;
        Self {
            folder: setup.folder().to_owned(),
            setup,
            server,
            author,
            format: "jekyll",
        }
    }
}

async fn json_has_all_fields_and_collections() {
    let site = Site::import("blog", "json").await;
    let exported = site.export("export");
    let read = |path: &str| serde_json::from_slice::<Value>(&exported[path]).unwrap();
    let posts = exported.keys().filter(|path| path.starts_with("posts/"));
    let count = site.author.walk("/v1/posts?status=any").await.len();
    assert_eq!(posts.count(), count);
    assert!(!read("categories.json").as_array().unwrap().is_empty());
    let images = read("images.json");
    for image in images.as_array().unwrap() {
        let path = image["source_path"].as_str().unwrap();
        assert!(exported.contains_key(path), "{path}");
    }
}

async fn a_folder_with_files_is_refused() {
    let site = Site::empty().await;
    let folder = site.setup.folder().join("full");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("mine.md"), "x").unwrap();
    let folder = folder.to_str().unwrap();
    let text = site.run(2, &["export", folder]);
    assert!(text.contains("is not empty"), "{text}");
    site.run(0, &["export", folder, "--overwrite"]);
}
