use std::{fs, ops::Range, path::Path, time::Duration};

use bytes::Bytes;
use tempfile::TempDir;
use tintero_domain::{
    Error,
    images::{ImageFile, ImageFileStore, ImageRendition, MediaType, ReceivedName},
    values::{Digest, ImageId, UserId},
};
use tintero_storage::image_files::{FolderImageFileStore, MemoryImageFileStore};
use uuid::Uuid;

/// Larger than the write buffer and the read chunk.
const LONG: usize = 700_000;

pub(super) fn long() -> Bytes {
    let byte = |n: usize| u8::try_from(n % 251).unwrap();
    (0..LONG).map(byte).collect()
}

/// Stores bytes in chunks of an odd size.
pub(super) async fn keep(store: &dyn ImageFileStore, bytes: &Bytes) -> Digest {
    let digest = Digest::of(bytes);
    let mut draft = store.begin().await.unwrap();
    for chunk in bytes.chunks(100_003) {
        draft.write(Bytes::copy_from_slice(chunk)).await.unwrap();
    }
    draft.keep(&digest).await.unwrap();
    digest
}

pub(super) async fn read(
    store: &dyn ImageFileStore,
    digest: &Digest,
    range: Range<u64>,
) -> Option<Vec<u8>> {
    let mut reader = store.open(digest, range).await.unwrap()?;
    let mut bytes = Vec::new();
    while let Some(chunk) = reader.next().await.unwrap() {
        assert!((1..=64 * 1024).contains(&chunk.len()));
        bytes.extend(chunk);
    }
    Some(bytes)
}

/// The files in the subfolders of `root`.
fn files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for folder in fs::read_dir(root).unwrap() {
        let folder = folder.unwrap().path();
        for file in fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            found.push(path.strip_prefix(root).unwrap().display().to_string());
        }
    }
    found
}

/// A rendition of an image with these bytes.
pub(super) fn rendition(bytes: &[u8]) -> ImageRendition {
    let file = ImageFile {
        id: ImageId::new(Uuid::nil()),
        media_type: MediaType::Jpeg,
        bytes: bytes.len() as u64,
        sha256: Digest::of(bytes),
        uploaded_sha256: None,
        width: 1000,
        height: 1000,
    };
    file.renditions().next().unwrap()
}

pub(super) async fn rendition_of(
    store: &dyn ImageFileStore,
    rendition: &ImageRendition,
) -> Option<(u64, Vec<u8>)> {
    let mut opened = store.open_rendition(rendition).await.unwrap()?;
    let mut bytes = Vec::new();
    while let Some(chunk) = opened.reader.next().await.unwrap() {
        bytes.extend(chunk);
    }
    Some((opened.bytes, bytes))
}

/// Stores renditions, one of them empty, apart from the objects.
pub(super) async fn keeps_renditions(store: &dyn ImageFileStore) {
    let (kept, empty) = (rendition(b"a"), rendition(b"b"));
    assert_eq!(rendition_of(store, &kept).await, None);
    store.keep_rendition(&kept, long()).await.unwrap();
    store.keep_rendition(&empty, Bytes::new()).await.unwrap();
    let found = rendition_of(store, &kept).await.unwrap();
    assert_eq!(found, (LONG as u64, long().to_vec()));
    assert_eq!(rendition_of(store, &empty).await, Some((0, Vec::new())));
    assert_eq!(store.list(None).await.unwrap(), []);
    store
        .keep_rendition(&kept, Bytes::from_static(b"again"))
        .await
        .unwrap();
    assert_eq!(rendition_of(store, &kept).await.unwrap().1, b"again");
}

fn folder() -> (TempDir, FolderImageFileStore) {
    let home = TempDir::new().unwrap();
    let folder = FolderImageFileStore::open(home.path()).unwrap();
    (home, folder)
}

#[tokio::test]
async fn stored_bytes_are_read_whole_and_by_range() {
    let (_home, folder) = folder();
    let memory = MemoryImageFileStore::default();
    let stores: [&dyn ImageFileStore; 2] = [&folder, &memory];
    let bytes = long();
    for store in stores {
        let digest = keep(store, &bytes).await;
        for (start, end) in [
            (0, LONG),
            (0, 1),
            (LONG - 1, LONG),
            (65_535, 200_000),
            (7, 7),
        ] {
            let found = read(store, &digest, start as u64..end as u64).await;
            assert_eq!(found.as_deref(), Some(&bytes[start..end]));
        }
        assert_eq!(read(store, &Digest::of(b""), 0..0).await, None);
    }
}

#[tokio::test]
async fn equal_bytes_are_stored_once_under_their_digest() {
    let (home, folder) = folder();
    for _ in 0..2 {
        keep(&folder, &Bytes::from_static(b"hola")).await;
    }
    let digest = Digest::of(b"hola").to_string();
    assert_eq!(
        files(home.path()),
        [format!("{}/{}", &digest[..2], &digest[2..])]
    );
}

