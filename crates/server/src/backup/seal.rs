//! The end of a backup: the SHA-256 of everything before it, in a frame that Zstandard skips
//! ([RFC 8878](https://www.rfc-editor.org/rfc/rfc8878#section-3.1.2)).

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
};

use tintero_domain::values::Digest;

use super::{
    damage::Damage,
    measure::{Hasher, Measured},
    progress::Progress,
};

/// A skippable frame of ours, with 32 bytes in it.
const HEADER: [u8; 8] = [0x5e, 0x2a, 0x4d, 0x18, 32, 0, 0, 0];

/// Header and digest.
const LENGTH: usize = HEADER.len() + 32;

/// A writer that can seal what went through it.
pub(super) struct Sealing<W> {
    inner: W,
    hasher: Hasher,
}

impl<W: Write> Sealing<W> {
    pub(super) fn new(inner: W) -> Self {
        Self {
            inner,
            hasher: Hasher::new(),
        }
    }

    /// Writes the seal; answers the digest of the whole, seal included.
    pub(super) fn seal(mut self) -> io::Result<(W, Digest)> {
        let seal = seal_of(self.hasher.clone());
        self.write_all(&seal)?;
        Ok((self.inner, self.hasher.digest()))
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn seal_of(hasher: Hasher) -> [u8; LENGTH] {
    let mut seal = [0; LENGTH];
    let (header, digest) = seal.split_at_mut(HEADER.len());
    header.copy_from_slice(&HEADER);
    digest.copy_from_slice(&hasher.finish());
    seal
}

/// A file whose seal holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sealed {
    /// How many bytes lie before the seal.
    pub(super) length: u64,
    /// Of the whole file, seal included.
    pub(super) digest: Digest,
}

/// Holds the bytes of `file` against its seal.
pub(super) fn check(file: &mut File) -> Result<Sealed, Damage> {
    let size = file.seek(SeekFrom::End(0))?;
    let length = size.checked_sub(LENGTH as u64).ok_or(Damage::Unsealed)?;
    file.rewind()?;
    let progress = Progress::new("checking", size);
    let mut measured = Measured::new((&*file).take(length), &progress);
    io::copy(&mut measured, &mut io::sink())?;
    let mut hasher = measured.into_hasher();
    let mut found = [0; LENGTH];
    file.read_exact(&mut found)?;
    if found[..HEADER.len()] != HEADER {
        return Err(Damage::Unsealed);
    }
    if found != seal_of(hasher.clone()) {
        return Err(Damage::Altered);
    }
    hasher.update(&found);
    Ok(Sealed {
        length,
        digest: hasher.digest(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(bytes: &[u8]) -> (Vec<u8>, Digest) {
        let mut sealing = Sealing::new(Vec::new());
        sealing.write_all(bytes).unwrap();
        sealing.seal().unwrap()
    }

    fn checked(bytes: &[u8]) -> Result<Sealed, Damage> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        check(&mut file)
    }

    #[test]
    fn a_seal_holds_and_the_digest_is_that_of_the_whole_file() {
        let (whole, digest) = sealed(b"letters");
        let found = checked(&whole).unwrap();
        assert_eq!((found.length, found.digest), (7, digest));
        assert_eq!(digest, Digest::of(&whole));
    }

    #[test]
    fn every_changed_byte_and_every_missing_end_breaks_the_seal() {
        let (whole, _) = sealed(b"letters");
        for at in 0..whole.len() {
            let mut other = whole.clone();
            other[at] ^= 1;
            assert!(checked(&other).is_err(), "byte {at} was changed");
            assert!(checked(&whole[..at]).is_err(), "cut at {at}");
        }
        assert!(checked(&[&whole[..], b"x"].concat()).is_err());
    }

    #[test]
    fn zstandard_reads_over_a_seal() {
        let (whole, _) = sealed(&zstd::encode_all(&b"letters"[..], 0).unwrap());
        assert_eq!(zstd::decode_all(&whole[..]).unwrap(), b"letters");
    }
}
