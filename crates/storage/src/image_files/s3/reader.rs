use async_trait::async_trait;
use bytes::{Buf as _, Bytes};
use reqwest::Response;
use tintero_domain::{Result, images::ImageFileReader};

use super::super::{READ_CHUNK, unavailable};

/// Reads the body of a response.
pub(super) struct S3FileReader {
    pub(super) response: Response,
    pub(super) received: Bytes,
    /// Number of bytes that are not returned yet.
    pub(super) left: u64,
}

#[async_trait]
impl ImageFileReader for S3FileReader {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        if self.left == 0 {
            return Ok(None);
        }
        while self.received.is_empty() {
            let chunk = self.response.chunk().await.map_err(unavailable)?;
            self.received = chunk.ok_or_else(|| unavailable("the object ended early"))?;
        }
        let length = self.received.remaining().min(READ_CHUNK);
        let chunk = self.received.split_to(length);
        self.left = self.left.saturating_sub(length as u64);
        Ok(Some(chunk))
    }
}
