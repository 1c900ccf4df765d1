//! The removal of bytes, and the sweep for files that no image needs.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use tempfile::TempDir;
use tintero_domain::{
    Error,
    clock::Ids as _,
    images::{
        ByteRemoval, ByteRemovalStore as _, Image, ImageFileStore, ImageSweep, Images, MediaType,
        StoredKind,
    },
    operations::{OperationOutcome, OperationState, Runner},
    values::{Digest, VersionTag},
};
use tintero_storage::{
    CursorKey, CursorKeys, DynamoImageStore,
    image_files::{FolderImageFileStore, MemoryImageFileStore},
};
use tintero_test_s3::SECRET;

use super::{files::keep, images, images_on, png, s3::Store, upload};
use crate::site::{Site, editor, site};

const DAY: i64 = 24 * 3_600_000;

const KINDS: [StoredKind; 3] = [
    StoredKind::Object,
    StoredKind::Rendition,
    StoredKind::Received,
];

pub(super) async fn ready() -> Site {
    let site = site().await;
    site.posts.record_earlier_uses(|| true).await.unwrap();
    site
}

fn store(site: &Site) -> DynamoImageStore {
    let cursors = CursorKeys::new(CursorKey([7; 32]), None);
    DynamoImageStore::new(site.dynamo.clone(), cursors)
}

pub(super) async fn names(files: &dyn ImageFileStore, kind: StoredKind) -> Vec<String> {
    let found = files.list_files(kind, None).await.unwrap();
    found.into_iter().map(|file| file.name).collect()
}

async fn trash(images: &Images, image: &Image) {
    let base = VersionTag::of(image.version);
    images
        .trash(&editor(), image.id(), base, false)
        .await
        .unwrap();
}

async fn uploaded(images: &Images, width: u32, path: &str) -> Image {
    let uploaded = upload(images, &editor(), png(width), Some(path)).await;
    uploaded.unwrap().image
}

/// Sends a file of a direct upload, and does not complete it.
async fn receive(images: &Images, file: Bytes) {
    let (length, sha256) = (file.len() as u64, Digest::of(&file));
    let announced = images
        .expect(&editor(), MediaType::Png, length, sha256)
        .await
        .unwrap();
    let mut sent = images.receive_expected(announced.file).await.unwrap();
    sent.write(file).await.unwrap();
    sent.finish().await.unwrap();
}

async fn make_rendition(images: &Images, image: &Image) {
    let rendition = image.file.renditions().next().unwrap();
    images.open_rendition(&rendition).await.unwrap();
}

pub(super) async fn sweep(
    site: &Site,
    images: &Images,
    dry_run: bool,
    grace: Duration,
) -> ImageSweep {
    let started = images
        .sweep(&editor(), &site.operations, dry_run, grace)
        .await;
    let id = started.unwrap().id;
    let (clock, ids) = (site.clock.clone(), site.ids.clone());
    let runner = Runner::new(site.operation_store(), Arc::new(images.clone()), clock, ids);
    loop {
        let poll = runner.poll().await.unwrap();
        assert!(poll.faults.is_empty(), "{:?}", poll.faults);
        if !poll.worked {
            break;
        }
    }
    let done = site.operations.get(&editor(), id).await.unwrap();
    let OperationState::Finished { outcome, .. } = done.state else {
        panic!("{done:?}");
    };
    assert_eq!(outcome, OperationOutcome::Succeeded);
    ImageSweep::of(&done)
}

#[tokio::test]
async fn an_image_that_leaves_the_trash_takes_its_files_with_it() {
    let site = ready().await;
    let images = images(&site);
    let (one, other) = (
        uploaded(&images, 700, "a.png").await,
        uploaded(&images, 700, "b.png").await,
    );
    make_rendition(&images, &one).await;
    let kept = uploaded(&images, 701, "c.png").await;
    trash(&images, &one).await;
    site.clock.forward(31 * DAY);
    assert_eq!(images.empty_trash().await.unwrap(), 1);
    let objects = names(&site.files, StoredKind::Object).await;
    assert_eq!(objects.len(), 2, "another image has the same bytes");
    assert_eq!(names(&site.files, StoredKind::Rendition).await.len(), 1);
    trash(&images, &other).await;
    site.clock.forward(31 * DAY);
    assert_eq!(images.empty_trash().await.unwrap(), 1);
    let objects = names(&site.files, StoredKind::Object).await;
    assert_eq!(objects, [kept.file.sha256.stored_name()]);
    assert!(names(&site.files, StoredKind::Rendition).await.is_empty());
}

