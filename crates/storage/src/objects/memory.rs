use std::{
    collections::HashMap,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use tintero_domain::{
    Result,
    images::{ObjectDraft, ObjectReader, ObjectStore},
    values::Digest,
};

use super::{PIECE, unavailable};

/// Keeps objects in memory, for as long as the process lives.
#[derive(Debug, Clone)]
pub struct MemoryObjectStore {
    kept: Arc<Mutex<HashMap<Digest, Bytes>>>,
    room: usize,
}

impl Default for MemoryObjectStore {
    /// Room for 256 MiB.
    fn default() -> Self {
        Self::with_room(256 * 1024 * 1024)
    }
}

impl MemoryObjectStore {
    /// Room for this many bytes.
    #[must_use]
    pub fn with_room(room: usize) -> Self {
        Self {
            kept: Arc::default(),
            room,
        }
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<Digest, Bytes>> {
        // Nothing panics while the map is locked, so what it holds is whole.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl ObjectStore for MemoryObjectStore {
    async fn begin(&self) -> Result<Box<dyn ObjectDraft>> {
        Ok(Box::new(MemoryDraft {
            store: self.clone(),
            bytes: BytesMut::new(),
        }))
    }

    async fn open(
        &self,
        digest: &Digest,
        stretch: Range<u64>,
    ) -> Result<Option<Box<dyn ObjectReader>>> {
        let Some(object) = self.kept().get(digest).cloned() else {
            return Ok(None);
        };
        let end = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(object.len());
        let left = object.slice(end(stretch.start)..end(stretch.end));
        Ok(Some(Box::new(MemoryReader { left })))
    }
}

struct MemoryDraft {
    store: MemoryObjectStore,
    bytes: BytesMut,
}

#[async_trait]
impl ObjectDraft for MemoryDraft {
    async fn write(&mut self, piece: Bytes) -> Result<()> {
        let kept: usize = self.store.kept().values().map(Bytes::len).sum();
        if kept + self.bytes.len() + piece.len() > self.store.room {
            return Err(unavailable("no room is left in memory"));
        }
        self.bytes.extend_from_slice(&piece);
        Ok(())
    }

    async fn keep(self: Box<Self>, digest: &Digest) -> Result<()> {
        let Self { store, bytes } = *self;
        store.kept().entry(*digest).or_insert(bytes.freeze());
        Ok(())
    }
}

struct MemoryReader {
    left: Bytes,
}

#[async_trait]
impl ObjectReader for MemoryReader {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        let piece = self.left.split_to(self.left.len().min(PIECE));
        Ok((!piece.is_empty()).then_some(piece))
    }
}
