//! The example of a static build, with Node.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{Post, Server, Setup, case_where_possible, draft};

pub(super) fn all() -> Vec<Trial> {
    vec![case_where_possible(
        "static_build::the_example_builds_a_site_and_repeats_only_changes",
        the_example_builds_a_site_and_repeats_only_changes(),
    )]
}

const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../examples/static-build/build.mjs"
);

struct Build<'a> {
    server: &'a Server,
    key: String,
    folder: PathBuf,
}

impl Build<'_> {
    /// Runs the script. Returns what it prints.
    fn run(&self) -> Value {
        let mut node = Command::new("node");
        node.arg(SCRIPT).arg(&self.folder);
        node.env("TINTERO_URL", self.server.url());
        node.env("TINTERO_KEY", &self.key);
        let output = node.output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder.join(file)).unwrap()
    }

    fn has(&self, post: &Post) -> bool {
        let page = format!("en/{}/index.html", post.slug());
        Path::new(&self.folder.join(page)).exists()
    }
}

async fn the_example_builds_a_site_and_repeats_only_changes() -> Result<(), String> {
    if Command::new("node").arg("--version").output().is_err() {
        return Err("Node is not installed".to_owned());
    }
    let setup = Setup::embedded();
    let server = setup.start();
    let author = server.administrator().await;
    let mut posts = Vec::new();
    for n in 0..30 {
        let mut new = draft("page");
        new["locale"] = json!("en");
        new["title"] = json!(format!("Page <{n}>"));
        posts.push(author.create_published(&new).await);
    }
    let issued = setup.run(&["keys", "issue", "--name", "build", "--scope", "build"]);
    let build = Build {
        server: &server,
        key: String::from_utf8(issued.stdout).unwrap().trim().to_owned(),
        folder: setup.folder().join("site"),
    };
    let first = json!({ "kind": "complete", "requests": 2, "written": 30, "removed": 0 });
    assert_eq!(build.run(), first);
    assert!(posts.iter().all(|post| build.has(post)));
    assert!(build.read("index.html").contains("Page &lt;7>"));
    let changed = author.change(&posts[0], &json!({ "title": "Other" })).await;
    author.publish(&Post::of(&changed.is(200))).await;
    author.transition(&posts[1], "trash").await.is(200);
    let new = json!({ "from": "/old", "to": "/new" });
    author.post("/v1/redirects").json(&new).send().await.is(201);
    let second = build.run();
    assert_eq!(second["kind"], "incremental");
    assert_eq!(second["removed"], 1);
    assert!(!build.has(&posts[1]) && build.has(&posts[2]));
    let page = build.read(&format!("en/{}/index.html", posts[0].slug()));
    assert!(page.contains("<h1>Other</h1>"));
    assert!(!build.read("index.html").contains("Page &lt;1>"));
    assert!(build.read("_redirects").contains("/old /new 301"));
    Ok(())
}
