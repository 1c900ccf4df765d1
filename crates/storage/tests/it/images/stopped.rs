//! Uploads whose server stops at any step, and servers that share a bucket and a database.

use std::{
    collections::BTreeSet, future::poll_fn, pin::pin, sync::Arc, task::Poll, time::Duration,
};

use bytes::Bytes;
use tempfile::TempDir;
use tintero_domain::{
    Error, Result,
    images::{Image, ImageFileStore, ImageFilter, ImageMetadata, Images, MediaType, StoredKind},
    page::{Limit, PageRequest},
    values::{Digest, ImageId, VersionTag},
};
use tintero_storage::image_files::FolderImageFileStore;
use tintero_test_s3::SECRET;

use super::{
    images_on, path, png,
    s3::Store,
    sweep::{names, ready, sweep},
};
use crate::site::{Site, editor};

/// Maximum number of sweeps until the store has only files of images. A bucket can complete a request whose client
/// has stopped.
const SWEEPS: usize = 20;

/// Runs a part of a server that stops when it is about to wait for the `nth` time. `None` if it stopped.
async fn stopping<T>(nth: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut waits = 0;
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => {
            waits += 1;
            if waits == nth {
                Poll::Ready(None)
            } else {
                Poll::Pending
            }
        }
    })
    .await
}

fn described(source: &str) -> ImageMetadata {
    ImageMetadata {
        source_path: Some(path(source)),
        ..ImageMetadata::default()
    }
}

/// Uploads a file through a form.
pub(super) async fn through_form(images: &Images, file: Bytes, source: &str) -> Result<Image> {
    let mut sent = images.receive(&editor()).await?;
    sent.write(file).await?;
    let uploaded = images.upload(&editor(), sent, described(source)).await?;
    Ok(uploaded.image)
}

async fn announce(images: &Images, file: &Bytes) -> Result<ImageId> {
    let (length, sha256) = (file.len() as u64, Digest::of(file));
    let announced = images
        .expect(&editor(), MediaType::Png, length, sha256)
        .await?;
    let mut sent = images.receive_expected(announced.file).await?;
    sent.write(file.clone()).await?;
    sent.finish().await?;
    Ok(announced.file.name.id)
}

/// Sends a file to the store, and completes the upload.
pub(super) async fn directly(images: &Images, file: Bytes, source: &str) -> Result<Image> {
    let id = announce(images, &file).await?;
    let uploaded = images.complete(&editor(), id, described(source)).await?;
    Ok(uploaded.image)
}

async fn all(images: &Images) -> Vec<Image> {
    let mut page = PageRequest {
        limit: Limit::LARGEST,
        cursor: None,
    };
    let mut all = Vec::new();
    loop {
        let found = images
            .list(&editor(), &ImageFilter::default(), &page)
            .await
            .unwrap();
        all.extend(found.items);
        page.cursor = found.next;
        if page.cursor.is_none() {
            return all;
        }
    }
}

async fn require_bytes(images: &Images, files: &dyn ImageFileStore) {
    for image in all(images).await {
        let length = files.length(&image.file.sha256).await.unwrap();
        assert_eq!(length, Some(image.file.bytes), "{:?}", image.source_path);
    }
}

