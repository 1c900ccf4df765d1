use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use tempfile::NamedTempFile;
use tintero_domain::{
    Result,
    images::{ObjectDraft, ObjectReader, ObjectStore},
    values::Digest,
};

use super::{PIECE, unavailable};

/// How many bytes are gathered before they are written.
const FLUSH: usize = 256 * 1024;

/// Keeps objects as files: `ab/cdef…` holds the bytes whose SHA-256 is `abcdef…`.
///
/// A file is written under another name, made durable, and only then given its own, so whatever
/// has a digest for a name is whole. A crash leaves nothing but files in `unfinished`.
#[derive(Debug, Clone)]
pub struct FolderObjectStore {
    root: Arc<Path>,
}

impl FolderObjectStore {
    /// Objects under `root`, which is made where it is missing. No other process may have them
    /// open: what writers left unfinished is removed.
    ///
    /// # Errors
    /// What the file system says.
    pub fn open(root: &Path) -> io::Result<Self> {
        let folder = Self { root: root.into() };
        fs::create_dir_all(folder.unfinished())?;
        for left in fs::read_dir(folder.unfinished())? {
            fs::remove_file(left?.path())?;
        }
        Ok(folder)
    }

    fn unfinished(&self) -> PathBuf {
        self.root.join("unfinished")
    }

    /// The folder and the file of an object.
    fn place(&self, digest: &Digest) -> (PathBuf, PathBuf) {
        let name = digest.to_string();
        let (drawer, name) = name.split_at(2);
        let drawer = self.root.join(drawer);
        let file = drawer.join(name);
        (drawer, file)
    }
}

#[async_trait]
impl ObjectStore for FolderObjectStore {
    async fn begin(&self) -> Result<Box<dyn ObjectDraft>> {
        let unfinished = self.unfinished();
        let file = blocking(move || NamedTempFile::new_in(unfinished)).await?;
        Ok(Box::new(FolderDraft {
            folder: self.clone(),
            file: Some(file),
            gathered: BytesMut::new(),
        }))
    }

    async fn open(
        &self,
        digest: &Digest,
        stretch: Range<u64>,
    ) -> Result<Option<Box<dyn ObjectReader>>> {
        let (_, path) = self.place(digest);
        let Range { start, end } = stretch;
        let opened = blocking(move || match File::open(path) {
            Ok(mut file) => {
                file.seek(SeekFrom::Start(start))?;
                Ok(Some(file))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        });
        Ok(opened.await?.map(|file| -> Box<dyn ObjectReader> {
            Box::new(FolderReader {
                file: Some(file),
                left: end.saturating_sub(start),
            })
        }))
    }
}

struct FolderDraft {
    folder: FolderObjectStore,
    /// Away while it is written, and for good after a failure. Removed when it is dropped.
    file: Option<NamedTempFile>,
    gathered: BytesMut,
}

impl FolderDraft {
    /// The file with everything in it that was given so far.
    async fn written(&mut self) -> Result<NamedTempFile> {
        let Some(mut file) = self.file.take() else {
            return Err(unavailable("writing the object failed before"));
        };
        let gathered = self.gathered.split().freeze();
        blocking(move || {
            file.write_all(&gathered)?;
            Ok(file)
        })
        .await
    }
}

#[async_trait]
impl ObjectDraft for FolderDraft {
    async fn write(&mut self, piece: Bytes) -> Result<()> {
        self.gathered.extend_from_slice(&piece);
        if self.gathered.len() >= FLUSH {
            self.file = Some(self.written().await?);
        }
        Ok(())
    }

    async fn keep(mut self: Box<Self>, digest: &Digest) -> Result<()> {
        let file = self.written().await?;
        let folder = self.folder;
        let (drawer, place) = folder.place(digest);
        blocking(move || settle(file, &folder.root, &drawer, &place)).await
    }
}

/// Gives a file the name of its digest, durably.
fn settle(file: NamedTempFile, root: &Path, drawer: &Path, place: &Path) -> io::Result<()> {
    fs::create_dir_all(drawer)?;
    let length = file.as_file().metadata()?.len();
    // What is there has the same bytes, unless the disk lost some of them.
    let is_kept = fs::metadata(place).is_ok_and(|kept| kept.len() == length);
    if !is_kept {
        file.as_file().sync_all()?;
        file.persist(place)?;
    }
    // Also when the file was there: whoever put it there may not have come this far.
    File::open(drawer)?.sync_all()?;
    File::open(root)?.sync_all()
}

struct FolderReader {
    /// Away while it is read, and for good after a failure.
    file: Option<File>,
    left: u64,
}

#[async_trait]
impl ObjectReader for FolderReader {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        let wanted = usize::try_from(self.left).unwrap_or(PIECE).min(PIECE);
        if wanted == 0 {
            return Ok(None);
        }
        let Some(mut file) = self.file.take() else {
            return Err(unavailable("reading the object failed before"));
        };
        let (file, piece) = blocking(move || {
            let mut piece = vec![0; wanted];
            file.read_exact(&mut piece)?;
            Ok((file, piece))
        })
        .await?;
        self.file = Some(file);
        self.left -= wanted as u64;
        Ok(Some(piece.into()))
    }
}

/// Does what waits for the disk where no request waits for it.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(unavailable),
        Err(stopped) => Err(unavailable(stopped)),
    }
}
