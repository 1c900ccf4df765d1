//! Copies objects between a bucket and a folder with the layout of the data folder.

use std::{fs, path::Path};

use anyhow::Context as _;
use tintero_domain::images::{ImageFileStore, StoredObject};

use crate::{
    CommandError,
    config::Config,
    private_fs,
    wiring::{self, OBJECTS_FOLDER as OBJECTS},
};

/// Subfolder of a staging folder for unfinished uploads.
const UNFINISHED: &str = "uploads";

/// Copies all objects of the configured bucket to `folder`. Returns whether there is a bucket.
pub(super) async fn fetch(config: &Config, folder: &Path) -> Result<bool, CommandError> {
    let Some(bucket) = wiring::bucket(config, &folder.join(UNFINISHED)).await? else {
        return Ok(false);
    };
    let copies = wiring::folder_store(folder, &folder.join(OBJECTS))?;
    copy(bucket.as_ref(), &copies).await?;
    Ok(true)
}

/// Moves all objects of `folder` to the configured bucket, if there is one. Returns their number.
pub(super) async fn send(config: &Config, folder: &Path) -> Result<Option<usize>, CommandError> {
    let Some(bucket) = wiring::bucket(config, &folder.join(UNFINISHED)).await? else {
        return Ok(None);
    };
    let restored = wiring::folder_store(folder, &folder.join(OBJECTS))?;
    let sent = copy(&restored, bucket.as_ref()).await?;
    for left in [OBJECTS, UNFINISHED] {
        private_fs::allow_missing(fs::remove_dir_all(folder.join(left)))
            .with_context(|| format!("cannot delete {left} in {}", folder.display()))?;
    }
    Ok(Some(sent))
}

/// Copies all objects that `to` does not have. Returns the number of objects of `from`.
async fn copy(from: &dyn ImageFileStore, to: &dyn ImageFileStore) -> anyhow::Result<usize> {
    let (mut count, mut last) = (0, None);
    loop {
        let page = from.list(last.as_ref()).await;
        let page = page.context("cannot list the objects")?;
        let Some(end) = page.last() else {
            return Ok(count);
        };
        last = Some(end.sha256);
        count += page.len();
        for object in &page {
            let copied = copy_object(from, to, object).await;
            copied.with_context(|| format!("cannot copy the object {}", object.sha256))?;
        }
    }
}

async fn copy_object(
    from: &dyn ImageFileStore,
    to: &dyn ImageFileStore,
    object: &StoredObject,
) -> tintero_domain::Result<()> {
    let StoredObject { sha256, bytes } = object;
    if to.length(sha256).await? == Some(*bytes) {
        return Ok(());
    }
    let Some(mut reader) = from.open(sha256, 0..*bytes).await? else {
        // Deleted after it was listed.
        return Ok(());
    };
    let mut draft = to.begin().await?;
    while let Some(piece) = reader.next().await? {
        draft.write(piece).await?;
    }
    draft.keep(sha256).await
}
