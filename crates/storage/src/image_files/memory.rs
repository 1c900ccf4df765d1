use std::{
    collections::{BTreeMap, HashMap},
    ops::{Bound, Range},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use tintero_domain::{
    Result,
    images::{
        ImageFileReader, ImageFileStore, ImageFileWriter, ImageRendition, OpenedRendition,
        ReceivedName, STORED_PAGE, StoredFile, StoredKind, StoredObject,
    },
    values::Digest,
};

use super::{READ_CHUNK, unavailable};

/// Maximum size of all renditions in bytes. Beyond it, all are dropped and made again.
const RENDITIONS: usize = 32 * 1024 * 1024;

/// Stores bytes in memory until the process ends.
#[derive(Debug, Clone)]
pub struct MemoryImageFileStore {
    kept: Arc<Mutex<BTreeMap<Digest, Bytes>>>,
    renditions: Arc<Mutex<HashMap<String, Bytes>>>,
    received: Arc<Mutex<HashMap<ReceivedName, Bytes>>>,
    capacity: usize,
}

impl Default for MemoryImageFileStore {
    /// A store with a capacity of 256 MiB.
    fn default() -> Self {
        Self::with_capacity(256 * 1024 * 1024)
    }
}

impl MemoryImageFileStore {
    /// A store for at most `capacity` bytes.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            kept: Arc::default(),
            renditions: Arc::default(),
            received: Arc::default(),
            capacity,
        }
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<Digest, Bytes>> {
        locked(&self.kept)
    }
}

/// No code panics while it holds a lock, so the values are valid.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl ImageFileStore for MemoryImageFileStore {
    async fn begin(&self) -> Result<Box<dyn ImageFileWriter>> {
        Ok(Box::new(MemoryFileWriter {
            store: self.clone(),
            bytes: BytesMut::new(),
        }))
    }

    async fn open(
        &self,
        digest: &Digest,
        range: Range<u64>,
    ) -> Result<Option<Box<dyn ImageFileReader>>> {
        let Some(bytes) = self.kept().get(digest).cloned() else {
            return Ok(None);
        };
        let end = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
        let left = bytes.slice(end(range.start)..end(range.end));
        Ok(Some(Box::new(MemoryFileReader { left })))
    }

    async fn length(&self, digest: &Digest) -> Result<Option<u64>> {
        Ok(self.kept().get(digest).map(|bytes| bytes.len() as u64))
    }

    async fn list(&self, after: Option<&Digest>) -> Result<Vec<StoredObject>> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let kept = self.kept();
        let found = kept.range((start, Bound::Unbounded)).take(STORED_PAGE);
        Ok(found
            .map(|(digest, bytes)| StoredObject {
                sha256: *digest,
                bytes: bytes.len() as u64,
            })
            .collect())
    }

    async fn list_files(&self, kind: StoredKind, after: Option<&str>) -> Result<Vec<StoredFile>> {
        let sized = |name, bytes: &Bytes| (name, bytes.len() as u64);
        let mut files: Vec<_> = match kind {
            StoredKind::Object => {
                let kept = self.kept();
                let files = kept.iter();
                files
                    .map(|(digest, bytes)| sized(digest.stored_name(), bytes))
                    .collect()
            }
            StoredKind::Rendition => {
                let renditions = locked(&self.renditions);
                let files = renditions.iter();
                files
                    .map(|(name, bytes)| sized(name.clone(), bytes))
                    .collect()
            }
            StoredKind::Received => {
                let received = locked(&self.received);
                let files = received.iter();
                files
                    .map(|(name, bytes)| sized(name.stored_name(), bytes))
                    .collect()
            }
        };
        files.retain(|(name, _)| after.is_none_or(|after| name.as_str() > after));
        files.sort_unstable();
        files.truncate(STORED_PAGE);
        let file = |(name, bytes)| StoredFile {
            name,
            bytes,
            stored_at: None,
        };
        Ok(files.into_iter().map(file).collect())
    }

    async fn remove_file(&self, kind: StoredKind, name: &str) -> Result<()> {
        match kind {
            StoredKind::Object => {
                if let Some(digest) = Digest::from_stored_name(name) {
                    self.kept().remove(&digest);
                }
            }
            StoredKind::Rendition => drop(locked(&self.renditions).remove(name)),
            StoredKind::Received => {
                locked(&self.received).retain(|received, _| received.stored_name() != name);
            }
        }
        Ok(())
    }

    async fn open_rendition(&self, rendition: &ImageRendition) -> Result<Option<OpenedRendition>> {
        let found = locked(&self.renditions)
            .get(&rendition.stored_name())
            .cloned();
        Ok(found.map(|left| OpenedRendition {
            bytes: left.len() as u64,
            reader: Box::new(MemoryFileReader { left }),
        }))
    }

    async fn keep_rendition(&self, rendition: &ImageRendition, bytes: Bytes) -> Result<()> {
        let mut renditions = locked(&self.renditions);
        let kept: usize = renditions.values().map(Bytes::len).sum();
        if kept + bytes.len() > RENDITIONS {
            renditions.clear();
        }
        renditions.insert(rendition.stored_name(), bytes);
        Ok(())
    }

    async fn open_received(&self, name: &ReceivedName) -> Result<Option<Box<dyn ImageFileReader>>> {
        let found = locked(&self.received).get(name).cloned();
        Ok(found.map(|left| -> Box<dyn ImageFileReader> { Box::new(MemoryFileReader { left }) }))
    }

    async fn remove_received(&self, name: &ReceivedName) -> Result<()> {
        locked(&self.received).remove(name);
        Ok(())
    }
}

struct MemoryFileWriter {
    store: MemoryImageFileStore,
    bytes: BytesMut,
}

#[async_trait]
impl ImageFileWriter for MemoryFileWriter {
    async fn write(&mut self, chunk: Bytes) -> Result<()> {
        let kept: usize = self.store.kept().values().map(Bytes::len).sum();
        let received: usize = locked(&self.store.received).values().map(Bytes::len).sum();
        if kept + received + self.bytes.len() + chunk.len() > self.store.capacity {
            return Err(unavailable("the memory for images is full"));
        }
        self.bytes.extend_from_slice(&chunk);
        Ok(())
    }

    async fn read(&mut self) -> Result<Bytes> {
        Ok(Bytes::copy_from_slice(&self.bytes))
    }

    async fn replace(&mut self, bytes: Bytes) -> Result<()> {
        self.bytes = bytes.into();
        Ok(())
    }

    async fn keep(self: Box<Self>, digest: &Digest) -> Result<()> {
        let Self { store, bytes } = *self;
        store.kept().entry(*digest).or_insert(bytes.freeze());
        Ok(())
    }

    async fn keep_received(self: Box<Self>, name: &ReceivedName) -> Result<()> {
        let Self { store, bytes } = *self;
        locked(&store.received).insert(*name, bytes.freeze());
        Ok(())
    }
}

struct MemoryFileReader {
    left: Bytes,
}

#[async_trait]
impl ImageFileReader for MemoryFileReader {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        let chunk = self.left.split_to(self.left.len().min(READ_CHUNK));
        Ok((!chunk.is_empty()).then_some(chunk))
    }
}
