//! A small site in two languages, written for these tests.

use std::{fs, path::Path};

use clap::Parser;
use serde_json::Value;
use tempfile::TempDir;
use tintero_importer::{Args, ImportOutcome, run};

pub(crate) const CONFIG: &str =
    "permalink: /:categories/:title:output_ext\ntimezone: Europe/Madrid\n";

pub(crate) const CAFE: &str = "_posts/2022-10-10-café - Cómo molerlo.markdown";
const CAFE_TEXT: &str = "---\ntitle: ¿Cómo moler café?\ncategories: cocina café\nfeatured_image: Molino de café.png\nlevel: easy\n---\n\nCon calma.\r\n\n![Molino](/assets/Molino de café.png)\n";

pub(crate) const TEA: &str = "_posts/2021/2021-3-5-tea.md";
const TEA_TEXT: &str = "---\ndate: 2021-03-05 09:30:00 +0000\ntags: [Tea]\nredirect_from: /old/tea/\n---\nBoil water.\n";

pub(crate) const IDEA: &str = "_drafts/una idea.md";
const IDEA_TEXT: &str = "---\ntitle: Una idea\n---\nAlgún día.\n";

/// A folder with the site in it.
pub(crate) struct Site {
    place: TempDir,
}

impl Site {
    pub(crate) fn new() -> Self {
        let site = Self {
            place: TempDir::new().unwrap(),
        };
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

    pub(crate) fn root(&self) -> std::path::PathBuf {
        self.place.path().join("blog")
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Changes a file's text.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.root().join(path)).unwrap();
        assert!(text.contains(from), "{text}");
        self.write(path, text.replace(from, to).as_bytes());
    }

    pub(crate) fn bytes(&self, path: &str) -> Vec<u8> {
        fs::read(self.root().join(path)).unwrap()
    }

    /// Imports it, and gives how that ended and what the report says.
    pub(crate) async fn import(&self, url: &str, flags: &[&str]) -> (ImportOutcome, Value) {
        let report = self.place.path().join("report.json");
        let outcome = import(
            &self.root(),
            url,
            &[&["--report", report.to_str().unwrap()], flags].concat(),
        )
        .await;
        let report = fs::read(report).unwrap();
        (outcome, serde_json::from_slice(&report).unwrap_or_default())
    }
}

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

/// Runs the command line of an import.
pub(crate) async fn import(folder: &Path, url: &str, flags: &[&str]) -> ImportOutcome {
    import_as("s3cret", folder, url, flags).await
}

/// As [`import`], with another token.
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
    run(Line::parse_from(line).args).await
}

/// The action of each file of a report, sorted by path.
pub(crate) fn actions(report: &Value) -> Vec<(&str, &str)> {
    let files = report["files"].as_array().unwrap();
    files
        .iter()
        .map(|file| {
            (
                file["path"].as_str().unwrap(),
                file["action"].as_str().unwrap(),
            )
        })
        .collect()
}
