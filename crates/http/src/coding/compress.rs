use std::{
    io::{self, Write},
    sync::Arc,
    thread,
};

use brotli::enc::{BrotliCompress, BrotliEncoderParams, backward_references::BrotliEncoderMode};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use tokio::{sync::Semaphore, task};

use super::Coding;

/// Quality of Brotli: above it, the time grows faster than the size shrinks.
const BROTLI_QUALITY: i32 = 4;

/// Quality of gzip, the default of gzip itself.
const GZIP_QUALITY: u32 = 6;

/// Bodies up to this size are compressed where they are requested, which takes less than 2 ms. Larger
/// ones would delay other requests.
const SMALL: usize = 64 * 1024;

/// Compresses bodies, large ones in at most one thread per processor.
#[derive(Debug, Clone)]
pub(crate) struct Compressor(Arc<Semaphore>);

impl Compressor {
    pub(crate) fn new() -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Semaphore::new(processors)))
    }

    /// Returns the compressed body. Returns `None` if it would not be smaller, or if it is large and all
    /// threads are busy: sending it as it is takes less time than waiting.
    pub(crate) async fn compress(&self, coding: Coding, body: &Bytes) -> Option<Bytes> {
        let compressed = if body.len() <= SMALL {
            compressed(coding, body)
        } else {
            let _busy = self.0.try_acquire().ok()?;
            let body = body.clone();
            task::spawn_blocking(move || compressed(coding, &body))
                .await
                .ok()?
        };
        let compressed = compressed.ok()?;
        (compressed.len() < body.len()).then(|| compressed.into())
    }
}

fn compressed(coding: Coding, body: &[u8]) -> io::Result<Vec<u8>> {
    let mut output = Vec::with_capacity(body.len() / 2);
    match coding {
        Coding::Brotli => {
            BrotliCompress(&mut &*body, &mut output, &brotli_parameters(body.len()))?;
        }
        Coding::Gzip => {
            let mut encoder = GzEncoder::new(&mut output, Compression::new(GZIP_QUALITY));
            encoder.write_all(body)?;
            encoder.finish()?;
        }
    }
    Ok(output)
}

fn brotli_parameters(length: usize) -> BrotliEncoderParams {
    // A window larger than the body only costs memory. 10 is the smallest.
    let window = usize::BITS - length.leading_zeros();
    BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: i32::try_from(window.clamp(10, 20)).unwrap_or(20),
        size_hint: length,
        mode: BrotliEncoderMode::BROTLI_MODE_TEXT,
        ..BrotliEncoderParams::default()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use brotli::Decompressor;
    use flate2::read::GzDecoder;

    use super::*;

    fn restored(coding: Coding, body: &[u8]) -> Vec<u8> {
        let mut restored = Vec::new();
        match coding {
            Coding::Brotli => Decompressor::new(body, 4096).read_to_end(&mut restored),
            Coding::Gzip => GzDecoder::new(body).read_to_end(&mut restored),
        }
        .unwrap();
        restored
    }

    #[tokio::test]
    async fn compressed_bodies_are_smaller_and_restored_exactly() {
        let compressor = Compressor::new();
        for lines in [20, 1_000, 100_000] {
            let body = Bytes::from(r#"{"title": "Tinta"}, "#.repeat(lines));
            for coding in [Coding::Brotli, Coding::Gzip] {
                let small = compressor.compress(coding, &body).await.unwrap();
                assert!(small.len() * 3 < body.len(), "{coding:?}: {}", small.len());
                assert_eq!(restored(coding, &small), body);
            }
        }
    }

    #[tokio::test]
    async fn a_body_that_does_not_shrink_is_sent_as_it_is() {
        let body = Bytes::from_static(b"x");
        for coding in [Coding::Brotli, Coding::Gzip] {
            assert_eq!(Compressor::new().compress(coding, &body).await, None);
        }
    }

    #[tokio::test]
    async fn a_large_body_does_not_wait_for_a_thread() {
        let compressor = Compressor::new();
        let all = u32::try_from(compressor.0.available_permits()).unwrap();
        let _busy = compressor.0.acquire_many(all).await.unwrap();
        let body = Bytes::from(vec![b' '; SMALL + 1]);
        assert_eq!(compressor.compress(Coding::Gzip, &body).await, None);
        let small = body.slice(..SMALL);
        assert!(compressor.compress(Coding::Gzip, &small).await.is_some());
    }
}
