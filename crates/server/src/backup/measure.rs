//! Measures and hashes streams, and shows their progress.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
    time::Duration,
};

use aws_lc_rs::digest::{Context, SHA256};
use indicatif::{ProgressBar, ProgressStyle};
use tintero_domain::values::Digest;

/// A progress bar in bytes. It is shown on a terminal only and removed on drop.
pub(super) struct ByteProgress(ProgressBar);

impl ByteProgress {
    /// Shows a bar with the name of the work and its total number of bytes.
    pub(super) fn new(work: &'static str, bytes: u64) -> Self {
        let style = ProgressStyle::with_template("{msg:9} [{bar:32}] {bytes}/{total_bytes} {eta}")
            .expect("the template is valid")
            .progress_chars("=> ");
        let bar = ProgressBar::new(bytes).with_style(style).with_message(work);
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self(bar)
    }

    pub(super) fn hidden() -> Self {
        Self(ProgressBar::hidden())
    }
}

impl Drop for ByteProgress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// A reader or writer that counts and hashes its bytes.
pub(super) struct Measured<'a, T> {
    inner: T,
    hasher: Context,
    length: u64,
    progress: &'a ByteProgress,
}

impl<'a, T> Measured<'a, T> {
    pub(super) fn new(inner: T, progress: &'a ByteProgress) -> Self {
        Self {
            inner,
            hasher: Context::new(&SHA256),
            length: 0,
            progress,
        }
    }

    /// Returns the number of bytes and their SHA-256.
    pub(super) fn finish(self) -> (u64, Digest) {
        let digest = self.hasher.finish();
        let bytes = digest.as_ref().try_into();
        let digest = Digest::new(bytes.expect("a SHA-256 has 32 bytes"));
        (self.length, digest)
    }

    fn record(&mut self, bytes: &[u8]) {
        let count = bytes.len() as u64;
        self.hasher.update(bytes);
        self.length += count;
        self.progress.0.inc(count);
    }
}

impl<R: Read> Read for Measured<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.record(&buffer[..count]);
        Ok(count)
    }
}

impl<W: Write> Write for Measured<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.record(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Returns the length and the SHA-256 of a file.
pub(super) fn measure_file(path: &Path, progress: &ByteProgress) -> io::Result<(u64, Digest)> {
    let mut file = Measured::new(File::open(path)?, progress);
    io::copy(&mut file, &mut io::sink())?;
    Ok(file.finish())
}
