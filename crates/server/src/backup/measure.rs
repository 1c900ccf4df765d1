//! Length and digest of bytes on their way.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use aws_lc_rs::digest::{Context, SHA256};
use tintero_domain::values::Digest;

use super::progress::Progress;

/// A running SHA-256.
#[derive(Clone)]
pub(super) struct Hasher(Context);

impl Hasher {
    pub(super) fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(super) fn finish(self) -> [u8; 32] {
        let digest = self.0.finish();
        let bytes = digest.as_ref().try_into();
        bytes.expect("a SHA-256 has 32 bytes")
    }

    pub(super) fn digest(self) -> Digest {
        Digest::new(self.finish())
    }
}

/// A reader that measures what passes through it.
pub(super) struct Measured<'a, R> {
    inner: R,
    hasher: Hasher,
    length: u64,
    progress: &'a Progress,
}

impl<'a, R: Read> Measured<'a, R> {
    pub(super) fn new(inner: R, progress: &'a Progress) -> Self {
        Self {
            inner,
            hasher: Hasher::new(),
            length: 0,
            progress,
        }
    }

    /// How many bytes came, and their digest.
    pub(super) fn finish(self) -> (u64, Digest) {
        (self.length, self.hasher.digest())
    }

    /// The digest as far as it has run.
    pub(super) fn into_hasher(self) -> Hasher {
        self.hasher
    }
}

impl<R: Read> Read for Measured<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..count]);
        self.length += count as u64;
        self.progress.advance(count as u64);
        Ok(count)
    }
}

/// Length and digest of a file.
pub(super) fn file(path: &Path, progress: &Progress) -> io::Result<(u64, Digest)> {
    let mut measured = Measured::new(File::open(path)?, progress);
    io::copy(&mut measured, &mut io::sink())?;
    Ok(measured.finish())
}
