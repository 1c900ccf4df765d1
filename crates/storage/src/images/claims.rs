//! The unique names of images: the source path, the path in any letter case, or the digest of the
//! bytes of an image without a path.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;
use tintero_domain::{
    Error, Result,
    error::Unique,
    images::{Image, ImageFile, InsertOutcome},
    values::{ImageId, SourcePath},
    writes::WriteOutcome,
};

use crate::{
    dynamo::{Consistency, Dynamo},
    item::{Attributes, EntityType, Item, decode, decode_body, encode},
    keys::{self, ItemKey, Table},
    unit_of_work::{Condition, FailedCondition, UnitOfWork},
};

/// Maximum number of images with paths that differ only in letter case. The limit keeps the item
/// small.
const MAX_SPELLINGS: usize = 16;

/// The meaning of a failed condition.
pub(crate) enum ImageRefusal {
    /// An image with this id exists.
    Stored,
    /// The name belongs to another image.
    Held,
    /// The image has another version.
    Stale,
    /// The bytes were removed or are being removed.
    Removed,
    /// [`MAX_SPELLINGS`] images have this path in other letter case.
    Crowded,
}

/// The images with paths that differ only in letter case.
#[derive(Deserialize)]
struct Spellings {
    /// Absent after the last image left.
    #[serde(default)]
    image_ids: BTreeSet<ImageId>,
}

/// The keys of the names of an image. None in the trash.
pub(super) fn names(image: &Image) -> Vec<ItemKey> {
    match &image.source_path {
        _ if image.trash.is_some() => Vec::new(),
        Some(path) => vec![keys::image_path(path), keys::folded_image_path(path)],
        None => vec![keys::image_digest(&image.file.sha256)],
    }
}

/// The records of the digests of an image: one for the stored bytes, and one for the uploaded bytes if they differ.
pub(crate) fn digests(image: &Image) -> Vec<Item<&ImageFile>> {
    let file = &image.file;
    let digests = BTreeSet::from([file.sha256, file.uploaded()]);
    let record = |digest| {
        let key = keys::image_with_digest(&digest, file.id);
        Item::new(key, EntityType::ImageFile, file)
    };
    digests.into_iter().map(record).collect()
}

/// Claims the names of an image if they meet the condition `free`.
///
/// A claim contains the immutable part of its image, so a path resolves with one read.
pub(crate) fn write(
    change: &mut UnitOfWork<'_, ImageRefusal>,
    image: &Image,
    free: Condition,
) -> Result<()> {
    let Image {
        file, source_path, ..
    } = image;
    let Some(path) = source_path else {
        let key = keys::image_digest(&file.sha256);
        let claim = Item::new(key, EntityType::ImageDigest, file);
        return change.put_if(Table::Images, encode(claim)?, free, ImageRefusal::Held);
    };
    let claim = Item::new(keys::image_path(path), EntityType::ImagePath, file);
    change.put_if(Table::Images, encode(claim)?, free, ImageRefusal::Held)?;
    let room = Condition::new(
        "attribute_not_exists(image_ids) OR size(image_ids) < :most",
        [
            (":id", AttributeValue::Ss(vec![file.id.to_string()])),
            (":et", EntityType::ImageSpellings.attribute()?),
            (":sv", AttributeValue::N("1".to_owned())),
            (":most", AttributeValue::N(MAX_SPELLINGS.to_string())),
        ],
    );
    change.update_if(
        Table::Images,
        keys::folded_image_path(path),
        "SET et = :et, sv = :sv ADD image_ids :id",
        room,
        ImageRefusal::Crowded,
    )
}

/// Releases the names of an image.
pub(super) fn release(change: &mut UnitOfWork<'_, ImageRefusal>, image: &Image) -> Result<()> {
    let Some(path) = &image.source_path else {
        return change.remove(Table::Images, keys::image_digest(&image.file.sha256));
    };
    change.remove(Table::Images, keys::image_path(path))?;
    let id = AttributeValue::Ss(vec![image.id().to_string()]);
    let member = Condition::new("attribute_exists(pk)", [(":id", id)]);
    let key = keys::folded_image_path(path);
    let leave = "DELETE image_ids :id";
    change.update_if(Table::Images, key, leave, member, ImageRefusal::Stale)
}

