//! Backups and the migrations of the binaries that make and read them.

use std::{fs, path::Path};

use tempfile::TempDir;
use tintero_storage::migrations::MigrationSet;

use super::*;
use crate::wiring;

/// A folder with a data folder in it whose tables some binary made.
struct Stage {
    home: TempDir,
    config: Config,
}

const NEWER: &str = r#"
description = "Notes"
[[create]]
table = "notes"
point_in_time_recovery = false
deletion_protection = false
"#;

/// Names and texts of the migrations, in their order.
fn shipped() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let mut files: Vec<_> = entries
        .map(|entry| {
            let text = fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), text)
        })
        .collect();
    files.sort();
    files
}

fn configured(data_dir: &Path, table_prefix: &str) -> Config {
    let data_dir = data_dir.to_str().unwrap();
    Config::of_variables(&[
        ("TINTERO_DATA_DIR", data_dir),
        ("TINTERO_TABLE_PREFIX", table_prefix),
    ])
}

impl Stage {
    async fn with(migrations: &[(String, String)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let config = configured(&home.path().join("data"), "tintero");
        fs::create_dir(&config.data_dir).unwrap();
        let engine = wiring::engine(&config.data_dir.join(wiring::DATABASE_FILE)).unwrap();
        let set = MigrationSet::parse(migrations.iter().map(|(name, text)| (name, text))).unwrap();
        let migrator = wiring::migrator_of(&engine, &config).with_set(set);
        migrator.up().await.unwrap();
        Self { home, config }
    }

    /// Backs up and restores into another folder.
    async fn there_and_back(&self) -> Result<Restored, Failure> {
        let file = self.home.path().join("site.tar.zst");
        let request = Request {
            file: &file,
            with_keys: false,
            replace: false,
        };
        create(&self.config, &request).await?;
        restore(&configured(&self.new_folder(), "tintero"), &file, false).await
    }

    fn new_folder(&self) -> std::path::PathBuf {
        self.home.path().join("new")
    }
}

#[tokio::test]
async fn a_backup_of_this_binary_needs_no_migration() {
    let restored = Stage::with(&shipped())
        .await
        .there_and_back()
        .await
        .unwrap();
    assert!(restored.pending.is_empty());
    assert!(restored.manifest.items() > 0, "the journal has items");
}

#[tokio::test]
async fn a_backup_of_an_older_binary_is_restored_and_what_it_lacks_is_told() {
    let stage = Stage::with(&shipped()[..1]).await;
    let restored = stage.there_and_back().await.unwrap();
    assert_eq!(restored.pending.len(), shipped().len() - 1);
}

#[tokio::test]
async fn a_backup_of_a_newer_binary_is_refused_and_nothing_is_left() {
    let mut files = shipped();
    files.push((
        format!("{:04}_notes.toml", files.len() + 1),
        NEWER.to_owned(),
    ));
    let stage = Stage::with(&files).await;
    let refused = stage.there_and_back().await.err().unwrap();
    assert!(matches!(refused, Failure::Refused(_)), "{refused}");
    assert!(
        refused.to_string().contains("use the newer binary"),
        "{refused}"
    );
    assert!(!stage.new_folder().exists());
}

#[tokio::test]
async fn a_folder_whose_tables_have_another_prefix_is_not_backed_up_as_empty() {
    let stage = Stage::with(&shipped()).await;
    let other = configured(&stage.config.data_dir, "blog");
    let file = stage.home.path().join("site.tar.zst");
    let request = Request {
        file: &file,
        with_keys: false,
        replace: false,
    };
    let refused = create(&other, &request).await.err().unwrap().to_string();
    assert!(refused.contains("no tables named blog-…"), "{refused}");

    create(&stage.config, &request).await.unwrap();
    let refused = restore(&other, &file, true)
        .await
        .err()
        .unwrap()
        .to_string();
    assert!(
        refused.contains("set TINTERO_TABLE_PREFIX=tintero"),
        "{refused}"
    );
    assert!(stage.config.data_dir.join("tintero.db").exists());
}