#[tokio::test]
async fn bytes_are_not_removed_with_an_image_that_was_stripped_to_others() {
    let site = ready().await;
    let images = images(&site);
    // The upload of this image had the bytes of the other one as its digest only.
    let image = uploaded(&images, 5, "a.png").await;
    let digest = image.file.sha256;
    assert!(store(&site).has_image(&digest).await.unwrap());
    assert!(!store(&site).has_image(&Digest::of(b"x")).await.unwrap());
}

#[tokio::test]
async fn an_upload_after_a_removal_has_its_bytes() {
    let site = ready().await;
    let (images, records) = (images(&site), store(&site));
    let digest = uploaded(&images, 5, "a.png").await.file.sha256;
    let now = site.now();
    let removal = ByteRemoval {
        sha256: digest,
        removal: site.ids.next(),
        began_at: now,
        is_complete: false,
    };
    assert!(records.begin_removal(&removal, now).await.unwrap());
    let again = ByteRemoval {
        removal: site.ids.next(),
        ..removal
    };
    assert!(!records.begin_removal(&again, now).await.unwrap());
    let refused = upload(&images, &editor(), png(5), Some("b.png")).await;
    assert!(matches!(refused, Err(Error::Contended)), "{refused:?}");
    site.files
        .remove_file(StoredKind::Object, &digest.stored_name())
        .await
        .unwrap();
    records.complete_removal(&removal).await.unwrap();
    let image = uploaded(&images, 5, "c.png").await;
    let length = site.files.length(&digest).await.unwrap();
    assert_eq!(length, Some(image.file.bytes));
    let left = records.list_removals(None, 10).await.unwrap();
    assert!(left.is_empty(), "{left:?}");
    // The removal that the upload took away is not completed later.
    records.complete_removal(&removal).await.unwrap();
    uploaded(&images, 5, "d.png").await;
}

#[tokio::test]
async fn a_removal_that_stopped_does_not_block_uploads_for_long() {
    let site = ready().await;
    let (images, records) = (images(&site), store(&site));
    let digest = uploaded(&images, 5, "a.png").await.file.sha256;
    let removal = ByteRemoval {
        sha256: digest,
        removal: site.ids.next(),
        began_at: site.now(),
        is_complete: false,
    };
    assert!(records.begin_removal(&removal, site.now()).await.unwrap());
    site.clock.forward(10 * 60_000 + 1);
    uploaded(&images, 5, "b.png").await;
}

#[tokio::test]
async fn uploads_and_removals_at_once_never_lose_bytes() {
    let site = ready().await;
    let images = images(&site);
    for round in 0..20 {
        let image = uploaded(&images, 9, &format!("{round}.png")).await;
        trash(&images, &image).await;
        site.clock.forward(31 * DAY);
        let path = format!("new-{round}.png");
        let editor = editor();
        let (emptied, added) = tokio::join!(
            images.empty_trash(),
            upload(&images, &editor, png(9), Some(&path)),
        );
        emptied.unwrap();
        if let Ok(added) = added {
            let digest = added.image.file.sha256;
            let length = site.files.length(&digest).await.unwrap();
            assert_eq!(length, Some(added.image.file.bytes), "round {round}");
            trash(&images, &added.image).await;
        }
    }
    let found = site.doctor().examine(|_| ()).await.unwrap().findings;
    assert!(found.is_empty(), "{found:?}");
}

