//! Images: every image has a row in the list and holds its names, and every other item has an image.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use tintero_domain::{Result, images::Image, values::ImageId};

use super::{Check, DoctorFinding, DoctorRule, finding::Fix};
use crate::{
    images::derived_keys,
    item::{Attributes, EntityType, Item, decode, entity, key_of},
    keys::{self, ItemKey, Table},
};

/// The images to which an item refers.
#[derive(Deserialize)]
pub(super) struct ImageReferences {
    #[serde(default)]
    id: Option<ImageId>,
    #[serde(default)]
    pub(super) image_ids: BTreeSet<ImageId>,
}

/// An item of the table of images, and one image to which it refers.
struct ImageItem {
    key: ItemKey,
    entity: EntityType,
    id: ImageId,
}

impl ImageItem {
    fn of(item: &Attributes) -> Result<Vec<Self>> {
        let (Some(key), Some(entity)) = (key_of(item), entity(item)) else {
            return Ok(Vec::new());
        };
        let ImageReferences { id, image_ids } = decode(item.clone())?;
        let item = |id| Self {
            key: key.clone(),
            entity,
            id,
        };
        Ok(id.into_iter().chain(image_ids).map(item).collect())
    }

    fn finding(&self, detail: impl Into<String>, fix: Fix) -> DoctorFinding {
        DoctorFinding::new(DoctorRule::Images, self.key.clone(), detail, fix)
    }

    /// Finds a reference to a missing image, or to one that does not refer back.
    fn stray(&self, image: Option<&Image>) -> Option<DoctorFinding> {
        let id = self.id;
        let Some(image) = image else {
            // The row holds a copy of the image.
            return Some(match self.entity {
                EntityType::ImageRow => {
                    let detail = format!("belongs to image {id}, which is missing");
                    self.finding(detail, Fix::Image(id))
                }
                _ => self.finding(
                    format!("belongs to image {id}, which does not exist"),
                    Fix::None,
                ),
            });
        };
        if derived_keys(image).contains(&self.key) {
            return None;
        }
        // Texts may use a name that resolves to an image.
        let fix = match self.entity {
            EntityType::ImageRow | EntityType::ImageSpellings => Fix::Forget(id),
            _ => Fix::None,
        };
        Some(self.finding(format!("has no reference from image {id}"), fix))
    }
}

impl Check<'_> {
    /// Checks items of the table of images.
    pub(super) async fn images(&self, items: &[Attributes]) -> Result<BTreeSet<DoctorFinding>> {
        let of = items
            .iter()
            .map(ImageItem::of)
            .collect::<Result<Vec<_>>>()?;
        let of: Vec<_> = of.into_iter().flatten().collect();
        let heads = of.iter().map(|item| keys::image(item.id)).collect();
        let mut images = BTreeMap::new();
        for item in self.read(Table::Images, heads).await?.into_values() {
            let image = decode::<Item<Image>>(item)?.body;
            images.insert(image.id(), image);
        }
        let (own, others): (Vec<_>, Vec<_>) =
            of.iter().partition(|item| item.entity == EntityType::Image);
        let own: Vec<_> = own.iter().filter_map(|item| images.get(&item.id)).collect();
        let wanted = own.iter().flat_map(|image| derived_keys(image)).collect();
        let existing = self.read(Table::Images, wanted).await?;
        let strays = others.iter();
        let strays = strays.filter_map(|item| item.stray(images.get(&item.id)));
        let mut found: BTreeSet<_> = strays.collect();
        for image in own {
            for key in derived_keys(image) {
                found.extend(wrong(image, key.clone(), existing.get(&key))?);
            }
        }
        Ok(found)
    }
}

/// The fault of an item that an image must have.
fn wrong(image: &Image, key: ItemKey, item: Option<&Attributes>) -> Result<Option<DoctorFinding>> {
    let (id, fix) = (image.id(), Fix::Image(image.id()));
    let finding =
        |detail: &str, fix| Some(DoctorFinding::new(DoctorRule::Images, key, detail, fix));
    let Some(item) = item else {
        return Ok(finding("is missing", fix));
    };
    if entity(item) == Some(EntityType::ImageRow) {
        let row = decode::<Item<Image>>(item.clone())?.body;
        let differs = row != *image;
        return Ok(differs
            .then(|| finding("differs from its image", fix))
            .flatten());
    }
    let about: ImageReferences = decode(item.clone())?;
    Ok(match about.id {
        Some(holder) if holder != id => finding("belongs to another image", Fix::None),
        None if !about.image_ids.contains(&id) => finding("lacks its image", fix),
        _ => None,
    })
}
