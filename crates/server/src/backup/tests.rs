//! Backups of databases with older and newer migrations.

use std::{fs, path::Path};

use tempfile::TempDir;
use tintero_domain::clock::Clock as _;
use tintero_storage::migrations::MigrationSet;

use super::{
    entry::{EntryPath, FileEntry},
    *,
};
use crate::{clock::SystemClock, wiring};

/// A folder with a migrated data folder.
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

/// Names and texts of the migrations, in order.
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
    async fn backup_and_restore(&self) -> Result<Restored, CommandError> {
        let file = self.home.path().join("site.tar.zst");
        let options = BackupOptions {
            output: BackupOutput::NewFile(&file),
            with_keys: false,
        };
        create(&self.config, &options).await?;
        restore(&configured(&self.new_folder(), "tintero"), &file, false).await
    }

    fn new_folder(&self) -> std::path::PathBuf {
        self.home.path().join("new")
    }
}

#[tokio::test]
async fn a_restored_backup_of_this_binary_has_no_pending_migrations() {
    let restored = Stage::with(&shipped())
        .await
        .backup_and_restore()
        .await
        .unwrap();
    assert!(restored.pending.is_empty());
    assert!(
        restored.manifest.items() > 0,
        "the journal of migrations has items"
    );
}

#[tokio::test]
async fn a_restored_backup_of_an_older_binary_has_pending_migrations() {
    let stage = Stage::with(&shipped()[..1]).await;
    let restored = stage.backup_and_restore().await.unwrap();
    assert_eq!(restored.pending.len(), shipped().len() - 1);
}

#[tokio::test]
async fn a_backup_of_a_newer_binary_is_rejected_and_leaves_no_files() {
    let mut files = shipped();
    files.push((
        format!("{:04}_notes.toml", files.len() + 1),
        NEWER.to_owned(),
    ));
    let stage = Stage::with(&files).await;
    let error = stage.backup_and_restore().await.err().unwrap();
    assert!(matches!(error, CommandError::Precondition(_)), "{error}");
    assert!(
        error.to_string().contains("use the newer binary"),
        "{error}"
    );
    assert!(!stage.new_folder().exists());
}

#[tokio::test]
async fn another_table_prefix_is_rejected() {
    let stage = Stage::with(&shipped()).await;
    let other = configured(&stage.config.data_dir, "blog");
    let file = stage.home.path().join("site.tar.zst");
    let options = BackupOptions {
        output: BackupOutput::NewFile(&file),
        with_keys: false,
    };
    let error = create(&other, &options).await.err().unwrap().to_string();
    assert!(error.contains("no tables named blog-…"), "{error}");

    create(&stage.config, &options).await.unwrap();
    let error = restore(&other, &file, true)
        .await
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.contains("set TINTERO_TABLE_PREFIX=tintero"),
        "{error}"
    );
    assert!(stage.config.data_dir.join("tintero.db").exists());
}

/// Runs a statement that the engine never runs.
fn tamper(database: &Path) {
    let connection = rusqlite::Connection::open(database).unwrap();
    let spy = "CREATE TRIGGER spy AFTER INSERT ON items_1 BEGIN DELETE FROM keys_1; END";
    connection.execute_batch(spy).unwrap();
}

#[tokio::test]
async fn a_database_with_a_foreign_trigger_is_neither_backed_up_nor_restored() {
    let stage = Stage::with(&shipped()).await;
    let database = stage.config.data_dir.join(wiring::DATABASE_FILE);
    let expected = "the trigger spy was not created by tintero";
    tamper(&database);
    let error = stage.backup_and_restore().await.err().unwrap().to_string();
    assert!(error.contains(expected), "{error}");

    let measured = files::measure(&stage.config.data_dir, vec![EntryPath::database()]).unwrap();
    let (now, listed) = (SystemClock.now(), measured.try_into().unwrap());
    let manifest = BackupManifest::new(now, "tintero", 1, listed);
    let file = stage.home.path().join("tampered.tar.zst");
    let locate = |entry: &FileEntry| entry.path.within(&stage.config.data_dir);
    archive::pack(&manifest, fs::File::create(&file).unwrap(), locate).unwrap();
    let restored = restore(&configured(&stage.new_folder(), "tintero"), &file, false).await;
    let error = restored.err().unwrap().to_string();
    assert!(error.contains(expected), "{error}");
    assert!(!stage.new_folder().exists());
}
