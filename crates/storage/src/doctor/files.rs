//! Files: every image has its file, with the length of the image.

use std::collections::{BTreeMap, BTreeSet};

use tintero_domain::{
    Result,
    images::{Image, ImageFile, ImageFileStore},
    values::Digest,
};

use super::{DoctorFinding, DoctorRule, finding::Fix};
use crate::{
    item::{Attributes, EntityType, Item, decode, entity},
    keys,
};

/// The files to which images refer.
#[derive(Default)]
pub(super) struct ReferencedFiles(Vec<ImageFile>);

/// The lengths of the files in a store.
type Lengths = BTreeMap<Digest, u64>;

impl ReferencedFiles {
    pub(super) fn note(&mut self, item: &Attributes) -> Result<()> {
        if entity(item) == Some(EntityType::Image) {
            self.0.push(decode::<Item<Image>>(item.clone())?.body.file);
        }
        Ok(())
    }

    /// Finds images whose files are missing or have another length. Reads the list of files, and each missing
    /// file again, because it may be newer than the list.
    pub(super) async fn check(
        &self,
        files: &dyn ImageFileStore,
    ) -> Result<BTreeSet<DoctorFinding>> {
        let lengths = lengths(files).await?;
        let mut found = BTreeSet::new();
        for file in &self.0 {
            let listed = lengths.get(&file.sha256).copied();
            if listed == Some(file.bytes) {
                continue;
            }
            let detail = match files.length(&file.sha256).await? {
                Some(bytes) if bytes == file.bytes => continue,
                Some(bytes) => format!(
                    "has a file of {bytes} instead of {} bytes: {}",
                    file.bytes, file.sha256
                ),
                None => format!("has no file: {}", file.sha256),
            };
            let key = keys::image(file.id);
            found.insert(DoctorFinding::new(
                DoctorRule::Files,
                key,
                detail,
                Fix::None,
            ));
        }
        Ok(found)
    }
}

async fn lengths(files: &dyn ImageFileStore) -> Result<Lengths> {
    let mut lengths = Lengths::new();
    let mut last = None;
    loop {
        let page = files.list(last.as_ref()).await?;
        let Some(end) = page.last() else {
            return Ok(lengths);
        };
        last = Some(end.sha256);
        lengths.extend(page.iter().map(|stored| (stored.sha256, stored.bytes)));
    }
}
