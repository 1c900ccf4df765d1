//! Database files: reopening, sharing, copying and errors.

use std::error::Error;
use std::fs;
use std::path::Path;

use aws_sdk_dynamodb::Client;
use tintero_embedded::{Engine, EngineError};

use crate::stage::{self, plain};

fn client(engine: &Engine) -> Client {
    stage::client(engine.http_client())
}

async fn engine_with_a_post(path: &Path) -> Engine {
    let engine = Engine::file(path).unwrap();
    stage::create_posts(&client(&engine)).await;
    stage::put(&client(&engine), plain("post", 10)).await;
    engine
}

#[tokio::test]
async fn a_reopened_file_keeps_its_items() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tintero.db");
    drop(engine_with_a_post(&path).await);
    let engine = Engine::file(&path).unwrap();
    assert!(stage::get(&client(&engine), "post").await.is_some());
}

#[tokio::test]
async fn two_engines_on_one_file_read_each_others_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tintero.db");
    let server = engine_with_a_post(&path).await;
    let command = Engine::file(&path).unwrap();
    stage::put(&client(&command), plain("from-command", 10)).await;
    stage::put(&client(&server), plain("from-server", 10)).await;
    assert!(stage::get(&client(&server), "from-command").await.is_some());
    assert!(stage::get(&client(&command), "from-server").await.is_some());
}

#[tokio::test]
async fn concurrent_writers_all_succeed() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine_with_a_post(&folder.path().join("tintero.db")).await;
    let writers: Vec<_> = (0..8)
        .map(|n| {
            let client = client(&engine);
            tokio::spawn(async move { stage::put(&client, plain(&format!("n{n}"), 10)).await })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    for n in 0..8 {
        assert!(
            stage::get(&client(&engine), &format!("n{n}"))
                .await
                .is_some()
        );
    }
}

#[tokio::test]
async fn a_copy_excludes_later_writes() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine_with_a_post(&folder.path().join("tintero.db")).await;
    let copy = folder.path().join("copy's.db");
    engine.copy_to(&copy).await.unwrap();
    stage::put(&client(&engine), plain("later", 10)).await;

    let copied = client(&Engine::file(&copy).unwrap());
    assert!(stage::get(&copied, "post").await.is_some());
    assert!(stage::get(&copied, "later").await.is_none());
}

#[tokio::test]
async fn a_copy_that_was_opened_and_closed_is_a_single_file_with_the_same_items() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine_with_a_post(&folder.path().join("tintero.db")).await;
    let copies = folder.path().join("copies");
    fs::create_dir(&copies).unwrap();
    engine.copy_to(&copies.join("copy.db")).await.unwrap();

    let copy = Engine::file(&copies.join("copy.db")).unwrap();
    let counted = copy.item_counts().await.unwrap();
    assert_eq!(counted, engine.item_counts().await.unwrap());
    assert_eq!(counted.into_values().sum::<u64>(), 1);
    drop(copy);
    assert_eq!(fs::read_dir(&copies).unwrap().count(), 1);
}

#[tokio::test]
async fn a_database_in_memory_can_be_copied_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy.db");
    let engine = Engine::memory().unwrap();
    stage::create_posts(&client(&engine)).await;
    stage::put(&client(&engine), plain("post", 10)).await;
    engine.copy_to(&path).await.unwrap();
    let copied = client(&Engine::file(&path).unwrap());
    assert!(stage::get(&copied, "post").await.is_some());
}

#[tokio::test]
async fn a_copy_replaces_no_file_and_leaves_no_partial_file() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::memory().unwrap();
    let taken = folder.path().join("taken");
    fs::write(&taken, "a letter").unwrap();
    let error = engine.copy_to(&taken).await.unwrap_err();
    assert!(matches!(error, EngineError::CopyExists { .. }));
    assert_eq!(fs::read_to_string(&taken).unwrap(), "a letter");

    let nowhere = folder.path().join("no-such-folder/copy.db");
    let error = engine.copy_to(&nowhere).await.unwrap_err();
    assert!(matches!(error, EngineError::Unusable { .. }));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_copy_overwrites_the_partial_file_of_an_interrupted_copy() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("copy.db.partial"), "half").unwrap();
    let copy = folder.path().join("copy.db");
    Engine::memory().unwrap().copy_to(&copy).await.unwrap();
    assert!(copy.exists());
    assert!(!folder.path().join("copy.db.partial").exists());
}

#[test]
fn opening_a_file_of_another_format_fails_and_leaves_it_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.txt");
    let letter = "Dear reader, ".repeat(100);
    fs::write(&path, &letter).unwrap();
    let error = Engine::file(&path).unwrap_err();
    assert!(
        matches!(error, EngineError::NotADatabase { .. }),
        "{error:?}"
    );
    assert!(error.source().is_some());
    assert_eq!(fs::read_to_string(&path).unwrap(), letter);
}

#[test]
fn opening_a_file_in_a_missing_folder_names_the_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("no-such-folder/tintero.db");
    let error = Engine::file(&path).unwrap_err();
    assert!(matches!(error, EngineError::Unusable { .. }));
    assert!(error.to_string().contains("no-such-folder"));
    let error = Engine::file(folder.path()).unwrap_err();
    assert!(matches!(error, EngineError::Unusable { .. }), "{error:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn database_files_and_copies_have_mode_0600() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let engine = engine_with_a_post(&folder.path().join("tintero.db")).await;
    engine
        .copy_to(&folder.path().join("copy.db"))
        .await
        .unwrap();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
