//! Import of a blog, from the command line to the public pages.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use libtest_mimic::Trial;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use walkdir::WalkDir;

use super::merges::wait_for;
use crate::harness::{Client, Post, Server, Setup, cases, ending};

pub(super) fn all() -> Vec<Trial> {
    cases![
        an_import_keeps_every_byte_and_a_second_run_changes_nothing,
        a_dry_run_writes_nothing,
        an_import_does_not_recreate_a_merged_category,
        a_changed_file_updates_its_post_and_a_conflict_changes_nothing,
        one_broken_file_fails_the_run_and_the_others_are_imported,
        configuration_faults_exit_with_code_2,
    ]
}

/// Published posts of the fixture, with their Jekyll URLs.
const PUBLISHED: [(&str, &str); 3] = [
    (
        "_posts/2023-03-07-La primera página.md",
        "/oficio/papel/2023/03/07/La-primera-página.html",
    ),
    (
        "_posts/2023-04-01-hello from the inkwell.md",
        "/English/Hello.html",
    ),
    (
        "viajes/_posts/2024-2-9-camino de salamanca.markdown",
        "/viajes/2024/02/09/camino-de-salamanca.html",
    ),
];
const DRAFT: &str = "_posts/2024-05-20-sin-terminar.md";

/// A copy of the fixture and a server.
struct Move {
    setup: Setup,
    server: Server,
    author: Client,
    blog: PathBuf,
}

impl Move {
    async fn prepare() -> Self {
        let setup = Setup::memory();
        let server = setup.start();
        let author = server.administrator().await;
        let blog = setup.folder().join("blog");
        copy(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/blog")),
            &blog,
        );
        Self {
            setup,
            server,
            author,
            blog,
        }
    }

    fn run(&self, more: &[&str]) -> Output {
        let url = self.server.url();
        let folder = self.blog.to_str().unwrap();
        let arguments = [&["import", folder, "--url", &url, "--json"], more].concat();
        self.setup
            .clone()
            .with("TINTERO_TOKEN", self.author.token())
            .run(&arguments)
    }

    /// Runs the import and parses the totals of its report.
    fn totals(&self, code: i32, more: &[&str]) -> Value {
        let output = self.run(more);
        let (ended, text) = ending(&output);
        assert_eq!(ended, code, "{text}");
        let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
        report["totals"].clone()
    }

    fn file(&self, name: &str) -> String {
        fs::read_to_string(self.blog.join(name)).unwrap()
    }

    fn replace(&self, name: &str, from: &str, to: &str) {
        let text = self.file(name);
        assert!(text.contains(from), "{name} holds {from:?}");
        fs::write(self.blog.join(name), text.replace(from, to)).unwrap();
    }

    async fn post_of(&self, file: &str) -> Post {
        let path = utf8_percent_encode(file, NON_ALPHANUMERIC);
        let found = self
            .author
            .get(&format!("/v1/posts/by-source?import=blog&path={path}"))
            .send()
            .await;
        Post::of(&found.is(200))
    }

    async fn desk(&self) -> Vec<Value> {
        self.author.walk("/v1/posts?status=any").await
    }
}

async fn an_import_keeps_every_byte_and_a_second_run_changes_nothing() {
    let blog = Move::prepare().await;
    assert_eq!(blog.totals(0, &[]), json!({ "create": 4 }));
    let anonymous = blog.server.anonymous();
    for (file, address) in PUBLISHED {
        let text = blog.file(file);
        for address in [
            address.to_owned(),
            utf8_percent_encode(address, NON_ALPHANUMERIC).to_string(),
        ] {
            let found = anonymous
                .get(&format!("/v1/redirects/resolve?path={address}"))
                .send()
                .await
                .is(200);
            let place = found.json()["location"].as_str().unwrap().to_owned();
            let public = anonymous.get(&place).send().await.is(200).json();
            assert_eq!(
                public["body"].as_str().unwrap().as_bytes(),
                body(&text).as_bytes(),
                "{file}"
            );
        }
        let source = blog.post_of(file).await.seen["source"].clone();
        assert!(
            text.contains(source["front_matter"].as_str().unwrap().trim_end()),
            "{file}"
        );
    }
    assert_eq!(anonymous.walk("/v1/posts").await.len(), PUBLISHED.len());
    let draft = blog.post_of(DRAFT).await;
    assert_eq!(draft.seen["status"], "draft");
    anonymous
        .get(&draft.public_path())
        .send()
        .await
        .refused(404, "not_found");

    let before = blog.desk().await;
    assert_eq!(blog.totals(0, &[]), json!({ "unchanged": 4 }));
    assert_eq!(blog.desk().await, before);
}

async fn a_dry_run_writes_nothing() {
    let blog = Move::prepare().await;
    assert_eq!(blog.totals(0, &["--dry-run"]), json!({ "create": 4 }));
    assert_eq!(blog.desk().await, Vec::<Value>::new());
    let output = blog.run(&["--dry-run", "--report", "report.json"]);
    let report = fs::read(blog.setup.folder().join("report.json")).unwrap();
    let [written, printed] =
        [&report, &output.stdout].map(|text| serde_json::from_slice::<Value>(text).unwrap());
    assert_eq!(written, printed);
    assert_eq!(written["dry_run"], true);
}

