//! A small site in two languages, and a fixture that imports it.

use std::{fs, path::Path};

use clap::Parser;
use serde_json::Value;
use tempfile::TempDir;
use tintero_importer::{Args, ImportOutcome, run};

use crate::fake_server::FakeServer;

pub(crate) const CONFIG: &str =
    "permalink: /:categories/:title:output_ext\ntimezone: Europe/Madrid\n";

pub(crate) const CAFE: &str = "_posts/2022-10-10-café - Cómo molerlo.markdown";
const CAFE_TEXT: &str = "---\ntitle: ¿Cómo moler café?\ncategories: cocina café\nfeatured_image: Molino de café.png\nlevel: easy\n---\n\nCon calma.\r\n\n![Molino](/assets/Molino de café.png)\n";

pub(crate) const TEA: &str = "_posts/2021/2021-3-5-tea.md";
const TEA_TEXT: &str = "---\ndate: 2021-03-05 09:30:00 +0000\ntags: [Tea]\nredirect_from: /old/tea/\n---\nBoil water.\n";

pub(crate) const IDEA: &str = "_drafts/una idea.md";
const IDEA_TEXT: &str = "---\ntitle: Una idea\n---\nAlgún día.\n";

/// A temporary folder with the site.
pub(crate) struct Site {
    dir: TempDir,
}

impl Site {
    pub(crate) fn new() -> Self {
        let site = Self::empty();
        for (path, text) in [
            ("_config.yml", CONFIG),
            (CAFE, CAFE_TEXT),
            (TEA, TEA_TEXT),
            (IDEA, IDEA_TEXT),
        ] {
            site.write(path, text.as_bytes());
        }
        site
    }

    pub(crate) fn empty() -> Self {
        Self {
            dir: TempDir::new().unwrap(),
        }
    }

    pub(crate) fn root(&self) -> std::path::PathBuf {
        self.dir.path().join("blog")
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Replaces text in a file.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.root().join(path)).unwrap();
        assert!(text.contains(from), "{text}");
        self.write(path, text.replace(from, to).as_bytes());
    }

    pub(crate) fn bytes(&self, path: &str) -> Vec<u8> {
        fs::read(self.root().join(path)).unwrap()
    }

    /// Imports the site and reads the report.
    pub(crate) async fn import(&self, url: &str, flags: &[&str]) -> Run {
        let report = self.dir.path().join("report.json");
        let outcome = import(
            &self.root(),
            url,
            &[&["--report", report.to_str().unwrap()], flags].concat(),
        )
        .await;
        let report = fs::read(report).unwrap();
        let report = serde_json::from_slice(&report).unwrap_or_default();
        Run { outcome, report }
    }
}

#[derive(Parser)]
struct TestCli {
    #[command(flatten)]
    args: Args,
}

/// Runs `tintero import`.
pub(crate) async fn import(folder: &Path, url: &str, flags: &[&str]) -> ImportOutcome {
    import_as("s3cret", folder, url, flags).await
}

/// Runs `tintero import` with another token.
pub(crate) async fn import_as(
    token: &str,
    folder: &Path,
    url: &str,
    flags: &[&str],
) -> ImportOutcome {
    let line = [
        &[
            "import",
            folder.to_str().unwrap(),
            "--url",
            url,
            "--token",
            token,
        ],
        flags,
    ]
    .concat();
    run(TestCli::parse_from(line).args).await
}

/// The outcome and the report of a run.
pub(crate) struct Run {
    pub(crate) outcome: ImportOutcome,
    pub(crate) report: Value,
}

impl Run {
    /// The path and the action of each file, sorted by path.
    pub(crate) fn actions(&self) -> Vec<(&str, &str)> {
        let files = self.report["files"].as_array().unwrap().iter();
        files
            .map(|file| {
                let text = |name: &str| file[name].as_str().unwrap();
                (text("path"), text("action"))
            })
            .collect()
    }

    pub(crate) fn action(&self, path: &str) -> &str {
        let actions = self.actions();
        let file = actions.into_iter().find(|(file, _)| *file == path);
        file.unwrap().1
    }

    /// The reports of files with an error.
    pub(crate) fn failed_files(&self) -> Vec<&Value> {
        let files = self.report["files"].as_array().unwrap().iter();
        files.filter(|file| file["error"].is_object()).collect()
    }

    pub(crate) fn assert_done(&self) {
        assert_eq!(self.outcome, ImportOutcome::Done, "{:#}", self.report);
    }

    pub(crate) fn assert_incomplete(&self) {
        assert_eq!(self.outcome, ImportOutcome::Incomplete);
    }
}

/// A site and the server to which it is imported.
pub(crate) struct Fixture {
    pub(crate) site: Site,
    pub(crate) server: FakeServer,
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        Self::with(Site::new()).await
    }

    pub(crate) async fn with(site: Site) -> Self {
        let server = FakeServer::open().await;
        Self { site, server }
    }

    /// Imports the site.
    pub(crate) async fn run(&self, flags: &[&str]) -> Run {
        self.site.import(&self.server.url(), flags).await
    }

    /// Imports the site once, and forgets the writes of that run.
    pub(crate) async fn imported(self) -> Self {
        self.run(&[]).await;
        self.server.writes();
        self
    }

    /// Imports the site and checks that nothing is written.
    pub(crate) async fn assert_no_writes(&self, flags: &[&str]) -> Run {
        self.server.writes();
        let run = self.run(flags).await;
        assert_eq!(self.server.writes(), Vec::<String>::new());
        run
    }
}
