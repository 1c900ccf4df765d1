//! Images: each has its row in the list and holds the names under which it is found, and nothing is
//! of an image that does not exist.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use tintero_domain::{Result, images::Image, values::ImageId};

use super::{Finding, Look, Rule, finding::Cure};
use crate::{
    images::places,
    item::{Attributes, EntityType, Item, decode, entity, key_of},
    keys::{self, Key, Table},
};

/// The images that an item is about.
#[derive(Deserialize)]
pub(super) struct About {
    #[serde(default)]
    id: Option<ImageId>,
    #[serde(default)]
    pub(super) image_ids: BTreeSet<ImageId>,
}

/// An item of the table of images, and one that it is about.
struct Place {
    key: Key,
    entity: EntityType,
    id: ImageId,
}

impl Place {
    fn of(item: &Attributes) -> Result<Vec<Self>> {
        let (Some(key), Some(entity)) = (key_of(item), entity(item)) else {
            return Ok(Vec::new());
        };
        let About { id, image_ids } = decode(item.clone())?;
        let place = |id| Self {
            key: key.clone(),
            entity,
            id,
        };
        Ok(id.into_iter().chain(image_ids).map(place).collect())
    }

    fn finding(&self, detail: impl Into<String>, cure: Cure) -> Finding {
        Finding::new(Rule::Images, self.key.clone(), detail, cure)
    }

    /// What it is of an image that is not there, or that does not know of it.
    fn stray(&self, image: Option<&Image>) -> Option<Finding> {
        let id = self.id;
        let Some(image) = image else {
            // Its row says all that there was of it.
            return Some(match self.entity {
                EntityType::ImageRow => {
                    let detail = format!("is of image {id}, which is missing");
                    self.finding(detail, Cure::Image(id))
                }
                _ => self.finding(
                    format!("is of image {id}, which does not exist"),
                    Cure::None,
                ),
            });
        };
        if places(image).contains(&self.key) {
            return None;
        }
        // A name that leads to an image may be one that texts use.
        let cure = match self.entity {
            EntityType::ImageRow | EntityType::ImageSpellings => Cure::Forget(id),
            _ => Cure::None,
        };
        Some(self.finding(format!("is not known to image {id}"), cure))
    }
}

impl Look<'_> {
    /// What is wrong with these items of the table of images, and with the images among them.
    pub(super) async fn images(&self, items: &[Attributes]) -> Result<BTreeSet<Finding>> {
        let of = items.iter().map(Place::of).collect::<Result<Vec<_>>>()?;
        let of: Vec<_> = of.into_iter().flatten().collect();
        let heads = of.iter().map(|place| keys::image(place.id)).collect();
        let mut images = BTreeMap::new();
        for item in self.read(Table::Images, heads).await?.into_values() {
            let image = decode::<Item<Image>>(item)?.body;
            images.insert(image.id(), image);
        }
        let (own, others): (Vec<_>, Vec<_>) = of
            .iter()
            .partition(|place| place.entity == EntityType::Image);
        let own: Vec<_> = own
            .iter()
            .filter_map(|place| images.get(&place.id))
            .collect();
        let wanted = own.iter().flat_map(|image| places(image)).collect();
        let there = self.read(Table::Images, wanted).await?;
        let strays = others.iter();
        let strays = strays.filter_map(|place| place.stray(images.get(&place.id)));
        let mut found: BTreeSet<_> = strays.collect();
        for image in own {
            for key in places(image) {
                found.extend(wrong(image, key.clone(), there.get(&key))?);
            }
        }
        Ok(found)
    }
}

/// What is wrong with a place at which something of an image has to be.
fn wrong(image: &Image, place: Key, item: Option<&Attributes>) -> Result<Option<Finding>> {
    let (id, cure) = (image.id(), Cure::Image(image.id()));
    let finding = |detail: &str, cure| Some(Finding::new(Rule::Images, place, detail, cure));
    let Some(item) = item else {
        return Ok(finding("is missing", cure));
    };
    if entity(item) == Some(EntityType::ImageRow) {
        let row = decode::<Item<Image>>(item.clone())?.body;
        let differs = row != *image;
        return Ok(differs
            .then(|| finding("says something else than its image", cure))
            .flatten());
    }
    let about: About = decode(item.clone())?;
    Ok(match about.id {
        Some(holder) if holder != id => finding("belongs to another image", Cure::None),
        None if !about.image_ids.contains(&id) => finding("lacks its image", cure),
        _ => None,
    })
}
