//! The store in S3, against a server that verifies signatures and digests.

use std::{fs, sync::Arc, time::Duration};

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use bytes::Bytes;
use tempfile::TempDir;
use tintero_domain::{
    Error,
    clock::Clock,
    images::{
        ExpectedFile, ImageFile, ImageFileStore, MediaType, ReceivedName, SignedRequest,
        StoredObject,
    },
    values::{Digest, ImageId, Timestamp, UserId},
};
use tintero_storage::image_files::{FolderImageFileStore, S3ImageFileStore, S3Location};
use tintero_test_s3::{S3Server, SECRET};
use uuid::Uuid;

use super::files::{keep, keeps_renditions, long, read, rendition, rendition_of};

/// A server with the bucket `site`.
pub(super) struct Store {
    server: S3Server,
    clock: Arc<FileClock>,
    root: TempDir,
}

/// The time at which the server started, which signatures must be close to.
struct FileClock(Timestamp);

impl Clock for FileClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}

impl Store {
    pub(super) fn start() -> Self {
        let root = TempDir::new().unwrap();
        fs::create_dir(root.path().join("site")).unwrap();
        let created = root.path().metadata().unwrap().modified().unwrap();
        let since = created.duration_since(std::time::UNIX_EPOCH).unwrap();
        let now = Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap());
        Self {
            server: S3Server::start(root.path()).unwrap(),
            clock: Arc::new(FileClock(now)),
            root,
        }
    }

    /// A store of one of the servers of the site, with a folder of its own.
    pub(super) fn of(&self, bucket: &str, secret: &str) -> (TempDir, S3ImageFileStore) {
        self.at(self.server.endpoint(), bucket, secret)
    }

    fn at(&self, endpoint: &str, bucket: &str, secret: &str) -> (TempDir, S3ImageFileStore) {
        let home = TempDir::new().unwrap();
        let location = S3Location {
            bucket: bucket.to_owned(),
            prefix: "images".to_owned(),
            endpoint: Some(endpoint.to_owned()),
            region: None,
            path_style: None,
        };
        let credentials = Credentials::new("writer", secret, None, None, "test");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build();
        let unfinished = FolderImageFileStore::open(home.path()).unwrap();
        let store =
            S3ImageFileStore::with_config(location, &config, unfinished, self.clock.clone());
        (home, store.unwrap())
    }
}

/// Writes `hola`, whose digest is passed.
async fn keep_as(store: &S3ImageFileStore, digest: &Digest) -> tintero_domain::Result<()> {
    let mut draft = store.begin().await.unwrap();
    draft.write(Bytes::from_static(b"hola")).await.unwrap();
    draft.keep(digest).await
}

