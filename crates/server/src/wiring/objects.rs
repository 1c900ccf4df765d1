//! Opens the store of the files of images.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use tintero_domain::images::ImageFileStore;
use tintero_storage::image_files::{
    FolderImageFileStore, MemoryImageFileStore, S3ImageFileStore, S3Location,
};

use super::{SystemPorts, error_chain};
use crate::{
    CommandError,
    config::{BaseUrl, BucketName, Config, Database, KeyPrefix, RegionName},
    private_fs,
};

/// Folder of the images in the data folder.
pub(crate) const OBJECTS_FOLDER: &str = "objects";

/// Opens the store of a server: in a bucket, in memory for a database in memory, otherwise in the data folder.
pub(super) async fn object_store(config: &Config) -> Result<Arc<dyn ImageFileStore>, CommandError> {
    if let Some(bucket) = bucket(config, &folder(config)).await? {
        return Ok(bucket);
    }
    match config.dynamodb {
        Database::Memory => Ok(Arc::new(MemoryImageFileStore::default())),
        Database::Embedded => Ok(Arc::new(folder_store(&config.data_dir, &folder(config))?)),
        Database::Aws => Err(CommandError::precondition(
            "TINTERO_DYNAMODB=aws requires TINTERO_S3_BUCKET, because servers share the files of images",
        )),
    }
}

/// Opens the store of a server that may be running, to read it.
pub(super) async fn stored_objects(
    config: &Config,
) -> Result<Arc<dyn ImageFileStore>, CommandError> {
    match &config.s3_bucket {
        Some(name) => {
            let unfinished = FolderImageFileStore::beside_server(&folder(config));
            Ok(Arc::new(bucket_store(config, name, unfinished).await?))
        }
        None if config.dynamodb == Database::Embedded => Ok(Arc::new(
            FolderImageFileStore::beside_server(&folder(config)),
        )),
        None => object_store(config).await,
    }
}

/// Opens the configured bucket, if there is one. Uploads are collected in the folder `unfinished`.
pub(crate) async fn bucket(
    config: &Config,
    unfinished: &Path,
) -> Result<Option<Arc<dyn ImageFileStore>>, CommandError> {
    let Some(name) = &config.s3_bucket else {
        return Ok(None);
    };
    let unfinished = folder_store(&config.data_dir, unfinished)?;
    Ok(Some(Arc::new(
        bucket_store(config, name, unfinished).await?,
    )))
}

/// Opens the store in a bucket and checks that it can be read.
async fn bucket_store(
    config: &Config,
    name: &BucketName,
    unfinished: FolderImageFileStore,
) -> Result<S3ImageFileStore, CommandError> {
    let prefix = config.s3_prefix.as_ref().map(KeyPrefix::as_str);
    let endpoint = config.s3_endpoint.as_ref().map(BaseUrl::as_str);
    let region = config.s3_region.as_ref().map(RegionName::as_str);
    let location = S3Location {
        bucket: name.as_str().to_owned(),
        prefix: prefix.unwrap_or_default().to_owned(),
        endpoint: endpoint.map(ToOwned::to_owned),
        region: region.map(ToOwned::to_owned),
        path_style: config.s3_path_style,
    };
    let unusable = |reason: String| {
        let bucket = name.as_str();
        CommandError::precondition(format!("cannot use the bucket {bucket}: {reason}"))
    };
    let opened = S3ImageFileStore::open(location, unfinished, SystemPorts::new().clock);
    let store = opened.await.map_err(unusable)?;
    let checked = store.check().await;
    checked.map_err(|error| unusable(error_chain(error)))?;
    Ok(store)
}

fn folder(config: &Config) -> PathBuf {
    config.data_dir.join(OBJECTS_FOLDER)
}

/// Opens the store in `folder` of `parent`, and creates both folders. Deletes unfinished uploads in it.
pub(crate) fn folder_store(
    parent: &Path,
    folder: &Path,
) -> Result<FolderImageFileStore, CommandError> {
    private_folder(parent)?;
    private_folder(folder)?;
    let opened = FolderImageFileStore::open(folder);
    Ok(opened.with_context(|| format!("cannot open the folder {}", folder.display()))?)
}

pub(super) fn private_folder(folder: &Path) -> Result<(), CommandError> {
    private_fs::private_folder(folder).map_err(|error| {
        CommandError::precondition(format!("cannot use {}: {error}", folder.display()))
    })
}