/// Converts the failed conditions of a change of an image.
pub(super) fn explain_change(
    image: &Image,
    failed: &[FailedCondition<ImageRefusal>],
) -> Result<WriteOutcome> {
    let mut refusals = failed.iter().map(|failed| &failed.refusal);
    if refusals.any(|refusal| matches!(refusal, ImageRefusal::Stale)) {
        return Ok(WriteOutcome::Conflict);
    }
    let path = image.source_path.clone();
    Err(Error::Taken {
        unique: path.map_or(Unique::ImageBytes, Unique::SourcePath),
        holder: None,
    })
}

/// Converts the failed conditions of a new image.
pub(super) fn explain(
    image: &Image,
    failed: Vec<FailedCondition<ImageRefusal>>,
) -> Result<InsertOutcome> {
    let mut removal = None;
    for FailedCondition { refusal, item } in failed {
        match (refusal, item) {
            (ImageRefusal::Removed, Some(item)) => removal = Some(decode_body(item)?),
            (ImageRefusal::Held, Some(item)) => {
                let holder: Item<ImageFile> = decode(item)?;
                // The image itself holds it if an earlier attempt succeeded without a response.
                return Ok(if holder.body.id == image.id() {
                    InsertOutcome::Inserted
                } else {
                    InsertOutcome::Exists(holder.body)
                });
            }
            (ImageRefusal::Held | ImageRefusal::Removed, None)
            | (ImageRefusal::Stored | ImageRefusal::Stale, _) => {}
            (ImageRefusal::Crowded, _) => {
                if let Some(path) = &image.source_path {
                    return Err(Error::Taken {
                        unique: Unique::SourcePath(path.clone()),
                        holder: None,
                    });
                }
            }
        }
    }
    // Otherwise, the holder released the claim meanwhile, or the upload was completed twice at once: a retry can
    // succeed.
    removal.map_or(Err(Error::Contended), |removal| {
        Ok(InsertOutcome::BytesRemoved(removal))
    })
}

/// The images with these exact paths.
pub(super) async fn find(
    dynamo: &Dynamo,
    paths: &[SourcePath],
) -> Result<HashMap<SourcePath, ImageFile>> {
    let mut wanted: BTreeMap<_, _> = paths
        .iter()
        .map(|path| (keys::image_path(path), path))
        .collect();
    let keys = wanted.keys().cloned().collect();
    let items = dynamo
        .get_many(Table::Images, keys, Consistency::Strong)
        .await?;
    let read = |item: Attributes| {
        let claim: Item<ImageFile> = decode(item)?;
        let path = wanted.remove(&claim.key());
        Ok(path.map(|path| (path.clone(), claim.body)))
    };
    items
        .into_iter()
        .map(read)
        .filter_map(Result::transpose)
        .collect()
}

/// The images with these paths in other letter case, if there is exactly one per path.
pub(super) async fn find_folded(
    dynamo: &Dynamo,
    paths: &[&SourcePath],
) -> Result<HashMap<SourcePath, ImageFile>> {
    let mut wanted: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for path in paths {
        let same = wanted.entry(keys::folded_image_path(path)).or_default();
        same.push((*path).clone());
    }
    let keys = wanted.keys().cloned().collect();
    let mut named: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for item in dynamo
        .get_many(Table::Images, keys, Consistency::Strong)
        .await?
    {
        let spellings: Item<Spellings> = decode(item)?;
        let mut ids = spellings.body.image_ids.iter();
        if let (Some(id), None) = (ids.next(), ids.next()) {
            let paths = wanted.remove(&spellings.key()).unwrap_or_default();
            named.insert(keys::image(*id), paths);
        }
    }
    let keys = named.keys().cloned().collect();
    let mut found = HashMap::new();
    for item in dynamo
        .get_many(Table::Images, keys, Consistency::Strong)
        .await?
    {
        let image: Item<Image> = decode(item)?;
        let paths = named.remove(&image.key()).unwrap_or_default();
        found.extend(paths.into_iter().map(|path| (path, image.body.file)));
    }
    Ok(found)
}
