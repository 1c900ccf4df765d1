use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use tintero_domain::{
    Error, Result,
    images::{ImageJob, ImageRendition, ImageWorkers, PreparedImage},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
};

use crate::{
    header::{MAX_PIXELS, MediaHeader},
    look,
    prepare::prepare,
    reduce::{self, reduce},
};

/// Unit of reserved memory in bytes.
const UNIT: u64 = 1024 * 1024;

/// Memory for scaling and encoding a pixel of a rendition in bytes.
const TARGET_PIXEL: u64 = 16;

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

/// Maximum number of renditions that are made or wait.
const QUEUE: usize = 256;

/// Works on images on the threads for blocking calls, within a limit of memory. Images wait for their
/// memory in the order of their arrival. Renditions use at most half of the cores.
#[derive(Debug, Clone)]
pub struct MediaWorkers {
    limits: MediaLimits,
    memory: Arc<Semaphore>,
    /// Places of renditions that are made or wait.
    queue: Arc<Semaphore>,
    /// Turns of renditions that are made.
    turns: Arc<Semaphore>,
}

impl MediaWorkers {
    /// Workers with these limits.
    #[must_use]
    pub fn new(limits: MediaLimits) -> Self {
        let units = usize::try_from(limits.memory / UNIT).unwrap_or(Semaphore::MAX_PERMITS);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            limits,
            memory: Arc::new(Semaphore::new(units.clamp(1, Semaphore::MAX_PERMITS))),
            queue: Arc::new(Semaphore::new(QUEUE)),
            turns: Arc::new(Semaphore::new((cores / 2).max(1))),
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

    /// Waits for the memory to work on a file: `fixed` bytes, and those for decoding it.
    async fn job(
        &self,
        header: MediaHeader,
        fixed: u64,
        decoding: Option<u64>,
        mut permits: Vec<OwnedSemaphorePermit>,
    ) -> Result<MediaJob> {
        let decoding = decoding.filter(|decoding| fixed + decoding <= self.limits.memory);
        permits.push(self.reserve(fixed + decoding.unwrap_or_default()).await?);
        Ok(MediaJob {
            header,
            // Small images need more than their pixels.
            decoding: decoding.map(|pixels| pixels + UNIT),
            reserved: permits.into(),
        })
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
        let decoding = header
            .size
            .and_then(|size| header.memory(look::reduction(size)));
        // The file as received and as stored.
        let job = self.job(header, 2 * length, decoding, Vec::new());
        Ok(Box::new(job.await?))
    }

    async fn admit_rendition(
        &self,
        head: &[u8],
        rendition: &ImageRendition,
    ) -> Result<Box<dyn ImageJob>> {
        let header = MediaHeader::of(head, u64::MAX)?;
        let place = Arc::clone(&self.queue);
        let place = place.try_acquire_owned().map_err(|_| Error::Busy)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|_| Error::Busy)?;
        let decoding = header.memory(reduce::reduction(rendition));
        let target = u64::from(rendition.width()) * u64::from(rendition.height()) * TARGET_PIXEL;
        let fixed = rendition.file().bytes + target;
        let job = self.job(header, fixed, decoding, vec![place, turn]);
        Ok(Box::new(job.await?))
    }
}

struct MediaJob {
    header: MediaHeader,
    decoding: Option<u64>,
    /// Also held by the work itself, which continues if nobody waits for it any more.
    reserved: Arc<[OwnedSemaphorePermit]>,
}

impl MediaJob {
    /// Works on a thread for blocking calls.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(MediaHeader, Option<u64>) -> T + Send + 'static,
    ) -> Result<T> {
        let (header, decoding) = (self.header, self.decoding);
        let reserved = Arc::clone(&self.reserved);
        let done = spawn_blocking(move || {
            let done = work(header, decoding);
            drop(reserved);
            done
        });
        match done.await {
            Ok(done) => Ok(done),
            Err(stopped) => match stopped.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(stopped) => Err(Error::Unavailable(stopped.into())),
            },
        }
    }
}

#[async_trait]
impl ImageJob for MediaJob {
    async fn prepare(&mut self, file: Bytes) -> Result<PreparedImage> {
        let prepared = self.run(|header, memory| prepare(header, file, memory));
        Ok(prepared.await??)
    }

    async fn reduce(&mut self, file: Bytes, rendition: ImageRendition) -> Result<Option<Bytes>> {
        let reduced = self.run(move |_, memory| {
            let bytes = reduce(&rendition, &file, memory?)?;
            Some(Bytes::from(bytes))
        });
        reduced.await
    }
}
