//! Copies objects between a bucket and a folder with the layout of the data folder.

use std::{fs, io::Write as _, path::Path};

use anyhow::Context as _;
use bytes::Bytes;
use tintero_domain::images::{ImageFileStore, StoredObject};

use super::files;
use crate::config::Config;
use crate::{
    CommandError, private_fs,
    wiring::{self, OBJECTS_FOLDER as OBJECTS},
};

/// Subfolder of a staging folder for unfinished uploads.
const UNFINISHED: &str = "uploads";

/// Copies all objects of the configured bucket to `folder`. Returns whether there is a bucket.
pub(super) async fn fetch(config: &Config, folder: &Path) -> Result<bool, CommandError> {
    let unfinished = folder.join(UNFINISHED);
    let Some(bucket) = wiring::bucket(config, &unfinished).await? else {
        return Ok(false);
    };
    let mut last = None;
    loop {
        let page = bucket.list(last.as_ref()).await;
        let page = page.context("cannot list the objects of the bucket")?;
        for object in &page {
            let copied = fetch_object(bucket.as_ref(), object, folder).await;
            copied.with_context(|| format!("cannot copy the object {}", object.sha256))?;
        }
        match page.last() {
            Some(object) => last = Some(object.sha256),
            None => return Ok(true),
        }
    }
}

async fn fetch_object(
    bucket: &dyn ImageFileStore,
    object: &StoredObject,
    folder: &Path,
) -> anyhow::Result<()> {
    let Some(mut reader) = bucket.open(&object.sha256, 0..object.bytes).await? else {
        // Deleted after it was listed.
        return Ok(());
    };
    let name = object.sha256.to_string();
    let (prefix, rest) = name.split_at(2);
    let parent = folder.join(OBJECTS).join(prefix);
    fs::create_dir_all(&parent)?;
    let mut file = private_fs::create_file(&parent.join(rest))?;
    while let Some(chunk) = reader.next().await? {
        file.write_all(&chunk)?;
    }
    Ok(())
}

/// Moves all objects of `folder` to the configured bucket, if there is one. Returns their number.
pub(super) async fn send(config: &Config, folder: &Path) -> Result<Option<usize>, CommandError> {
    let unfinished = folder.join(UNFINISHED);
    let Some(bucket) = wiring::bucket(config, &unfinished).await? else {
        return Ok(None);
    };
    let entries = files::measure(folder, files::list(folder, OBJECTS)?)?;
    for entry in &entries {
        let sent = async {
            if bucket.length(&entry.sha256).await? == Some(entry.size) {
                return anyhow::Ok(());
            }
            let bytes = Bytes::from(fs::read(entry.path.within(folder))?);
            let mut draft = bucket.begin().await?;
            draft.write(bytes).await?;
            Ok(draft.keep(&entry.sha256).await?)
        };
        let sent = sent.await;
        sent.with_context(|| format!("cannot send {} to the bucket", entry.path))?;
    }
    for left in [OBJECTS, UNFINISHED] {
        private_fs::allow_missing(fs::remove_dir_all(folder.join(left)))
            .with_context(|| format!("cannot delete {left} in {}", folder.display()))?;
    }
    Ok(Some(entries.len()))
}
