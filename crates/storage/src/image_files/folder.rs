use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use tempfile::NamedTempFile;
use tintero_domain::{
    Error, Result,
    images::{
        ImageFileReader, ImageFileStore, ImageFileWriter, ImageRendition, OpenedRendition,
        ReceivedName, StoredFile, StoredKind, StoredObject,
    },
    values::Digest,
};

use super::{READ_CHUNK, listing, unavailable};

/// Size of the write buffer in bytes.
const BUFFER: usize = 256 * 1024;

/// Age at which received files are removed: their uploads were not completed.
const ABANDONED: Duration = Duration::from_hours(24);

/// Stores bytes in files: `ab/cdef…` contains the bytes with the SHA-256 `abcdef…`.
///
/// A file is written and synced under a temporary name and then renamed, so a file with a digest as
/// its name is complete. A crash leaves only files in `unfinished`. Renditions are files in `renditions`,
/// and received files in `received`.
#[derive(Debug, Clone)]
pub struct FolderImageFileStore {
    root: Arc<Path>,
}

impl FolderImageFileStore {
    /// Opens or creates the store in `root`, and deletes unfinished files. No other process may use
    /// the store.
    ///
    /// # Errors
    /// Errors of the file system.
    pub fn open(root: &Path) -> io::Result<Self> {
        let folder = Self { root: root.into() };
        create_private(&folder.unfinished())?;
        for left in fs::read_dir(folder.unfinished())? {
            fs::remove_file(left?.path())?;
        }
        Ok(folder)
    }

    /// The store in `root` of a server that may be running, to read it.
    #[must_use]
    pub fn beside_server(root: &Path) -> Self {
        Self { root: root.into() }
    }

    fn unfinished(&self) -> PathBuf {
        self.root.join("unfinished")
    }

    fn received(&self) -> PathBuf {
        self.root.join("received")
    }

    /// The folder of the files of a kind.
    fn folder(&self, kind: StoredKind) -> PathBuf {
        match kind {
            StoredKind::Object => self.root.to_path_buf(),
            StoredKind::Rendition => self.root.join("renditions"),
            StoredKind::Received => self.received(),
        }
    }

    /// The folder and the file for a rendition.
    fn rendition_paths(&self, rendition: &ImageRendition) -> (PathBuf, PathBuf) {
        let folder = self.folder(StoredKind::Rendition);
        let file = folder.join(rendition.stored_name());
        let folder = file.parent().unwrap_or(&self.root).to_owned();
        (folder, file)
    }

    /// The folder and the file for a digest.
    fn paths(&self, digest: &Digest) -> (PathBuf, PathBuf) {
        let name = digest.to_string();
        let (prefix, name) = name.split_at(2);
        let folder = self.root.join(prefix);
        let file = folder.join(name);
        (folder, file)
    }
}

#[async_trait]
impl ImageFileStore for FolderImageFileStore {
    async fn begin(&self) -> Result<Box<dyn ImageFileWriter>> {
        let unfinished = self.unfinished();
        let file = blocking(move || NamedTempFile::new_in(unfinished)).await?;
        Ok(Box::new(FolderFileWriter {
            store: self.clone(),
            file: Some(file),
            buffer: BytesMut::new(),
        }))
    }

    async fn open(
        &self,
        digest: &Digest,
        range: Range<u64>,
    ) -> Result<Option<Box<dyn ImageFileReader>>> {
        let (_, path) = self.paths(digest);
        let Range { start, end } = range;
        let opened = blocking(move || match absent(File::open(path))? {
            Some(mut file) => {
                file.seek(SeekFrom::Start(start))?;
                Ok(Some(file))
            }
            None => Ok(None),
        });
        Ok(opened.await?.map(|file| -> Box<dyn ImageFileReader> {
            Box::new(FolderFileReader {
                file: Some(file),
                left: end.saturating_sub(start),
            })
        }))
    }

    async fn length(&self, digest: &Digest) -> Result<Option<u64>> {
        let (_, path) = self.paths(digest);
        let found = blocking(move || absent(fs::metadata(path))).await?;
        Ok(found.map(|file| file.len()))
    }

    async fn list(&self, after: Option<&Digest>) -> Result<Vec<StoredObject>> {
        let (root, after) = (Arc::clone(&self.root), after.copied());
        blocking(move || listing::list(&root, after.as_ref())).await
    }

    async fn list_files(&self, kind: StoredKind, after: Option<&str>) -> Result<Vec<StoredFile>> {
        let (folder, after) = (self.folder(kind), after.map(ToOwned::to_owned));
        let listed = blocking(move || match kind {
            StoredKind::Object | StoredKind::Rendition => {
                listing::nested(&folder, after.as_deref())
            }
            StoredKind::Received => listing::flat(&folder, after.as_deref()),
        });
        listed.await
    }

    async fn remove_file(&self, kind: StoredKind, name: &str) -> Result<()> {
        let path = self.folder(kind).join(name);
        blocking(move || absent(fs::remove_file(path)).map(drop)).await
    }

    async fn open_rendition(&self, rendition: &ImageRendition) -> Result<Option<OpenedRendition>> {
        let (_, path) = self.rendition_paths(rendition);
        Ok(opened(path).await?.map(|(reader, bytes)| OpenedRendition {
            bytes,
            reader: Box::new(reader),
        }))
    }

    async fn keep_rendition(&self, rendition: &ImageRendition, bytes: Bytes) -> Result<()> {
        let (parent, path) = self.rendition_paths(rendition);
        let unfinished = self.unfinished();
        let stored = blocking(move || {
            create_private(&parent)?;
            let mut file = NamedTempFile::new_in(unfinished)?;
            file.write_all(&bytes)?;
            file.as_file().sync_all()?;
            file.persist(path)?;
            Ok(())
        });
        stored.await
    }