#[tokio::test]
async fn concurrent_writers_of_the_same_bytes_both_succeed() {
    let (home, folder) = folder();
    let bytes = long();
    let (one, two) = tokio::join!(keep(&folder, &bytes), keep(&folder, &bytes));
    assert_eq!(one, two);
    assert_eq!(files(home.path()).len(), 1);
    assert_eq!(
        read(&folder, &one, 0..LONG as u64).await.as_deref(),
        Some(&bytes[..])
    );
}

#[tokio::test]
async fn an_abandoned_draft_leaves_no_file() {
    let (home, folder) = folder();
    let mut draft = folder.begin().await.unwrap();
    draft.write(long()).await.unwrap();
    assert_eq!(files(home.path()).len(), 1);
    drop(draft);
    assert!(files(home.path()).is_empty());
}

#[tokio::test]
async fn unfinished_files_are_deleted_at_start() {
    let (home, folder) = folder();
    let digest = keep(&folder, &Bytes::from_static(b"hola")).await;
    fs::write(home.path().join("unfinished/half"), b"ho").unwrap();
    let folder = FolderImageFileStore::open(home.path()).unwrap();
    assert_eq!(files(home.path()).len(), 1);
    assert_eq!(
        read(&folder, &digest, 0..4).await.as_deref(),
        Some(&b"hola"[..])
    );
}

#[tokio::test]
async fn a_truncated_file_fails_reads_and_is_replaced_by_the_next_upload() {
    let (home, folder) = folder();
    let bytes = long();
    let digest = keep(&folder, &bytes).await;
    let file = home.path().join(&files(home.path())[0]);
    fs::write(&file, &bytes[..100]).unwrap();
    let mut reader = folder.open(&digest, 0..LONG as u64).await.unwrap().unwrap();
    assert!(matches!(reader.next().await, Err(Error::Unavailable(_))));
    assert!(matches!(reader.next().await, Err(Error::Unavailable(_))));
    keep(&folder, &bytes).await;
    assert_eq!(
        read(&folder, &digest, 0..LONG as u64).await.as_deref(),
        Some(&bytes[..])
    );
}

#[tokio::test]
async fn full_memory_rejects_writes() {
    let memory = MemoryImageFileStore::with_capacity(10);
    keep(&memory, &Bytes::from_static(b"hola")).await;
    let mut draft = memory.begin().await.unwrap();
    draft.write(Bytes::from_static(b"mundo")).await.unwrap();
    let refused = draft.write(Bytes::from_static(b"!!")).await;
    assert!(matches!(refused, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn renditions_are_stored_apart_from_the_files() {
    let (home, folder) = folder();
    keeps_renditions(&folder).await;
    keeps_renditions(&MemoryImageFileStore::default()).await;
    let unfinished = home.path().join("unfinished");
    assert_eq!(fs::read_dir(unfinished).unwrap().count(), 0);
}

#[tokio::test]
async fn renditions_in_memory_are_dropped_when_they_are_too_large() {
    let store = MemoryImageFileStore::default();
    let large = Bytes::from(vec![0; 20 * 1024 * 1024]);
    let (first, second) = (rendition(b"a"), rendition(b"b"));
    store.keep_rendition(&first, large.clone()).await.unwrap();
    store.keep_rendition(&second, large).await.unwrap();
    assert_eq!(rendition_of(&store, &first).await, None);
    assert!(rendition_of(&store, &second).await.is_some());
}

async fn received(store: &FolderImageFileStore, bytes: &'static [u8], id: u128) -> ReceivedName {
    let name = ReceivedName {
        sender: UserId::new(Uuid::from_u128(1)),
        id: ImageId::new(Uuid::from_u128(id)),
    };
    let mut draft = store.begin().await.unwrap();
    draft.write(Bytes::from_static(bytes)).await.unwrap();
    draft.keep_received(&name).await.unwrap();
    name
}

#[tokio::test]
async fn received_files_are_replaced_read_and_removed_after_a_day() {
    let root = TempDir::new().unwrap();
    let store = FolderImageFileStore::open(root.path()).unwrap();
    received(&store, b"adios", 1).await;
    let name = received(&store, b"hola", 1).await;
    let mut file = store.open_received(&name).await.unwrap().unwrap();
    assert_eq!(&file.next().await.unwrap().unwrap()[..], b"hola");
    let stored = root.path().join("received").join(name.stored_name());
    let written = fs::metadata(&stored).unwrap().modified().unwrap();
    let yesterday = written - Duration::from_hours(24) - Duration::from_mins(1);
    fs::File::open(&stored)
        .unwrap()
        .set_modified(yesterday)
        .unwrap();
    let other = received(&store, b"buenas", 2).await;
    assert!(store.open_received(&name).await.unwrap().is_none());
    store.remove_received(&other).await.unwrap();
    assert!(store.open_received(&other).await.unwrap().is_none());
    assert_eq!(store.list(None).await.unwrap(), []);
}
