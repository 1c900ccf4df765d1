use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use tintero_domain::{
    Error, Result,
    images::{ImageJob, ImageWorkers, PreparedImage},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
};

use crate::{
    header::{MAX_PIXELS, MediaHeader},
    prepare::prepare,
};

/// Unit of reserved memory in bytes.
const UNIT: u64 = 1024 * 1024;

/// Limits of the work on images.
#[derive(Debug, Clone, Copy)]
pub struct MediaLimits {
    /// Maximum number of pixels of an image.
    pub pixels: u64,
    /// Memory of all work at a time in bytes. Images that need more are stored, but not decoded.
    pub memory: u64,
}

impl Default for MediaLimits {
    /// 50 million pixels and 160 MiB.
    fn default() -> Self {
        Self {
            pixels: MAX_PIXELS,
            memory: 160 * UNIT,
        }
    }
}

/// Works on images on the threads for blocking calls, within a limit of memory. Images wait for their
/// memory in the order of their arrival.
#[derive(Debug, Clone)]
pub struct MediaWorkers {
    limits: MediaLimits,
    memory: Arc<Semaphore>,
}

impl MediaWorkers {
    /// Workers with these limits.
    #[must_use]
    pub fn new(limits: MediaLimits) -> Self {
        let units = usize::try_from(limits.memory / UNIT).unwrap_or(Semaphore::MAX_PERMITS);
        Self {
            limits,
            memory: Arc::new(Semaphore::new(units.clamp(1, Semaphore::MAX_PERMITS))),
        }
    }

    /// Waits for memory; for all of it if there is less than `bytes`.
    async fn reserve(&self, bytes: u64) -> Result<OwnedSemaphorePermit> {
        let units = bytes.min(self.limits.memory).div_ceil(UNIT).max(1);
        let units = u32::try_from(units).unwrap_or(u32::MAX);
        let memory = Arc::clone(&self.memory);
        // The semaphore is never closed.
        memory
            .acquire_many_owned(units)
            .await
            .map_err(|_| Error::Busy)
    }
}

impl Default for MediaWorkers {
    fn default() -> Self {
        Self::new(MediaLimits::default())
    }
}

#[async_trait]
impl ImageWorkers for MediaWorkers {
    async fn admit(&self, head: &[u8], length: u64) -> Result<Box<dyn ImageJob>> {
        let header = MediaHeader::of(head, self.limits.pixels)?;
        // The file as received and as stored.
        let files = 2 * length;
        let pixels = header
            .size
            .zip(header.pixel_memory)
            .map(|((width, height), each)| u64::from(width) * u64::from(height) * each);
        let decoding = pixels.filter(|pixels| files + pixels <= self.limits.memory);
        let memory = self.reserve(files + decoding.unwrap_or_default()).await?;
        Ok(Box::new(MediaJob {
            header,
            // Small images need more than their pixels.
            decoding: decoding.map(|pixels| pixels + UNIT),
            _memory: memory,
        }))
    }
}

struct MediaJob {
    header: MediaHeader,
    decoding: Option<u64>,
    _memory: OwnedSemaphorePermit,
}

#[async_trait]
impl ImageJob for MediaJob {
    async fn prepare(&mut self, file: Bytes) -> Result<PreparedImage> {
        let (header, decoding) = (self.header, self.decoding);
        let done = spawn_blocking(move || prepare(header, file, decoding)).await;
        match done {
            Ok(prepared) => Ok(prepared?),
            Err(stopped) => match stopped.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(stopped) => Err(Error::Unavailable(stopped.into())),
            },
        }
    }
}