async fn an_import_does_not_recreate_a_merged_category() {
    let blog = Move::prepare().await;
    blog.totals(0, &[]);
    let author = &blog.author;
    let category = async |name: &str| author.get(&format!("/v1/categories/{name}")).send().await;
    let merged = category("oficio").await.is(200);
    let into = category("papel").await.is(200).json();
    let path = format!(
        "/v1/categories/{}/merge",
        merged.json()["id"].as_str().unwrap()
    );
    let call = author.post(&path).based_on(merged.header("etag"));
    let accepted = call.json(&json!({ "into": "papel" })).send().await.is(202);
    wait_for(author, accepted.header("location"), None).await;

    let (before, tree) = (blog.desk().await, author.walk("/v1/categories").await);
    assert_eq!(blog.totals(0, &[]), json!({ "unchanged": 4 }));
    assert_eq!(blog.desk().await, before);
    let (new, changed) = ("_posts/2024-06-01-otro.md", PUBLISHED[0].0);
    let text = "---\ntitle: Otro\ncategories: [Oficio, papel]\n---\nTexto.\n";
    fs::write(blog.blog.join(new), text).unwrap();
    blog.replace(changed, "[Oficio, papel]", "[Oficio, papel, Tinta]");
    assert_eq!(
        blog.totals(0, &[]),
        json!({ "create": 1, "update": 1, "unchanged": 3 })
    );
    let ink = category("tinta").await.is(200).json();
    let filed = async |file: &str| blog.post_of(file).await.seen["category_ids"].clone();
    assert_eq!(filed(new).await, json!([into["id"]]));
    assert_eq!(filed(changed).await, json!([into["id"], ink["id"]]));
    let grown = author.walk("/v1/categories").await;
    assert_eq!(
        grown.len(),
        tree.len() + 1,
        "one more, and not the merged one"
    );
}

async fn a_changed_file_updates_its_post_and_a_conflict_changes_nothing() {
    let blog = Move::prepare().await;
    blog.totals(0, &[]);
    let (first, second) = (PUBLISHED[0].0, PUBLISHED[2].0);
    blog.replace(first, "palabra a palabra", "letra a letra");
    blog.replace(second, "Antes de salir", "Antes de partir");
    let edited = blog.post_of(second).await;
    let edited = blog
        .author
        .change(&edited, &json!({ "body": "Editado aquí.\n" }))
        .await
        .is(200)
        .json();

    assert_eq!(
        blog.totals(1, &[]),
        json!({ "update": 1, "unchanged": 2, "conflict": 1 })
    );
    assert_eq!(
        blog.post_of(first).await.seen["body"],
        body(&blog.file(first))
    );
    assert_eq!(blog.post_of(second).await.seen, edited);
}

async fn one_broken_file_fails_the_run_and_the_others_are_imported() {
    let blog = Move::prepare().await;
    let broken = "_posts/2024-06-01-roto.md";
    fs::write(
        blog.blog.join(broken),
        "---\ntitle: \"sin cerrar\n---\nTexto.\n",
    )
    .unwrap();
    let output = blog.run(&[]);
    assert_eq!(ending(&output).0, 1);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["totals"], json!({ "create": 4, "error": 1 }));
    let files = report["files"].as_array().unwrap();
    let entry = files.iter().find(|entry| entry["path"] == broken).unwrap();
    assert!(entry["error"]["line"].is_u64(), "{entry:#}");
    assert_eq!(blog.desk().await.len(), 4);
}

async fn configuration_faults_exit_with_code_2() {
    let blog = Move::prepare().await;
    let url = blog.server.url();
    let folder = blog.blog.to_str().unwrap();
    for (arguments, token) in [
        (
            ["import", "/never/there", "--url", &url],
            blog.author.token(),
        ),
        (
            ["import", folder, "--url", "http://127.0.0.1:1"],
            blog.author.token(),
        ),
        (["import", folder, "--url", &url], "nonsense"),
    ] {
        let (code, text) = ending(
            &blog
                .setup
                .clone()
                .with("TINTERO_TOKEN", token)
                .run(&arguments),
        );
        assert_eq!(code, 2, "{arguments:?}: {text}");
        assert!(!text.contains(blog.author.token()), "{text}");
    }
    assert_eq!(blog.desk().await, Vec::<Value>::new());
}

/// Text after the front matter.
fn body(text: &str) -> &str {
    let (_, rest) = text.split_once("---").expect("a file begins with a fence");
    let (_, rest) = rest
        .split_once("\n---")
        .expect("the front matter ends with a fence");
    rest.split_once('\n').expect("the fence ends").1
}

fn copy(from: &Path, to: &Path) {
    for entry in WalkDir::new(from) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(&target).unwrap();
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}
