//! The names under which images are found: a path, the same path in other letter case, or the
//! bytes where there is no path.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;
use tintero_domain::{
    Error, Result,
    error::Unique,
    images::{Claimed, Image, Picture},
    values::{ImageId, SourcePath},
};

use crate::{
    dynamo::{Consistency, Dynamo},
    item::{Attributes, EntityType, Item, decode, encode},
    keys::{self, Key, Table},
    unit_of_work::{Condition, Refused, UnitOfWork},
};

/// How many images may have paths that differ in letter case alone. More than two are a mistake;
/// the bound keeps the item small.
const MOST_SPELLINGS: usize = 16;

/// What a refused claim means.
pub(crate) enum Refusal {
    /// The name belongs to another image.
    Held,
    /// Too many images have this path in other letter case.
    Crowded,
}

/// The images whose paths differ in letter case alone.
#[derive(Deserialize)]
struct Spellings {
    image_ids: BTreeSet<ImageId>,
}

/// The names that an image holds.
pub(super) fn names(image: &Image) -> Vec<Key> {
    match &image.source_path {
        Some(path) => vec![keys::image_path(path), keys::folded_image_path(path)],
        None => vec![keys::image_digest(&image.picture.sha256)],
    }
}

/// Claims the names of an image, where they meet a condition under which they are free.
///
/// A claim holds a copy of what never changes of its image, so a path leads there in one read.
pub(crate) fn write(
    change: &mut UnitOfWork<'_, Refusal>,
    image: &Image,
    free: Condition,
) -> Result<()> {
    let Image {
        picture,
        source_path,
        ..
    } = image;
    let Some(path) = source_path else {
        let key = keys::image_digest(&picture.sha256);
        let claim = Item::new(key, EntityType::ImageDigest, picture);
        return change.put_if(Table::Images, encode(claim)?, free, Refusal::Held);
    };
    let claim = Item::new(keys::image_path(path), EntityType::ImagePath, picture);
    change.put_if(Table::Images, encode(claim)?, free, Refusal::Held)?;
    let room = Condition::new(
        "attribute_not_exists(image_ids) OR size(image_ids) < :most",
        [
            (":id", AttributeValue::Ss(vec![picture.id.to_string()])),
            (":et", EntityType::ImageSpellings.attribute()?),
            (":sv", AttributeValue::N("1".to_owned())),
            (":most", AttributeValue::N(MOST_SPELLINGS.to_string())),
        ],
    );
    change.update_if(
        Table::Images,
        keys::folded_image_path(path),
        "SET et = :et, sv = :sv ADD image_ids :id",
        room,
        Refusal::Crowded,
    )
}

/// What refused claims mean for a new image.
pub(super) fn settle(image: &Image, refused: Vec<Refused<Refusal>>) -> Result<Claimed> {
    for Refused { refusal, item } in refused {
        match (refusal, item) {
            (Refusal::Held, Some(item)) => {
                let holder: Item<Picture> = decode(item)?;
                // Held by this very image: an earlier attempt went through and its answer was lost.
                return Ok(if holder.body.id == image.id() {
                    Claimed::Done
                } else {
                    Claimed::Held(holder.body)
                });
            }
            (Refusal::Held, None) => {}
            (Refusal::Crowded, _) => {
                if let Some(path) = &image.source_path {
                    return Err(Error::Taken {
                        unique: Unique::SourcePath(path.clone()),
                        holder: None,
                    });
                }
            }
        }
    }
    // A claim was refused and is not there any more: whoever tries again finds out.
    Err(Error::Contended)
}

/// The images that came from these very paths.
pub(super) async fn find(
    dynamo: &Dynamo,
    paths: &[SourcePath],
) -> Result<HashMap<SourcePath, Picture>> {
    let mut wanted: BTreeMap<_, _> = paths
        .iter()
        .map(|path| (keys::image_path(path), path))
        .collect();
    let keys = wanted.keys().cloned().collect();
    let items = dynamo
        .get_many(Table::Images, keys, Consistency::Strong)
        .await?;
    let read = |item: Attributes| {
        let claim: Item<Picture> = decode(item)?;
        let path = wanted.remove(&claim.key());
        Ok(path.map(|path| (path.clone(), claim.body)))
    };
    items
        .into_iter()
        .map(read)
        .filter_map(Result::transpose)
        .collect()
}

/// The images that came from these paths in other letter case, where there is one of each.
pub(super) async fn find_folded(
    dynamo: &Dynamo,
    paths: &[&SourcePath],
) -> Result<HashMap<SourcePath, Picture>> {
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
        found.extend(paths.into_iter().map(|path| (path, image.body.picture)));
    }
    Ok(found)
}