    async fn open_received(&self, name: &ReceivedName) -> Result<Option<Box<dyn ImageFileReader>>> {
        let path = self.received().join(name.stored_name());
        Ok(opened(path)
            .await?
            .map(|(reader, _)| -> Box<dyn ImageFileReader> { Box::new(reader) }))
    }

    async fn remove_received(&self, name: &ReceivedName) -> Result<()> {
        let path = self.received().join(name.stored_name());
        blocking(move || absent(fs::remove_file(path)).map(drop)).await
    }
}

/// Opens a whole file, and returns its length.
async fn opened(path: PathBuf) -> Result<Option<(FolderFileReader, u64)>> {
    blocking(move || {
        let Some(file) = absent(File::open(path))? else {
            return Ok(None);
        };
        let left = file.metadata()?.len();
        let file = Some(file);
        Ok(Some((FolderFileReader { file, left }, left)))
    })
    .await
}

/// Removes the files of uploads that were not completed.
fn remove_abandoned(folder: &Path, now: SystemTime) -> io::Result<()> {
    let limit = now - ABANDONED;
    for received in fs::read_dir(folder)? {
        let received = received?;
        if absent(received.metadata())?.is_some_and(|file| is_older(&file, limit)) {
            absent(fs::remove_file(received.path()))?;
        }
    }
    Ok(())
}

fn is_older(file: &fs::Metadata, limit: SystemTime) -> bool {
    file.modified().is_ok_and(|modified| modified < limit)
}

/// `None` if a file does not exist.
fn absent<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

struct FolderFileWriter {
    store: FolderImageFileStore,
    /// `None` during a write and after a failed one. Deleted when dropped.
    file: Option<NamedTempFile>,
    buffer: BytesMut,
}

impl FolderFileWriter {
    /// Writes the buffer to the file.
    async fn flush(&mut self) -> Result<NamedTempFile> {
        let Some(mut file) = self.file.take() else {
            return Err(unavailable("an earlier write of the file failed"));
        };
        let buffer = self.buffer.split().freeze();
        blocking(move || {
            file.write_all(&buffer)?;
            Ok(file)
        })
        .await
    }
}

#[async_trait]
impl ImageFileWriter for FolderFileWriter {
    async fn write(&mut self, chunk: Bytes) -> Result<()> {
        self.buffer.extend_from_slice(&chunk);
        if self.buffer.len() >= BUFFER {
            self.file = Some(self.flush().await?);
        }
        Ok(())
    }

    async fn read(&mut self) -> Result<Bytes> {
        let mut file = self.flush().await?;
        let (file, bytes) = blocking(move || {
            let length = file.as_file().metadata()?.len();
            let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
            file.rewind()?;
            file.read_to_end(&mut bytes)?;
            Ok((file, bytes))
        })
        .await?;
        self.file = Some(file);
        Ok(bytes.into())
    }

    async fn replace(&mut self, bytes: Bytes) -> Result<()> {
        let mut file = self.flush().await?;
        let written = blocking(move || {
            file.as_file().set_len(0)?;
            file.rewind()?;
            file.write_all(&bytes)?;
            Ok(file)
        });
        self.file = Some(written.await?);
        Ok(())
    }

    async fn keep(mut self: Box<Self>, digest: &Digest) -> Result<()> {
        let file = self.flush().await?;
        let store = self.store;
        let (parent, path) = store.paths(digest);
        blocking(move || persist(file, &store.root, &parent, &path)).await
    }

    async fn keep_received(mut self: Box<Self>, name: &ReceivedName) -> Result<()> {
        let file = self.flush().await?;
        let folder = self.store.received();
        let path = folder.join(name.stored_name());
        blocking(move || {
            create_private(&folder)?;
            // The file was written just now.
            remove_abandoned(&folder, file.as_file().metadata()?.modified()?)?;
            file.as_file().sync_all()?;
            file.persist(path)?;
            File::open(folder)?.sync_all()
        })
        .await
    }
}

/// Creates a folder and its missing parents with mode 0700 on Unix.
fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Renames a file durably.
fn persist(file: NamedTempFile, root: &Path, parent: &Path, path: &Path) -> io::Result<()> {
    create_private(parent)?;
    let length = file.as_file().metadata()?.len();
    // An existing file has the same bytes, unless it was truncated.
    let is_stored = fs::metadata(path).is_ok_and(|stored| stored.len() == length);
    if !is_stored {
        file.as_file().sync_all()?;
        file.persist(path)?;
    }
    // Also for an existing file, because its writer may have crashed before this point.
    File::open(parent)?.sync_all()?;
    File::open(root)?.sync_all()
}

struct FolderFileReader {
    /// `None` during a read and after a failed one.
    file: Option<File>,
    left: u64,
}

#[async_trait]
impl ImageFileReader for FolderFileReader {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        let wanted = usize::try_from(self.left)
            .unwrap_or(READ_CHUNK)
            .min(READ_CHUNK);
        if wanted == 0 {
            return Ok(None);
        }
        let Some(mut file) = self.file.take() else {
            return Err(unavailable("an earlier read of the file failed"));
        };
        let (file, chunk) = blocking(move || {
            let mut chunk = vec![0; wanted];
            file.read_exact(&mut chunk)?;
            Ok((file, chunk))
        })
        .await?;
        self.file = Some(file);
        self.left -= wanted as u64;
        Ok(Some(chunk.into()))
    }
}

/// Runs blocking file operations on another thread.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(failed),
        Err(stopped) => Err(unavailable(stopped)),
    }
}

fn failed(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Error::StorageFull(error.into())
        }
        _ => unavailable(error),
    }
}