fn reason<T: std::fmt::Debug>(failed: tintero_domain::Result<T>) -> String {
    match failed {
        Err(Error::Unavailable(source)) => source.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_one_server_stores_another_one_reads_whole_and_by_range() {
    let site = Store::start();
    let (_one, writer) = site.of("site", SECRET);
    let (_two, reader) = site.of("site", SECRET);
    let bytes = long();
    let digest = keep(&writer, &bytes).await;
    let length = bytes.len();
    for (start, end) in [
        (0, length),
        (0, 1),
        (length - 1, length),
        (65_535, 200_000),
        (7, 7),
    ] {
        let found = read(&reader, &digest, start as u64..end as u64).await;
        assert_eq!(found.as_deref(), Some(&bytes[start..end]));
    }
    assert_eq!(reader.length(&digest).await.unwrap(), Some(length as u64));
    let name = digest.to_string();
    let path = format!("site/images/objects/{}/{}", &name[..2], &name[2..]);
    assert_eq!(fs::read(site.root.path().join(path)).unwrap(), bytes);
}

#[tokio::test]
async fn missing_objects_are_no_errors() {
    let site = Store::start();
    let (_home, store) = site.of("site", SECRET);
    let absent = Digest::of(b"absent");
    for range in [0..1, 0..0] {
        assert_eq!(read(&store, &absent, range).await, None);
    }
    assert_eq!(store.length(&absent).await.unwrap(), None);
    assert_eq!(store.list(None).await.unwrap(), []);
    store.check().await.unwrap();
}

#[tokio::test]
async fn objects_are_listed_in_order() {
    let site = Store::start();
    let (_home, store) = site.of("site", SECRET);
    let mut stored = Vec::new();
    for text in ["uno", "dos", "tres"] {
        let sha256 = keep(&store, &Bytes::from_static(text.as_bytes())).await;
        let bytes = text.len() as u64;
        stored.push(StoredObject { sha256, bytes });
    }
    stored.sort_unstable();
    assert_eq!(store.list(None).await.unwrap(), stored);
    let first = stored.remove(0);
    let rest = store.list(Some(&first.sha256)).await.unwrap();
    assert_eq!(rest, stored);
}

#[tokio::test]
async fn a_finished_upload_leaves_no_file_on_the_server() {
    let site = Store::start();
    let (home, store) = site.of("site", SECRET);
    keep(&store, &Bytes::from_static(b"hola")).await;
    let left = fs::read_dir(home.path().join("unfinished")).unwrap();
    assert_eq!(left.count(), 0);
}

#[tokio::test]
async fn wrong_credentials_and_missing_buckets_fail_everywhere() {
    let site = Store::start();
    let digest = Digest::of(b"hola");
    for (bucket, secret, expected) in [
        ("site", "another secret", "403"),
        ("other", SECRET, "does not exist"),
    ] {
        let (_home, store) = site.of(bucket, secret);
        for reason in [reason(store.list(None).await), reason(store.check().await)] {
            assert!(reason.contains(expected), "{reason}");
        }
    }
    // The server of the tests creates missing buckets of written objects.
    let (_home, store) = site.of("site", "another secret");
    let reason = reason(keep_as(&store, &digest).await);
    assert!(reason.contains("403"), "{reason}");
}

#[tokio::test]
async fn bytes_with_another_digest_are_refused_by_the_bucket() {
    let site = Store::start();
    let (_home, store) = site.of("site", SECRET);
    let digest = Digest::of(b"adios");
    reason(keep_as(&store, &digest).await);
    assert_eq!(read(&store, &digest, 0..1).await, None);
}

#[tokio::test]
async fn a_store_that_is_down_loses_nothing() {
    let site = Store::start();
    let (_home, store) = site.of("site", SECRET);
    let digest = Digest::of(b"hola");
    keep_as(&store, &digest).await.unwrap();
    site.server.set_down(true);
    let later = Digest::of(b"adios");
    for reason in [
        reason(keep_as(&store, &later).await),
        reason(store.length(&digest).await),
    ] {
        assert!(reason.contains("503"), "{reason}");
    }
    let (_nowhere, unreachable) = site.at("http://127.0.0.1:1", "site", SECRET);
    reason(unreachable.check().await);
    site.server.set_down(false);
    let found = read(&store, &digest, 0..4).await;
    assert_eq!(found.as_deref(), Some(b"hola".as_slice()));
}

#[tokio::test]
async fn renditions_are_objects_that_servers_share() {
    let store = Store::start();
    let (_home, first) = store.of("site", SECRET);
    keeps_renditions(&first).await;
    let (_home, second) = store.of("site", SECRET);
    let shared = rendition_of(&second, &rendition(b"a")).await;
    assert_eq!(shared.unwrap().1, b"again");
    let folder = store.root.path().join("site/images/renditions");
    assert!(folder.is_dir());
}

/// A file that a client announced for the next 15 minutes.
fn expected(store: &Store, bytes: &[u8]) -> ExpectedFile {
    ExpectedFile {
        name: ReceivedName {
            sender: UserId::new(Uuid::from_u128(1)),
            id: ImageId::new(Uuid::from_u128(2)),
        },
        media_type: MediaType::Png,
        bytes: bytes.len() as u64,
        sha256: Digest::of(bytes),
        expires_at: store.clock.now().after(Duration::from_mins(15)),
    }
}

async fn put(request: &SignedRequest, body: &'static [u8]) -> u16 {
    // The client sets the length.
    let headers = request.headers.iter();
    let headers = headers.filter(|(name, _)| name != "content-length");
    let call = reqwest::Client::new().put(&request.url).body(body);
    let call = headers.fold(call, |call, (name, value)| call.header(name, value));
    call.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_client_sends_the_announced_file_to_the_bucket_and_no_other() {
    let site = Store::start();
    let (_home, store) = site.of("site", SECRET);
    let file = expected(&site, b"hola");
    let request = store.upload_request(&file).await.unwrap().unwrap();
    let origin = store.upload_origin().unwrap();
    assert!(request.url.starts_with(&origin), "{origin}");
    let changed = |name: &str, value: &str| {
        let mut changed = request.clone();
        let header = changed.headers.iter_mut().find(|(known, _)| known == name);
        header.unwrap().1 = value.to_owned();
        changed
    };
    let mut elsewhere = request.clone();
    elsewhere.url = elsewhere.url.replace("received", "objects");
    let mut unsigned = request.clone();
    unsigned.url = unsigned.url.split('?').next().unwrap().to_owned();
    for (request, body) in [
        (&request, b"adios".as_slice()),
        (&changed("content-type", "image/jpeg"), b"hola"),
        (&elsewhere, b"hola"),
        (&unsigned, b"hola"),
    ] {
        let status = put(request, body).await;
        assert!([400, 403].contains(&status), "{status}");
    }
    assert!(store.open_received(&file.name).await.unwrap().is_none());
    assert_eq!(put(&request, b"halo").await, 400);
    assert_eq!(put(&request, b"hola").await, 200);
    let mut received = store.open_received(&file.name).await.unwrap().unwrap();
    let bytes = received.next().await.unwrap().unwrap();
    assert_eq!(&bytes[..], b"hola");
    for _ in 0..2 {
        store.remove_received(&file.name).await.unwrap();
    }
    assert!(store.open_received(&file.name).await.unwrap().is_none());
    assert_eq!(store.list(None).await.unwrap(), []);
}

#[tokio::test]
async fn a_client_reads_an_object_by_a_signed_url() {
    let site = Store::start();
    let (_home, store) = site.of("site", SECRET);
    let sha256 = keep(&store, &Bytes::from_static(b"hola")).await;
    let file = ImageFile {
        sha256,
        bytes: 4,
        ..*rendition(b"hola").file()
    };
    let expires_at = site.clock.now().after(Duration::from_mins(15));
    let url = store
        .download_url(&file, expires_at)
        .await
        .unwrap()
        .unwrap();
    let answer = reqwest::get(&url).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], file.media_type.as_str());
    assert_eq!(answer.bytes().await.unwrap(), "hola");
    let unsigned = url.split('?').next().unwrap();
    assert_eq!(reqwest::get(unsigned).await.unwrap().status(), 403);
}