/// Stops the server at each wait of both kinds of uploads, then sweeps.
async fn stops(site: &Site, files: Arc<dyn ImageFileStore>) {
    let images = images_on(site, Arc::clone(&files));
    let mut width = 1;
    for direct in [false, true] {
        for nth in 1.. {
            width += 1;
            let (file, source) = (png(width), format!("{width}.png"));
            let done = if direct {
                stopping(nth, directly(&images, file, &source)).await
            } else {
                stopping(nth, through_form(&images, file, &source)).await
            };
            require_bytes(&images, &*files).await;
            if let Some(uploaded) = done {
                uploaded.unwrap();
                assert!(nth > 1, "the upload never waited");
                break;
            }
        }
    }
    // An upload after one that stopped succeeds.
    for again in 2..=width {
        through_form(&images, png(again), &format!("{again}.png"))
            .await
            .unwrap();
    }
    let lost = png(width + 1);
    super::files::keep(&*files, &lost).await;
    announce(&images, &png(width + 2)).await.unwrap();
    site.clock.forward(2 * 24 * 3_600_000);
    let expected: BTreeSet<_> = all(&images)
        .await
        .iter()
        .map(|image| image.file.sha256.stored_name())
        .collect();
    for left in (0..SWEEPS).rev() {
        sweep(site, &images, false, Duration::ZERO).await;
        let objects = BTreeSet::from_iter(names(&*files, StoredKind::Object).await);
        let received = names(&*files, StoredKind::Received).await;
        if objects == expected && received.is_empty() {
            break;
        }
        assert!(left > 0, "{objects:?} {received:?}");
    }
    require_bytes(&images, &*files).await;
    let found = site.doctor().examine(|_| ()).await.unwrap().findings;
    let items = found
        .iter()
        .filter(|found| !found.detail.starts_with("has no file"));
    assert_eq!(items.count(), 0, "{found:?}");
}

#[tokio::test]
async fn uploads_that_stop_leave_no_image_without_bytes_in_a_folder() {
    let site = ready().await;
    let root = TempDir::new().unwrap();
    let files = FolderImageFileStore::open(root.path()).unwrap();
    stops(&site, Arc::new(files)).await;
}

#[tokio::test]
async fn uploads_that_stop_leave_no_image_without_bytes_in_a_bucket() {
    let (site, bucket) = (ready().await, Store::start());
    let (_home, files) = bucket.of("site", SECRET);
    stops(&site, Arc::new(files)).await;
}

async fn bytes_of(images: &Images, image: &Image) -> Bytes {
    let mut reader = images.open(&image.file, 0..image.file.bytes).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(chunk) = reader.next().await.unwrap() {
        bytes.extend_from_slice(&chunk);
    }
    bytes.into()
}

#[tokio::test]
async fn servers_of_one_bucket_and_one_database_serve_what_the_others_upload() {
    let (site, bucket) = (ready().await, Store::start());
    let other_site = site.with_skew(3);
    let (_home, files) = bucket.of("site", SECRET);
    let (_other_home, other_files) = bucket.of("site", SECRET);
    let one = images_on(&site, Arc::new(files));
    let other = images_on(&other_site, Arc::new(other_files));

    let image = through_form(&one, png(700), "uno.png").await.unwrap();
    assert_eq!(bytes_of(&other, &image).await, png(700));
    assert_eq!(other.get(image.id()).await.unwrap(), image);
    let rendition = image.file.renditions().next().unwrap();
    assert!(other.open_rendition(&rendition).await.is_ok());
    assert!(one.open_kept_rendition(&rendition).await.is_ok());

    let announced = announce(&one, &png(701)).await.unwrap();
    let completed = other
        .complete(&editor(), announced, described("dos.png"))
        .await
        .unwrap();
    assert_eq!(bytes_of(&one, &completed.image).await, png(701));
    let repeated = one
        .complete(&editor(), announced, described("dos.png"))
        .await
        .unwrap();
    assert_eq!(repeated.image, completed.image);

    let base = VersionTag::of(image.version);
    other
        .trash(&editor(), image.id(), base, false)
        .await
        .unwrap();
    let gone = one.get(image.id()).await;
    assert!(matches!(gone, Err(Error::NotFound(_))), "{gone:?}");
    other_site.clock.forward(31 * 24 * 3_600_000);
    assert_eq!(other.empty_trash().await.unwrap(), 1);
    let digest = image.file.sha256;
    let (_third_home, third) = bucket.of("site", SECRET);
    assert_eq!(third.length(&digest).await.unwrap(), None);
}