/// Fills a store with files of images and with others, and sweeps it.
async fn sweeps(files: Arc<dyn ImageFileStore>) {
    let site = ready().await;
    let images = images_on(&site, Arc::clone(&files));
    let kept = uploaded(&images, 700, "a.png").await;
    make_rendition(&images, &kept).await;
    let trashed = uploaded(&images, 701, "b.png").await;
    trash(&images, &trashed).await;
    let before = [
        names(&*files, StoredKind::Object).await,
        names(&*files, StoredKind::Rendition).await,
        Vec::new(),
    ];
    assert_eq!((before[0].len(), before[1].len()), (2, 1));
    let lost = Bytes::from_static(b"the bytes of an upload that stopped");
    keep(&*files, &lost).await;
    receive(&images, png(3)).await;
    // The renditions of an image whose metadata is lost.
    let unknown = super::files::rendition(&lost);
    files
        .keep_rendition(&unknown, Bytes::from_static(b"small"))
        .await
        .unwrap();
    site.clock.forward(2 * DAY);
    let bytes = lost.len() as u64 + png(3).len() as u64 + 5;
    let spared = Duration::from_hours(24 * 365 * 200);
    let found = sweep(&site, &images, true, Duration::ZERO).await;
    assert_eq!((found.files, found.bytes), (3, bytes));
    assert_eq!(names(&*files, StoredKind::Received).await.len(), 1);
    let found = sweep(&site, &images, false, Duration::ZERO).await;
    assert_eq!((found.files, found.bytes), (3, bytes));
    for (kind, before) in KINDS.into_iter().zip(before) {
        assert_eq!(names(&*files, kind).await, before, "{kind:?}");
    }
    let found = sweep(&site, &images, false, Duration::ZERO).await;
    assert_eq!((found.files, found.bytes), (0, 0));
    keep(&*files, &lost).await;
    let is_timed = files.list_files(StoredKind::Object, None).await.unwrap()[0]
        .stored_at
        .is_some();
    if is_timed {
        assert_eq!(sweep(&site, &images, false, spared).await.files, 0);
    }
    // A completed removal does not hide bytes that were stored since.
    assert_eq!(sweep(&site, &images, false, Duration::ZERO).await.files, 1);
    site.clock.forward(2 * DAY);
    sweep(&site, &images, false, Duration::ZERO).await;
    let removals = store(&site).list_removals(None, 10).await.unwrap();
    assert!(removals.is_empty(), "{removals:?}");
    let found = site.doctor().examine(|_| ()).await.unwrap().findings;
    let items: Vec<_> = found
        .iter()
        .filter(|found| !found.detail.starts_with("has no file"))
        .collect();
    assert!(items.is_empty(), "{items:?}");
}

#[tokio::test]
async fn a_sweep_removes_what_no_image_needs_from_memory() {
    sweeps(Arc::new(MemoryImageFileStore::default())).await;
}

#[tokio::test]
async fn a_sweep_removes_what_no_image_needs_from_a_folder() {
    let root = TempDir::new().unwrap();
    sweeps(Arc::new(FolderImageFileStore::open(root.path()).unwrap())).await;
}

#[tokio::test]
async fn a_sweep_removes_what_no_image_needs_from_a_bucket() {
    let bucket = Store::start();
    let (_home, files) = bucket.of("site", SECRET);
    sweeps(Arc::new(files)).await;
}

#[tokio::test]
async fn a_sweep_examines_more_files_than_one_step() {
    let site = ready().await;
    let images = images(&site);
    for n in 0..130_u32 {
        keep(&site.files, &Bytes::from(n.to_string())).await;
    }
    let found = sweep(&site, &images, false, Duration::ZERO).await;
    assert_eq!(found.files, 130);
    assert!(names(&site.files, StoredKind::Object).await.is_empty());
}

#[tokio::test]
async fn a_sweep_waits_until_the_digests_of_earlier_images_are_recorded() {
    let site = site().await;
    let images = images(&site);
    let refused = images
        .sweep(&editor(), &site.operations, false, Duration::ZERO)
        .await;
    assert!(matches!(refused, Err(Error::Busy)), "{refused:?}");
}
